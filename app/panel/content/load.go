package content

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/htmlimport"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// loadFile asks for HTML that was made elsewhere and puts it in the place of what is
// written.
func (p *source) loadFile() {
	env := p.s.Env()
	env.Pick(env.Text.T("edit.load_html"), []string{".html", ".htm", ".zip"}, func(path string) { load(p.s, path) })
}

// load reads a page, or an archive of one with its images, off the UI goroutine.
func load(s *session.Session, path string) {
	if ok, why := s.Editable(); !ok {
		s.Env().Toast(why, state.Amber)
		return
	}
	env := s.Env()
	who := env.Who()
	bridge.Run(env.Bridge, "import html", func(ctx context.Context) (htmlimport.Result, error) {
		return env.Engine.ImportHTML(ctx, who, path)
	}, func(r htmlimport.Result, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		s.Edit("", func(d *delivery.Draft) { d.Content.HTML, d.Content.Design = r.HTML, "" })
		report(s, filepath.Base(path), r)
	})
}

// report says what was done with a file: in passing when there is little to say.
func report(s *session.Session, name string, r htmlimport.Result) {
	env := s.Env()
	c := env.Text
	lines := state.ImportNotes(c, r.Report)
	if len(lines) == 0 {
		env.Toast(c.T("edit.loaded", "file", name), state.Green)
		return
	}
	var os []fyne.CanvasObject
	for _, l := range lines {
		icon := widgets.NewIcon(kit.IconOf(l.Tone), 14, look.Tone(l.Tone).Text())
		os = append(os, widgets.HFill(10, icon, kit.NewText(kit.Body, l.Text).Wrap()))
	}
	widgets.ShowSafe(env.Window, widgets.Question{Title: c.T("edit.loaded", "file", name), Content: kit.VStack(8, os...), Cancel: c.T("common.close"), Width: 600},
		func(bool) {})
}
