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
	var items []widgets.GridItem
	for _, e := range state.Emojis(c) {
		items = append(items, widgets.GridItem{Sign: e.Emoji, Name: e.Words, OnTap: func() {
			into.Insert(e.Emoji)
			s.Env().Window.Canvas().Focus(into.Target())
		}})
	}
	widgets.ShowGrid(at, c.T("emoji.search"), c.T("emoji.none"), items)
}
