package message

import (
	"errors"
	"html"
	"io"
	"strings"

	"github.com/osteele/liquid"
	"github.com/osteele/liquid/render"
	"github.com/osteele/liquid/values"

	"sendoff/engine/delivery"
)

// errBudget ends a rendering that grows too large.
var errBudget = errors.New("rendered_too_long")

// meter counts what a rendering yields and notes what it misses. The engine
// hands it from the bindings to the filters.
type meter struct {
	left int
	buf  *Buffer
}

func meterOf(v any) *meter {
	m, ok := v.(*meter)
	if !ok {
		return &meter{}
	}
	return m
}

func (m *meter) spend(n int) error {
	m.left -= n
	if m.left < 0 {
		return errBudget
	}
	return nil
}

// safe marks text that must not be escaped.
func safe(s string) any { return values.SafeValue{Value: s} }

// absent is a needed value that is not there. The engine asks for it when, and
// only when, a branch that is taken uses it.
type absent struct {
	b    *Buffer
	name int
	text string
}

// ToLiquid makes absent what the engine calls a drop.
func (a absent) ToLiquid() any {
	a.b.miss(a.name)
	return safe(a.text)
}

// newEngine returns an engine with our filters in place of its own. Templates
// are rewritten before they come here, so no other filter and no tag beyond if,
// unless, case, assign and our own capture can occur in them.
func newEngine(escape bool, l *locale) *liquid.Engine {
	e := liquid.NewEngine()
	for _, tag := range []string{"include", "render", "cycle", "tablerow", "for"} {
		e.UnregisterTag(tag)
	}
	if escape {
		e.SetAutoEscapeReplacer(render.HtmlEscaper)
	}
	for _, name := range filterNames() {
		f, _ := lookupFilter(name, l)
		e.RegisterFilter(name, func(v any, args ...any) (any, error) { return f.fn(v, args) })
	}
	e.RegisterFilter("need", func(v, m any, name int) any {
		if blank(v) {
			meterOf(m).buf.miss(name)
		}
		return v
	})
	e.RegisterFilter("yes", func(v any) any {
		if blank(v) {
			return nil
		}
		return v
	})
	e.RegisterFilter("str", func(v any) any { return str(v) })
	e.RegisterFilter("num", func(v any) any {
		if s, ok := v.(string); ok {
			if n, ok := parseNumber(s); ok {
				return n.f
			}
		}
		return v
	})
	out := func(name string, fn func(string) string) {
		e.RegisterFilter(name, func(v, m any) (any, error) {
			if captured, ok := v.(values.SafeValue); ok && escape {
				s := str(captured.Value)
				if plain := html.UnescapeString(s); fn(plain) != plain {
					s = string(appendEscaped(nil, fn(plain)))
				}
				return safe(s), meterOf(m).spend(len(s))
			}
			s := fn(str(v))
			return s, meterOf(m).spend(len(s))
		})
	}
	e.RegisterBlock("keep", func(ctx render.Context) (string, error) {
		s, err := ctx.InnerString()
		ctx.Set(ctx.TagArgs(), s)
		ctx.Set(ctx.TagArgs()+"m", safe(s))
		return "", err
	})
	out("out", func(s string) string { return s })
	out("url", safeURL)
	out("line", oneLine)
	return e
}

// limited stops a rendering at the first write beyond its budget.
type limited struct {
	b    *Buffer
	left int
}

func (w *limited) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left < 0 {
		return 0, errBudget
	}
	w.b.scratch = append(w.b.scratch, p...)
	return len(p), nil
}

func (w *limited) WriteString(s string) (int, error) {
	if w.left -= len(s); w.left < 0 {
		return 0, errBudget
	}
	w.b.scratch = append(w.b.scratch, s...)
	return len(s), nil
}

var _ io.StringWriter = (*limited)(nil)

// run renders a unit through the engine into b.scratch. The engine panics on
// some faults; those become errors here.
func (u *unit) run(b *Buffer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = renderError(errors.New("panic"), b)
			if e, ok := r.(error); ok {
				err = renderError(e, b)
			}
		}
	}()
	if b.bindings == nil {
		b.bindings = map[string]any{}
	}
	bindings := b.bindings
	clear(bindings)
	for k, v := range u.consts {
		bindings[k] = v
	}
	for _, use := range u.uses {
		bindings[use.binding] = b.values[use.name]
	}
	left := MaxRendered
	for i := range u.slots {
		s := &u.slots[i].slot
		v := s.filled(b)
		if left -= len(v); left < 0 {
			return renderError(errBudget, b)
		}
		if u.as == asHTML && hasMarkup(v) {
			v = string(appendEscaped(nil, v))
		}
		if s.need && blankText(b.values[s.name]) {
			bindings[u.slots[i].binding] = absent{b, s.name, v}
		} else {
			bindings[u.slots[i].binding] = safe(v)
		}
	}
	bindings["m"] = &meter{left, b}
	b.scratch = b.scratch[:0]
	if e := u.liquid.FRender(&limited{b, MaxRendered}, bindings); e != nil {
		return renderError(e, b)
	}
	return nil
}

// renderError is KindTooLarge for a spent budget and KindTemplate for any other
// fault of a template with the values of one recipient.
func renderError(err error, b *Buffer) error {
	e := &delivery.Error{Op: "render", Kind: delivery.KindTemplate, Field: b.part, Err: err}
	for _, known := range []error{errBudget, errTooLong, errDivision, errNumber} {
		if errors.Is(err, known) || strings.Contains(err.Error(), known.Error()) {
			e.Detail, e.Err = known.Error(), nil
			if known == errBudget || known == errTooLong {
				e.Kind = delivery.KindTooLarge
			}
			break
		}
	}
	return e
}
