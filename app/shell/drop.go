package shell

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/imports"
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
	ending := strings.ToLower(filepath.Ext(path))
	switch {
	case slices.Contains(imports.Extensions(), ending):
		if p, ok := s.screen.(*imports.Panel); ok {
			p.Drop(path)
			return
		}
		at := panel.Place{Screen: panel.Import, File: path}
		if s.dash != nil && s.dash.Editable() {
			at.Delivery = s.dash.ID()
		}
		s.Go(at)
	case slices.Contains([]string{".html", ".htm", ".zip"}, ending):
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
	case slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, ending):
		if s.content == nil || !s.content.Drop(path) {
			s.toast(s.env.Text.T("drop.no_letter"), state.Amber)
		}
	default:
		s.toast(s.env.Text.T("drop.unknown", "file", filepath.Base(path)), state.Amber)
	}
}
