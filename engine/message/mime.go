package message

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

// The delimiters of a message with more than alternatives. None can be the
// beginning of another: a boundary token has letters and digits only.
const (
	relatedMark = "=_.r"
	mixedMark   = "=_.m"
)

// rich reports whether a message has parts beside its text.
func (t *Template) rich() bool { return len(t.images) > 0 || len(t.attached) > 0 }

// appendRich writes the body of a message with attachments: the reading part, then
// the files (multipart/mixed, RFC 2046 section 5.1.3).
func (t *Template) appendRich(b *Buffer, r Recipient, messageID string) error {
	token := boundaryToken(messageID)
	if len(t.attached) == 0 {
		return t.appendReading(b, token)
	}
	b.data = appendMultipart(b.data, "mixed", mixedMark, token)
	b.data = appendDelimiter(b.data, mixedMark, token, "\r\n")
	if err := t.appendReading(b, token); err != nil {
		return err
	}
	// The text alone may end without a line break, or with one that is its own.
	if t.html == nil {
		b.data = append(b.data, "\r\n"...)
	}
	begin, next := len(b.data), 0
	for i := range t.attached {
		a, f := &t.attached[i], File{}
		if a.file != nil {
			f = r.Files[next]
			next++
		}
		if err := t.appendAttached(b, a, f, func() { b.data = appendDelimiter(b.data, mixedMark, token, "\r\n") }); err != nil {
			return err
		}
	}
	b.data = appendDelimiter(b.data, mixedMark, token, "--\r\n")
	b.beside += len(b.data) - begin
	return nil
}

// appendRelated writes the HTML with the images that it shows (multipart/related,
// RFC 2387): all of them when the HTML is the same for everybody, else those that
// this recipient's refers to.
func (t *Template) appendRelated(b *Buffer, token []byte) error {
	b.data = appendMultipart(b.data, "related; type=\"text/html\"", relatedMark, token)
	b.data = appendDelimiter(b.data, relatedMark, token, "\r\n")
	b.data = append(b.data, htmlFields...)
	if err := t.html.appendQP(b, PartHTML); err != nil {
		return err
	}
	b.data = append(b.data, "\r\n"...)
	begin := len(b.data)
	for i := range t.images {
		m := &t.images[i]
		if t.html.liquid != nil && !bytes.Contains(b.scratch, []byte(m.cid)) {
			continue
		}
		b.data = appendDelimiter(b.data, relatedMark, token, "\r\n")
		at := len(b.data)
		b.data = append(b.data, m.part...)
		b.sum.hashed(at, len(b.data), m.sum)
	}
	b.data = appendDelimiter(b.data, relatedMark, token, "--\r\n")
	b.beside += len(b.data) - begin
	return nil
}

// appendMultipart writes the fields of a multipart of the given subtype.
func appendMultipart(dst []byte, subtype, mark string, token []byte) []byte {
	dst = append(dst, "Content-Type: multipart/"...)
	dst = append(dst, subtype...)
	dst = append(dst, ";\r\n boundary=\""...)
	dst = append(dst, mark...)
	dst = append(dst, token...)
	return append(dst, "\"\r\n\r\n"...)
}

func appendDelimiter(dst []byte, mark string, token []byte, end string) []byte {
	dst = append(dst, "--"...)
	dst = append(dst, mark...)
	dst = append(dst, token...)
	return append(dst, end...)
}

// appendImage writes an inline image (RFC 2183, RFC 2392).
func appendImage(dst []byte, cid string, a delivery.Asset, data []byte) []byte {
	dst = append(dst, "Content-Type: "...)
	dst = append(dst, a.Type...)
	dst = append(dst, "\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <"...)
	dst = append(dst, cid...)
	dst = append(dst, ">\r\nContent-Disposition: inline;\r\n"...)
	dst = appendParameter(dst, "filename", asset.Name(a.Name))
	dst = append(dst, "\r\n\r\n"...)
	return appendBase64(dst, data)
}

// contentType is the value of a file's Content-Type field. What is called text has
// to be readable as UTF-8.
func contentType(typ string, data []byte) string {
	if !strings.HasPrefix(typ, "text/") {
		return typ
	}
	if !utf8.Valid(data) {
		return "application/octet-stream"
	}
	return typ + "; charset=utf-8"
}

// base64Octets is what one line of 76 characters holds (RFC 2045 section 6.8).
const base64Octets = qpLine / 4 * 3

// appendBase64 writes data in lines; each of them is ended.
func appendBase64(dst, data []byte) []byte {
	enc := base64.StdEncoding
	n := len(data)/base64Octets*(qpLine+2) + enc.EncodedLen(len(data)%base64Octets) + 2
	if have := cap(dst) - len(dst); have < n {
		dst = append(make([]byte, 0, len(dst)+n+n/8), dst...)
	}
	for len(data) > base64Octets {
		dst = enc.AppendEncode(dst, data[:base64Octets])
		dst = append(dst, "\r\n"...)
		data = data[base64Octets:]
	}
	dst = enc.AppendEncode(dst, data)
	return append(dst, "\r\n"...)
}

// parameterLine is how much of a line a parameter's value may take.
const parameterLine = 50

// appendParameter writes a parameter on a line, or on lines, of its own: as a quoted
// string when it is short and plain, else encoded and in pieces (RFC 2231). No
// character is divided over two of them.
func appendParameter(dst []byte, name, value string) []byte {
	if printable(value) && len(value) <= parameterLine && !strings.ContainsAny(value, `"\{<%`) {
		dst = append(dst, ' ')
		dst = append(dst, name...)
		dst = append(dst, `="`...)
		dst = append(dst, value...)
		return append(dst, '"')
	}
	var pieces [][]byte
	piece := []byte("utf-8''")
	for _, r := range value {
		var u [4]byte
		width := 0
		char := u[:utf8.EncodeRune(u[:], r)]
		for _, c := range char {
			if attributeChar(c) {
				width++
			} else {
				width += 3
			}
		}
		if len(piece)+width > parameterLine {
			pieces, piece = append(pieces, piece), nil
		}
		for _, c := range char {
			if attributeChar(c) {
				piece = append(piece, c)
			} else {
				piece = append(piece, '%', hexDigits[c>>4], hexDigits[c&15])
			}
		}
	}
	pieces = append(pieces, piece)
	for i, p := range pieces {
		if i > 0 {
			dst = append(dst, ";\r\n"...)
		}
		dst = append(dst, ' ')
		dst = append(dst, name...)
		if len(pieces) > 1 {
			dst = append(dst, '*')
			dst = append(dst, strconv.Itoa(i)...)
		}
		dst = append(dst, "*="...)
		dst = append(dst, p...)
	}
	return dst
}

// attributeChar reports whether c stays as it is in an encoded parameter: the
// attribute-char of RFC 2231 section 7, without braces, which Guard watches.
func attributeChar(c byte) bool { return alnum(c) || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 }
