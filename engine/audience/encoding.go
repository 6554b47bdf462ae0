package audience

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

// encoding is how the bytes of a file stand for text.
type encoding uint8

const (
	ascii encoding = iota // nothing but ASCII so far: the first other byte decides
	utf8Text
	utf16LE
	utf16BE
	windows1252
)

func (e encoding) String() string {
	return [...]string{ascii: "utf-8", utf8Text: "utf-8", utf16LE: "utf-16le", utf16BE: "utf-16be", windows1252: "windows-1252"}[e]
}

// Encodings lists the names of the encodings that text can be read in.
func Encodings() []string {
	return []string{utf8Text.String(), utf16LE.String(), utf16BE.String(), windows1252.String()}
}

// namedEncoding finds an encoding by its name, in any case.
func namedEncoding(name string) (encoding, bool) {
	for _, e := range []encoding{utf8Text, utf16LE, utf16BE, windows1252} {
		if strings.EqualFold(name, e.String()) {
			return e, true
		}
	}
	return 0, false
}

// markOf is the length of the byte order mark that an encoding has at the
// beginning of b.
func markOf(e encoding, b []byte) int {
	marks := map[encoding]string{utf8Text: "\xef\xbb\xbf", utf16LE: "\xff\xfe", utf16BE: "\xfe\xff"}
	if m := marks[e]; m != "" && bytes.HasPrefix(b, []byte(m)) {
		return len(m)
	}
	return 0
}

// sniffSize is how much of a file is looked at before deciding anything.
const sniffSize = 64 << 10

// signatures are the beginnings of files that are no text at all, and of text
// in an encoding that nothing writes lists in any more.
var signatures = []struct{ magic, name string }{
	{"PK\x03\x04", "zip"}, // XLSX and ODS as well
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"},
	{"\x1f\x8b", "gzip"},
	{"%PDF-", "pdf"},
	{"SQLite format 3\x00", "sqlite"},
	{"\xff\xfe\x00\x00", "utf-32le"},
	{"\x00\x00\xfe\xff", "utf-32be"},
}

// sniff decides the encoding of a file by its beginning b and gives the length
// of its byte order mark.
func sniff(b []byte, whole bool) (e encoding, mark int, err error) {
	for _, s := range signatures {
		if bytes.HasPrefix(b, []byte(s.magic)) {
			return 0, 0, &delivery.Error{Op: op, Kind: delivery.KindEncoding, Line: 1, Detail: s.name}
		}
	}
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return utf8Text, 3, nil
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return utf16LE, 2, nil
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return utf16BE, 2, nil
	}
	if e, ok := sniffUTF16(b); ok {
		return e, 0, nil
	}
	if firstHigh(b) < 0 {
		return ascii, 0, nil
	}
	return sniffText(b, whole), 0, nil
}

// sniffUTF16 recognises UTF-16 without a mark by the zero half of its Latin
// letters. A real text has no U+0000, so that the other half is never zero.
func sniffUTF16(b []byte) (encoding, bool) {
	var even, odd int
	pairs := len(b) / 2
	for i := range pairs {
		if b[2*i] == 0 {
			even++
		}
		if b[2*i+1] == 0 {
			odd++
		}
	}
	switch {
	case pairs < 2:
		return 0, false
	case even == 0 && odd > pairs/2:
		return utf16LE, true
	case odd == 0 && even > pairs/2:
		return utf16BE, true
	}
	return 0, false
}

// sniffText decides between UTF-8 and Windows-1252. Text in Windows-1252 is
// hardly ever well-formed UTF-8 by chance, so a few broken bytes among many
// good sequences are damage (those rows are rejected), not another encoding.
func sniffText(b []byte, whole bool) encoding {
	var good, bad int
	for i := firstHigh(b); i >= 0 && i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if !whole && !utf8.FullRune(b[i:]) {
				i = len(b) // cut in the middle of a character
				continue
			}
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	if bad == 0 || good > 4*bad {
		return utf8Text
	}
	return windows1252
}

// firstHigh gives the index of the first byte that is not ASCII, or -1.
func firstHigh(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if (b[i]|b[i+1]|b[i+2]|b[i+3]|b[i+4]|b[i+5]|b[i+6]|b[i+7])&0x80 != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			return i
		}
	}
	return -1
}
