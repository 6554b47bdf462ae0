package kit

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/resources"
	"sendoff/widgets"
	"sendoff/widgets/chart"
	"sendoff/widgets/look"
	"sendoff/widgets/plotting"
)

// chartHeight leaves a deployment and the tops of two cards on a small window.
const chartHeight float32 = 190

// Chart is the curve of a deployment with its legend: what was accepted and what
// failed so far on the left axis, the rate on the right one.
type Chart struct {
	widget.BaseWidget
	words *text.Catalog
	o     *fyne.Container
	rate  *Text
	plot  *chart.Chart
}

// NewChart makes an empty one. Pictures are drawn off the UI goroutine and come
// back through the bridge. corner is put at the right of the legend.
func NewChart(c *text.Catalog, b *bridge.Bridge, corner fyne.CanvasObject) *Chart {
	k := &Chart{words: c, rate: NewText(Note, c.T("chart.rate_second"))}
	legend := HStack(18,
		key(look.Green, 2, NewText(Note, c.T("chart.accepted"))),
		key(look.Red, 2, NewText(Note, c.T("chart.failed"))),
		key(look.BlueOn, 10, k.rate))
	k.o = VStack(6, widgets.Ends(legend, corner))
	if r, err := plotting.NewRenderer(resources.FiguresTabular.Content()); err == nil {
		k.plot = chart.New(r, chartHeight, look.Line, func(f func()) { b.Do("chart picture", f) })
		k.o.Add(k.plot)
	}
	k.ExtendBaseWidget(k)
	return k
}

// key is one entry of a legend.
func key(c fyne.ThemeColorName, height float32, t *Text) fyne.CanvasObject {
	return HStack(6, container.New(fixed{12, height}, newBox(c, "", min(2, height/2), [4]float32{}, nil)), t)
}

// Set draws a curve.
func (k *Chart) Set(c state.Curve) {
	if k.plot == nil {
		return
	}
	if c.PerMinute {
		k.rate.Set(k.words.T("chart.rate_minute"))
	} else {
		k.rate.Set(k.words.T("chart.rate_second"))
	}
	series := func(kind plotting.Kind, right bool, vs []float64) plotting.Series {
		s := plotting.Series{Kind: kind, Right: right, Points: make([]plotting.Point, len(vs))}
		for i, v := range vs {
			s.Points[i] = plotting.Point{At: c.At[i], Value: v}
		}
		return s
	}
	k.plot.Set(plotting.Chart{
		Series: []plotting.Series{series(plotting.Area, true, c.Rate), series(plotting.Line, false, c.Accepted), series(plotting.Line, false, c.Failed)},
		Number: func(v float64) string { return k.words.Number(int64(math.Round(v))) },
		Time: func(t time.Time, step time.Duration) string {
			if step < time.Minute {
				return k.words.ClockSeconds(t)
			}
			return k.words.Clock(t)
		},
	}, look.Action, look.Green, look.Red)
}

// CreateRenderer implements fyne.Widget.
func (k *Chart) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(k.o) }
