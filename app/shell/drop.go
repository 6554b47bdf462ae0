package shell

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/editors"
	"sendoff/app/state"
	"sendoff/widgets"
)

// dropped takes a file that was dragged onto the window: a list of people is
// imported, on a dashboard for its delivery; a page of HTML becomes the content
// of the delivery on the screen, and a picture part of the letter on it.
func (s *Shell) dropped(_ fyne.Position, files []fyne.URI) {
	if len(files) == 0 || widgets.IsOpen(s.window) {
		return
	}
	path := files[0].Path()
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv", ".tsv", ".txt":
		if s.dash != nil && s.dash.Editable() {
			v := s.dash.View()
			editors.ImportFile(s.env, &v, path)
			return
		}
		editors.ImportFile(s.env, nil, path)
	case ".html", ".htm", ".zip":
		switch {
		case s.content != nil:
			s.content.Load(path)
		case s.dash != nil && s.dash.Editable():
			s.Go(panel.Place{Screen: panel.Content, Delivery: s.dash.ID(), Tab: content.TabSource})
			if s.content != nil {
				s.content.Load(path)
			}
		default:
			s.toast(s.env.Text.T("drop.no_delivery"), state.Amber)
		}
	case ".png", ".jpg", ".jpeg", ".gif", ".webp":
		if s.content == nil || !s.content.Drop(path) {
			s.toast(s.env.Text.T("drop.no_letter"), state.Amber)
		}
	default:
		s.toast(s.env.Text.T("drop.unknown", "file", filepath.Base(path)), state.Amber)
	}
}
