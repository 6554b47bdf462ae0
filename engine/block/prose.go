package block

import "strings"

// para is a paragraph of a text, or a list.
type para struct {
	list  byte // 0 none, 'u' with dots, 'o' with numbers
	items [][]tok
}

// paragraphs cuts a text at its blank lines and lists. Line breaks within a
// Liquid block stay where they are, so that it begins and ends in one paragraph.
func paragraphs(ts []tok) []para {
	var out []para
	var cur *para
	for _, line := range lines(ts) {
		if blankLine(line) {
			cur = nil
			continue
		}
		kind, rest := bullet(line)
		switch {
		case kind == 0 && cur != nil && (cur.list == 0 || indented(line)):
			last := &cur.items[len(cur.items)-1]
			*last = append(append(*last, tok{kind: 'n', s: "\n"}), trimStart(line)...)
			continue
		case kind != 0 && cur != nil && cur.list == kind:
			cur.items = append(cur.items, rest)
			continue
		}
		out = append(out, para{kind, [][]tok{rest}})
		cur = &out[len(out)-1]
	}
	return out
}

// lines cuts tokens at the line breaks outside of Liquid blocks.
func lines(ts []tok) [][]tok {
	var out [][]tok
	from := 0
	for i, t := range ts {
		if t.kind == 'n' && t.scope == 0 {
			out = append(out, ts[from:i:i])
			from = i + 1
		}
	}
	return append(out, ts[from:len(ts):len(ts)])
}

func blankLine(ts []tok) bool {
	for _, t := range ts {
		if t.kind != 't' || strings.TrimSpace(t.s) != "" {
			return false
		}
	}
	return true
}

func indented(ts []tok) bool {
	return len(ts) > 0 && ts[0].kind == 't' && strings.HasPrefix(ts[0].s, "  ")
}

func trimStart(ts []tok) []tok {
	if len(ts) == 0 || ts[0].kind != 't' {
		return ts
	}
	return append([]tok{{'t', strings.TrimLeft(ts[0].s, " \t"), ts[0].scope}}, ts[1:]...)
}

// bullet tells a line that is an item of a list, without its mark.
func bullet(ts []tok) (byte, []tok) {
	if len(ts) == 0 || ts[0].kind != 't' || ts[0].scope != 0 {
		return 0, ts
	}
	s := strings.TrimLeft(ts[0].s, " \t")
	cut := func(n int) []tok {
		rest := strings.TrimLeft(s[n:], " \t")
		if rest == "" {
			return ts[1:]
		}
		return append([]tok{{'t', rest, 0}}, ts[1:]...)
	}
	if strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "• ") {
		return 'u', cut(strings.IndexByte(s, ' '))
	}
	n := 0
	for n < len(s) && n < 3 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && n+1 < len(s) && (s[n] == '.' || s[n] == ')') && s[n+1] == ' ' {
		return 'o', cut(n + 1)
	}
	return 0, ts
}
