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
	OnTap    func()
}

// ShowMenu opens a menu below a thing, inside the window.
func ShowMenu(at fyne.CanvasObject, items ...MenuItem) {
	if p := newPopup(at); p != nil {
		p.show(newMenuList(items, p.close), nil)
	}
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
		p.layout(p.Size())
	})
	p.show(list, search)
}

// popup is a card over the window near a thing; a tap beside it closes it.
type popup struct {
	widget.BaseWidget
	c      fyne.Canvas
	at     fyne.CanvasObject
	shadow *canvas.Rectangle
	ground *crisp
	head   fyne.CanvasObject
	list   *menuList
	body   fyne.CanvasObject
	before fyne.Focusable
}

func newPopup(at fyne.CanvasObject) *popup {
	c := fyne.CurrentApp().Driver().CanvasForObject(at)
	if c == nil {
		return nil
	}
	p := &popup{c: c, at: at, shadow: canvas.NewRectangle(nil), ground: newCrisp(), before: c.Focused()}
	p.ExtendBaseWidget(p)
	return p
}

func (p *popup) show(list *menuList, search *Entry) {
	p.list = list
	p.body = Scroll(list)
	p.c.Overlays().Add(p)
	if search != nil {
		p.head = search
		p.Refresh()
		p.c.Focus(search.Target())
		return
	}
	p.c.Focus(list)
}

func (p *popup) close() {
	p.c.Overlays().Remove(p)
	if p.before != nil {
		p.c.Focus(p.before)
	}
}

// Tapped closes it.
func (p *popup) Tapped(*fyne.PointEvent) { p.close() }

// TappedSecondary closes it too.
func (p *popup) TappedSecondary(*fyne.PointEvent) { p.close() }

func (p *popup) layout(s fyne.Size) {
	scale := scaleOf(p)
	p.ground.set(paint(p, look.Surface), paint(p, look.Line), look.RadiusSmall, 1, scale)
	p.shadow.FillColor, p.shadow.CornerRadius = paint(p, look.Surface), look.RadiusSmall
	p.shadow.Shadow = canvas.Shadow{Color: paint(p, look.Shade), BlurRadius: 20, Offset: fyne.NewPos(0, 6)}
	const pad, edge = 5, 8
	pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.at)
	m := p.list.MinSize()
	w := max(m.Width, min(p.at.Size().Width-2*pad, 360), 150)
	h, head := m.Height, float32(0)
	if p.head != nil {
		w = max(w, 260)
		head = heightFor(p.head, w) + 6
		h = min(h, 280)
	}
	below := s.Height - pos.Y - p.at.Size().Height - 4 - edge
	above := pos.Y - 4 - edge
	y := pos.Y + p.at.Size().Height + 4
	if h+head+2*pad > below && above > below {
		h = min(h, above-head-2*pad)
		y = pos.Y - 4 - (h + head + 2*pad)
	} else {
		h = min(h, below-head-2*pad)
	}
	x := pos.X
	if x+w+2*pad > s.Width-edge {
		x = pos.X + p.at.Size().Width - w - 2*pad
	}
	x = max(edge, min(x, s.Width-edge-w-2*pad))
	size := fyne.NewSize(w+2*pad, h+head+2*pad)
	put(p.shadow, x, y, size.Width, size.Height)
	p.ground.place(x, y, size)
	if p.head != nil {
		put(p.head, x+pad, y+pad, w, head-6)
	}
	put(p.body, x+pad, y+pad+head, w, h)
}

// CreateRenderer implements fyne.Widget.
func (p *popup) CreateRenderer() fyne.WidgetRenderer { return &popupRenderer{p} }

type popupRenderer struct{ p *popup }

func (r *popupRenderer) Destroy()           {}
func (r *popupRenderer) Layout(s fyne.Size) { r.p.layout(s) }
func (r *popupRenderer) MinSize() fyne.Size { r.p.ground.rescale(r.p); return fyne.NewSize(0, 0) }
func (r *popupRenderer) Refresh()           { r.p.layout(r.p.Size()); canvas.Refresh(r.p) }
func (r *popupRenderer) Objects() []fyne.CanvasObject {
	os := append([]fyne.CanvasObject{r.p.shadow}, r.p.ground.objects()...)
	if r.p.head != nil {
		os = append(os, r.p.head)
	}
	return append(os, r.p.body)
}

// menuList is the lines of a menu, with one lit by the pointer or the arrows.
type menuList struct {
	widget.BaseWidget
	rows  []*menuRow
	lit   int
	close func()
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
		check: NewIcon(IconCheck, 14, look.Blue), text: NewText(it.Label, Body().In(ink)), line: canvas.NewRectangle(nil)}
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
	r.list.close()
	if r.item.OnTap != nil {
		r.item.OnTap()
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
	}
	return &drawn{objects: append(r.ground.objects(), r.icon, r.text, r.check), layout: layout,
		min: func() fyne.Size {
			w := r.text.Natural() + 18
			if r.item.Icon != NoIcon {
				w += 23
			}
			return fyne.NewSize(w+24, 32)
		},
		refresh: func() { layout(r.Size()); canvas.Refresh(r) }}
}

// Select is a button that opens a menu of which one line is chosen.
type Select struct {
	widget.BaseWidget
	options  []string
	selected int
	button   *Button
	hint     string
	search   string
	changed  func(int)
}

// NewSelect makes one; hint shows while nothing is chosen. onChanged is called
// when a person chooses.
func NewSelect(options []string, hint string, onChanged func(int)) *Select {
	s := &Select{options: options, selected: -1, hint: hint, changed: onChanged}
	s.button = NewButton(hint, NoIcon, Outlined, s.open).SetTrailing(IconDown)
	s.button.left = true
	s.ExtendBaseWidget(s)
	return s
}

// Searchable adds a field to the menu that narrows it; its hint is given.
func (s *Select) Searchable(hint string) *Select { s.search = hint; return s }

func (s *Select) open() {
	items := make([]MenuItem, len(s.options))
	for i, o := range s.options {
		items[i] = MenuItem{Label: o, Checked: i == s.selected, OnTap: func() {
			if i == s.selected {
				return
			}
			s.SetSelected(i)
			if s.changed != nil {
				s.changed(i)
			}
		}}
	}
	if s.search != "" {
		ShowSearchMenu(s.button, s.search, items...)
		return
	}
	ShowMenu(s.button, items...)
}

// Selected is the index of the chosen one, -1 for none.
func (s *Select) Selected() int { return s.selected }

// SetSelected chooses without calling back.
func (s *Select) SetSelected(i int) {
	s.selected = i
	if i < 0 || i >= len(s.options) {
		s.selected = -1
		s.button.SetText(s.hint)
		return
	}
	s.button.SetText(s.options[i])
}

// SetOptions changes what can be chosen; nothing is then.
func (s *Select) SetOptions(options []string) {
	s.options = options
	s.SetSelected(-1)
}

// SetEnabled lets it be opened or not.
func (s *Select) SetEnabled(on bool) { s.button.SetEnabled(on) }

// CreateRenderer implements fyne.Widget.
func (s *Select) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.button) }
