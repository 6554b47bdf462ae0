package deployment

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// prefColumns is which columns of the sending log were shown the last time.
const prefColumns = "columns.sending"

// columnsOf are the columns of a tab.
func columnsOf(c *text.Catalog, t state.LogTab) []widgets.Column {
	col := func(key string, width float32) widgets.Column {
		return widgets.Column{Key: key, Title: c.T("deployment.column." + key), Width: width, Sorts: true}
	}
	icon := widgets.Column{Key: state.LogIcon, Width: 16}
	date, address := col(state.LogDate, 124), col(state.LogAddress, -1.25)
	switch t {
	case state.TabExclusions:
		cause := col(state.LogNature, -1)
		cause.Title = c.T("deployment.column.cause")
		return []widgets.Column{icon, date, address, cause}
	case state.TabDoubt:
		tries, decided := col(state.LogAttempts, 78), col(state.LogDecided, -1.15)
		tries.Number, tries.Drop, decided.Sorts, date.Drop = true, 2, false, 1
		return []widgets.Column{{Key: state.LogTick, Width: 16, Tick: true}, date, address, col(state.LogReason, -1.25), tries, decided}
	}
	number, tries := col(state.LogNumber, 78), col(state.LogAttempts, 78)
	number.Number, tries.Number = true, true
	return []widgets.Column{icon, date, col(state.LogStatus, 90), address, col(state.LogNature, 140), col(state.LogReason, -1.25), tries, number}
}

// usual are the columns that are shown until a person chooses others.
func usual() []string {
	return []string{state.LogDate, state.LogStatus, state.LogAddress, state.LogNature, state.LogReason}
}

// choosable are the columns that can be switched off: an address has to be there.
func choosable() []string {
	return []string{state.LogDate, state.LogStatus, state.LogNature, state.LogReason, state.LogAttempts, state.LogNumber}
}

// remembered are the columns that are switched off.
func remembered(p fyne.Preferences) map[string]bool {
	shown := usual()
	if s := p.String(prefColumns); s != "" {
		shown = strings.Split(s, ",")
	}
	off := map[string]bool{}
	for _, k := range choosable() {
		off[k] = !slices.Contains(shown, k)
	}
	return off
}

// hide switches columns off and on as chosen.
func (l *list) hide() {
	var off []string
	for _, k := range choosable() {
		if l.hidden[k] {
			off = append(off, k)
		}
	}
	l.grid.HideColumns(off...)
}

func (l *list) columnItems() []kit.Item {
	var items []kit.Item
	for _, k := range choosable() {
		items = append(items, kit.Item{Label: l.p.env.Text.T("deployment.column." + k), Checked: !l.hidden[k], Tap: func() {
			l.hidden[k] = !l.hidden[k]
			l.hide()
			shown := []string{state.LogAddress}
			for _, k := range choosable() {
				if !l.hidden[k] {
					shown = append(shown, k)
				}
			}
			l.p.env.Prefs.SetString(prefColumns, strings.Join(shown, ","))
		}})
	}
	return items
}

// chooser is a button with a menu of which several lines may be chosen.
func (l *list) chooser(items func() []kit.Item) *kit.Button {
	b := kit.NewButton("", kit.IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	b.SetOnTap(func() { kit.PopUpChoices(b, items) })
	return b
}

// stateItems are the states with their counts.
func (l *list) stateItems() []kit.Item {
	c, q := l.p.env.Text, &l.place.Query
	items := []kit.Item{{Label: c.T("deployment.all_states"), Checked: len(q.States) == 0, Tap: func() {
		q.States = nil
		l.changed()
	}}, {}}
	for _, s := range state.SendingStates() {
		items = append(items, kit.Item{Label: c.T("deployment.state_item", "state", state.MessageWord(c, s), "n", *l.p.view.Counters.Of(s)),
			Checked: slices.Contains(q.States, s), Tap: func() {
				q.States = toggled(q.States, s)
				l.changed()
			}})
	}
	return items
}

// natureItems are the natures that a message of the tab can have.
func (l *list) natureItems() []kit.Item {
	c, q := l.p.env.Text, &l.place.Query
	natures := state.FailureNatures()
	if l.place.Tab == state.TabExclusions {
		natures = delivery.Causes()
	}
	items := []kit.Item{{Label: c.T("deployment.all_causes"), Checked: len(q.Natures) == 0, Tap: func() {
		q.Natures = nil
		l.changed()
	}}, {}}
	for _, n := range natures {
		items = append(items, kit.Item{Label: c.Nature(n), Checked: slices.Contains(q.Natures, n), Tap: func() {
			q.Natures = toggled(q.Natures, n)
			l.changed()
		}})
	}
	return items
}

// toggled is a choice with v in it when it was not, and without it when it was.
func toggled[T comparable](chosen []T, v T) []T {
	if i := slices.Index(chosen, v); i >= 0 {
		return slices.Delete(slices.Clone(chosen), i, i+1)
	}
	return append(slices.Clone(chosen), v)
}

// after calls a function on the UI goroutine once a time has passed.
func after(env *panel.Env) func(time.Duration, func()) {
	return func(d time.Duration, f func()) { env.Bridge.After(d, f) }
}
