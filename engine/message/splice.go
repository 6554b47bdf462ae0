package message

// splice returns the segments of a unit that is text and plain objects only, or
// false.
func (t *Template) splice(nodes []node, as landing) ([]segment, bool) {
	var out []segment
	for i := range nodes {
		n := &nodes[i]
		if n.left || n.right || n.kind == nodeTag {
			return nil, false
		}
		if n.kind == nodeObject {
			s, ok := t.slotOf(n)
			if !ok {
				return nil, false
			}
			s.need = s.need && !Special(t.names[s.name])
			out = append(out, s)
			continue
		}
		if n.text == "" {
			continue
		}
		w := qpWriter{}
		w.write(n.text, n.kind == nodeRaw, as == asHTML)
		out = append(out, segment{text: n.text, encoded: w.dst, col: w.col})
	}
	return out, true
}

// slotOf returns the slot of a name with plain filters and literal defaults.
func (t *Template) slotOf(n *node) (segment, bool) {
	s := segment{slot: true, need: true, url: n.url, oneLine: n.oneLine}
	x := n.expr
	for ; x.kind == exprFilter; x = x.a {
		f, _ := lookupFilter(x.str, t.locale)
		switch {
		case f.plain != nil:
			s.ops = append(s.ops, op{plain: f.plain})
		case f.bind != nil && !t.old: // plans of before sealed what the engine made of it
			args := make([]any, len(x.args))
			for i, a := range x.args {
				args[i], _ = a.literal()
			}
			s.ops = append(s.ops, op{plain: f.bind(args)})
		case x.str == "default":
			lit, ok := x.args[0].literal()
			if !ok {
				return s, false
			}
			s.ops = append(s.ops, op{otherwise: lit})
			s.need = s.need && blank(lit)
		default:
			return s, false
		}
	}
	if x.kind != exprPath {
		return s, false
	}
	for i, j := 0, len(s.ops)-1; i < j; i, j = i+1, j-1 {
		s.ops[i], s.ops[j] = s.ops[j], s.ops[i]
	}
	s.name = t.name(x.str)
	return s, true
}

// value returns what a slot says, and notes when it has nothing to say.
func (s *segment) value(b *Buffer) string {
	if s.need && blankText(b.values[s.name]) {
		b.miss(s.name)
	}
	return s.filled(b)
}

// filled returns what a slot says.
func (s *segment) filled(b *Buffer) string {
	v := b.values[s.name]
	for _, o := range s.ops {
		if o.plain != nil {
			v = o.plain(v)
		} else if blankText(v) {
			v = o.otherwise
		}
	}
	switch {
	case s.url:
		v = safeURL(v)
	case s.oneLine:
		v = oneLine(v)
	}
	return v
}

// hasMarkup reports whether appendEscaped would change s.
func hasMarkup(s string) bool {
	for i := range len(s) {
		switch s[i] {
		case '&', '\'', '<', '>', '"':
			return true
		}
	}
	return false
}

// appendEscaped appends s with the characters escaped that mean something in
// HTML, as the Liquid engine does it.
func appendEscaped(dst []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '\'':
			dst = append(dst, "&#39;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&#34;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
