package content

import (
	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/widgets"
)

// pickEmoji offers emoji by name and puts the chosen one at the cursor of a field.
func pickEmoji(s *session.Session, at *kit.Button, into *kit.Entry) {
	c := s.Env().Text
	var items []widgets.MenuItem
	for _, e := range state.Emojis(c) {
		items = append(items, widgets.MenuItem{Label: e.Emoji + "  " + e.Words, OnTap: func() {
			into.Insert(e.Emoji)
			s.Env().Window.Canvas().Focus(into.Target())
		}})
	}
	widgets.ShowSearchMenu(at, c.T("emoji.search"), items...)
}
