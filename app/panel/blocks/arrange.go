package blocks

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"sendoff/engine/block"
	"sendoff/widgets"
)

func itoa(n int) string { return strconv.Itoa(n) }

// tall gives an object a width and asks for the height that it then needs.
func tall(o fyne.CanvasObject, w float32) float32 {
	if o.Size().Width != w {
		o.Resize(fyne.NewSize(w, o.Size().Height))
	}
	return o.MinSize().Height
}

// hang puts a mark before a text that may have several lines.
type hang struct{}

const hanging float32 = 26

func (hang) Layout(os []fyne.CanvasObject, s fyne.Size) {
	put(os[0], 0, 0, hanging-8, tall(os[0], hanging-8))
	put(os[1], hanging, 0, s.Width-hanging, tall(os[1], s.Width-hanging))
}
func (hang) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(hanging+8, os[1].MinSize().Height)
}

// pictured gives a picture its proportions. It remembers the width as its object
// does.
type pictured struct {
	most, ratio float32
	align       fyne.TextAlign
}

func (l pictured) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := s.Width
	if l.most > 0 {
		w = min(w, l.most)
	}
	put(os[0], start(l.align, s.Width, w), 0, w, float32(int(w*l.ratio+.5)))
}

func (l pictured) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(8, max(1, os[0].Size().Height))
}

// start is where something of a width begins.
func start(align fyne.TextAlign, room, w float32) float32 {
	switch align {
	case fyne.TextAlignCenter:
		return float32(int((room - w) / 2))
	case fyne.TextAlignTrailing:
		return room - w
	}
	return 0
}

// aligned puts an object of a fixed width.
func aligned(align fyne.TextAlign, w float32, o fyne.CanvasObject) fyne.CanvasObject {
	h := float32(40)
	if m, ok := o.(*canvas.Image); ok && m.Image != nil {
		h = w * float32(m.Image.Bounds().Dy()) / float32(m.Image.Bounds().Dx())
	}
	return container.New(pictured{most: w, ratio: h / w, align: align}, o)
}

// pill is a label on a round ground.
func pill(label *widgets.Prose, back, line color.Color, stroke, radius, padX, padY float32, full bool, align fyne.TextAlign) fyne.CanvasObject {
	r := canvas.NewRectangle(back)
	r.StrokeColor, r.StrokeWidth, r.CornerRadius = line, stroke, radius
	if _, _, _, alpha := back.RGBA(); alpha == 0 {
		// Painters blend the edge of what is clear with black.
		n := color.NRGBAModel.Convert(line).(color.NRGBA)
		n.A = 1
		r.FillColor = n
	}
	return container.New(pilled{padX, padY, full, align}, r, label)
}

type pilled struct {
	padX, padY float32
	full       bool
	align      fyne.TextAlign
}

func (l pilled) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := min(s.Width, os[1].(*widgets.Prose).Natural()+2*l.padX)
	if l.full {
		w = s.Width
	}
	x := start(l.align, s.Width, w)
	h := tall(os[1], w-2*l.padX)
	put(os[0], x, 0, w, h+2*l.padY)
	put(os[1], x+l.padX, l.padY, w-2*l.padX, h)
}

func (l pilled) MinSize(os []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(min(160, os[1].(*widgets.Prose).Natural()+2*l.padX), os[1].MinSize().Height+2*l.padY)
}

// flow puts things beside each other, and into the next row where there is no
// room.
type flow struct {
	align fyne.TextAlign
	gap   float32
}

func (l flow) Layout(os []fyne.CanvasObject, s fyne.Size) { l.place(os, s.Width, true) }

func (l flow) place(os []fyne.CanvasObject, width float32, move bool) float32 {
	y := float32(0)
	for i := 0; i < len(os); {
		n, used, h := i, float32(0), float32(0)
		for ; n < len(os); n++ {
			m := os[n].MinSize()
			if n > i && used+l.gap+m.Width > width {
				break
			}
			if n > i {
				used += l.gap
			}
			used += m.Width
			h = max(h, m.Height)
		}
		x := max(0, start(l.align, width, used))
		for ; i < n; i++ {
			m := os[i].MinSize()
			if move {
				put(os[i], x, y, m.Width, m.Height)
			}
			x += m.Width + l.gap
		}
		if y += h; i < len(os) {
			y += l.gap
		}
	}
	return y
}

func (l flow) MinSize(os []fyne.CanvasObject) fyne.Size {
	if len(os) == 0 {
		return fyne.Size{}
	}
	// The rows are those of the last layout.
	last := os[len(os)-1]
	return fyne.NewSize(8, max(last.Position().Y+last.Size().Height, os[0].MinSize().Height))
}

// sideBySide puts columns by their shares, or below each other.
type sideBySide struct {
	columns []block.Column
	below   bool
}

func (l sideBySide) Layout(os []fyne.CanvasObject, s fyne.Size) {
	all := 0
	for _, c := range l.columns {
		all += max(c.Share, 1)
	}
	x, y := float32(0), float32(0)
	for i, o := range os {
		if l.below {
			h := tall(o, s.Width)
			put(o, 0, y, s.Width, h)
			y += h
			continue
		}
		w := float32(int(s.Width * float32(max(l.columns[i].Share, 1)) / float32(all)))
		put(o, x, 0, w, tall(o, w))
		x += w
	}
}

func (l sideBySide) MinSize(os []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range os {
		if l.below {
			h += o.MinSize().Height
		} else {
			h = max(h, o.MinSize().Height)
		}
	}
	return fyne.NewSize(80, h)
}
