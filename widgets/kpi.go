package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	tooltip "github.com/dweymouth/fyne-tooltip/widget"

	"sendoff/widgets/look"
)

// KPITile is one figure with a label above and a note below.
type KPITile struct {
	tooltip.ToolTipWidget
	label, big, small *Text
	slot              float32
}

// NewKPITile makes an empty tile. A compact one is for cards in a list.
func NewKPITile(compact bool) *KPITile {
	figure, slot := Figure(), float32(78)
	if compact {
		figure, slot = SmallFigure(), 72
		figure.Lead = 28
	} else {
		figure.Lead = 38
	}
	t := &KPITile{label: NewText("", Caption()), big: NewText("", figure), small: NewText("", Caption()), slot: slot}
	t.ExtendBaseWidget(t)
	return t
}

// Set changes what it says. A tile without a note keeps its place when others
// have one.
func (t *KPITile) Set(label, big, small string, tone look.Tone) {
	t.label.Set(label)
	t.big.Set(big)
	t.small.Set(small)
	t.big.SetTone(tone)
}

// SetCounting chooses digits of one width, for while the figure moves.
func (t *KPITile) SetCounting(on bool) {
	s := t.big.style
	s.Tabular = on
	t.big.SetStyle(s)
}

// AccessibilityLabel implements fyne.Accessible.
func (t *KPITile) AccessibilityLabel() string {
	return t.label.Text() + " " + t.big.Text() + " " + t.small.Text()
}

// AccessibilityRole implements fyne.Accessible.
func (t *KPITile) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// natural is the width at which nothing is cut.
func (t *KPITile) natural() float32 {
	return max(t.slot, t.label.Natural(), t.big.Natural(), t.small.Natural())
}

func (t *KPITile) height(small bool) float32 {
	h := t.label.MinSize().Height + t.big.MinSize().Height
	if small {
		h += t.small.MinSize().Height
	}
	return h
}

// CreateRenderer implements fyne.Widget.
func (t *KPITile) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		y := float32(0)
		for _, x := range []*Text{t.label, t.big, t.small} {
			h := heightFor(x, s.Width)
			put(x, 0, y, s.Width, h)
			y += h
		}
	}
	return &drawn{objects: []fyne.CanvasObject{t.label, t.big, t.small}, layout: layout,
		min:     func() fyne.Size { return fyne.NewSize(t.natural(), t.height(true)) },
		refresh: func() { layout(t.Size()); canvas.Refresh(t) }}
}

// KPIRow is a row of tiles with thin lines between them. Where there is no room
// for one row it makes more of equal count.
type KPIRow struct {
	widget.BaseWidget
	compact bool
	tiles   []*KPITile
	rules   []*Box
	n       int
	width   float32
	objects []fyne.CanvasObject
}

// NewKPIRow makes a row of n empty tiles.
func NewKPIRow(n int, compact bool) *KPIRow {
	k := &KPIRow{compact: compact}
	k.ExtendBaseWidget(k)
	k.SetCount(n)
	return k
}

// SetCount changes how many tiles there are.
func (k *KPIRow) SetCount(n int) {
	if n == k.n {
		return
	}
	for len(k.tiles) < n {
		k.tiles = append(k.tiles, NewKPITile(k.compact))
		k.rules = append(k.rules, Rule())
	}
	k.n = n
	k.objects = nil
	for i := range n {
		k.objects = append(k.objects, k.tiles[i], k.rules[i])
	}
	k.Refresh()
}

// Count is how many tiles there are.
func (k *KPIRow) Count() int { return k.n }

// Tile is one of them.
func (k *KPIRow) Tile(i int) *KPITile { return k.tiles[i] }

// Set changes what a tile says.
func (k *KPIRow) Set(i int, label, big, small string, tone look.Tone) {
	t := k.tiles[i]
	before, under := t.natural(), t.small.Text() != ""
	t.Set(label, big, small, tone)
	if t.natural() != before || under != (small != "") {
		k.Refresh()
	}
}

// The distances between tiles and rows.
const (
	tileGap float32 = 22 // on either side of a line
	rowGap  float32 = 14
)

// notes reports whether any tile has a note.
func (k *KPIRow) notes() bool {
	for _, t := range k.tiles[:k.n] {
		if t.small.Text() != "" {
			return true
		}
	}
	return false
}

// Natural is the width of one row in which nothing is cut.
func (k *KPIRow) Natural() float32 {
	w := float32(0)
	for i, t := range k.tiles[:k.n] {
		if i > 0 {
			w += 2*tileGap + 1
		}
		w += t.natural()
	}
	return w
}

// perRow is how many tiles stand in a row of a width.
func (k *KPIRow) perRow(width float32) int {
	if width <= 0 || k.Natural() <= width {
		return k.n
	}
	widest := float32(0)
	for _, t := range k.tiles[:k.n] {
		widest = max(widest, t.natural())
	}
	for rows := 2; rows < k.n; rows++ {
		per := (k.n + rows - 1) / rows
		if float32(per)*widest+float32(per-1)*(2*tileGap+1) <= width {
			return per
		}
	}
	return 1
}

func (k *KPIRow) tileHeight() float32 {
	if k.n == 0 {
		return 0
	}
	return k.tiles[0].height(k.notes())
}

func (k *KPIRow) height(width float32) float32 {
	per := max(1, k.perRow(width))
	rows := (k.n + per - 1) / per
	return float32(rows)*k.tileHeight() + float32(max(0, rows-1))*rowGap
}

func (k *KPIRow) place(s fyne.Size) {
	k.width = s.Width
	per := max(1, k.perRow(s.Width))
	h := k.tileHeight()
	slot := float32(0) // of tiles in more than one row
	if per < k.n {
		slot = floor((s.Width - float32(per-1)*(2*tileGap+1)) / float32(per))
	}
	x, y := float32(0), float32(0)
	for i, t := range k.tiles[:k.n] {
		first := i%per == 0
		if first && i > 0 {
			x, y = 0, y+h+rowGap
		}
		Show(k.rules[i], !first)
		if !first {
			x += tileGap
			put(k.rules[i], x, y, 1, h)
			x += 1 + tileGap
		}
		w := slot
		if w == 0 {
			w = t.natural()
		}
		put(t, x, y, w, h)
		x += w
	}
}

// MinSize asks for one row and for the height of the rows at the last width. A
// parent may give less width; asking for all of it lets the parent know when a
// figure grew.
func (k *KPIRow) MinSize() fyne.Size { return fyne.NewSize(k.Natural(), k.height(k.width)) }

// Resize wraps anew.
func (k *KPIRow) Resize(s fyne.Size) {
	k.width = s.Width
	k.BaseWidget.Resize(s)
}

// CreateRenderer implements fyne.Widget.
func (k *KPIRow) CreateRenderer() fyne.WidgetRenderer { return &kpiRenderer{k} }

type kpiRenderer struct{ k *KPIRow }

func (r *kpiRenderer) Destroy()                     {}
func (r *kpiRenderer) Objects() []fyne.CanvasObject { return r.k.objects }
func (r *kpiRenderer) Layout(s fyne.Size)           { r.k.place(s) }
func (r *kpiRenderer) MinSize() fyne.Size           { return r.k.MinSize() }
func (r *kpiRenderer) Refresh() {
	r.k.place(r.k.Size())
	canvas.Refresh(r.k)
}
