package message

import (
	"bytes"
	"encoding/binary"
	"strconv"

	"sendoff/engine/delivery"
)

// Codes of Guard, in the Field of its errors.
const (
	GuardSize        = "size"           // larger than allowed; Detail: bytes
	GuardNUL         = "nul"            // a NUL
	GuardASCII       = "not_ascii"      // an octet over 127
	GuardLineEnd     = "line_end"       // a CR or LF alone, or no CRLF at the end
	GuardLineLength  = "line_length"    // a line over 998 octets, or over 76 in the body
	GuardHeaderSize  = "header_size"    // a header section over 64 KiB
	GuardHeader      = "header"         // no header section, or a line that is no field
	GuardHeaderCount = "header_count"   // Detail: the field that is not there exactly once
	GuardEmpty       = "body_empty"     // nothing to read
	GuardMergeTag    = "unresolved_tag" // a merge tag is left over; Detail: what
)

// Limits of Guard, in octets.
const (
	maxLine   = 998 // RFC 5322 section 2.1.1
	maxHeader = 64 << 10
)

// Guard is the last look at a message before it leaves, whoever wrote it: lines,
// octets and size as RFC 5321 and RFC 5322 demand, the fields that must be there
// once, something in the body, and no merge tag that was never replaced. maxSize
// is in octets, 0 for no limit. The error is of KindInvalid, its Field one of
// the codes, or KindTooLarge for the size.
//
// Braces that came from a recipient's values are never literal in a message of
// this package, so a left-over tag is one of the template.
func Guard(data []byte, maxSize int64) error {
	if maxSize > 0 && int64(len(data)) > maxSize {
		return &delivery.Error{Op: "guard", Kind: delivery.KindTooLarge, Field: GuardSize, Detail: strconv.Itoa(len(data))}
	}
	code, detail := octets(data)
	if code == "" {
		code, detail = header(data)
	}
	if code != "" {
		return &delivery.Error{Op: "guard", Kind: delivery.KindInvalid, Field: code, Detail: detail}
	}
	return nil
}

// octets checks what can be told without knowing where the header ends.
func octets(data []byte) (code, detail string) {
	if bytes.IndexByte(data, 0) >= 0 {
		return GuardNUL, ""
	}
	const high = 0x8080808080808080
	rest := data
	for ; len(rest) >= 32; rest = rest[32:] {
		if (binary.LittleEndian.Uint64(rest)|binary.LittleEndian.Uint64(rest[8:])|
			binary.LittleEndian.Uint64(rest[16:])|binary.LittleEndian.Uint64(rest[24:]))&high != 0 {
			return GuardASCII, ""
		}
	}
	for _, c := range rest {
		if c >= 0x80 {
			return GuardASCII, ""
		}
	}
	// As many of one as of the other, and whoever goes through the lines sees a
	// CR before each LF: so none stands alone.
	if bytes.Count(data, []byte{'\n'}) != bytes.Count(data, []byte{'\r'}) || !bytes.HasSuffix(data, []byte("\r\n")) {
		return GuardLineEnd, ""
	}
	return "", ""
}

// header checks the header section and then the body.
func header(data []byte) (code, detail string) {
	end := bytes.Index(data, []byte("\r\n\r\n"))
	if end < 0 {
		return GuardHeader, ""
	}
	if end > maxHeader {
		return GuardHeaderSize, strconv.Itoa(end)
	}
	var seen [6]int
	names := [...]string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version"}
	section := data[:end+2]
	for rest := section; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		line := rest[:n]
		rest = rest[n:]
		if n < 2 || line[n-2] != '\r' {
			return GuardLineEnd, ""
		}
		if n > maxLine+2 {
			return GuardLineLength, strconv.Itoa(n - 2)
		}
		if line[0] == ' ' || line[0] == '\t' {
			if n == len(line) && len(line)+len(rest) == len(section) || len(bytes.TrimSpace(line)) == 0 {
				return GuardHeader, ""
			}
			continue
		}
		colon := bytes.IndexByte(line, ':')
		if colon < 1 || !fieldName(line[:colon]) {
			return GuardHeader, ""
		}
		for i, name := range names {
			if colon == len(name) && bytes.EqualFold(line[:colon], []byte(name)) {
				seen[i]++
			}
		}
	}
	for i, n := range seen {
		if n != 1 {
			return GuardHeaderCount, names[i]
		}
	}
	if tag := leftOver(section); tag != "" {
		return GuardMergeTag, tag
	}
	return body(data[end+4:])
}

// fieldName reports whether s may name a field (RFC 5322 section 2.2).
func fieldName(s []byte) bool {
	for _, c := range s {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// body checks lines and content. Of a multipart, delimiters and the fields of
// the parts are no content.
func body(data []byte) (code, detail string) {
	content, fields := false, false
	for rest := data; len(rest) > 0; {
		n := bytes.IndexByte(rest, '\n') + 1
		if n < 2 || rest[n-2] != '\r' {
			return GuardLineEnd, ""
		}
		line := rest[:n-2]
		rest = rest[n:]
		switch {
		case len(line) > qpLine:
			return GuardLineLength, strconv.Itoa(len(line))
		case len(line) > 4 && string(line[:4]) == "--=_":
			fields = true
		case len(line) == 0:
			fields = false
		case !fields && !content:
			content = len(bytes.Trim(line, " \t=")) > 0
		}
	}
	if !content {
		return GuardEmpty, ""
	}
	if tag := leftOver(data); tag != "" {
		return GuardMergeTag, tag
	}
	return "", ""
}

// leftOver returns what of template syntax is literal in data, also when a soft
// line break divides it.
func leftOver(data []byte) string {
	for rest := data; ; {
		i := bytes.IndexByte(rest, '{')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		next := rest
		for bytes.HasPrefix(next, []byte(softBreak)) {
			next = next[len(softBreak):]
		}
		if len(next) > 0 && (next[0] == '{' || next[0] == '%') {
			return "{" + string(next[:1])
		}
	}
	// Of "<no value>" the v is rarest.
	for i := 0; ; i++ {
		j := bytes.IndexByte(data[i:], 'v')
		if j < 0 {
			return ""
		}
		if i += j; i > 0 && (data[i-1] == ' ' || data[i-1] == '\n') && startsSoft(data[i:], "value>") && endsSoft(data[:i], "<no ") {
			return "<no value>"
		}
	}
}

// endsSoft reports whether data ends with s, soft line breaks aside.
func endsSoft(data []byte, s string) bool {
	for i := len(s) - 1; i >= 0; i-- {
		for bytes.HasSuffix(data, []byte(softBreak)) {
			data = data[:len(data)-len(softBreak)]
		}
		if len(data) == 0 || data[len(data)-1] != s[i] {
			return false
		}
		data = data[:len(data)-1]
	}
	return true
}

// startsSoft reports whether data begins with s, soft line breaks aside.
func startsSoft(data []byte, s string) bool {
	for i := range len(s) {
		for bytes.HasPrefix(data, []byte(softBreak)) {
			data = data[len(softBreak):]
		}
		if len(data) == 0 || data[0] != s[i] {
			return false
		}
		data = data[1:]
	}
	return true
}
