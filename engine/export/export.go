// Package export writes lists to files that spreadsheets open: CSV and XLSX. No
// cell can run as a formula. A file appears under its name only when it is whole.
//
// A File belongs to one goroutine.
package export

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// File is a list that is being written.
type File struct {
	path   string
	temp   *os.File
	format format
	rows   int64
	closed bool
}

// format writes the rows of one kind of file. A cell is a string, int, int64,
// float64, time.Time or nil.
type format interface {
	header(titles []string) error
	row(cells []any) error
	// finish writes what is left to the file.
	finish() error
	abandon()
}

// Create begins a file; its ending, .csv or .xlsx, decides the format. sheet names
// the sheet of an XLSX file. KindInvalid for another ending, else KindPermission,
// KindNoFile (the folder is not there), KindDiskFull, KindIO.
func Create(path, sheet string, titles []string) (*File, error) {
	ending := strings.ToLower(filepath.Ext(path))
	if ending != ".csv" && ending != ".xlsx" {
		return nil, &delivery.Error{Op: "export", Kind: delivery.KindInvalid, Field: "export.file", Detail: filepath.Base(path)}
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".sendoff-*") // mode 0600: these are people
	f := &File{path: path, temp: temp}
	if err != nil {
		return nil, f.wrap(err)
	}
	if ending == ".csv" {
		f.format, err = newCSV(temp)
	} else {
		f.format, err = newXLSX(temp, sheet)
	}
	if err == nil {
		err = f.format.header(titles)
	}
	if err != nil {
		f.Abort()
		return nil, f.wrap(err)
	}
	return f, nil
}

// Row writes one row.
func (f *File) Row(cells []any) error {
	f.rows++
	return f.wrap(f.format.row(cells))
}

// Rows is how many were written.
func (f *File) Rows() int64 { return f.rows }

// Close completes the file. After an error nothing is left behind.
func (f *File) Close() error {
	if f.closed {
		return nil
	}
	err := f.format.finish()
	if err == nil {
		err = f.temp.Sync()
	}
	if err == nil {
		err = f.temp.Close()
	}
	if err == nil {
		err = os.Rename(f.temp.Name(), f.path)
	}
	if err != nil {
		f.Abort()
		return f.wrap(err)
	}
	f.closed = true
	return nil
}

// Abort leaves nothing behind. After Close it does nothing, so that it may be
// deferred.
func (f *File) Abort() {
	if f.closed {
		return
	}
	f.closed = true
	if f.format != nil {
		f.format.abandon()
	}
	f.temp.Close()
	os.Remove(f.temp.Name())
}

func (f *File) wrap(err error) error {
	if err == nil {
		return nil
	}
	e := &delivery.Error{Op: "export", Kind: delivery.FileKind(err), File: f.path, Err: err}
	if e.Kind == delivery.KindNoFile {
		e.File = filepath.Dir(f.path)
	}
	return e
}

// stamp is how a moment is written where there are no cells for dates: ISO 8601
// without the T, which every spreadsheet reads as a date.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05")
}
