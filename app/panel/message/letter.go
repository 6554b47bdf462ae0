package message

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// A long text is shown bit by bit, in small pieces: laying one out takes time in
// the square of its length.
const (
	pieceLines = 50
	pieceSize  = 4 << 10 // bytes
	atOnce     = 4       // pieces
)

// letter is what was written: read as a letter, and its parts as they are.
type letter struct {
	p       *Panel
	tabs    *widgets.Tabs
	why     *kit.Text
	seal    *fyne.Container
	shield  *widgets.Icon
	sealed  *kit.Text
	outline *fyne.Container
	sheet   *kit.Sheet
	read    *fyne.Container
	sources []*source // HTML, text, raw
	body    *fyne.Container
}

func newLetter(p *Panel) *letter {
	c := p.env.Text
	l := &letter{p: p, why: kit.NewText(kit.Body, "").Wrap(), shield: widgets.NewIcon(widgets.IconShield, 15, look.Green),
		sealed: kit.NewText(kit.Small, "").Wrap(), outline: kit.VStack(0), sheet: kit.NewSheet()}
	l.seal = widgets.HFill(9, l.shield, l.sealed)
	l.read = kit.VStack(10, l.outline, l.sheet)
	l.tabs = widgets.NewTabs([]string{c.T("message.tab.read"), c.T("message.tab.html"), c.T("message.tab.text"), c.T("message.tab.raw")},
		c.T("common.more"), func(int) { l.show() })
	l.body = kit.VStack(12, l.why, l.seal, l.tabs, l.read)
	for range 3 {
		s := newSource(p)
		l.sources = append(l.sources, s)
		l.body.Add(s.body)
	}
	l.sources[2].save = kit.NewButton(c.T("message.save"), widgets.IconDownload, state.Outlined, l.save)
	l.sources[2].tools.Add(l.sources[2].save)
	return l
}

func (l *letter) set(m state.Message, raw delivery.Message) {
	c := l.p.env.Text
	there := m.Why == ""
	l.why.Set(m.Why)
	kit.Show(l.why, !there)
	kit.Show(l.seal, m.Seal.Text != "")
	l.sealed.Set(m.Seal.Text)
	kit.SetTone(l.sealed, m.Seal.Tone)
	icon := widgets.IconShield
	if m.Seal.Tone != state.Green {
		icon = widgets.IconWarning
	}
	l.shield.Set(icon, look.Tone(m.Seal.Tone).Text())
	rows := make([]widgets.FactRow, len(m.Outline))
	for i, f := range m.Outline {
		rows[i] = widgets.FactRow{Label: f.Label, Value: f.Value}
	}
	kit.Replace(l.outline, []fyne.CanvasObject{widgets.NewFactTable(86, rows...)})
	text := raw.Text
	pieces := state.Pieces(text, atOnce*pieceLines, pieceSize)
	if text = state.Printable(pieces[0]); len(pieces) > 1 {
		text += "\n…"
	}
	note := ""
	if raw.Text == "" {
		note = c.T("message.no_text")
	}
	l.sheet.Set("", text, note)
	l.sources[0].set(raw.HTML, c.T("message.no_html"))
	l.sources[1].set(raw.Text, c.T("message.no_text"))
	l.sources[2].set(string(raw.Raw), "")
	kit.Show(l.tabs, there)
	l.show()
}

// show brings the chosen tab into sight.
func (l *letter) show() {
	there := l.p.page.Why == ""
	i := l.tabs.Selected()
	kit.Show(l.read, there && i == 0)
	for j, s := range l.sources {
		if there && i == j+1 {
			s.fill()
		}
		kit.Show(s.body, there && i == j+1)
	}
}

// save writes the bytes to a file.
func (l *letter) save() {
	env, raw := l.p.env, l.p.message.Raw
	env.Save(l.p.page.File, func(path string) {
		bridge.Run(env.Bridge, "save message", func(context.Context) (struct{}, error) {
			return struct{}{}, bridge.WriteFile(path, raw)
		}, func(_ struct{}, err error) {
			if err != nil {
				env.Fail(err)
				return
			}
			logs.Offer(env, env.Text.T("message.saved", "file", filepath.Base(path)), filepath.Dir(path))
		})
	})
}

// source is a part of the message as it is, piece by piece.
type source struct {
	p      *Panel
	whole  string
	pieces []string
	shown  int // pieces

	count  *kit.Text
	copy   *kit.Button
	save   *kit.Button // of the bytes
	tools  *fyne.Container
	none   *kit.Text
	column *fyne.Container
	paper  fyne.CanvasObject
	more   *widgets.Link
	body   *fyne.Container
}

func newSource(p *Panel) *source {
	c := p.env.Text
	s := &source{p: p, count: kit.NewText(kit.Small, ""), none: kit.NewText(kit.Muted, ""), column: kit.VStack(0)}
	s.copy = kit.NewButton(c.T("message.copy"), widgets.IconCopy, state.QuietButton, func() { p.env.Copy(s.whole) })
	s.tools = kit.HStack(8, s.copy)
	s.more = widgets.NewLink("", s.add)
	s.paper = widgets.NewBox(look.Ground, look.Line, look.RadiusSmall, widgets.Pad(12, 14), kit.VStack(10, s.column, kit.HStack(0, s.more)))
	s.body = kit.VStack(8, s.none, widgets.Ends(s.count, s.tools), s.paper)
	return s
}

// set changes what it shows; nothing is laid out before it comes into sight.
func (s *source) set(whole, none string) {
	s.whole, s.pieces, s.shown = whole, nil, 0
	s.none.Set(none)
	kit.Replace(s.column, nil)
	kit.Show(s.none, whole == "")
	kit.Show(s.paper, whole != "")
	kit.Show(s.tools, whole != "")
	kit.Show(s.count, whole != "")
}

// fill shows the beginning when nothing is shown yet.
func (s *source) fill() {
	if s.pieces != nil || s.whole == "" {
		return
	}
	s.pieces = state.Pieces(s.whole, pieceLines, pieceSize)
	s.count.Set(s.p.env.Text.N("message.lines", int64(state.Lines(s.whole))))
	s.add()
}

// add shows some pieces more.
func (s *source) add() {
	objects := s.column.Objects
	for range min(atOnce, len(s.pieces)-s.shown) {
		objects = append(objects, widgets.NewSelectable(state.Printable(s.pieces[s.shown]), true).Small())
		s.shown++
	}
	kit.Replace(s.column, objects)
	c := s.p.env.Text
	s.more.Set(c.T("message.more", "percent", c.Percent(int64(s.shown), int64(len(s.pieces)))))
	kit.Show(s.more, s.shown < len(s.pieces))
}
