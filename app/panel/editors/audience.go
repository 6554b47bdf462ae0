package editors

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Audience chooses whom a delivery reaches.
func Audience(env *panel.Env, v delivery.View) {
	var names text.RuleNames
	bridge.Run(env.Bridge, "audiences", func(ctx context.Context) (as []delivery.Audience, err error) {
		if as, err = env.Engine.Audiences(ctx); err == nil && slices.ContainsFunc(as, func(a delivery.Audience) bool { return a.Rule != "" }) {
			names, err = RuleNames(ctx, env.Engine)
		}
		return as, err
	}, func(as []delivery.Audience, err error) {
		switch {
		case err != nil:
			env.Fail(err)
		case len(as) == 0:
			env.Go(panel.Place{Screen: panel.Import, Delivery: v.ID})
		default:
			audience(env, v, as, names)
		}
	})
}

// RuleNames reads what the sentences of rules call things.
func RuleNames(ctx context.Context, e bridge.Engine) (text.RuleNames, error) {
	fields, err := e.Fields(ctx)
	if err != nil {
		return text.RuleNames{}, err
	}
	others, err := e.Deliveries(ctx)
	return state.RuleNames(fields, others), err
}

func audience(env *panel.Env, v delivery.View, as []delivery.Audience, rules text.RuleNames) {
	c := env.Text
	var f *widgets.Form
	names, chosen := make([]string, len(as)), 0
	for i, a := range as {
		names[i] = AudienceLine(c, a)
		if a.ID == v.Audience {
			chosen = i
		}
	}
	list := kit.NewRadio(names, nil)
	list.SetSelected(chosen)
	for i, a := range as {
		if a.Rule != "" {
			list.SetNote(i, c.RuleText(a.Rule, rules))
		}
	}
	note := kit.NewText(kit.Muted, c.T("edit.audience_note")).Wrap()
	file := kit.NewLink(c.T("edit.import_file"), func() {
		f.Close()
		env.Go(panel.Place{Screen: panel.Import, Delivery: v.ID})
	})
	byRule := kit.NewLink(c.T("rule.new"), func() {
		f.Close()
		env.Go(panel.Place{Screen: panel.Rule, Delivery: v.ID})
	})
	fields := append([]fyne.CanvasObject{note, list, kit.HStack(20, file, byRule)}, sealNote(env, v)...)
	f = open(env, c.T("edit.audience"), c.T("common.save"), fields, func(f *widgets.Form) {
		d := v.Draft
		d.Audience = as[max(0, list.Selected())].ID
		store(env, f, v, d)
	}, nil)
}

// AudienceLine is an audience in a list to choose from: its name, how many people,
// since when.
func AudienceLine(c *text.Catalog, a delivery.Audience) string {
	switch {
	case a.Rule == "":
		return a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("audience.imported", "date", c.Date(a.Imported))
	case a.Counted.IsZero():
		return a.Name
	}
	return a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("rule.counted", "date", c.Date(a.Counted))
}
