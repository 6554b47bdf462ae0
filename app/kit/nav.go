package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets"
	"sendoff/widgets/look"
)

// NavPart is one line of the navigation.
type NavPart struct {
	Icon  Icon
	Label string
	Tap   func()
	Low   bool // at the bottom
}

// Nav is the navigation at the left: names with icons, or icons alone where
// there is little room.
type Nav struct {
	widget.BaseWidget
	parts   []NavPart
	items   []*widgets.NavItem
	ground  *widgets.Box
	edge    *widgets.Box
	compact bool
}

// Widths of the navigation.
const (
	navWide   = look.SideWidth
	navNarrow = 57
)

// NewNav makes one with nothing chosen.
func NewNav(parts []NavPart) *Nav {
	n := &Nav{parts: parts, ground: newBox(look.Side, "", 0, [4]float32{}, nil), edge: widgets.Rule()}
	for _, p := range parts {
		n.items = append(n.items, widgets.NewNavItem(p.Icon, p.Label, p.Tap))
	}
	n.ExtendBaseWidget(n)
	return n
}

// SetSelected lights one line, none for -1.
func (n *Nav) SetSelected(i int) {
	for j, x := range n.items {
		x.SetSelected(i == j)
	}
}

// SetBadge puts a count beside a line.
func (n *Nav) SetBadge(i int, s string) { n.items[i].Badge(s) }

// width is what it takes of a window.
func (n *Nav) width(window float32) float32 {
	if window < look.FoldBelow {
		return navNarrow
	}
	return navWide
}

func (n *Nav) place(s fyne.Size) {
	const row, gap, margin = look.ButtonHeight, 2, 8
	if c := s.Width < navWide; c != n.compact {
		n.compact = c
		for _, x := range n.items {
			x.SetCompact(c)
		}
	}
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(n.ground, 0, 0, s.Width-1, s.Height)
	put(n.edge, s.Width-1, 0, 1, s.Height)
	top, bottom := float32(14), s.Height-14
	h := float32(row)
	if n.compact {
		h = 40
	}
	for i := len(n.items) - 1; i >= 0; i-- {
		if n.parts[i].Low {
			bottom -= h
			put(n.items[i], margin, bottom, s.Width-1-2*margin, h)
			bottom -= gap
		}
	}
	for i, x := range n.items {
		if !n.parts[i].Low {
			put(x, margin, top, s.Width-1-2*margin, h)
			top += h + gap
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (n *Nav) CreateRenderer() fyne.WidgetRenderer { return &navRenderer{n} }

type navRenderer struct{ n *Nav }

func (r *navRenderer) Destroy()           {}
func (r *navRenderer) Layout(s fyne.Size) { r.n.place(s) }
func (r *navRenderer) MinSize() fyne.Size { return fyne.NewSize(navNarrow, 200) }
func (r *navRenderer) Refresh()           { r.n.place(r.n.Size()) }
func (r *navRenderer) Objects() []fyne.CanvasObject {
	os := []fyne.CanvasObject{r.n.ground, r.n.edge}
	for _, x := range r.n.items {
		os = append(os, x)
	}
	return os
}
