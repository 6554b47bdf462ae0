// Package help tells what a screen is for, what can be done on it, what its words
// mean, and which keys there are.
//
// Everything here lives on the UI goroutine.
package help

import (
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/widgets"
)

// Key is a shortcut.
type Key struct{ Label, Keys string }

// Show opens the help of a screen.
func Show(env *panel.Env, screen panel.Screen, keys []Key) {
	c := env.Text
	parts := []fyne.CanvasObject{kit.NewText(kit.Body, c.T("help.for."+string(screen))).Wrap(), heading(c.T("help.do"))}
	for _, s := range strings.Split(c.T("help.steps."+string(screen)), "\n") {
		parts = append(parts, kit.NewPoint(s))
	}
	if w := words(screen); len(w) > 0 {
		parts = append(parts, heading(c.T("help.words")))
		var rows []widgets.FactRow
		for _, k := range w {
			rows = append(rows, widgets.FactRow{Label: c.T("help.word." + k), Rest: c.T("help.means." + k)})
		}
		for _, r := range rows {
			parts = append(parts, kit.VStack(1, kit.NewText(kit.Strong, r.Label), kit.NewText(kit.Small, r.Rest).Wrap()))
		}
	}
	parts = append(parts, heading(c.T("help.keys")))
	var rows []widgets.FactRow
	for _, k := range keys {
		rows = append(rows, widgets.FactRow{Label: k.Keys, Value: k.Label})
	}
	parts = append(parts, widgets.NewFactTable(110, rows...))
	widgets.ShowSafe(env.Window, widgets.Question{Title: c.T("help.title." + string(screen)), Content: kit.VStack(8, parts...),
		Cancel: c.T("common.close"), Width: 620}, func(bool) {})
}

func heading(s string) fyne.CanvasObject {
	return widgets.Inset(widgets.Insets{Top: 10}, kit.NewText(kit.Heading, s))
}

// words are the terms that are explained with a screen.
func words(s panel.Screen) []string {
	switch s {
	case panel.Deliveries:
		return []string{"delivery", "training"}
	case panel.Delivery:
		return []string{"preparation", "plan", "confirm", "exclusion", "doubt"}
	case panel.Deployment:
		return []string{"ledger", "exclusion", "soft", "doubt"}
	case panel.Message:
		return []string{"soft", "doubt", "plan"}
	case panel.People, panel.Person, panel.Suppression:
		return []string{"profile", "quarantine", "denylist"}
	case panel.Audiences, panel.Rule:
		return []string{"audience", "profile"}
	case panel.Accounts:
		return []string{"account", "training", "limit"}
	}
	return nil
}
