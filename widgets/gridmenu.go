package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// GridItem is one of many small things to choose: a sign, and what it is called.
type GridItem struct {
	Sign, Name string
	OnTap      func()
}

const (
	gridCell    float32 = 34
	gridColumns         = 12
	gridFoot    float32 = 26 // the name of what is lit
)

// ShowGrid opens a menu of signs in rows, with a field that narrows it by name. none
// is said when nothing has that name.
func ShowGrid(at fyne.CanvasObject, hint, none string, items []GridItem) {
	p := newPopup(at)
	if p == nil {
		return
	}
	g := newGridMenu(items, none, p.close)
	p.most = g.MinSize().Height
	search := NewEntry("", hint)
	search.in.onKey = func(k fyne.KeyName) bool {
		switch k {
		case fyne.KeyEscape:
			p.close()
		case fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn, fyne.KeyEnter:
			g.TypedKey(&fyne.KeyEvent{Name: k})
		case fyne.KeyLeft, fyne.KeyRight:
			if search.Text() != "" && g.lit < 0 {
				return false
			}
			g.TypedKey(&fyne.KeyEvent{Name: k})
		default:
			return false
		}
		return true
	}
	search.SetOnChanged(func(s string) {
		g.narrow(s)
		p.Refresh()
	})
	p.show(g, search)
}

// gridMenu is the signs, with one lit by the pointer or the arrows.
type gridMenu struct {
	widget.BaseWidget
	all    []GridItem
	items  []GridItem
	signs  []*Text
	ground *crisp
	name   *Text
	none   string
	lit    int
	close  func()
}

var (
	_ fyne.Focusable    = (*gridMenu)(nil)
	_ fyne.Tappable     = (*gridMenu)(nil)
	_ desktop.Hoverable = (*gridMenu)(nil)
)

func newGridMenu(items []GridItem, none string, close func()) *gridMenu {
	g := &gridMenu{all: items, none: none, ground: newCrisp(), name: NewText("", SmallMuted()).Trim(), lit: -1, close: close}
	g.ExtendBaseWidget(g)
	g.narrow("")
	return g
}

// narrow leaves those with a name.
func (g *gridMenu) narrow(s string) {
	s = strings.ToLower(strings.TrimSpace(s))
	g.items, g.signs, g.lit = nil, nil, -1
	for _, it := range g.all {
		if strings.Contains(strings.ToLower(it.Name), s) || it.Sign == s {
			g.items = append(g.items, it)
			g.signs = append(g.signs, NewText(it.Sign, TextStyle{Size: 20}).Center())
		}
	}
	if s != "" && len(g.items) > 0 {
		g.lit = 0
	}
	g.Refresh()
}

func (g *gridMenu) light(i int) {
	if i != g.lit {
		g.lit = i
		g.Refresh()
	}
}

// TypedKey implements fyne.Focusable.
func (g *gridMenu) TypedKey(e *fyne.KeyEvent) {
	n := len(g.items)
	step := func(d int) {
		if n > 0 {
			g.light(max(0, min(n-1, max(g.lit, 0)+d)))
		}
	}
	switch e.Name {
	case fyne.KeyLeft:
		step(-1)
	case fyne.KeyRight:
		if g.lit < 0 {
			step(0)
			return
		}
		step(1)
	case fyne.KeyUp:
		step(-gridColumns)
	case fyne.KeyDown:
		if g.lit < 0 {
			step(0)
			return
		}
		step(gridColumns)
	case fyne.KeyEscape, fyne.KeyTab:
		g.close()
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		g.choose(g.lit)
	}
}

func (g *gridMenu) choose(i int) {
	if i < 0 || i >= len(g.items) {
		return
	}
	g.close()
	g.items[i].OnTap()
}

// TypedRune implements fyne.Focusable.
func (g *gridMenu) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (g *gridMenu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (g *gridMenu) FocusLost() {}

// at is the sign under a point, -1 for none.
func (g *gridMenu) at(p fyne.Position) int {
	x, y := int(p.X/gridCell), int((p.Y-gridFoot)/gridCell)
	if i := y*gridColumns + x; x >= 0 && x < gridColumns && p.Y >= gridFoot && i < len(g.items) {
		return i
	}
	return -1
}

// Tapped implements fyne.Tappable.
func (g *gridMenu) Tapped(e *fyne.PointEvent) { g.choose(g.at(e.Position)) }

// MouseIn implements desktop.Hoverable.
func (g *gridMenu) MouseIn(e *desktop.MouseEvent) { g.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (g *gridMenu) MouseMoved(e *desktop.MouseEvent) { g.light(g.at(e.Position)) }

// MouseOut implements desktop.Hoverable.
func (g *gridMenu) MouseOut() { g.light(-1) }

func (g *gridMenu) layout(s fyne.Size) {
	name := ""
	switch {
	case g.lit >= 0 && g.lit < len(g.items):
		name = g.items[g.lit].Name
	case len(g.items) == 0:
		name = g.none
	}
	g.name.Set(name)
	put(g.name, 4, 3, s.Width-8, g.name.MinSize().Height)
	fill := fyne.ThemeColorName("")
	if g.lit >= 0 {
		fill = look.BlueOn
	}
	g.ground.set(paint(g, fill), paint(g, ""), 6, 0, scaleOf(g))
	g.ground.place(float32(max(0, g.lit)%gridColumns)*gridCell, gridFoot+float32(max(0, g.lit)/gridColumns)*gridCell, fyne.NewSize(gridCell, gridCell))
	for i, t := range g.signs {
		h := t.MinSize().Height
		put(t, float32(i%gridColumns)*gridCell, gridFoot+float32(i/gridColumns)*gridCell+floor((gridCell-h)/2), gridCell, h)
	}
}

// CreateRenderer implements fyne.Widget.
func (g *gridMenu) CreateRenderer() fyne.WidgetRenderer { return &gridRenderer{g} }

type gridRenderer struct{ g *gridMenu }

func (r *gridRenderer) Destroy()           {}
func (r *gridRenderer) Layout(s fyne.Size) { r.g.layout(s) }
func (r *gridRenderer) MinSize() fyne.Size {
	rows := (len(r.g.items) + gridColumns - 1) / gridColumns
	return fyne.NewSize(gridColumns*gridCell, gridFoot+float32(rows)*gridCell)
}
func (r *gridRenderer) Refresh() { r.g.layout(r.g.Size()); canvas.Refresh(r.g) }
func (r *gridRenderer) Objects() []fyne.CanvasObject {
	os := append(r.g.ground.objects(), r.g.name)
	for _, t := range r.g.signs {
		os = append(os, t)
	}
	return os
}
