package blocks

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/engine/block"
	"sendoff/widgets"
)

// condition asks for whom a block is. What was written with more freedom than
// the menus have is shown as it is.
func (q *props) condition(b block.Block) []fyne.CanvasObject {
	c, at := q.p.s.Env().Text, q.path
	var names []string
	for _, f := range q.p.s.Fields() {
		names = append(names, f.Name)
	}
	k, known := block.ParseCondition(b.If)
	if b.If != "" && !known {
		return []fyne.CanvasObject{q.entry(q.T("blocks.if_liquid"), "if", "", 1, func(b *block.Block) *string { return &b.If })}
	}
	if known && !slices.Contains(names, k.Field) {
		names = append(names, k.Field)
	}
	if len(names) == 0 {
		return nil
	}
	tests := block.Tests()
	words := make([]string, len(tests))
	for i, t := range tests {
		words[i] = c.T("tag.op." + string(t))
	}
	value := kit.NewEntry("")
	var which, how *widgets.Select
	apply := func() {
		n := block.Condition{Field: names[max(0, which.Selected())], Test: tests[max(0, how.Selected())], Value: value.Text()}
		s := n.String()
		if s == "" {
			value.SetError(c.T("blocks.if_quotes"))
			return
		}
		value.SetError("")
		q.p.change(at, "if", func(b *block.Block) { b.If = s })
	}
	which = widgets.NewSelect(names, c.T("blocks.if_field"), func(int) { apply() }).Searchable(c.T("tag.search"))
	how = widgets.NewSelect(words, "", func(int) { apply() })
	value.SetOnChanged(func(string) { apply() })
	value.SetOnUndo(q.undo)
	value.SetOnEscape(q.p.letter.focus)
	rest := kit.VStack(8, which, how, value)
	only := widgets.NewCheck(c.T("blocks.if"), func(on bool) {
		if !on {
			q.p.change(at, "", func(b *block.Block) { b.If = "" })
			return
		}
		q.p.change(at, "", func(b *block.Block) { b.If = block.Condition{Field: names[0], Test: block.TestFilled}.String() })
	})
	for _, o := range []interface{ SetEnabled(bool) }{only, which, how, value} {
		o.SetEnabled(q.p.editable)
	}
	q.syncs = append(q.syncs, func(b *block.Block) {
		k, _ := block.ParseCondition(b.If)
		only.SetChecked(b.If != "")
		kit.Show(rest, b.If != "")
		which.SetSelected(slices.Index(names, k.Field))
		how.SetSelected(slices.Index(tests, k.Test))
		kit.Show(value, k.Test != block.TestFilled && k.Test != block.TestEmpty)
		if value.Error() == "" {
			value.SetText(k.Value)
		}
	})
	return []fyne.CanvasObject{only, rest}
}
