package state

import (
	"time"

	"sendoff/engine/delivery"
)

// Curve is what the chart of a deployment draws. The three series have one value
// for each instant of At; it is empty when there is nothing to draw.
type Curve struct {
	At        []time.Time
	Accepted  []float64 // so far
	Failed    []float64 // so far
	Rate      []float64 // messages with an end, per Unit
	PerMinute bool      // the unit of Rate: a minute, or else a second
}

// maxPoints is as many as a chart can show apart.
const maxPoints = 240

// CurveOf turns the seconds of a deployment into at most maxPoints values. Quiet
// seconds count as zero. While live, the second of now is left out of the rate:
// it is not over.
func CurveOf(points []delivery.Point, live bool, now time.Time) Curve {
	var c Curve
	if len(points) == 0 {
		return c
	}
	first, last := points[0].At, points[len(points)-1].At
	if live && last.Before(now.Truncate(time.Second)) {
		last = now.Truncate(time.Second).Add(-time.Second)
		if l := points[len(points)-1].At; last.Before(l) {
			last = l
		}
	}
	seconds := int(last.Sub(first)/time.Second) + 1
	step := 1
	for _, s := range []int{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400} {
		if step = s; (seconds+s-1)/s <= maxPoints {
			break
		}
	}
	n := (seconds + step - 1) / step
	c.PerMinute = seconds > 600
	done := make([]int64, n)
	accepted, failed := make([]int64, n), make([]int64, n)
	for _, p := range points {
		i := min(n-1, max(0, int(p.At.Sub(first)/time.Second)/step))
		accepted[i] += p.Accepted
		failed[i] += p.Failed
		done[i] += p.Accepted + p.Failed
	}
	var a, f int64
	for i := range n {
		length := min(step, seconds-i*step)
		a, f = a+accepted[i], f+failed[i]
		rate := float64(done[i]) / float64(length)
		if c.PerMinute {
			rate *= 60
		}
		end := first.Add(time.Duration(i*step+length) * time.Second)
		if live && i > 0 && i == n-1 && end.After(now) {
			rate = c.Rate[i-1] // this stretch is not over
		}
		c.At = append(c.At, first.Add(time.Duration(i*step)*time.Second))
		c.Accepted = append(c.Accepted, float64(a))
		c.Failed = append(c.Failed, float64(f))
		c.Rate = append(c.Rate, rate)
	}
	return c
}
