package preview

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/bidi"
)

// traits are what a value has that may look wrong.
type traits struct {
	characters  int64
	rightToLeft int64 // characters of a script that is written so
	emoji       int64
	encoded     int64 // bytes in a message, about: quoted-printable, and markup escaped
}

// emojiLook is the selector that makes a sign of the basic plane an emoji (Unicode
// Technical Standard 51, section 1.4.3).
const emojiLook = '\ufe0f'

// scan looks at a value. Plain ASCII, which most values are, is counted only.
func scan(v []byte) traits {
	t := traits{characters: int64(len(v)), encoded: int64(len(v))}
	plain := true
	for _, b := range v {
		switch {
		case b >= utf8.RuneSelf:
			plain = false
		case b == '<' || b == '>':
			t.encoded += 3 // &lt;
		case b == '&':
			t.encoded += 4
		case b == '"' || b == '=':
			t.encoded += 4
		}
	}
	if plain {
		return t
	}
	t.characters = 0
	for rest := v; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		t.characters++
		if r < utf8.RuneSelf {
			continue
		}
		t.encoded += int64(2 * n) // =C3=A9
		if r > 0xffff || r == emojiLook {
			t.emoji++
		}
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c == bidi.R || c == bidi.AL {
			t.rightToLeft++
		}
	}
	return t
}

// trim drops the white space around a value: what is left of a blank one is nothing.
func trim(v []byte) []byte {
	if len(v) == 0 || v[0] > ' ' && v[0] < utf8.RuneSelf && v[len(v)-1] > ' ' && v[len(v)-1] < utf8.RuneSelf {
		return v
	}
	return bytes.TrimSpace(v)
}

// plainString reads a JSON string without escapes off the front of s.
func plainString(s []byte) (value, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '"' {
		return nil, nil, false
	}
	end := bytes.IndexByte(s[1:], '"')
	if end < 0 || bytes.IndexByte(s[1:1+end], '\\') >= 0 {
		return nil, nil, false
	}
	return s[1 : 1+end], s[end+2:], true
}
