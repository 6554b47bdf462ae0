package engine

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// importEvery is how many rows lie between two looks at the context and two
// reports of progress.
const importEvery = 4096

// importSource is a file that is being read into an import.
type importSource struct {
	*audience.Reader
	f       *os.File
	at      ImportProgress
	samples []string // the first value of every field
}

// openImport opens the file of a request. Types without a format, and those that
// are to be guessed, are found out first and put into the request.
func (e *Engine) openImport(ctx context.Context, r *ImportRequest) (*importSource, error) {
	if err := checkRequest(r); err != nil {
		return nil, err
	}
	f, total, err := openSource(r.File)
	if err != nil {
		return nil, err
	}
	s := &importSource{f: f, at: ImportProgress{Total: total}}
	if err := settleTypes(f, r); err != nil {
		s.close()
		return nil, err
	}
	if s.Reader, err = audience.Open(f, r.reading()); err != nil {
		s.close()
		return nil, err
	}
	s.samples = make([]string, len(s.Columns()))
	return s, nil
}

// reading is how the file of a request is to be read.
func (r ImportRequest) reading() audience.Options {
	return audience.Options{Kind: r.Kind, Encoding: r.Encoding, Delimiter: r.Delimiter, Header: r.Header, Sheet: r.Sheet,
		Map: r.Map, Without: r.Without, Types: r.Types}
}

// settleTypes looks at the file for the types that a request leaves open.
func settleTypes(f *os.File, r *ImportRequest) error {
	open := r.Guess
	for _, t := range r.Types {
		open = open || t.Format == "" && audience.Formats(t.Kind) != nil
	}
	if !open {
		return nil
	}
	in, err := audience.Inspect(f, r.reading())
	if err != nil {
		return err
	}
	types := map[string]audience.Type{}
	for name, t := range r.Types {
		types[name] = t
	}
	for _, c := range in.Columns {
		if _, asked := types[c.Field]; c.Field != "" && (asked || r.Guess) {
			types[c.Field] = c.Type
		}
	}
	r.Types = types
	return nil
}

func (s *importSource) close() {
	if s.Reader != nil {
		s.Reader.Close()
	}
	s.f.Close()
}

// reporter tells the progress of an import.
type reporter struct {
	s  *importSource
	fn func(ImportProgress)
}

func (s *importSource) reports(fn func(ImportProgress)) reporter { return reporter{s, fn} }

func (p reporter) read() {
	if p.fn != nil {
		p.s.at.Bytes = p.s.Offset()
		p.fn(p.s.at)
	}
}

func (p reporter) wrote(rows int64) {
	if p.fn != nil {
		at := p.s.at
		at.Writing, at.Written = true, rows
		p.fn(at)
	}
}

// stage puts every good row into the import and hands the bad ones to reject.
func (s *importSource) stage(ctx context.Context, im *store.Import, p reporter, reject func(*audience.Reject) error) error {
	enc := newFieldEncoder(s.Columns())
	missing := len(s.samples)
	for n := 0; ; n++ {
		if n%importEvery == 0 {
			if err := ctx.Err(); err != nil {
				return &delivery.Error{Op: "import", Kind: delivery.KindCancelled, Err: err}
			}
			p.read()
		}
		row, err := s.Next()
		var bad *audience.Reject
		switch {
		case err == io.EOF:
			p.read()
			return nil
		case err == nil:
			s.at.Rows++
			if missing > 0 {
				missing = s.sample(row.Fields)
			}
			if err := im.Add(store.Profile{Address: row.Address.Normal, Key: row.Address.Key, Fields: enc.encode(row.Fields), Line: row.Line}); err != nil {
				return err
			}
		case errors.As(err, &bad):
			s.at.Rejected++
			if err := reject(bad); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// sample keeps the first value of every field; it gives how many have none yet.
func (s *importSource) sample(values []string) (missing int) {
	for i, v := range values {
		if s.samples[i] == "" {
			s.samples[i] = v
		}
		if s.samples[i] == "" {
			missing++
		}
	}
	return missing
}

// day is the day of a moment, at noon of UTC, so that it is the same day
// everywhere it is shown.
func day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
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
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c >= 0x80 {
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
