package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Ring shows a share of one as an arc with words in the middle.
type Ring struct {
	widget.BaseWidget
	diameter     float32
	share        float64
	tone         look.Tone
	text         *Text
	track, value *canvas.Arc
}

// NewRing makes an empty ring.
func NewRing(diameter float32) *Ring {
	w := diameter * 0.08
	r := &Ring{diameter: diameter, tone: look.BlueTone,
		text:  NewText("", TextStyle{Size: max(10, floor(diameter*0.225)), Weight: Light, Tight: true, Tabular: true}),
		track: &canvas.Arc{EndAngle: 360}, value: &canvas.Arc{CornerRadius: w / 2}}
	r.track.CutoutRatio = 1 - 2*w/diameter
	r.value.CutoutRatio = r.track.CutoutRatio
	r.ExtendBaseWidget(r)
	return r
}

// SetValue changes share, from 0 to 1, and label.
func (r *Ring) SetValue(share float64, label string) {
	if math.IsNaN(share) {
		share = 0
	}
	share = max(0, min(1, share))
	r.text.Set(label)
	if share != r.share {
		r.share = share
		r.Refresh()
	}
}

// SetTone changes the colour.
func (r *Ring) SetTone(t look.Tone) {
	if t != r.tone {
		r.tone = t
		r.Refresh()
	}
}

func (r *Ring) paint() {
	r.track.FillColor = paint(r, look.Track)
	r.value.FillColor = paint(r, r.tone.Fill())
	// Round caps lie inside the angle of an arc; here they lie around its ends.
	half := r.diameter * 0.04
	cap := float64(half/(r.diameter/2-half)) * 180 / math.Pi
	from, to := -cap, 360*r.share+cap
	if to-from >= 360 {
		from, to = 0, 360
	}
	r.value.StartAngle, r.value.EndAngle = float32(from), float32(to)
	Show(r.value, r.share > 0)
	Show(r.track, r.share < 1)
}

func (r *Ring) place(s fyne.Size) {
	r.paint()
	x, y := floor((s.Width-r.diameter)/2), floor((s.Height-r.diameter)/2)
	put(r.track, x, y, r.diameter, r.diameter)
	put(r.value, x, y, r.diameter, r.diameter)
	m := r.text.MinSize()
	put(r.text, round((s.Width-m.Width)/2), floor((s.Height-m.Height)/2), m.Width, m.Height)
}

// CreateRenderer implements fyne.Widget.
func (r *Ring) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	return &drawn{objects: []fyne.CanvasObject{r.track, r.value, r.text}, layout: r.place,
		min: func() fyne.Size {
			// The words are placed here too: they change without a layout.
			m := r.text.MinSize()
			r.text.Move(fyne.NewPos(round((r.Size().Width-m.Width)/2), floor((r.Size().Height-m.Height)/2)))
			return fyne.NewSquareSize(r.diameter)
		},
		refresh: func() { r.place(r.Size()); canvas.Refresh(r) }}
}

// ProgressLine is a thin bar that fills.
type ProgressLine struct {
	widget.BaseWidget
	share        float64
	tone         look.Tone
	track, value *crisp
}

// NewProgressLine makes an empty bar.
func NewProgressLine() *ProgressLine {
	p := &ProgressLine{tone: look.BlueTone, track: newCrisp(), value: newCrisp()}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes the share, from 0 to 1.
func (p *ProgressLine) Set(share float64) {
	if math.IsNaN(share) {
		share = 0
	}
	if share = max(0, min(1, share)); share != p.share {
		p.share = share
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *ProgressLine) CreateRenderer() fyne.WidgetRenderer {
	const height = 6
	layout := func(s fyne.Size) {
		scale := scaleOf(p)
		p.track.set(paint(p, look.Track), paint(p, ""), height/2, 0, scale)
		p.value.set(paint(p, p.tone.Fill()), paint(p, ""), height/2, 0, scale)
		y := floor((s.Height - height) / 2)
		p.track.place(0, y, fyne.NewSize(s.Width, height))
		w := round(s.Width * float32(p.share))
		if w > 0 {
			w = max(w, height)
		}
		p.value.place(0, y, fyne.NewSize(w, height))
	}
	return &drawn{objects: append(p.track.objects(), p.value.objects()...), layout: layout,
		min:     func() fyne.Size { p.track.rescale(p); p.value.rescale(p); return fyne.NewSize(48, height) },
		refresh: func() { layout(p.Size()); canvas.Refresh(p) }}
}
