package session

import (
	"time"

	"sendoff/engine/delivery"
)

const (
	steps  = 200                     // changes that can be taken back, at most
	weight = 64 << 20                // bytes of drafts that are kept for it, about
	pause  = 1500 * time.Millisecond // a longer one begins a new change
)

// history is the drafts before and after the present one. Typing goes into one
// change as long as it is of one kind and does not pause.
type history struct {
	past, future []delivery.Draft
	kind         string    // of the last change; empty: the next one stands alone
	at           time.Time // of the last change
}

// add keeps what was before a change.
func (h *history) add(kind string, was delivery.Draft, now time.Time) {
	h.future = nil
	if kind == "" || kind != h.kind || now.Sub(h.at) > pause || len(h.past) == 0 {
		h.past = append(h.past, was)
	}
	h.kind, h.at = kind, now
	total := 0
	for i := len(h.past) - 1; i >= 0; i-- {
		total += size(h.past[i])
		if len(h.past)-i > steps || total > weight && i < len(h.past)-1 {
			h.past = append([]delivery.Draft(nil), h.past[i+1:]...)
			break
		}
	}
}

func size(d delivery.Draft) int {
	return len(d.Content.HTML) + len(d.Content.Text) + len(d.Content.Subject) + len(d.Content.Preheader)
}

// back gives the draft before now, and forth the one after it.
func (h *history) back(now delivery.Draft) (delivery.Draft, bool) {
	return step(&h.past, &h.future, &h.kind, now)
}

func (h *history) forth(now delivery.Draft) (delivery.Draft, bool) {
	return step(&h.future, &h.past, &h.kind, now)
}

func step(from, to *[]delivery.Draft, kind *string, now delivery.Draft) (delivery.Draft, bool) {
	n := len(*from)
	if n == 0 {
		return now, false
	}
	d := (*from)[n-1]
	*from = (*from)[:n-1]
	*to = append(*to, now)
	*kind = ""
	return d, true
}
