package rules

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/rule"
	"sendoff/widgets"
)

// controls are what a part of the rule is changed with, so that the keyboard finds
// it again.
type controls struct {
	first *widgets.Select // the field, or how a group belongs together
	op    *widgets.Select
}

// row shows one condition.
func (p *Panel) row(n, parent *state.RuleNode) fyne.CanvasObject {
	c := p.env.Text
	k := &controls{}
	p.controls[n] = k
	keys, labels := p.asks(n)
	k.first = widgets.NewSelect(labels, c.T("rule.choose_field"), func(i int) {
		n.Ask(keys[i], p.typeOf(keys[i]))
		p.rebuilt(func() fyne.Focusable { return p.controls[n].first.Target() })
	}).Searchable(c.T("rule.search_field"))
	k.first.SetSelected(slices.Index(keys, n.Field))
	ops := state.RuleOps(n.Field, p.typeOf(n.Field))
	if !slices.Contains(ops, n.Op) {
		ops = append(ops, n.Op) // a rule that was written as text may compare otherwise
	}
	words := make([]string, len(ops))
	for i, op := range ops {
		words[i] = c.T("rule.op." + string(op))
	}
	k.op = widgets.NewSelect(words, "", func(i int) {
		n.Compare(ops[i])
		p.rebuilt(func() fyne.Focusable { return p.controls[n].op.Target() })
	})
	k.op.SetSelected(slices.Index(ops, n.Op))
	return container.New(&condition{}, k.first, k.op, p.value(n), p.tools(n, parent, c.T("rule.remove")))
}

// asks lists what a condition can be about: the fields that people have, what
// everybody has, and what happened. A field that is gone stays as long as the
// condition asks for it.
func (p *Panel) asks(n *state.RuleNode) (keys, labels []string) {
	c := p.env.Text
	for _, f := range p.fields {
		keys, labels = append(keys, f.Name), append(labels, c.FieldName(f.Name, p.fields))
	}
	for _, a := range [][2]string{{rule.FieldEmail, c.T("rule.field.email")}, {rule.FieldAdded, c.T("rule.field.added")},
		{state.AskAudience, c.T("rule.field.audience")}, {state.AskDelivery, c.T("rule.field.delivery")}, {state.AskRandom, c.T("rule.field.random")}} {
		keys, labels = append(keys, a[0]), append(labels, a[1])
	}
	if !slices.Contains(keys, n.Field) {
		keys, labels = append(keys, n.Field), append(labels, n.Field)
	}
	return keys, labels
}

// value is what the value of a condition is typed or chosen with.
func (p *Panel) value(n *state.RuleNode) fyne.CanvasObject {
	c := p.env.Text
	input, k := n.Input()
	entry := func(i int, hint string) *kit.Entry {
		e := kit.NewEntry(hint)
		e.SetText(n.Value(i))
		e.SetOnChanged(func(s string) {
			n.SetValue(i, s)
			p.changed()
		})
		return e
	}
	two := func(make func(i int) fyne.CanvasObject, word string) fyne.CanvasObject {
		if k < 2 {
			return make(0)
		}
		return container.New(pair{}, make(0), kit.NewText(kit.Muted, word), make(1))
	}
	switch input {
	case state.InputText:
		return p.suggested(n, entry(0, c.T("rule.value")), false)
	case state.InputTexts:
		return p.suggested(n, entry(0, c.T("rule.values")), true)
	case state.InputNumber:
		return two(func(i int) fyne.CanvasObject { return entry(i, c.T("rule.number")) }, c.T("rule.to"))
	case state.InputNumbers:
		return entry(0, c.T("rule.values"))
	case state.InputDate:
		return two(func(i int) fyne.CanvasObject { return p.day(n, i) }, c.T("rule.to"))
	case state.InputDays:
		return widgets.HStack(8, kit.Wide(90, entry(0, "30")), kit.NewText(kit.Muted, c.T("rule.days")))
	case state.InputParts:
		return container.New(pair{}, entry(0, "1"), kit.NewText(kit.Muted, c.T("rule.of")), entry(1, "2"))
	case state.InputBool:
		return p.choice(n, []string{rule.Yes, rule.No}, []string{c.T("rule.answer.yes"), c.T("rule.answer.no")}, c.T("rule.choose_answer"), "")
	case state.InputAudience:
		var names []string
		for _, a := range p.audiences {
			if a.ID != p.audience.ID || a.ID == 0 { // a rule cannot need itself
				names = append(names, a.Name)
			}
		}
		return p.choice(n, names, names, c.T("rule.choose_audience"), c.T("rule.search"))
	case state.InputDelivery:
		var ids, labels []string
		for _, v := range p.others {
			ids, labels = append(ids, v.ID.String()), append(labels, v.Label+" · "+v.ID.String())
		}
		return p.choice(n, ids, labels, c.T("rule.choose_delivery"), c.T("rule.search"))
	}
	return container.NewWithoutLayout()
}

// choice chooses one of several values. One that is gone stays until another one
// is chosen.
func (p *Panel) choice(n *state.RuleNode, values, labels []string, hint, search string) fyne.CanvasObject {
	if v := n.Value(0); v != "" && !slices.Contains(values, v) {
		values, labels = append(values, v), append(slices.Clone(labels), v)
	}
	s := widgets.NewSelect(labels, hint, func(i int) {
		n.SetValue(0, values[i])
		p.changed()
	})
	if search != "" {
		s.Searchable(search)
	}
	s.SetSelected(slices.Index(values, n.Value(0)))
	return s
}

func (p *Panel) day(n *state.RuleNode, i int) fyne.CanvasObject {
	c := p.env.Text
	d := widgets.NewDateField(widgets.PickerWords{Calendar: c.T("edit.calendar"), Previous: c.T("edit.previous"), Next: c.T("edit.next"),
		Months: c.MonthNames(), Days: c.DayNames()}, p.env.Now)
	d.SetText(n.Value(i))
	d.SetOnChanged(func(s string) {
		n.SetValue(i, s)
		p.changed()
	})
	return d
}

// suggestions is how many values are offered.
const suggestions = 12

// suggested is an entry with a button that offers the values that people have;
// with several, what is chosen is added.
func (p *Panel) suggested(n *state.RuleNode, e *kit.Entry, several bool) fyne.CanvasObject {
	if n.Field == rule.FieldEmail {
		return e
	}
	c := p.env.Text
	var b *kit.Button
	b = kit.NewIconButton(widgets.IconDown, c.T("rule.suggest"), func() {
		part := e.Text()
		if several {
			part = ""
		}
		bridge.Run(p.env.Bridge, "values", func(ctx context.Context) ([]bridge.FieldValue, error) {
			vs, err := p.env.Engine.FieldValues(ctx, n.Field, part, suggestions)
			if err == nil && len(vs) == 0 && part != "" {
				vs, err = p.env.Engine.FieldValues(ctx, n.Field, "", suggestions)
			}
			return vs, err
		}, func(vs []bridge.FieldValue, err error) {
			if p.closed || err != nil {
				p.env.Fail(err)
				return
			}
			if len(vs) == 0 {
				kit.PopUp(b, []kit.Item{{Label: c.T("rule.no_values")}})
				return
			}
			var items []kit.Item
			for _, v := range vs {
				items = append(items, kit.Item{Label: c.T("rule.value_count", "value", v.Text, "n", v.Count), Tap: func() {
					text := v.Text
					if several {
						text = state.JoinList(append(state.SplitList(e.Text()), v.Text))
					}
					e.SetText(text)
					p.env.Window.Canvas().Focus(e.Target())
				}})
			}
			kit.PopUp(b, items)
		})
	})
	return widgets.FillEnd(4, e, b)
}

// condition lays a condition out: field, comparison, value and tools in one line,
// or the value below where there is little room.
type condition struct{ width float32 }

const (
	rowGap    float32 = 8
	oneLine   float32 = 620 // from this width on
	leastWide float32 = 300
)

func (l *condition) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	put := func(o fyne.CanvasObject, x, y, w float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, o.MinSize().Height))
	}
	tools := os[3].MinSize().Width
	if s.Width >= oneLine {
		w := s.Width - tools - 3*rowGap
		a, b := floor(w*0.27), floor(w*0.27)
		put(os[0], 0, 0, a)
		put(os[1], a+rowGap, 0, b)
		put(os[2], a+b+2*rowGap, 0, w-a-b)
		put(os[3], s.Width-tools, 0, tools)
		return
	}
	half := floor((s.Width - rowGap) / 2)
	put(os[0], 0, 0, half)
	put(os[1], half+rowGap, 0, s.Width-half-rowGap)
	y := os[0].MinSize().Height + 6
	put(os[2], 0, y, s.Width-tools-rowGap)
	put(os[3], s.Width-tools, y, tools)
}

func (l *condition) MinSize(os []fyne.CanvasObject) fyne.Size {
	h := max(os[0].MinSize().Height, os[2].MinSize().Height)
	if l.width < oneLine {
		h = os[0].MinSize().Height + 6 + max(os[2].MinSize().Height, os[3].MinSize().Height)
	}
	return fyne.NewSize(leastWide, h)
}

func floor(f float32) float32 { return float32(int(f)) }

// pair puts a word between two inputs of one width.
type pair struct{}

func (pair) Layout(os []fyne.CanvasObject, s fyne.Size) {
	word := os[1].MinSize()
	w := floor((s.Width - word.Width - 2*rowGap) / 2)
	for i, o := range os {
		m := o.MinSize()
		x, k := []float32{0, w + rowGap, w + word.Width + 2*rowGap}[i], []float32{w, word.Width, w}[i]
		o.Move(fyne.NewPos(x, floor((s.Height-m.Height)/2)))
		o.Resize(fyne.NewSize(k, m.Height))
	}
}

func (pair) MinSize(os []fyne.CanvasObject) fyne.Size {
	a, b := os[0].MinSize(), os[1].MinSize()
	return fyne.NewSize(2*a.Width+b.Width+2*rowGap, max(a.Height, b.Height))
}
