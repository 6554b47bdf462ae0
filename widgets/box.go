package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Insets are the distances from the edges of a box to what it holds.
type Insets struct{ Top, Right, Bottom, Left float32 }

// Pad is the same distance at the top and bottom, and left and right.
func Pad(y, x float32) Insets { return Insets{y, x, y, x} }

// Box is a ground with a border of one pixel, around a content or nothing.
type Box struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName
	radius     float32
	insets     Insets
	content    fyne.CanvasObject
	ground     *crisp
}

// NewBox makes a box. Empty colour names are no ground and no border.
func NewBox(fill, line fyne.ThemeColorName, radius float32, in Insets, content fyne.CanvasObject) *Box {
	b := &Box{fill: fill, line: line, radius: radius, insets: in, content: content, ground: newCrisp()}
	b.ExtendBaseWidget(b)
	return b
}

// SetColors changes ground and border.
func (b *Box) SetColors(fill, line fyne.ThemeColorName) {
	if fill != b.fill || line != b.line {
		b.fill, b.line = fill, line
		b.Refresh()
	}
}

func (b *Box) paint() {
	b.ground.set(paint(b, b.fill), paint(b, b.line), b.radius, 1, scaleOf(b))
}

func (b *Box) place(s fyne.Size) {
	b.paint()
	b.ground.place(0, 0, s)
	if b.content != nil {
		in := b.insets
		put(b.content, in.Left, in.Top, s.Width-in.Left-in.Right, s.Height-in.Top-in.Bottom)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Box) CreateRenderer() fyne.WidgetRenderer {
	objects := b.ground.objects()
	if b.content != nil {
		objects = append(objects, b.content)
	}
	return &drawn{objects: objects, layout: b.place,
		min: func() fyne.Size {
			b.ground.rescale(b)
			var m fyne.Size
			if b.content != nil {
				m = b.content.MinSize()
			}
			return m.AddWidthHeight(b.insets.Left+b.insets.Right, b.insets.Top+b.insets.Bottom)
		},
		refresh: func() { b.place(b.Size()); canvas.Refresh(b) }}
}

// Rule is a line of one pixel, lying or standing as its layout stretches it.
func Rule() *Box { return NewBox("sendoff.line", "", 0, Insets{Top: 1, Left: 1}, nil) }
