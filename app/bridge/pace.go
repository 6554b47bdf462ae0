package bridge

import "time"

// Pace keeps something that is asked for often from being done too often: at once
// when it was done long enough ago, else when that time has come, and then once.
// It lives on the UI goroutine.
type Pace struct {
	b       *Bridge
	every   time.Duration
	do      func()
	waiting bool
	asked   bool
	closed  bool
	stop    func()
}

// NewPace makes one that does something at most once in every.
func NewPace(b *Bridge, every time.Duration, do func()) *Pace {
	return &Pace{b: b, every: every, do: do}
}

// Ask asks for it.
func (p *Pace) Ask() {
	if p.closed || p.waiting {
		p.asked = true
		return
	}
	p.waiting = true
	p.stop = p.b.After(p.every, func() {
		p.waiting = false
		if p.asked && !p.closed {
			p.asked = false
			p.Ask()
		}
	})
	p.do()
}

// Close ends it: what was asked for is not done any more.
func (p *Pace) Close() {
	p.closed = true
	if p.stop != nil {
		p.stop()
	}
}
