package content

import (
	"context"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// checks is the tab with everything that was found.
type checks struct {
	s      *session.Session
	root   fyne.CanvasObject
	list   *findings
	note   *kit.Text
	online *kit.Button
	links  *fyne.Container
	stop   func()
}

func newChecks(s *session.Session) session.Pane {
	c := s.Env().Text
	p := &checks{s: s, note: kit.NewText(kit.Muted, "").Wrap(), links: kit.VStack(4)}
	p.list = newFindings(s, func(delivery.Finding) bool { return true })
	p.list.render()
	p.links.Hide() // until they are asked
	p.online = kit.NewButton(c.T("content.check_links"), widgets.IconGlobe, state.Outlined, p.ask)
	card := kit.NewSurface(kit.VStack(10, p.note, p.list.object()))
	web := kit.NewSurface(kit.VStack(10, kit.NewText(kit.Small, c.T("content.check_links_note")).Wrap(), kit.HStack(0, p.online), p.links))
	p.root = kit.NewScroll(kit.VStack(kit.Gap, card, web))
	s.Watch(p.render)
	p.render()
	return p
}

func (p *checks) render() {
	fs, known := p.s.Findings()
	sentence := state.ChecksNote(p.s.Env().Text, fs, known)
	p.note.Set(sentence)
}

// ask asks whether addresses may be asked: that leaves this computer.
func (p *checks) ask() {
	c := p.s.Env().Text
	confirm.Ask(p.s.Env().Window, confirm.Question{Title: c.T("content.check_links"), Sentence: c.T("content.check_links_ask"),
		OK: c.T("content.check_links_ok"), Cancel: c.T("common.cancel")}, func(yes bool) {
		if yes {
			p.check()
		}
	})
}

func (p *checks) check() {
	env := p.s.Env()
	c := env.Text
	p.online.SetEnabled(false)
	bar := kit.NewProgress()
	bar.Set(0, c.T("content.check_links_busy"))
	kit.Replace(p.links, []fyne.CanvasObject{bar})
	kit.Show(p.links, true)
	p.root.Refresh()
	content := p.s.Draft().Content
	type far struct{ done, total int }
	progress := bridge.NewLatest(env.Bridge, func(f far) {
		bar.Set(float64(f.done)/float64(max(1, f.total)), c.T("content.check_links_far", "done", f.done, "total", f.total))
	})
	p.stop = bridge.Run(env.Bridge, "links", func(ctx context.Context) ([]delivery.Finding, error) {
		return env.Engine.CheckLinks(ctx, content, func(done, total int) { progress.Set(far{done, total}) })
	}, func(fs []delivery.Finding, err error) {
		p.online.SetEnabled(true)
		if err != nil {
			kit.Show(p.links, false)
			env.Fail(err)
			return
		}
		var rows []fyne.CanvasObject
		for _, f := range fs {
			rows = append(rows, p.list.row(f))
		}
		if len(rows) == 0 {
			rows = append(rows, kit.NewText(kit.Body, c.T("content.check_links_good")))
		}
		kit.Replace(p.links, rows)
	})
}

func (p *checks) Content() fyne.CanvasObject { return p.root }
func (p *checks) Shown(bool)                 {}
func (p *checks) Close() {
	if p.stop != nil {
		p.stop()
	}
}
