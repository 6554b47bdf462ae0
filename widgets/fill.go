package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// vfill is vstack whose last thing gets the height that is left, in a page of
// the usual margins.
type vfill struct{ gap, most float32 }

func (l vfill) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os = visible(os)
	w := min(l.most, s.Width-2*look.Margin)
	x, y := floor((s.Width-w)/2), look.Gap
	for i, o := range os {
		h := max(0, s.Height-y-look.Margin)
		if i < len(os)-1 {
			h = heightFor(o, w)
		}
		put(o, x, y, w, h)
		y += h + l.gap
	}
}

func (l vfill) MinSize(os []fyne.CanvasObject) fyne.Size {
	m := vstack{l.gap}.MinSize(os)
	return m.AddWidthHeight(2*look.Margin, look.Gap+look.Margin)
}

// PageFill is a page that does not scroll as a whole: its last thing, a table,
// gets the height that the others leave.
func PageFill(most float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(vfill{look.Gap, most}, os...)
}

// tools puts things beside each other at the left, breaking into more rows where
// there is no room, and the last thing at the right of the last row.
type tools struct{ gap float32 }

func (l tools) rows(os []fyne.CanvasObject, width float32, place func(o fyne.CanvasObject, x, y float32)) float32 {
	os = visible(os)
	x, y := float32(0), float32(0)
	for i, o := range os {
		w := o.MinSize().Width
		if x > 0 && x+w > width {
			x, y = 0, y+look.ButtonHeight+l.gap
		}
		at := x
		if i == len(os)-1 && len(os) > 1 {
			at = max(x, width-w)
		}
		if place != nil {
			place(o, at, y)
		}
		x = at + w + l.gap
	}
	return y + look.ButtonHeight
}

func (l tools) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.rows(os, s.Width, func(o fyne.CanvasObject, x, y float32) {
		m := o.MinSize()
		put(o, x, y+floor((look.ButtonHeight-m.Height)/2), min(m.Width, s.Width), m.Height)
	})
}

func (l tools) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, look.ButtonHeight) }

// Tools is a row of fields and buttons above a list, the last of them at the
// right. It breaks where there is no room.
func Tools(os ...fyne.CanvasObject) fyne.CanvasObject {
	t := &toolbar{row: container.New(tools{8}, os...)}
	t.ExtendBaseWidget(t)
	return t
}

// toolbar remembers its width, because its height depends on it.
type toolbar struct {
	widget.BaseWidget
	row *fyne.Container
}

// CreateRenderer implements fyne.Widget.
func (t *toolbar) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{t.row}, layout: func(s fyne.Size) { put(t.row, 0, 0, s.Width, s.Height) },
		min: func() fyne.Size {
			width := t.Size().Width
			if width == 0 {
				width = 1 << 16
			}
			return fyne.NewSize(200, tools{8}.rows(t.row.Objects, width, nil))
		},
		refresh: func() { t.row.Refresh() }}
}

// flow puts things of one height beside each other and breaks where there is no
// room.
type flow struct{ gap float32 }

func (l flow) place(os []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, x, y float32)) float32 {
	x, y, row := float32(0), float32(0), float32(0)
	for _, o := range visible(os) {
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, row = 0, y+row+l.gap, 0
		}
		if put != nil {
			put(o, x, y)
		}
		x, row = x+m.Width+l.gap, max(row, m.Height)
	}
	return y + row
}

func (l flow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	l.place(os, s.Width, func(o fyne.CanvasObject, x, y float32) {
		m := o.MinSize()
		put(o, x, y, m.Width, m.Height)
	})
}

func (l flow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(100, 20) }

// Wrapped is things beside each other that break into rows.
type Wrapped struct {
	widget.BaseWidget
	row *fyne.Container
	l   flow
}

// Wrap puts things beside each other, as many in a row as there is room for.
func Wrap(gap float32, os ...fyne.CanvasObject) *Wrapped {
	w := &Wrapped{l: flow{gap}}
	w.row = container.New(w.l, os...)
	w.ExtendBaseWidget(w)
	return w
}

// Add adds one.
func (w *Wrapped) Add(o fyne.CanvasObject) { w.row.Add(o) }

// CreateRenderer implements fyne.Widget.
func (w *Wrapped) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{w.row}, layout: func(s fyne.Size) { put(w.row, 0, 0, s.Width, s.Height) },
		min: func() fyne.Size {
			width := w.Size().Width
			if width == 0 {
				width = 1 << 16
			}
			return fyne.NewSize(100, w.l.place(w.row.Objects, width, nil))
		},
		refresh: func() { w.row.Refresh() }}
}
