package message

import (
	"strconv"
	"strings"

	"github.com/osteele/liquid"
)

// landing says what a unit's text is for.
type landing uint8

const (
	asLine landing = iota // a header field: one line, not escaped
	asText                // plain text
	asHTML                // markup: values are escaped
)

// unit is a template that is rendered at once: the subject, the HTML with the
// preheader in it, the text, and the preheader alone for the preview.
type unit struct {
	as       landing
	segments []segment // of the fast path
	liquid   *liquid.Template
	consts   map[string]any
	uses     []use // names that the engine's expressions look at
	slots    []use // objects that are filled in without the engine's help
	names    []int // every name whose value may show
	braces   bool  // the template has braces that are meant
}

// use is what the engine binds to a name of its own: a value, or a slot.
type use struct {
	binding string
	name    int
	slot    segment
}

// segment is static text or a slot.
type segment struct {
	text    string
	encoded []byte // text as quoted-printable from the start of a line
	col     int    // the column in which it ends
	slot    bool
	name    int // of the slot: index of the field
	need    bool
	ops     []op
	url     bool
	oneLine bool
}

// op is one filter of a slot: a default, or a function of the text.
type op struct {
	otherwise string
	plain     func(string) string
}

// compiler turns the nodes of one unit into a unit.
type compiler struct {
	t      *Template
	as     landing
	consts map[string]any
	uses   map[string]int
	slots  []use
	local  map[string]bool // variables assigned so far, by binding
	guards []guard
	out    strings.Builder
	braces bool
	fields bool // record the uses as fields of the template
}

// guard is a block: the names that its conditions look at.
type guard map[string]bool

// unitOf compiles nodes.
func (t *Template) unitOf(nodes []node, as landing, fields bool) (*unit, error) {
	c := &compiler{t: t, as: as, consts: map[string]any{}, uses: map[string]int{}, local: map[string]bool{}, fields: fields}
	for i := range nodes {
		c.node(&nodes[i])
	}
	u := &unit{as: as, consts: c.consts, slots: c.slots, braces: c.braces}
	for binding, name := range c.uses {
		u.uses = append(u.uses, use{binding: binding, name: name})
		u.names = append(u.names, name)
	}
	for _, s := range c.slots {
		u.names = append(u.names, s.slot.name)
	}
	if t.fast {
		if segments, ok := t.splice(nodes, as); ok {
			u.segments = segments
			return u, nil
		}
	}
	engine := newEngine(as == asHTML, t.locale)
	var err liquid.SourceError
	u.liquid, err = engine.ParseString(c.out.String())
	if err != nil {
		return nil, err
	}
	return u, nil
}

// node writes a node in the engine's own Liquid: names are numbered, literals
// are constants, and what may be missing is marked.
func (c *compiler) node(n *node) {
	open, shut := func(s string) string {
		if n.left {
			return s + "- "
		}
		return s + " "
	}, func(s string) string {
		if n.right {
			return " -" + s
		}
		return " " + s
	}
	w := func(parts ...string) {
		for _, p := range parts {
			c.out.WriteString(p)
		}
	}
	switch n.kind {
	case nodeText:
		w(n.text)
	case nodeRaw:
		if n.left || n.right {
			w(open("{%"), "assign x = 1", shut("%}"))
			return
		}
		c.braces = c.braces || telling(n.text, c.as)
		w("{{ ", c.constant(safe(n.text)), " }}")
	case nodeObject:
		filter := "out"
		switch {
		case n.url:
			filter = "url"
		case n.oneLine:
			filter = "line"
		}
		if slot, ok := c.slot(n); ok {
			w(open("{{"), slot, shut("}}"))
			return
		}
		value := c.emit(n, n.expr, true)
		if n.expr.kind == exprPath && c.local[value] {
			value = c.marked(value)
		}
		w(open("{{"), value, " | ", filter, ": m", shut("}}"))
	case nodeTag:
		c.tag(n, open("{%"), shut("%}"), w)
	}
}

// slot returns the binding of an object that is simple enough to be a slot here
// too: the engine is slow at calling filters.
func (c *compiler) slot(n *node) (string, bool) {
	s, ok := c.t.slotOf(n)
	if !ok {
		return "", false
	}
	x := n.expr
	for ; x.kind == exprFilter; x = x.a {
		for _, a := range x.args {
			c.braces = c.braces || telling(a.str, c.as)
		}
	}
	if b, _ := c.binding(n, x.str); c.local[b] {
		return "", false
	}
	s.need = !c.covered(n, x, s.need) && !Special(x.str)
	binding := "v" + strconv.Itoa(len(c.slots))
	c.slots = append(c.slots, use{binding: binding, slot: s})
	return binding, true
}

func (c *compiler) tag(n *node, open, shut string, w func(...string)) {
	switch n.tag {
	case "if", "unless", "case":
		c.guards = append(c.guards, guard{})
		n.expr.paths(c.guards[len(c.guards)-1])
	case "elsif":
		n.expr.paths(c.guards[len(c.guards)-1])
	case "capture":
		c.guards = append(c.guards, guard{})
	}
	tag := n.tag
	if strings.HasSuffix(tag, "capture") {
		tag = strings.Replace(tag, "capture", "keep", 1)
	}
	w(open, tag)
	switch n.tag {
	case "if", "unless", "elsif":
		w(" ", c.truth(n, n.expr))
	case "case":
		w(" (", c.emit(n, n.expr, false), " | str)")
	case "when":
		for i, x := range n.when {
			if i > 0 {
				w(",")
			}
			w(" (", c.emit(n, x, false), " | str)")
		}
	case "assign":
		value := c.emit(n, n.expr, true)
		name := c.variable(n, n.target)
		// Two tags: one that trims on the left, one that trims on the right.
		w(" ", name, " = ", value, " %}{% assign ", c.marked(name), " = ", name)
	case "capture":
		w(" ", c.variable(n, n.target))
	case "endif", "endunless", "endcase", "endcapture":
		c.guards = c.guards[:len(c.guards)-1]
	}
	w(shut)
}

// paths adds the names that x mentions.
func (x *expr) paths(names guard) {
	if x == nil {
		return
	}
	if x.kind == exprPath {
		names[x.str] = true
	}
	x.a.paths(names)
	for _, a := range x.args {
		a.paths(names)
	}
}

// first returns the first name that x mentions, or "".
func (x *expr) first() string {
	for x.a != nil {
		x = x.a
	}
	if x.kind == exprPath {
		return x.str
	}
	return ""
}

// binding is the name by which the engine knows a name of this part.
func (c *compiler) binding(n *node, name string) (string, int) {
	i := c.t.name(name)
	return n.part.part[:1] + strconv.Itoa(i), i
}

// variable makes a name a variable from here on.
func (c *compiler) variable(n *node, name string) string {
	b, i := c.binding(n, name)
	c.local[b] = true
	// Until it is assigned, a field of that name shows through.
	c.uses[b], c.uses[c.marked(b)] = i, i
	return b
}

// marked is the binding under which a variable keeps what was captured as the
// markup that it is; under its own it is text.
func (c *compiler) marked(binding string) string { return binding + "m" }

func (c *compiler) constant(v any) string {
	name := "k" + strconv.Itoa(len(c.consts))
	c.consts[name] = v
	return name
}

// truth writes a condition. A blank text is false, as nobody expects otherwise.
func (c *compiler) truth(n *node, x *expr) string {
	switch x.kind {
	case exprCompare, exprBool:
		return c.emit(n, x, false)
	case exprLogic:
		return "(" + c.truth(n, x.a) + " " + x.str + " " + c.truth(n, x.args[0]) + ")"
	}
	return "(" + c.emit(n, x, false) + " | yes)"
}

// emit writes an expression. With need, a name without a value counts as
// missing.
func (c *compiler) emit(n *node, x *expr, need bool) string {
	switch x.kind {
	case exprPath:
		return c.path(n, x, need)
	case exprString:
		c.braces = c.braces || telling(x.str, c.as)
		return c.constant(x.str)
	case exprNumber, exprBool:
		return x.str
	case exprLogic:
		return c.truth(n, x)
	case exprCompare:
		a, b := c.operand(n, x, x.a), c.operand(n, x, x.args[0])
		return "(" + a + " " + x.str + " " + b + ")"
	}
	if x.str == "default" {
		arg := x.args[0]
		if lit, ok := arg.literal(); ok {
			// An empty default is none.
			return "(" + c.emit(n, x.a, need && blank(lit)) + " | default: " + c.emit(n, arg, false) + ")"
		}
		value := c.emit(n, x.a, false)
		// The other value is needed only when the first is missing.
		out := "(" + value + " | default: " + c.emit(n, arg, false) + ")"
		if name := arg.first(); need && name != "" {
			return c.needed(n, name, out)
		}
		return out
	}
	out := "(" + c.emit(n, x.a, need) + " | " + x.str
	for i, a := range x.args {
		if i == 0 {
			out += ": "
		} else {
			out += ", "
		}
		out += c.emit(n, a, need)
	}
	return out + ")"
}

// operand writes one side of a comparison. Fields are texts: against a number,
// or in order, they count as numbers when they look like one.
func (c *compiler) operand(n *node, cmp, x *expr) string {
	s := c.emit(n, x, false)
	other := cmp.a
	if other == x {
		other = cmp.args[0]
	}
	switch cmp.str {
	case "contains":
		return "(" + s + " | str)"
	case "==", "!=":
		if x.kind == exprBool || other.kind == exprBool || x.kind == exprNumber || other.kind != exprNumber {
			return s
		}
	}
	return "(" + s + " | num)"
}

func (c *compiler) path(n *node, x *expr, need bool) string {
	b, i := c.binding(n, x.str)
	if c.local[b] {
		return b
	}
	c.uses[b] = i
	if c.covered(n, x, need) {
		return b
	}
	return c.needed(n, x.str, b)
}

// covered records a use of a field and reports whether it copes with a missing
// value.
func (c *compiler) covered(n *node, x *expr, need bool) bool {
	covered := !need || c.guarded(x.str) || Special(x.str) && !mayLack(x.str)
	if c.fields {
		line, column := n.part.position(x.pos)
		c.t.fields = append(c.t.fields, Field{x.str, n.part.part, line, column, covered})
	}
	return covered
}

func (c *compiler) needed(n *node, name, value string) string {
	b, i := c.binding(n, name)
	if c.local[b] || Special(name) || c.guarded(name) {
		return value
	}
	return "(" + value + " | need: m, " + strconv.Itoa(i) + ")"
}

func (c *compiler) guarded(name string) bool {
	for _, g := range c.guards {
		if g[name] {
			return true
		}
	}
	return false
}

// telling reports whether text holds what Guard takes for a left-over merge tag.
func telling(s string, as landing) bool {
	return strings.Contains(s, "{") || strings.HasPrefix(s, "%") || as != asHTML && strings.Contains(s, "<")
}

// mayLack reports whether a special name may have no value, which a person then
// has to know.
func mayLack(name string) bool {
	return name == NameMirror || name == NameSender || name == NameAddress
}
