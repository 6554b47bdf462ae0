package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sendoff/widgets/look"
)

// colors are those of the ground, its border and the words.
func (b *Button) colors() (fill, line, ink fyne.ThemeColorName) {
	switch {
	case b.disabled && (b.kind == Primary || b.kind == FilledDanger):
		return look.Chip, "", look.ChipText
	case b.disabled && b.kind == Outlined:
		return look.Surface, look.Line, look.Muted
	case b.disabled:
		return "", "", look.Muted
	}
	switch b.kind {
	case Primary:
		if b.hover {
			return look.ActionHover, "", look.PrimaryText
		}
		return look.Action, "", look.PrimaryText
	case FilledDanger:
		if b.hover {
			return look.RedHover, "", look.PrimaryText
		}
		return look.RedFill, "", look.PrimaryText
	case Outlined:
		if b.hover {
			return look.Chip, look.Line, look.Ink
		}
		return look.Surface, look.Line, look.Ink
	case Danger:
		if b.hover {
			return look.RedOn, "", look.Red
		}
		return "", "", look.Red
	}
	if b.kind == Pill {
		if b.hover {
			return look.Line, "", look.Ink
		}
		return look.Chip, "", look.Ink
	}
	ink = look.Ink
	if b.text.Text() == "" || b.kind == Back {
		ink = look.Muted
	}
	if b.hover {
		return look.Chip, "", look.Ink
	}
	return "", "", ink
}

func (b *Button) paint() {
	fill, line, ink := b.colors()
	scale := scaleOf(b)
	b.ground.set(paint(b, fill), paint(b, line), b.radius(), 1, scale)
	ring := fyne.ThemeColorName("")
	if b.focused {
		ring = look.Ring
	}
	b.ring.set(paint(b, ""), paint(b, ring), b.radius()+2, 2, scale)
	b.text.SetColor(ink)
	b.img.Set(b.icon, ink)
	size := iconSize
	switch b.icon {
	case IconMore:
		size = 20
	case IconBack, IconForward, IconDown:
		size = 12
	}
	b.img.SetSize(size)
	b.tail.Set(b.trailing, ink)
	Show(b.img, b.icon != NoIcon)
	Show(b.tail, b.trailing != NoIcon)
}

func (b *Button) radius() float32 {
	if b.kind == Pill {
		return b.height / 2
	}
	return look.RadiusSmall
}

func (b *Button) pad() float32 {
	switch b.kind {
	case Pill:
		return 11
	case Back:
		return 8
	}
	return buttonPad
}

func (b *Button) inner() (w float32) {
	w = b.text.Natural()
	if b.icon != NoIcon {
		if w > 0 {
			w += iconGap
		}
		w += iconSize
	}
	if b.trailing != NoIcon {
		w += iconGap + 12
	}
	return w
}

func (b *Button) min() fyne.Size {
	b.ground.rescale(b)
	b.ring.rescale(b)
	if b.text.Text() == "" && b.trailing == NoIcon {
		return fyne.NewSize(b.square, b.square)
	}
	return fyne.NewSize(b.inner()+2*b.pad(), b.height)
}

func (b *Button) place(s fyne.Size) {
	b.ground.place(0, 0, s)
	b.ring.place(-3, -3, s.AddWidthHeight(6, 6))
	x := max(2, round((s.Width-b.inner())/2))
	if b.left {
		x = b.pad()
	}
	if b.icon != NoIcon {
		put(b.img, x, round((s.Height-iconSize)/2), iconSize, iconSize)
		x += iconSize + iconGap
	}
	m := b.text.MinSize()
	if b.left { // what does not fit ends in an ellipsis, before the arrow
		m.Width = max(0, min(b.text.Natural(), s.Width-x-b.pad()-12-iconGap))
	}
	put(b.text, x, floor((s.Height-m.Height)/2), m.Width, m.Height)
	if b.trailing != NoIcon {
		x += m.Width + iconGap
		if b.left {
			x = s.Width - b.pad() - 12
		}
		put(b.tail, x, round((s.Height-12)/2), 12, 12)
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	objects := append(b.ring.objects(), b.ground.objects()...)
	objects = append(objects, b.img, b.text, b.tail)
	return &drawn{objects: objects, layout: func(s fyne.Size) { b.paint(); b.place(s) }, min: b.min,
		refresh: func() { b.paint(); b.place(b.Size()); canvas.Refresh(b) }}
}
