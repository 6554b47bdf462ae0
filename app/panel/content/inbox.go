package content

import (
	"image/color"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// inbox shows sender, subject and preheader as a phone and a computer list them,
// as the sample recipient gets them. They are cut off where such a list cuts.
type inbox struct {
	s       *session.Session
	phone   *fyne.Container
	desktop *fyne.Container
	themed  []*container.ThemeOverride
	flipped bool // it is light in a dark window, or dark in a light one

	initial                *kit.Text
	from, subject, rest    *kit.Text // on the phone
	sender, title, snippet *kit.Text // on the computer
	whose                  *kit.Text
}

// phoneWidth is the list of a phone 360 points wide, less its margins.
const phoneWidth float32 = 340

func newInbox(s *session.Session) *inbox {
	env := s.Env()
	c := env.Text
	b := &inbox{s: s}
	text := func(style widgets.TextStyle) *kit.Text { return widgets.NewText("", style).Trim() }
	b.initial = widgets.NewText("", widgets.TextStyle{Size: 14, Weight: widgets.SemiBold, Color: look.Blue}).Center()
	b.from, b.subject, b.rest = text(widgets.Strong()), text(widgets.Body()), text(widgets.SmallMuted())
	b.sender, b.title, b.snippet = text(widgets.SmallStrong()), text(widgets.SmallStrong()), text(widgets.SmallMuted())
	b.whose = kit.NewText(kit.Note, "").Trim()
	now := c.Clock(env.Now())
	face := widgets.Sized(32, 32, widgets.NewBox(look.BlueOn, "", 16, widgets.Insets{Top: 6}, b.initial))
	small := b.theme(widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(10, 12),
		widgets.HFill(12, face, kit.VStack(0, kit.PairEnd(b.from, kit.NewText(kit.Note, now)), b.subject, b.rest))))
	wide := b.theme(widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(7, 12),
		container.New(mailRow{}, b.sender, b.title, b.snippet, kit.NewText(kit.Note, now))))
	flip := kit.NewIconButton(widgets.IconTheme, c.T("content.inbox_dark"), b.flip)
	caption := widgets.Ends(widgets.HFill(6, widgets.NewIcon(widgets.IconPhone, 14, look.Muted), b.whose), flip)
	b.phone = kit.VStack(4, caption, small)
	b.desktop = widgets.HFill(8, widgets.NewIcon(widgets.IconLaptop, 14, look.Muted), wide)
	return b
}

// theme makes a part of the window light or dark by itself.
func (b *inbox) theme(o fyne.CanvasObject) fyne.CanvasObject {
	t := container.NewThemeOverride(o, flippable{b})
	b.themed = append(b.themed, t)
	return t
}

// flippable is the theme of the window, or the other of the two.
type flippable struct{ b *inbox }

func (f flippable) window() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }

func (f flippable) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if !f.b.flipped {
		return f.window().Color(n, v)
	}
	other := "dark"
	if kit.Dark(fyne.CurrentApp(), f.b.s.Env().Mode()) {
		other = "light"
	}
	return kit.NewTheme(other).Color(n, v)
}

func (f flippable) Font(s fyne.TextStyle) fyne.Resource     { return f.window().Font(s) }
func (f flippable) Icon(n fyne.ThemeIconName) fyne.Resource { return f.window().Icon(n) }
func (f flippable) Size(n fyne.ThemeSizeName) float32       { return f.window().Size(n) }

// flip shows it light, or dark.
func (b *inbox) flip() {
	b.flipped = !b.flipped
	for _, t := range b.themed {
		t.Refresh()
	}
}

func (b *inbox) render() {
	c := b.s.Env().Text
	m := state.InboxOf(c, state.Mail{From: b.s.Inbox().From, Subject: b.s.Inbox().Subject, Preheader: b.s.Inbox().Preheader, For: b.s.Inbox().For})
	r, _ := utf8.DecodeRuneInString(m.From)
	initial := ""
	if r != utf8.RuneError {
		initial = string(unicode.ToUpper(r))
	}
	b.initial.Set(initial)
	for t, s := range map[*kit.Text]string{b.from: m.From, b.sender: m.From, b.subject: m.Subject, b.rest: m.Preheader, b.snippet: m.Snippet, b.whose: m.Whose} {
		t.Set(s)
	}
	if b.title.Text() != m.Subject {
		b.title.Set(m.Subject)
		b.desktop.Refresh()
	}
}

// mailRow is a row of a mail program on a computer: the sender in a column, the
// subject as far as there is room, then what follows it, and the time.
type mailRow struct{}

const (
	mailFrom float32 = 150
	mailGap  float32 = 12
)

func (mailRow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	at := os[3].MinSize().Width
	room := s.Width - mailFrom - at - 2*mailGap
	title := min(os[1].(*kit.Text).Natural(), room)
	const word = 5 // a blank between the subject and what follows
	for i, p := range []struct{ x, w float32 }{{0, mailFrom - mailGap}, {mailFrom, title}, {mailFrom + title + word, room - title - word}, {s.Width - at, at}} {
		o := os[i]
		h := o.MinSize().Height
		o.Move(fyne.NewPos(p.x, float32(int((s.Height-h)/2))))
		o.Resize(fyne.NewSize(max(0, p.w), h))
		kit.Show(o, p.w > 20)
	}
}

func (mailRow) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(300, os[0].MinSize().Height)
}

// headBox puts the fields beside the phone and the computer below both; where there
// is too little room the phone goes. Folded there are the fields alone.
type headBox struct {
	width  float32
	folded bool
}

const (
	headBeside float32 = 820
	headGap    float32 = 24
)

func (l *headBox) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	l.place(os, true)
}

func (l *headBox) place(os []fyne.CanvasObject, put bool) float32 {
	fields, phone, desktop := os[0], os[1], os[2]
	beside := !l.folded && l.width >= headBeside
	kit.Show(phone, beside)
	kit.Show(desktop, !l.folded)
	set := func(o fyne.CanvasObject, x, y, w float32) float32 {
		if o.Size().Width != w {
			o.Resize(fyne.NewSize(w, o.Size().Height))
		}
		h := o.MinSize().Height
		if put {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(w, h))
		}
		return h
	}
	w := l.width
	if beside {
		w -= phoneWidth + headGap
	}
	h := set(fields, 0, 0, w)
	if beside {
		h = max(h, set(phone, w+headGap, 0, phoneWidth))
	}
	if !l.folded {
		h += 8 + set(desktop, 0, h+8, l.width)
	}
	return h
}

func (l *headBox) MinSize(os []fyne.CanvasObject) fyne.Size {
	if l.width == 0 {
		return fyne.NewSize(300, os[0].MinSize().Height)
	}
	return fyne.NewSize(300, l.place(os, false))
}
