package plotting

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"time"

	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Point is one value at one moment.
type Point struct {
	At    time.Time
	Value float64
}

// Kind says how a series is drawn.
type Kind int

// Kinds. An Area is filled down to zero and has a thin upper edge.
const (
	Line Kind = iota
	Area
)

// Series is one quantity over time, its points in order of time. A series on
// the right axis has a scale of its own.
type Series struct {
	Kind   Kind
	Right  bool
	Color  color.Color
	Points []Point
}

// Chart is what to draw. Number and Time label the axes; nil for plain ones.
type Chart struct {
	Series []Series
	Number func(float64) string
	Time   func(t time.Time, step time.Duration) string
}

// Style is how to draw it. Sizes are in units of the window, which become
// pixels by the scale of the picture.
type Style struct {
	Grid     color.Color
	Text     color.Color
	TextSize float64
}

// Renderer draws charts with one typeface.
type Renderer struct {
	font  font.Font
	cache *font.Cache
}

// NewRenderer reads the typeface, an OpenType font.
func NewRenderer(otf []byte) (*Renderer, error) {
	f, err := opentype.Parse(otf)
	if err != nil {
		return nil, fmt.Errorf("chart typeface: %w", err)
	}
	name := font.Font{Typeface: "chart", Weight: stdfont.WeightNormal}
	return &Renderer{font: name, cache: font.NewCache(font.Collection{{Font: name, Face: f}})}, nil
}

// Divisions of the vertical axis, and about how many labels the horizontal one
// gets at most by its width.
const (
	divisions  = 4
	labelEvery = 110 // units of the window
	maxPoints  = 400 // a series is thinned to about as many
	lineWidth  = 2
	edgeWidth  = 1
	areaAlpha  = 0x26
	edgeAlpha  = 0x78
)

// Render draws a chart of w × h pixels, at scale pixels to a unit of the
// window. A chart without room or without data is an empty picture.
func (r *Renderer) Render(w, h int, scale float64, c Chart, s Style) (*image.RGBA, error) {
	if w < 1 || h < 1 {
		return image.NewRGBA(image.Rect(0, 0, 0, 0)), nil
	}
	if scale <= 0 || math.IsNaN(scale) || math.IsInf(scale, 0) {
		scale = 1
	}
	dpi := max(1, int(math.Round(72*scale)))
	canvas := vgimg.NewWith(vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(color.Transparent),
		vgimg.UseWH(vg.Length(float64(w)*72/float64(dpi)), vg.Length(float64(h)*72/float64(dpi))))
	from, to, ok := span(c.Series)
	if ok && float64(w)/scale > 60 && float64(h)/scale > 40 {
		if err := r.draw(draw.New(canvas), c, s, from, to); err != nil {
			return nil, err
		}
	}
	img, ok := canvas.Image().(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("chart: unexpected picture %T", canvas.Image())
	}
	return img, nil
}

// span is the time that the series cover, at least a second.
func span(series []Series) (from, to time.Time, ok bool) {
	for _, s := range series {
		for _, p := range s.Points {
			if !ok || p.At.Before(from) {
				from = p.At
			}
			if !ok || p.At.After(to) {
				to = p.At
			}
			ok = true
		}
	}
	if to.Sub(from) < time.Second {
		to = from.Add(time.Second)
	}
	return from, to, ok
}

func (r *Renderer) draw(c draw.Canvas, ch Chart, s Style, from, to time.Time) error {
	p := plot.New()
	p.BackgroundColor = nil
	handler := text.Plain{Fonts: r.cache}
	p.TextHandler = handler
	label := text.Style{Color: s.Text, Font: font.From(r.font, vg.Length(s.TextSize)), Handler: handler}

	left, right := 0.0, 0.0
	for _, x := range ch.Series {
		top := &left
		if x.Right {
			top = &right
		}
		for _, v := range x.Points {
			if v.Value > *top && !math.IsInf(v.Value, 0) {
				*top = v.Value
			}
		}
	}
	left, right = ceiling(left), ceiling(right)
	number := ch.Number
	if number == nil {
		number = func(v float64) string { return fmt.Sprintf("%g", v) }
	}

	p.Y.Min, p.Y.Max = 0, left
	p.Y.Tick.Marker = plot.ConstantTicks(levels(left, number))
	p.X.Min, p.X.Max = seconds(from), seconds(to)
	width := float64(c.Max.X - c.Min.X)
	p.X.Tick.Marker = plot.ConstantTicks(trim(moments(from, to, max(2, int(width/labelEvery)), ch.Time), p.X.Min, p.X.Max))
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.LineStyle.Width, a.Tick.LineStyle.Width, a.Tick.Length, a.Padding = 0, 0, 0, 0
		x, y := a.Tick.Label.XAlign, a.Tick.Label.YAlign
		a.Tick.Label = label
		a.Tick.Label.XAlign, a.Tick.Label.YAlign = x, y
		a.Tick.Label.Rotation = 0
	}
	grid := plotter.NewGrid()
	grid.Vertical.Color = nil
	grid.Horizontal = draw.LineStyle{Color: s.Grid, Width: 1}
	if err := r.add(p, ch.Series, left, right, grid); err != nil {
		return err
	}

	plotted := c
	margin := vg.Length(0)
	if hasRight(ch.Series) {
		for _, t := range levels(right, number) {
			if w, _, _ := handler.Box(t.Label, label.Font); w > margin {
				margin = w
			}
		}
		margin += 10
		plotted = draw.Crop(c, 0, -margin, 0, 0)
	}
	p.Draw(plotted)
	if margin == 0 {
		return nil
	}
	data := p.DataCanvas(plotted)
	label.XAlign, label.YAlign = draw.XRight, draw.YCenter
	// The left labels stand higher by the descent; so must these.
	descent := label.FontExtents().Descent
	for _, t := range levels(right, number) {
		data.FillText(label, vg.Point{X: c.Max.X, Y: data.Y(t.Value/right) + descent}, t.Label)
	}
	return nil
}

func hasRight(series []Series) bool {
	for _, s := range series {
		if s.Right && len(s.Points) > 0 {
			return true
		}
	}
	return false
}

// add puts areas under the grid and lines over it.
func (r *Renderer) add(p *plot.Plot, series []Series, left, right float64, grid plot.Plotter) error {
	for _, kind := range []Kind{Area, Line} {
		for _, s := range series {
			factor := 1.0
			if s.Right {
				factor = left / right
			}
			xys := points(s.Points, factor)
			if s.Kind != kind || len(xys) == 0 {
				continue
			}
			if kind == Area {
				poly, err := plotter.NewPolygon(append(append(plotter.XYs{{X: xys[0].X}}, xys...), plotter.XY{X: xys[len(xys)-1].X}))
				if err != nil {
					return err
				}
				poly.Color, poly.LineStyle.Width = fade(s.Color, areaAlpha), 0
				p.Add(poly)
			}
			line, err := plotter.NewLine(xys)
			if err != nil {
				return err
			}
			line.LineStyle = draw.LineStyle{Color: s.Color, Width: lineWidth}
			if kind == Area {
				line.LineStyle = draw.LineStyle{Color: fade(s.Color, edgeAlpha), Width: edgeWidth}
			}
			p.Add(line)
		}
		if kind == Area {
			p.Add(grid)
		}
	}
	return nil
}

func fade(c color.Color, alpha uint8) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = alpha
	return n
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// points turns a series into coordinates: without what is no number, and
// thinned so that the highest and lowest value of each slice of time stay.
func points(ps []Point, factor float64) plotter.XYs {
	out := make(plotter.XYs, 0, min(len(ps), 2*maxPoints))
	add := func(p Point) {
		if v := p.Value * factor; !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, plotter.XY{X: seconds(p.At), Y: v})
		}
	}
	if len(ps) <= maxPoints {
		for _, p := range ps {
			add(p)
		}
		return out
	}
	slice := (len(ps)-1)/(maxPoints/2) + 1
	for i := 0; i < len(ps); i += slice {
		lo, hi := i, i
		for j := i; j < min(i+slice, len(ps)); j++ {
			if ps[j].Value < ps[lo].Value {
				lo = j
			}
			if ps[j].Value > ps[hi].Value {
				hi = j
			}
		}
		add(ps[min(lo, hi)])
		if lo != hi {
			add(ps[max(lo, hi)])
		}
	}
	if last := ps[len(ps)-1]; len(out) == 0 || out[len(out)-1].X != seconds(last.At) {
		add(last)
	}
	return out
}
