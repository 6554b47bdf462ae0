package codeedit

import (
	"regexp"
	"strings"
)

// query is what is searched for.
type query struct {
	text  string
	exact bool // capitals matter
}

// all lists where a text has what is searched for, as pairs of bytes.
func (q query) all(s string) [][]int {
	switch {
	case q.text == "":
		return nil
	case q.exact:
		var out [][]int
		for at := 0; ; {
			i := strings.Index(s[at:], q.text)
			if i < 0 {
				return out
			}
			out = append(out, []int{at + i, at + i + len(q.text)})
			at += i + len(q.text)
		}
	}
	re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(q.text))
	if err != nil {
		return nil // what is not UTF-8
	}
	return re.FindAllStringIndex(s, -1)
}

// search selects the next place behind the selection, or before it, and around the
// end. It tells which one it is, from 1, and how many there are.
func (e *Editor) search(q query, back bool) (nth, of int) {
	found := q.all(e.buf.text())
	if len(found) == 0 {
		return 0, 0
	}
	from, to := e.selection()
	i := 0
	if back {
		at := e.buf.offset(from)
		for i = len(found) - 1; i >= 0 && found[i][1] > at; i-- {
		}
		if i < 0 {
			i = len(found) - 1
		}
	} else {
		at := e.buf.offset(to)
		for i < len(found) && found[i][0] < at {
			i++
		}
		if i == len(found) {
			i = 0
		}
	}
	e.anchor, e.cursor, e.goal = e.buf.place(found[i][0]), e.buf.place(found[i][1]), -1
	e.center()
	return i + 1, len(found)
}

// substitute replaces what is selected when it is what is searched for, and goes
// on to the next place.
func (e *Editor) substitute(q query, with string) (nth, of int) {
	if m := q.all(e.Selected()); e.enabled && len(m) == 1 && m[0][0] == 0 && m[0][1] == len(e.Selected()) {
		from, to := e.selection()
		e.edit(from, to, with)
	}
	return e.search(q, false)
}

// substituteAll replaces every place and tells how many there were.
func (e *Editor) substituteAll(q query, with string) int {
	s := e.buf.text()
	found := q.all(s)
	if len(found) == 0 || !e.enabled {
		return 0
	}
	var out strings.Builder
	at := 0
	for _, m := range found {
		out.WriteString(s[at:m[0]])
		out.WriteString(with)
		at = m[1]
	}
	out.WriteString(s[at:])
	from, to, end := e.buf.set(out.String())
	e.shiftMarks(from, to, end)
	e.cursor, e.anchor = e.buf.clamp(e.cursor), e.buf.clamp(e.cursor)
	e.changed()
	return len(found)
}
