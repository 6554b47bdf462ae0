package accounts

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// gap is the distance between inputs.
const gap float32 = 12

// row puts things side by side, each as high as it needs from the same top.
// A positive width is a share of what the fixed ones, which are negative, leave.
// Below the width least two and two stand under each other.
type row struct {
	widths []float32
	gap    float32
	least  float32
	two    *bool // two and two, as last laid out
}

func newRow(widths []float32, os ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{widths, gap, 0, new(bool)}, os...)
}

func (l row) Layout(os []fyne.CanvasObject, s fyne.Size) {
	*l.two = s.Width < l.least
	if *l.two {
		y, w := float32(0), (s.Width-l.gap)/2
		for i := 0; i < len(os); i += 2 {
			h := float32(0)
			for j, o := range os[i:min(i+2, len(os))] {
				h = max(h, place(o, float32(j)*(w+l.gap), y, w))
			}
			y += h + l.gap
		}
		return
	}
	rest, shares := s.Width-l.gap*float32(len(os)-1), float32(0)
	for _, w := range l.widths {
		if w < 0 {
			rest += w
		} else {
			shares += w
		}
	}
	x := float32(0)
	for i, o := range os {
		w := -l.widths[i]
		switch {
		case i == len(os)-1:
			w = s.Width - x
		case w < 0:
			w = float32(int(rest * l.widths[i] / shares))
		}
		place(o, x, 0, w)
		x += w + l.gap
	}
}

// place gives a thing its width and then the height that it needs.
func place(o fyne.CanvasObject, x, y, w float32) float32 {
	if o.Size().Width != w {
		o.Resize(fyne.NewSize(w, o.Size().Height))
	}
	h := o.MinSize().Height
	o.Move(fyne.NewPos(x, y))
	o.Resize(fyne.NewSize(w, h))
	return h
}

func (l row) MinSize(os []fyne.CanvasObject) fyne.Size {
	m := fyne.NewSize(200, 0)
	if !*l.two {
		for _, o := range os {
			m.Height = max(m.Height, o.MinSize().Height)
		}
		return m
	}
	for i := 0; i < len(os); i += 2 {
		h := float32(0)
		for _, o := range os[i:min(i+2, len(os))] {
			h = max(h, o.MinSize().Height)
		}
		m.Height += h
		if i > 0 {
			m.Height += l.gap
		}
	}
	return m
}

// disc is a round or square ground with a thing in its middle.
func disc(size, radius float32, fill fyne.ThemeColorName, o fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Sized(size, size, widgets.NewBox(fill, "", radius, widgets.Insets{}, container.NewCenter(o)))
}

// steps is the line at the top of the guide that says how far it is.
func steps(names []string, at int) []fyne.CanvasObject {
	var os []fyne.CanvasObject
	for i, n := range names {
		if i > 0 {
			os = append(os, widgets.Sized(20, 1, widgets.Rule()))
		}
		style, fill := widgets.SmallMuted(), look.Chip
		mark := fyne.CanvasObject(widgets.NewText(string(rune('1'+i)), widgets.TextStyle{Size: look.SizeCaption, Weight: widgets.SemiBold, Color: look.ChipText}))
		switch {
		case i < at:
			fill, mark = look.GreenOn, widgets.NewIcon(widgets.IconCheck, 12, look.Green)
		case i == at:
			style, fill = widgets.SmallStrong(), look.Action
			mark = widgets.NewText(string(rune('1'+i)), widgets.TextStyle{Size: look.SizeCaption, Weight: widgets.SemiBold, Color: look.PrimaryText})
		}
		os = append(os, kit.HStack(8, disc(22, 11, fill, mark), widgets.NewText(n, style)))
	}
	return os
}

// detail is the Detail of an error of the engine.
func detail(err error) string {
	var e *delivery.Error
	if errors.As(err, &e) {
		return e.Detail
	}
	return ""
}

// notesOf are the notes on a provider by its ID.
func notesOf(ps []provider.Provider, id string) []string {
	for _, p := range ps {
		if p.ID == id && id != "" {
			return p.Notes
		}
	}
	return nil
}
