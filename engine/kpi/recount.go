package kpi

import "sendoff/engine/delivery"

// Recount holds the stored ledger of a delivery beside one counted anew from its
// sending log.
type Recount struct {
	Stored, Counted delivery.Counters
	Differences     []Difference // empty: the stored figures are true
}

// Difference is one counter that is not what the log says. Name is the counter's
// code, such as "accepted".
type Difference struct {
	Name    string `json:"name"`
	Stored  int64  `json:"stored"`
	Counted int64  `json:"counted"`
}

// Compare lists every counter that differs, targeted first, then in the order of
// the message states.
func Compare(stored, counted delivery.Counters) Recount {
	r := Recount{Stored: stored, Counted: counted}
	differ := func(name string, s, c int64) {
		if s != c {
			r.Differences = append(r.Differences, Difference{name, s, c})
		}
	}
	differ("targeted", stored.Targeted, counted.Targeted)
	for _, s := range delivery.MessageStates() {
		differ(s.String(), *stored.Of(s), *counted.Of(s))
	}
	return r
}
