package blocks

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/widgets"
)

// condition asks for whom a block is. What was written with more freedom than
// the menus have is shown as it is.
func (q *props) condition(b block.Block) []fyne.CanvasObject {
	c, at := q.p.s.Env().Text, q.path
	fields := slices.Clone(q.p.s.Fields())
	k, known := message.ParseCondition(b.If)
	if b.If != "" && !known {
		return []fyne.CanvasObject{q.entry(q.T("blocks.if_liquid"), "if", "", 1, func(b *block.Block) *string { return &b.If })}
	}
	placed := func(name string) int {
		return slices.IndexFunc(fields, func(f delivery.Field) bool { return f.Name == name })
	}
	if known && placed(k.Field) < 0 {
		fields = append(fields, delivery.Field{Name: k.Field})
	}
	if len(fields) == 0 {
		return nil
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = state.FieldName(f)
	}
	var tests []message.Test
	value := kit.NewEntry("")
	var which, how *widgets.Select
	apply := func() {
		s := state.Condition(fields[max(0, which.Selected())], tests[max(0, how.Selected())], value.Text()).String()
		q.p.change(at, "if", func(b *block.Block) { b.If = s })
	}
	// offer has the comparisons that make sense for a field, and the one that there is.
	offer := func(i int, now message.Test) {
		tests = state.ConditionTests(fields[i].Type)
		if !slices.Contains(tests, now) {
			tests = append(tests, now)
		}
		words := make([]string, len(tests))
		for n, t := range tests {
			words[n] = c.T("tag.op." + string(t))
		}
		how.SetOptions(words)
		how.SetSelected(slices.Index(tests, now))
	}
	which = widgets.NewSelect(names, c.T("blocks.if_field"), func(i int) {
		now := tests[max(0, how.Selected())]
		if !slices.Contains(state.ConditionTests(fields[i].Type), now) {
			now = message.TestIs
		}
		offer(i, now)
		apply()
	}).Searchable(c.T("tag.search"))
	how = widgets.NewSelect(nil, "", func(int) { apply() })
	offer(0, message.TestFilled)
	value.SetOnChanged(func(string) { apply() })
	value.SetOnUndo(q.undo)
	value.SetOnEscape(q.p.letter.focus)
	rest := kit.VStack(8, which, how, value)
	only := widgets.NewCheck(c.T("blocks.if"), func(on bool) {
		if !on {
			q.p.change(at, "", func(b *block.Block) { b.If = "" })
			return
		}
		q.p.change(at, "", func(b *block.Block) {
			b.If = message.Condition{Field: fields[0].Name, Test: message.TestFilled}.String()
		})
	})
	for _, o := range []interface{ SetEnabled(bool) }{only, which, how, value} {
		o.SetEnabled(q.p.editable)
	}
	q.syncs = append(q.syncs, func(b *block.Block) {
		k, _ := message.ParseCondition(b.If)
		only.SetChecked(b.If != "")
		kit.Show(rest, b.If != "")
		if at := placed(k.Field); at >= 0 {
			which.SetSelected(at)
			offer(at, k.Test)
		}
		kit.Show(value, k.Test.Compares())
		value.SetText(k.Value)
	})
	return []fyne.CanvasObject{only, rest}
}
