package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// pair is a name and a value of a flat JSON object, as they are written there
// with their quotes. Two texts that are equal are written alike.
type pair struct{ name, value string }

// flat is the fields of a person, in the order in which they are stored.
type flat []pair

var errNotFlat = errors.New("fields are no object of texts")

// parseFlat reads an object of texts into what f has room for. It is what all
// rows of an import go through, so it does not decode what it need not.
func parseFlat(f flat, s string) (flat, error) {
	f = f[:0]
	rest, ok := strings.CutPrefix(s, "{")
	if !ok {
		return f, errNotFlat
	}
	if rest == "}" {
		return f, nil
	}
	for {
		var p pair
		if p.name, rest, ok = jsonText(rest); !ok {
			return f, errNotFlat
		}
		if rest, ok = strings.CutPrefix(rest, ":"); !ok {
			return f, errNotFlat
		}
		if p.value, rest, ok = jsonText(rest); !ok {
			return f, errNotFlat
		}
		f = append(f, p)
		if rest == "}" {
			return f, nil
		}
		if rest, ok = strings.CutPrefix(rest, ","); !ok {
			return f, errNotFlat
		}
	}
}

// jsonText cuts a text off, with its quotes, written as encoding/json does.
func jsonText(s string) (text, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	escaped := false
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escaped = true
			i++
		case '<', '>', '&': // written otherwise by us today
			escaped = true
		case '"':
			text, rest = s[:i+1], s[i+1:]
			if escaped {
				var v string
				if json.Unmarshal([]byte(text), &v) != nil {
					return "", "", false
				}
				text = marshal(v)
			}
			return text, rest, true
		}
	}
	return "", "", false
}

// String writes the object.
func (f flat) String() string {
	n := 2
	for _, p := range f {
		n += len(p.name) + len(p.value) + 2
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteByte('{')
	for i, p := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.name)
		b.WriteByte(':')
		b.WriteString(p.value)
	}
	b.WriteByte('}')
	return b.String()
}

func (f flat) index(name string) int {
	return slices.IndexFunc(f, func(p pair) bool { return p.name == name })
}

// get gives the value of a field, empty when there is none. A value that is there
// has quotes.
func (f flat) get(name string) string {
	if i := f.index(name); i >= 0 {
		return f[i].value
	}
	return ""
}

// set gives a field a value, or takes it away when it is empty.
func (f flat) set(name, value string) flat {
	switch i := f.index(name); {
	case i >= 0 && value == "":
		return slices.Delete(f, i, i+1)
	case i >= 0:
		f[i].value = value
		return f
	case value != "":
		return append(f, pair{name, value})
	}
	return f
}

// patch puts the fields of more into f; only where there is none when fill is
// set. It tells whether anything changed.
func (f flat) patch(more flat, fill bool) (flat, bool) {
	changed := false
	for _, p := range more {
		was := f.get(p.name)
		if was == p.value || fill && was != "" {
			continue
		}
		f, changed = f.set(p.name, p.value), true
	}
	return f, changed
}

// restore takes back what a change from before to after did to f, where f has
// still what it became. all is false when something of it stays.
func (f flat) restore(before, after flat) (restored flat, all bool) {
	all = true
	undo := func(name string) {
		was, became := before.get(name), after.get(name)
		switch {
		case was == became:
		case f.get(name) == became:
			f = f.set(name, was)
		case f.get(name) != was:
			all = false
		}
	}
	for _, p := range after {
		undo(p.name)
	}
	for _, p := range before {
		if after.index(p.name) < 0 {
			undo(p.name)
		}
	}
	return f, all
}
