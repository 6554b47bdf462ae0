package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"sendoff/engine/audience"
)

// csvFile is RFC 4180 in UTF-8, with a byte order mark so that Excel reads it as
// that.
type csvFile struct {
	buf  *bufio.Writer
	line bytes.Buffer
	csv  *csv.Writer // writes to line
	out  []string
}

func newCSV(w io.Writer) (*csvFile, error) {
	f := &csvFile{buf: bufio.NewWriterSize(w, 256<<10)}
	f.csv = csv.NewWriter(&f.line)
	_, err := f.buf.WriteString("\ufeff")
	return f, err
}

func (f *csvFile) header(titles []string) error {
	f.out = f.out[:0]
	for _, t := range titles {
		f.out = append(f.out, audience.Defuse(t))
	}
	return f.write()
}

func (f *csvFile) row(cells []any) error {
	f.out = f.out[:0]
	for _, c := range cells {
		s := ""
		switch c := c.(type) {
		case nil:
		case string:
			s = audience.Defuse(c)
		case int:
			s = strconv.Itoa(c)
		case int64:
			s = strconv.FormatInt(c, 10)
		case float64:
			s = strconv.FormatFloat(c, 'f', -1, 64)
		case time.Time:
			s = stamp(c)
		default:
			return fmt.Errorf("a cell cannot be a %T", c)
		}
		f.out = append(f.out, s)
	}
	return f.write()
}

// write ends the row with CRLF itself: the writer, told to do so, would make CRLF
// of the line ends within cells as well.
func (f *csvFile) write() error {
	f.line.Reset()
	if err := f.csv.Write(f.out); err != nil {
		return err
	}
	f.csv.Flush() // to memory, which does not fail
	if _, err := f.buf.Write(bytes.TrimSuffix(f.line.Bytes(), []byte("\n"))); err != nil {
		return err
	}
	_, err := f.buf.WriteString("\r\n")
	return err
}

func (f *csvFile) finish() error { return f.buf.Flush() }

func (f *csvFile) abandon() {}
