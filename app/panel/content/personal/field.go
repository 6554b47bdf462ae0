package personal

import (
	"strings"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/widgets"
)

// field asks how a field is written, and what stands there for whom has none.
func field(s *session.Session, t Target, f delivery.Field) {
	c := s.Env().Text
	choices := state.FormatChoices(c, f.Type)
	names := make([]string, len(choices))
	for i, x := range choices {
		names[i] = x.Label
	}
	instead, said := kit.NewEntry(c.T("tag.default_hint")), kit.NewText(kit.Body, "").Wrap()
	tag := func() state.Tag {
		return state.Tag{Field: f.Name, Default: strings.TrimSpace(instead.Text())}
	}
	var format *widgets.Select
	full := func() state.Tag {
		k := tag()
		if format != nil {
			x := choices[max(0, format.Selected())]
			k.Format, k.Arg = x.Format, x.Arg
		}
		return k
	}
	show := func() { said.Set(state.TagSays(c, full(), s.Value(f), s.Draft().Content.Language)) }
	instead.SetOnChanged(func(string) { show() })
	var rows []kit.Field
	if len(choices) > 1 {
		format = widgets.NewSelect(names, "", func(int) { show() })
		format.SetSelected(0)
		rows = append(rows, kit.Field{Label: c.T("tag.format"), Input: format})
	}
	fixed := f.Name == "today"
	if !fixed {
		rows = append(rows, kit.Field{Label: c.T("tag.default"), Input: instead, Below: kit.NewText(kit.Small, c.T("tag.default_note")).Wrap()})
	}
	rows = append(rows, kit.Field{Label: c.T("tag.example"), Input: said})
	show()
	spec := widgets.FormSpec{Title: c.T("tag.insert_title", "field", state.FieldName(f)), Content: kit.NewFields(rows...), Save: c.T("tag.insert"),
		Cancel: c.T("common.cancel"), Width: 520, OnSave: func(form *widgets.Form) {
			form.Close()
			t.Insert(full().Liquid())
			t.back(s)
		}}
	if !fixed {
		spec.Focus = instead.Target()
	}
	form := widgets.ShowForm(s.Env().Window, spec)
	instead.SetOnReturn(form.Save)
}

// only asks for whom a part of the text is.
func only(s *session.Session, t Target) {
	c := s.Env().Text
	fields := s.Fields()
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = state.FieldLine(c, f, s.Value(f))
	}
	value, said := kit.NewEntry(""), kit.NewText(kit.Body, "").Wrap()
	var tests []message.Test
	var which, how *widgets.Select
	otherwise := widgets.NewCheck(c.T("tag.otherwise"), nil)
	condition := func() message.Condition {
		return state.Condition(fields[max(0, which.Selected())], tests[max(0, how.Selected())], strings.TrimSpace(value.Text()))
	}
	var form *widgets.Form
	valued := kit.NewFields(kit.Field{Label: c.T("tag.value"), Input: value})
	show := func() {
		k := condition()
		kit.Show(valued, k.Test.Compares())
		said.Set(state.ConditionSays(c, k, state.FieldName(fields[max(0, which.Selected())])))
		if form != nil {
			form.Fit()
		}
	}
	choose := func(i int) {
		tests = state.ConditionTests(fields[i].Type)
		words := make([]string, len(tests))
		for n, o := range tests {
			words[n] = c.T("tag.op." + string(o))
		}
		how.SetOptions(words)
		how.SetSelected(0)
		value.SetPlaceHolder(s.Value(fields[i]))
		show()
	}
	which = widgets.NewSelect(names, "", func(i int) { choose(i) }).Searchable(c.T("tag.search"))
	how = widgets.NewSelect(nil, "", func(int) { show() })
	which.SetSelected(0)
	choose(0)
	value.SetOnChanged(func(string) { show() })
	content := kit.VStack(12, kit.NewFields(kit.Field{Label: c.T("tag.field"), Input: which}, kit.Field{Label: c.T("tag.op"), Input: how}), valued, otherwise,
		kit.NewFields(kit.Field{Label: c.T("tag.meaning"), Input: said}))
	form = widgets.ShowForm(s.Env().Window, widgets.FormSpec{Title: c.T("tag.only_title"), Content: content, Save: c.T("tag.insert"), Cancel: c.T("common.cancel"), Width: 520,
		OnSave: func(form *widgets.Form) {
			k := condition()
			if k.Test.Compares() && k.Value == "" {
				form.SetError(c.T("tag.value_missing"))
				return
			}
			form.Close()
			before, behind := state.Around(k, otherwise.Checked())
			t.Enclose(before, behind)
			t.back(s)
		}})
	value.SetOnReturn(form.Save)
}
