package codeedit

import (
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/segmenter"
	"golang.org/x/text/width"
)

// tabCells is how far apart the stops of tabs are.
const tabCells = 4

// cells is how many cells a letter takes at a cell of its row: two for wide ones
// (UAX #11) such as emoji, none for those that join the one before.
func cells(r rune, at int) int {
	switch {
	case r == '\t':
		return tabCells - at%tabCells
	case r < 0x300:
		return 1
	case r == 0x200D, 0xFE00 <= r && r <= 0xFE0F, 0x1F3FB <= r && r <= 0x1F3FF, unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrapLine appends the rows of a line from a byte on, at which one begins. It
// breaks behind a blank or a tag, else inside a word.
func wrapLine(dst []row, line int, s string, from, most int) []row {
	at, good := 0, from
	for i := from; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		c := 1
		if r == '\t' || r >= 0x300 {
			c = cells(r, at)
		}
		if at+c > most && i > from && c > 0 {
			if good <= from {
				good = i
			}
			dst = append(dst, row{line, from, good})
			from, i, at = good, good, 0
			continue
		}
		at += c
		i += n
		if r == ' ' || r == '>' || r == '\t' {
			good = i
		}
	}
	return append(dst, row{line, from, len(s)})
}

// cellAt is the cell in which a byte of a row begins; the row is s.
func cellAt(s string, col int) int {
	at := 0
	for i, r := range s {
		if i >= col {
			break
		}
		at += cells(r, at)
	}
	return at
}

// colAt is the byte of a row that is nearest to a cell.
func colAt(s string, cell float32) int {
	at := 0
	for i, r := range s {
		c := cells(r, at)
		if c > 0 && cell < float32(at)+float32(c)/2 {
			return i
		}
		at += c
	}
	return len(s)
}

// window is how many bytes around a place are looked at for what people see as
// one letter.
const window = 64

// next is behind the letter that begins at a byte, and prev before the one that
// ends there.
func next(s string, col int) int {
	if col >= len(s) {
		return len(s)
	}
	rest := s[col:]
	if len(rest) > window {
		rest = cut(rest, window)
	}
	if rest[0] < utf8.RuneSelf && (len(rest) == 1 || rest[1] < utf8.RuneSelf) {
		return col + 1
	}
	var seg segmenter.Segmenter
	seg.InitWithString(rest)
	it := seg.GraphemeIterator()
	it.Next()
	return col + len(string(it.Grapheme().Text))
}

func prev(s string, col int) int {
	if col <= 0 {
		return 0
	}
	if s[col-1] < utf8.RuneSelf {
		return col - 1
	}
	from := max(0, col-window)
	for from < col && !utf8.RuneStart(s[from]) {
		from++
	}
	var seg segmenter.Segmenter
	seg.InitWithString(s[from:col])
	last := 0
	for it := seg.GraphemeIterator(); it.Next(); {
		last = len(string(it.Grapheme().Text))
	}
	return col - max(1, last)
}

// cut is at most n bytes, whole runes.
func cut(s string, n int) string {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func wordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// wordLeft and wordRight are where Ctrl with an arrow leads within a line.
func wordLeft(s string, col int) int {
	skip := func(want bool) {
		for col > 0 {
			r, n := utf8.DecodeLastRuneInString(s[:col])
			if wordRune(r) != want {
				return
			}
			col -= n
		}
	}
	skip(false)
	skip(true)
	return col
}

func wordRight(s string, col int) int {
	skip := func(want bool) {
		for col < len(s) {
			r, n := utf8.DecodeRuneInString(s[col:])
			if wordRune(r) != want {
				return
			}
			col += n
		}
	}
	skip(true)
	skip(false)
	return col
}
