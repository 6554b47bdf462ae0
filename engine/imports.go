package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/store"
)

// ImportRequest names a CSV file and the audience it becomes. Map names columns
// that are not to be guessed: "email" to a header or a number from 1, and new
// field names to headers.
type ImportRequest struct {
	File string
	Name string
	Map  map[string]string
}

// ImportProgress tells how far an import is.
type ImportProgress struct {
	Bytes, Total   int64 // of the file
	Rows, Rejected int64
}

// ImportResult tells what an import did. Rows = Audience.Size + Merged.
type ImportResult struct {
	Audience   delivery.Audience
	Rows       int64 // good ones
	Added      int64
	Updated    int64
	Merged     int64 // rows of an address that came before
	Rejected   int64
	RejectFile string // empty when nothing was rejected
	Encoding   string
	Delimiter  rune
}

// importEvery is how many rows lie between two looks at the context and two
// reports of progress.
const importEvery = 4096

// Import reads a CSV file as a stream and makes it an audience. Needs the right
// Prepare. Bad rows go to a reject file beside the source, or in the workspace
// when that folder cannot be written. When it fails or ctx ends
// (KindCancelled), nothing of it is kept.
func (e *Engine) Import(ctx context.Context, who access.Principal, r ImportRequest, progress func(ImportProgress)) (ImportResult, error) {
	var res ImportResult
	o, err := e.operator(ctx, who)
	if err != nil {
		return res, err
	}
	if err := o.Check("import", access.Prepare); err != nil {
		return res, err
	}
	if strings.TrimSpace(r.Name) == "" {
		return res, &delivery.Error{Op: "import", Kind: delivery.KindInvalid, Field: "audience.name"}
	}
	f, total, err := openSource(r.File)
	if err != nil {
		return res, err
	}
	defer f.Close()
	rd, err := audience.NewReader(f, r.File, audience.Options{Map: r.Map})
	if err != nil {
		return res, err
	}
	im, err := e.store.BeginImport(ctx)
	if err != nil {
		return res, err
	}
	defer im.Discard()
	rejects := e.rejects(r.File, rd)
	defer rejects.Abort()

	if err := readRows(ctx, rd, im, rejects, &res, func() {
		if progress != nil {
			progress(ImportProgress{Bytes: rd.Offset(), Total: total, Rows: res.Rows, Rejected: res.Rejected})
		}
	}); err != nil {
		return res, err
	}
	res.Encoding, res.Delimiter = rd.Encoding(), rd.Delimiter()
	if res.RejectFile, err = rejects.Close(); err != nil {
		return res, err
	}
	a, n, err := im.Merge(ctx, who, r.Name, filepath.Base(r.File), rd.Columns())
	if err != nil {
		if res.RejectFile != "" {
			os.Remove(res.RejectFile)
		}
		return res, err
	}
	res.Audience, res.Added, res.Updated, res.Merged = a, n.Added, n.Updated, n.Merged
	e.hub.Publish(event.Lists{})
	return res, nil
}

func openSource(path string) (*os.File, int64, error) {
	fail := func(err error) (*os.File, int64, error) {
		return nil, 0, &delivery.Error{Op: "import", Kind: delivery.FileKind(err), File: path, Err: err}
	}
	f, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	fi, err := f.Stat()
	if err == nil && fi.IsDir() {
		err = errors.New("is a folder")
	}
	if err != nil {
		f.Close()
		return fail(err)
	}
	return f, fi.Size(), nil
}

// readRows stages every good row and puts the bad ones aside.
func readRows(ctx context.Context, rd *audience.Reader, im *store.Import, rejects *audience.RejectWriter, res *ImportResult, report func()) error {
	enc := newFieldEncoder(rd.Columns())
	for n := 0; ; n++ {
		if n%importEvery == 0 {
			if err := ctx.Err(); err != nil {
				return &delivery.Error{Op: "import", Kind: delivery.KindCancelled, Err: err}
			}
			report()
		}
		row, err := rd.Next()
		var bad *audience.Reject
		switch {
		case err == io.EOF:
			report()
			return nil
		case errors.As(err, &bad):
			res.Rejected++
			if err := rejects.Write(bad); err != nil {
				return err
			}
		case err != nil:
			return err
		default:
			res.Rows++
			if err := im.Add(store.Profile{Address: row.Address.Normal, Key: row.Address.Key, Fields: enc.encode(row.Fields)}); err != nil {
				return err
			}
		}
	}
}

// rejects opens the writer for bad rows: beside the source when that folder can
// be written, else in the workspace.
func (e *Engine) rejects(source string, rd *audience.Reader) *audience.RejectWriter {
	base := filepath.Base(source)
	name := strings.TrimSuffix(base, filepath.Ext(base)) + "-rejected-" + time.Now().Format("20060102-150405") + ".csv"
	dir := filepath.Dir(source)
	if probe, err := os.CreateTemp(dir, ".sendoff-*"); err == nil {
		probe.Close()
		os.Remove(probe.Name())
	} else {
		dir = e.dir
	}
	return audience.NewRejectWriter(filepath.Join(dir, name), rd.Header(), rd.Delimiter())
}

// fieldEncoder turns a row into the JSON object of its non-empty fields. The
// names are encoded once.
type fieldEncoder struct {
	names [][]byte
	buf   []byte
}

func newFieldEncoder(columns []string) *fieldEncoder {
	e := &fieldEncoder{names: make([][]byte, len(columns))}
	for i, c := range columns {
		e.names[i] = append(appendJSON(nil, c), ':')
	}
	return e
}

func (e *fieldEncoder) encode(values []string) string {
	b := append(e.buf[:0], '{')
	for i, v := range values {
		if v == "" {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = appendJSON(append(b, e.names[i]...), v)
	}
	e.buf = append(b, '}')
	return string(e.buf)
}

// appendJSON appends a JSON string (RFC 8259 section 7). Plain text, which is
// nearly all of an audience, is copied as it is.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x80 {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic(err) // strings always marshal
			}
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
