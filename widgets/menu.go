package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// MenuItem is one line of a menu; without a label it is a line between others.
type MenuItem struct {
	Label    string
	Icon     IconName
	Checked  bool
	Disabled bool
	Keys     string // the shortcut, at the right
	OnTap    func()
}

// ShowMenu opens a menu below a thing, inside the window.
func ShowMenu(at fyne.CanvasObject, items ...MenuItem) {
	if p := newPopup(at); p != nil {
		p.show(newMenuList(items, p.close), nil)
	}
}

// ShowChoices opens a menu of which several lines may be chosen: it stays until
// Escape, Tab or a tap beside it. items are made anew after every choice.
func ShowChoices(at fyne.CanvasObject, items func() []MenuItem) {
	p := newPopup(at)
	if p == nil {
		return
	}
	list := newMenuList(items(), p.close)
	list.chosen = func() {
		list.renew(items())
		p.Refresh() // what it stands below may have another place now
	}
	p.show(list, nil)
}

// ShowSearchMenu opens a menu with a field that narrows it.
func ShowSearchMenu(at fyne.CanvasObject, hint string, items ...MenuItem) {
	p := newPopup(at)
	if p == nil {
		return
	}
	list := newMenuList(items, p.close)
	search := NewEntry("", hint)
	search.in.onKey = func(k fyne.KeyName) bool {
		switch k {
		case fyne.KeyEscape:
			p.close()
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn, fyne.KeyEnter:
			list.TypedKey(&fyne.KeyEvent{Name: k})
		default:
			return false
		}
		return true
	}
	search.SetOnChanged(func(s string) {
		s = strings.ToLower(strings.TrimSpace(s))
		var kept []MenuItem
		for _, i := range items {
			if strings.Contains(strings.ToLower(strings.ReplaceAll(i.Label, "_", " ")), s) || strings.Contains(strings.ToLower(i.Label), s) {
				kept = append(kept, i)
			}
		}
		list.set(kept)
		if s != "" {
			list.step(1) // what is looked for is a Return away
		}
		p.Refresh()
	})
	p.show(list, search)
}

// menuList is the lines of a menu, with one lit by the pointer or the arrows.
type menuList struct {
	widget.BaseWidget
	rows   []*menuRow
	lit    int
	close  func()
	chosen func() // the menu stays when a line was chosen; nil: it closes
}

func newMenuList(items []MenuItem, close func()) *menuList {
	l := &menuList{close: close, lit: -1}
	l.ExtendBaseWidget(l)
	l.set(items)
	return l
}

func (l *menuList) set(items []MenuItem) {
	l.rows, l.lit = nil, -1
	for i, it := range items {
		l.rows = append(l.rows, newMenuRow(l, i, it))
	}
	l.Refresh()
}

// renew changes the lines and leaves lit the one that was.
func (l *menuList) renew(items []MenuItem) {
	lit := l.lit
	l.set(items)
	if lit < len(items) {
		l.light(lit)
	}
}

func (l *menuList) light(i int) {
	if l.lit == i {
		return
	}
	if l.lit >= 0 && l.lit < len(l.rows) {
		l.rows[l.lit].setLit(false)
	}
	if l.lit = i; i >= 0 {
		l.rows[i].setLit(true)
	}
}

func (l *menuList) step(d int) {
	n := len(l.rows)
	i := l.lit
	if i < 0 && d < 0 {
		i = 0
	}
	for range n {
		i = (i + d + n) % n
		if r := l.rows[i]; r.item.Label != "" && !r.item.Disabled {
			l.light(i)
			return
		}
	}
}

// TypedKey implements fyne.Focusable. A menu was asked for, so Return chooses.
func (l *menuList) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyEscape, fyne.KeyTab:
		l.close()
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		if l.lit >= 0 && l.lit < len(l.rows) {
			l.rows[l.lit].Tapped(nil)
		}
	}
}

// TypedRune implements fyne.Focusable.
func (l *menuList) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (l *menuList) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (l *menuList) FocusLost() {}

// CreateRenderer implements fyne.Widget.
func (l *menuList) CreateRenderer() fyne.WidgetRenderer { return &menuRenderer{l} }

type menuRenderer struct{ l *menuList }

func (r *menuRenderer) Destroy() {}
func (r *menuRenderer) Objects() []fyne.CanvasObject {
	os := make([]fyne.CanvasObject, len(r.l.rows))
	for i, k := range r.l.rows {
		os[i] = k
	}
	return os
}
func (r *menuRenderer) Layout(s fyne.Size) { vstack{}.Layout(r.Objects(), s) }
func (r *menuRenderer) MinSize() fyne.Size { return vstack{}.MinSize(r.Objects()) }
func (r *menuRenderer) Refresh() {
	r.Layout(r.l.Size())
	canvas.Refresh(r.l)
}

// menuRow is one line of a menu.
type menuRow struct {
	widget.BaseWidget
	list   *menuList
	at     int
	item   MenuItem
	lit    bool
	ground *crisp
	icon   *Icon
	check  *Icon
	text   *Text
	keys   *Text
	line   *canvas.Rectangle
}

var (
	_ fyne.Tappable     = (*menuRow)(nil)
	_ desktop.Hoverable = (*menuRow)(nil)
)

func newMenuRow(l *menuList, at int, it MenuItem) *menuRow {
	ink := look.Ink
	if it.Disabled {
		ink = look.Muted
	}
	r := &menuRow{list: l, at: at, item: it, ground: newCrisp(), icon: NewIcon(it.Icon, 14, look.Muted),
		check: NewIcon(IconCheck, 14, look.Blue), text: NewText(it.Label, Body().In(ink)), keys: NewText(it.Keys, Caption()), line: canvas.NewRectangle(nil)}
	Show(r.icon, it.Icon != NoIcon)
	Show(r.check, it.Checked)
	r.ExtendBaseWidget(r)
	return r
}

func (r *menuRow) setLit(on bool) {
	if on != r.lit {
		r.lit = on
		r.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (r *menuRow) Tapped(*fyne.PointEvent) {
	if r.item.Disabled || r.item.Label == "" {
		return
	}
	if r.list.chosen == nil {
		r.list.close()
	}
	if r.item.OnTap != nil {
		r.item.OnTap()
	}
	if r.list.chosen != nil {
		r.list.chosen()
	}
}

// MouseIn implements desktop.Hoverable.
func (r *menuRow) MouseIn(*desktop.MouseEvent) {
	if !r.item.Disabled && r.item.Label != "" {
		r.list.light(r.at)
	}
}

// MouseMoved implements desktop.Hoverable.
func (r *menuRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *menuRow) MouseOut() {
	if r.list.lit == r.at {
		r.list.light(-1)
	}
}

// CreateRenderer implements fyne.Widget.
func (r *menuRow) CreateRenderer() fyne.WidgetRenderer {
	if r.item.Label == "" {
		return &drawn{objects: []fyne.CanvasObject{r.line},
			layout: func(s fyne.Size) { r.line.FillColor = paint(r, look.Line); put(r.line, 4, 4, s.Width-8, 1) },
			min:    func() fyne.Size { return fyne.NewSize(20, 9) }}
	}
	layout := func(s fyne.Size) {
		fill := fyne.ThemeColorName("")
		if r.lit {
			fill = look.Chip
		}
		r.ground.set(paint(r, fill), paint(r, ""), 6, 0, scaleOf(r))
		r.ground.place(0, 0, s)
		x := float32(9)
		if r.item.Icon != NoIcon {
			put(r.icon, x, floor((s.Height-14)/2), 14, 14)
			x += 14 + 9
		}
		h := r.text.MinSize().Height
		put(r.text, x, floor((s.Height-h)/2), s.Width-x-8, h)
		put(r.check, s.Width-9-14, floor((s.Height-14)/2), 14, 14)
		if w := r.keys.Natural(); r.item.Keys != "" {
			h := r.keys.MinSize().Height
			put(r.keys, s.Width-32-w, floor((s.Height-h)/2), w, h)
		}
	}
	return &drawn{objects: append(r.ground.objects(), r.icon, r.text, r.keys, r.check), layout: layout,
		min: func() fyne.Size {
			w := r.text.Natural() + 18
			if r.item.Icon != NoIcon {
				w += 23
			}
			if r.item.Keys != "" {
				w += 24 + r.keys.Natural()
			}
			return fyne.NewSize(w+24, 32)
		},
		refresh: func() { layout(r.Size()); canvas.Refresh(r) }}
}
