package export

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"sendoff/engine/audience"
)

// csvFile is RFC 4180 in UTF-8, with a byte order mark so that Excel reads it as
// that. Lines end with LF alone: a writer that makes CRLF of them would change
// the cells too.
type csvFile struct {
	buf *bufio.Writer
	csv *csv.Writer
	out []string
}

func newCSV(w io.Writer) (*csvFile, error) {
	f := &csvFile{buf: bufio.NewWriterSize(w, 256<<10)}
	f.csv = csv.NewWriter(f.buf)
	_, err := f.buf.WriteString("\ufeff")
	return f, err
}

func (f *csvFile) header(titles []string) error {
	f.out = f.out[:0]
	for _, t := range titles {
		f.out = append(f.out, audience.Defuse(t))
	}
	return f.csv.Write(f.out)
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
	return f.csv.Write(f.out)
}

func (f *csvFile) finish() error {
	f.csv.Flush()
	if err := f.csv.Error(); err != nil {
		return err
	}
	return f.buf.Flush()
}

func (f *csvFile) abandon() {}
