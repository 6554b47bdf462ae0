package audience

import (
	"bytes"
	"slices"
	"strings"
)

// sampleSize is how many records of the beginning a guess is based on.
const sampleSize = 200

// delimiters are the ones that are recognised, the likeliest first.
var delimiters = []byte{',', ';', '\t', '|'}

// sample splits the beginning of a file into records. A last record that may
// go on after b is left out.
func sample(b []byte, delim byte, whole bool) [][]string {
	s := splitter{delim: delim}
	var out [][]string
	for len(b) > 0 && len(out) < sampleSize {
		end, next, st := s.split(b, whole)
		if st != complete {
			break
		}
		raw := bytes.Clone(b[:end]) // tidy writes, and b is split again
		tidy(raw, s.spans)
		if s.count > 1 || len(bytes.TrimSpace(raw)) > 0 {
			out = append(out, appendTexts(nil, string(raw), s.spans))
		}
		b = b[next:]
	}
	return out
}

// appendTexts cuts the fields out of one string, restored, so that a record costs
// one allocation however many fields it has.
func appendTexts(into []string, record string, spans []span) []string {
	for _, f := range spans {
		into = append(into, restore(record[f.lo:f.hi]))
	}
	return into
}

// guessDelimiter takes the delimiter that finds the most addresses; among
// equals the one whose records agree best on their number of fields, then the
// one that makes more of them.
func guessDelimiter(b []byte, whole bool) byte {
	best, bestScore := delimiters[0], [3]int{-1}
	for _, d := range delimiters {
		rows := sample(b, d, whole)
		width, agree := usualWidth(rows)
		var addresses int
		for _, row := range rows {
			if slices.ContainsFunc(row, isAddress) {
				addresses++
			}
		}
		if width < 2 {
			width, agree = 0, 0 // that all records have one field says nothing
		}
		score := [3]int{addresses, agree, width}
		if slices.Compare(score[:], bestScore[:]) > 0 {
			best, bestScore = d, score
		}
	}
	return best
}

// usualWidth gives the number of fields that most rows have, and how many have
// it.
func usualWidth(rows [][]string) (width, agree int) {
	var counts [MaxColumns + 1]int
	for _, row := range rows {
		n := len(row)
		if counts[n]++; counts[n] > agree || (counts[n] == agree && n > width) {
			width, agree = n, counts[n]
		}
	}
	return width, agree
}

func isAddress(s string) bool {
	_, reason := parseAddress(s)
	return reason == ""
}

// guessHeader reports whether the first record names columns: it does unless
// one of its fields holds an address, be it a wrong one.
func guessHeader(first []string) bool {
	return !slices.ContainsFunc(first, func(s string) bool {
		i := strings.IndexByte(s, '@')
		return i > 0 && i < len(s)-1 || isAddress(s)
	})
}

// headerEmail finds the column whose header says that it holds the address, -1
// when there is none. Columns that are taken are something else.
func headerEmail(header []string, taken map[int]string) int {
	best, column := len(emailHeaders), -1
	for i, h := range header {
		if taken[i] != "" {
			continue
		}
		if rank := slices.Index(emailHeaders, plainHeader(h)); rank >= 0 && rank < best {
			best, column = rank, i
		}
	}
	return column
}

// valuesEmail finds the column that holds addresses in most rows that fill it,
// -1 when there is none.
func valuesEmail(rows [][]string, width int, taken map[int]string) int {
	best, column := 0, -1
	for i := range width {
		var filled, good int
		for _, row := range rows {
			if i < len(row) && strings.TrimSpace(row[i]) != "" {
				filled++
				if isAddress(row[i]) {
					good++
				}
			}
		}
		if good > best && 2*good >= filled && taken[i] == "" {
			best, column = good, i
		}
	}
	return column
}

// sepLine reads the line "sep=;" by which Excel is told the delimiter. It gives
// the delimiter and the length of the line.
func sepLine(b []byte) (delim byte, size int) {
	i := bytes.IndexAny(b, "\r\n")
	if i < 0 {
		return 0, 0
	}
	line := bytes.Trim(b[:i], `"`)
	if len(line) != 5 || !bytes.EqualFold(line[:4], []byte("sep=")) || !legalDelimiter(rune(line[4])) {
		return 0, 0
	}
	size = i + 1
	if b[i] == '\r' && size < len(b) && b[size] == '\n' {
		size++
	}
	return line[4], size
}

// legalDelimiter excludes what would make records ambiguous.
func legalDelimiter(r rune) bool {
	return r < 0x80 && r != 0 && octets[r]&alnum == 0 && !strings.ContainsRune("\"\r\n@.", r)
}
