package htmlimport

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// text decodes the bytes of an HTML file: by its byte order mark, as UTF-8 when it is
// that, as its meta tag says, else as Windows-1252, which the standard prescribes for
// the rest (HTML, section "Determining the character encoding").
func (p *page) text(data []byte) (string, error) {
	head := data[:min(len(data), 1024)]
	enc, name, _ := charset.DetermineEncoding(head, "text/html")
	marked := bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	switch {
	case !marked && utf8.Valid(data):
	default:
		said := marked || bytes.Contains(bytes.ToLower(head), []byte("charset"))
		if !said { // the beginning alone may be UTF-8
			enc, name = charset.Lookup("windows-1252")
		}
		out, err := enc.NewDecoder().Bytes(data)
		if err != nil {
			return "", refuse(p.file, NotHTML)
		}
		if !said {
			p.note(Guessed, name)
		} else if name != "utf-8" {
			p.note(Charset, name)
		}
		data = out
	}
	s := strings.ToValidUTF8(string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))), "\uFFFD")
	s = strings.ReplaceAll(s, "\x00", "")
	if !strings.Contains(s, "<") || !strings.Contains(s, ">") {
		return "", refuse(p.file, NotHTML)
	}
	return s, nil
}
