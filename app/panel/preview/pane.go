package preview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/panel/proof"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/preview/web"
	"sendoff/widgets"
)

// Waits after a change, until the message and the riskiest people are looked for again.
const (
	quick = 300 * time.Millisecond
	slow  = 1500 * time.Millisecond
)

// pane is the tab.
type pane struct {
	s      *session.Session
	people *people
	as     bridge.PreviewAs
	shown  bool
	closed bool

	drawn delivery.Draft // what is on the paper, when known
	known bool
	turn  int
	stop  func()
	page  page

	mode    state.PreviewMode
	modes   []state.PreviewMode
	desktop bool
	dark    bool
	plain   bool

	root                        fyne.CanvasObject
	choose                      *widgets.Select
	phone, wide, images, colour *kit.Button
	browser, test               *kit.Button
	paper                       *paper
	to, note                    *kit.Text
	keys                        []fyne.Shortcut
}

// page is a message with what it needs to be drawn.
type page struct {
	bridge.Preview
	outline state.Outline
	images  map[string]picture
	err     error
}

// New makes the tab of a session.
func New(s *session.Session) session.Pane {
	c := s.Env().Text
	p := &pane{s: s, mode: state.PreviewOutline, paper: newPaper(s.Env().Text)}
	p.people = newPeople(p)
	p.choose = widgets.NewSelect(nil, "", func(i int) { p.setMode(p.modes[i]) })
	p.setModes(false)
	width := func(icon kit.Icon, tip string, desktop bool) *kit.Button {
		return kit.NewIconButton(icon, tip, func() { p.desktop = desktop; p.draw() })
	}
	p.phone, p.wide = width(widgets.IconPhone, c.T("preview.phone_tip"), false), width(widgets.IconLaptop, c.T("preview.desktop_tip"), true)
	p.images = kit.NewIconButton(widgets.IconImage, c.T("preview.images_tip"), func() { p.plain = !p.plain; p.draw() })
	p.colour = kit.NewIconButton(widgets.IconMoon, c.T("preview.dark_tip"), func() { p.dark = !p.dark; p.draw() })
	p.test = kit.NewButton(c.T("preview.proof"), widgets.IconTest, state.QuietButton, p.proof)
	p.browser = kit.NewButton(c.T("preview.browser"), widgets.IconExternal, state.QuietButton, p.open)
	p.browser.SetToolTip(c.T("preview.browser_tip"))
	p.to, p.note = kit.NewText(kit.Muted, "").Trim(), kit.NewText(kit.Small, "").Wrap()
	tools := widgets.Tools(p.people.bar, p.choose, kit.HStack(2, p.phone, p.wide, p.images, p.colour), kit.HStack(0, p.test, p.browser))
	p.root = kit.NewFilled(kit.VStack(8, tools, p.people.chips, p.to), kit.NewScroll(p.paper.object()), p.note)
	s.Watch(p.changed)
	p.draw()
	return p
}

// Content implements session.Pane.
func (p *pane) Content() fyne.CanvasObject { return p.root }

// Shown implements session.Pane.
func (p *pane) Shown(on bool) {
	p.shown = on
	if !on {
		p.unbind()
		return
	}
	p.bind()
	p.changed()
	bridge.Run(p.s.Env().Bridge, "browser", func(context.Context) (bool, error) {
		return p.s.Env().Engine.Browser() != "", nil
	}, func(there bool, _ error) {
		if !p.closed {
			p.setModes(there)
		}
	})
}

// Close implements session.Pane.
func (p *pane) Close() {
	p.closed = true
	p.turn++
	p.unbind()
	p.people.close()
	p.halt()
}

func (p *pane) halt() {
	if p.stop != nil {
		p.stop()
		p.stop = nil
	}
}

// changed looks at what is written when a person pauses, and at nothing while the tab is
// not in sight.
func (p *pane) changed() {
	if !p.shown || p.closed || !p.s.Loaded() {
		return
	}
	ok, _ := p.s.Editable()
	p.test.SetEnabled(ok && p.s.Draft().Account != 0 && !blank(p.s.Draft()))
	p.browser.SetEnabled(!blank(p.s.Draft()))
	d := p.s.Draft()
	if p.known && d.Equal(p.drawn) {
		return
	}
	first := !p.known
	p.known, p.drawn = true, d
	if first {
		p.people.begin()
		return
	}
	p.turn++
	p.halt()
	p.stop = p.s.Env().Bridge.After(quick, p.render)
	p.people.changed()
}

func blank(d delivery.Draft) bool { return d.Content.HTML == "" && d.Content.Text == "" }

// show shows the message of somebody.
func (p *pane) show(as bridge.PreviewAs) {
	p.as = as
	p.render()
}

// render makes the message anew, off the UI goroutine.
func (p *pane) render() {
	p.halt()
	p.turn++
	turn, d, id, as, e := p.turn, p.s.Draft(), p.s.Delivery(), p.as, p.s.Env().Engine
	had := p.page.images
	p.stop = bridge.Run(p.s.Env().Bridge, "preview", func(ctx context.Context) (page, error) {
		v, err := e.PreviewDraft(ctx, id, d, as)
		g := page{Preview: v, err: err}
		if err == nil {
			g.outline = state.OutlineOf(v.HTML)
			g.images = pictures(ctx, e, g.outline, had)
		}
		return g, ctx.Err()
	}, func(g page, err error) {
		if turn != p.turn || p.closed || err != nil {
			return
		}
		p.page = g
		p.draw()
	})
}

// setModes offers what is possible on this machine.
func (p *pane) setModes(browser bool) {
	c := p.s.Env().Text
	p.modes = state.PreviewModes(browser)
	var names []string
	at := 0
	for i, m := range p.modes {
		names = append(names, c.T("preview.mode."+string(m)))
		if m == p.mode {
			at = i
		}
	}
	p.choose.SetOptions(names)
	p.choose.SetSelected(at)
}

func (p *pane) setMode(m state.PreviewMode) {
	p.mode = m
	p.draw()
}

// draw puts the message on the paper as it is to be shown.
func (p *pane) draw() {
	c, g := p.s.Env().Text, p.page
	kind := func(b *kit.Button, on bool) {
		if b.SetKind(widgets.Quiet); on {
			b.SetKind(widgets.Outlined)
		}
	}
	kind(p.phone, !p.desktop)
	kind(p.wide, p.desktop)
	kind(p.images, !p.plain)
	kind(p.colour, p.dark)
	p.paper.dress(p.desktop, p.dark)
	p.to.Set(c.T("preview.to") + ": " + state.PersonLine(c, g.Address, g.Values))
	note, tone := state.PreviewNote(c, g.Bytes, g.Findings)
	switch {
	case g.err != nil:
		note, tone = "", state.Quiet
		p.paper.say(c.Error(g.err))
	case g.HTML == "" && g.Text == "":
		p.paper.say(c.T("preview.empty"))
	case p.mode == state.PreviewText || g.HTML == "":
		p.paper.text(g.Text)
	case p.mode == state.PreviewPicture:
		p.picture()
	default:
		p.paper.outline(g.outline, g.images, p.plain)
	}
	p.note.Set(note)
	kit.SetTone(p.note, tone)
	p.root.Refresh()
}

// picture asks the browser for the message as it really looks.
func (p *pane) picture() {
	env, g, turn := p.s.Env(), p.page, p.turn
	width := state.PhoneWidth
	if p.desktop {
		width = state.DesktopWidth
	}
	dark, plain := p.dark, p.plain
	scale := 1
	if env.Window.Canvas().Scale() > 1.2 && !p.desktop {
		scale = 2
	}
	p.paper.say(env.Text.T("preview.drawing"))
	p.halt()
	p.stop = bridge.Run(env.Bridge, "picture", func(ctx context.Context) (picture, error) {
		m, err := env.Engine.PreviewPicture(ctx, g.Preview, width, scale, dark, !plain)
		return picture{m, scale}, err
	}, func(m picture, err error) {
		now := state.PhoneWidth
		if p.desktop {
			now = state.DesktopWidth
		}
		if p.closed || turn != p.turn || p.mode != state.PreviewPicture || now != width || p.dark != dark || p.plain != plain {
			return
		}
		if err != nil {
			p.paper.say(env.Text.Error(err))
		} else {
			p.paper.image(m)
		}
		p.root.Refresh()
	})
}

// open shows the message in the browser.
func (p *pane) open() {
	env, d, id, as := p.s.Env(), p.s.Draft(), p.s.Delivery(), p.as
	v := web.View{Desktop: p.desktop, Dark: p.dark, Plain: p.plain, Text: p.mode == state.PreviewText}
	bridge.Run(env.Bridge, "show", func(ctx context.Context) (string, error) {
		return env.Engine.ShowPreview(ctx, id, d, as, state.PageWords(env.Text), v)
	}, func(at string, err error) {
		if err == nil {
			err = env.Launch(at)
		}
		env.Fail(err)
	})
}

// proof asks who gets a proof of what is written.
func (p *pane) proof() {
	d := p.s.Draft()
	as := ""
	if p.as.Profile != 0 {
		as = p.page.Address
	}
	proof.Show(p.s.Env(), proof.Request{View: p.s.View(), Draft: &d, As: as})
}
