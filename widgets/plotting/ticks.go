package plotting

import (
	"math"
	"time"

	"gonum.org/v1/plot"
)

// ceiling is the least round number of which a quarter is round too and that is
// not below v.
func ceiling(v float64) float64 {
	if v <= divisions || math.IsNaN(v) || math.IsInf(v, 0) {
		return divisions
	}
	step := v / divisions
	base := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10} {
		if s := m * base; s >= step*(1-1e-9) && s == math.Trunc(s) {
			return s * divisions
		}
	}
	return math.Ceil(step) * divisions
}

// levels labels the divisions of a vertical axis from 0 to top.
func levels(top float64, number func(float64) string) []plot.Tick {
	ticks := make([]plot.Tick, divisions+1)
	for i := range ticks {
		v := top * float64(i) / divisions
		ticks[i] = plot.Tick{Value: v, Label: number(v)}
	}
	return ticks
}

// steps are the distances that people read on a clock or a calendar.
var steps = [...]time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour}

// moments labels about n round moments between from and to, in the zone of
// from.
func moments(from, to time.Time, n int, label func(time.Time, time.Duration) string) []plot.Tick {
	step := steps[len(steps)-1]
	for _, s := range steps {
		if to.Sub(from)/s <= time.Duration(n) {
			step = s
			break
		}
	}
	for to.Sub(from)/step > time.Duration(n) {
		step *= 2
	}
	if label == nil {
		label = func(t time.Time, step time.Duration) string {
			if step < time.Minute {
				return t.Format("15:04:05")
			}
			return t.Format("15:04")
		}
	}
	// Round in local time, so that days begin at midnight and hours on the hour.
	_, offset := from.Zone()
	shift := time.Duration(offset) * time.Second
	var ticks []plot.Tick
	for t := from.Add(shift).Truncate(step).Add(-shift); !t.After(to); t = t.Add(step) {
		if !t.Before(from) {
			ticks = append(ticks, plot.Tick{Value: seconds(t), Label: label(t, step)})
		}
	}
	return ticks
}

// trim takes the labels off moments so close to an end that they would run into
// the labels of a vertical axis.
func trim(ticks []plot.Tick, from, to float64) []plot.Tick {
	const margin = 0.03 // of the axis, about half a label
	for i := range ticks {
		if at := (ticks[i].Value - from) / (to - from); at < margin || at > 1-margin {
			ticks[i].Label = ""
		}
	}
	return ticks
}
