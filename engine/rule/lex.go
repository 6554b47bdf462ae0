package rule

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

type tokenKind int

const (
	end    tokenKind = iota
	word             // a name or a keyword
	text             // a quoted text, without its quotes
	number           // the shortest decimal
	date             // 2006-01-02
	symbol           // ( ) , > >= < <= =
)

type token struct {
	kind tokenKind
	s    string
	at   int // offset in bytes
}

// shown is how a fault names a token.
func (t token) shown() string {
	if t.kind == text {
		return quote(t.s)
	}
	return t.s
}

// place makes a fault of an offset. Columns count characters.
func place(src string, at int, what, detail string) error {
	before := src[:min(at, len(src))]
	line := strings.Count(before, "\n")
	return &delivery.Error{Op: "rule", Kind: delivery.KindRule, Field: what, Detail: detail,
		Line: line + 1, Column: utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1}
}

// quotes are the marks around a text: what opens it, and what closes it. Word
// processors write the curly ones.
var quotes = map[rune]rune{'"': '"', '\'': '\'', '“': '”', '„': '”', '‘': '’'}

// lex cuts a rule into tokens; the last one is the end.
func lex(src string) ([]token, error) {
	if len(src) > MaxSource {
		return nil, fault(FaultSize, strconv.Itoa(len(src)))
	}
	if !utf8.ValidString(src) {
		return nil, fault(FaultText, "UTF-8")
	}
	var out []token
	for at := 0; at < len(src); {
		r, size := utf8.DecodeRuneInString(src[at:])
		switch {
		case unicode.IsSpace(r):
			at += size
		case nameByte(src[at], true):
			n := at
			for n < len(src) && nameByte(src[n], false) {
				n++
			}
			out, at = append(out, token{word, src[at:n], at}), n
		case quotes[r] != 0:
			s, n, err := quoted(src, at, quotes[r], size)
			if err != nil {
				return nil, err
			}
			out, at = append(out, token{text, s, at}), n
		case r >= '0' && r <= '9' || r == '-':
			t, n, err := numeral(src, at)
			if err != nil {
				return nil, err
			}
			out, at = append(out, t), n
		case strings.ContainsRune("(),=<>", r):
			n := at + 1
			if (r == '<' || r == '>') && n < len(src) && src[n] == '=' {
				n++
			}
			out, at = append(out, token{symbol, src[at:n], at}), n
		default:
			return nil, place(src, at, FaultUnexpected, string(r))
		}
	}
	return append(out, token{end, "", len(src)}), nil
}

// quoted reads a text whose opening mark is at an offset.
func quoted(src string, at int, mark rune, size int) (string, int, error) {
	var b strings.Builder
	escaped := false
	for i, r := range src[at+size:] {
		switch {
		case escaped:
			if r != mark && r != '\\' && r != '"' {
				return "", 0, place(src, at+size+i, FaultText, `\`+string(r))
			}
			b.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == mark:
			if b.Len() > MaxText {
				return "", 0, place(src, at, FaultSize, strconv.Itoa(b.Len()))
			}
			return b.String(), at + size + i + utf8.RuneLen(r), nil
		case unicode.IsControl(r):
			return "", 0, place(src, at+size+i, FaultText, strconv.QuoteRune(r))
		default:
			b.WriteRune(r)
		}
	}
	return "", 0, place(src, at, FaultText, "")
}

// numeral reads a number or a date.
func numeral(src string, at int) (token, int, error) {
	n := at + 1
	for n < len(src) && (src[n] >= '0' && src[n] <= '9' || src[n] == '.' || src[n] == '-' || nameByte(src[n], false)) {
		n++
	}
	s := src[at:n]
	if strings.Contains(s[1:], "-") {
		if t, err := time.Parse(time.DateOnly, s); err != nil || t.Year() < 1 {
			return token{}, 0, place(src, at, FaultDate, s)
		}
		return token{date, s, at}, n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "-.0123456789") != "" || !(f > -1e15 && f < 1e15) {
		return token{}, 0, place(src, at, FaultNumber, s)
	}
	if f == 0 {
		f = 0 // no negative zero
	}
	return token{number, N(f).Text, at}, n, nil
}
