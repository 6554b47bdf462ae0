package state

import (
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// LogTick and LogDecided are the columns of the list of what is in doubt alone.
const (
	LogTick    = "tick"
	LogDecided = "decided"
)

// Doubts is what stands over the list of what is in doubt.
type Doubts struct {
	Sentence string
	Scope    string // whom a decision is about
	Some     bool   // it is about rows that were ticked
	Choices  []Choice
	Why      string // why nothing can be decided, empty when it can
}

// Choice is one decision with what it means.
type Choice struct {
	Decision delivery.Decision
	Label    string
	Sentence string
	Weight   Weight
}

// Scope is whom a decision in the list of what is in doubt is about.
type Scope int

// Scopes.
const (
	ScopeNone      Scope = iota // the list is empty
	ScopeTicked                 // the rows that were ticked
	ScopeListed                 // all that a search found
	ScopeUndecided              // all that nobody has decided about
	ScopeAll                    // all, which were left as they are before
)

// ScopeOf is the scope when ticked rows are ticked and, in a list that a search
// narrowed or not, listed are shown.
func ScopeOf(v delivery.View, ticked, listed int, narrowed bool) (Scope, int64) {
	switch {
	case ticked > 0:
		return ScopeTicked, int64(ticked)
	case listed == 0 || v.Counters.InDoubt == 0:
		return ScopeNone, 0
	case narrowed:
		return ScopeListed, int64(listed)
	case v.Undecided() > 0:
		return ScopeUndecided, v.Undecided()
	}
	return ScopeAll, v.Counters.InDoubt
}

// DoubtsOf makes what stands over the list.
func DoubtsOf(c *text.Catalog, s Scope, n int64, o access.Operator, readOnly string) Doubts {
	d := Doubts{Sentence: c.T("doubt.sentence"), Some: s == ScopeTicked}
	switch s {
	case ScopeTicked:
		d.Scope = c.N("doubt.ticked", n)
	case ScopeListed:
		d.Scope = c.N("doubt.listed", n)
	case ScopeUndecided:
		d.Scope = c.N("doubt.undecided", n)
	case ScopeAll:
		d.Scope = c.N("doubt.left", n)
	}
	switch {
	case s == ScopeNone:
	case readOnly != "":
		d.Why = c.T("why.read_only")
	case !o.Rights.Has(access.Start):
		d.Why = c.T("doubt.no_right")
	default:
		for _, x := range []struct {
			how delivery.Decision
			w   Weight
		}{{delivery.MarkSent, Outlined}, {delivery.Leave, Outlined}, {delivery.SendAgain, Outlined}} {
			d.Choices = append(d.Choices, Choice{Decision: x.how, Label: c.T("doubt.choose." + string(x.how)), Sentence: c.T("doubt.means." + string(x.how)), Weight: x.w})
		}
	}
	return d
}

// DoubtDone says what a decision did.
func DoubtDone(c *text.Catalog, how delivery.Decision, r delivery.Resolution) string {
	if r.Decided == 0 {
		return c.T("doubt.nothing")
	}
	switch how {
	case delivery.MarkSent:
		return c.N("doubt.done_sent", r.Decided)
	case delivery.Leave:
		return c.N("doubt.done_left", r.Decided)
	}
	if r.State == delivery.Paused {
		return c.N("doubt.done_again_paused", r.Decided)
	}
	return c.N("doubt.done_again", r.Decided)
}

// DoubtCause says what made it impossible to know, after a reply that was heard.
func DoubtCause(c *text.Catalog, f delivery.Fault) string {
	return c.T("doubt.cause." + string(delivery.CauseOfDoubt(f)))
}

// Decided says what was decided about a message and by whom; empty when that is
// nothing, or is asked about again.
func Decided(c *text.Catalog, r delivery.Row, now time.Time) string {
	d := r.Decided
	switch {
	case r.Marked():
		return c.T("doubt.by_sent", "name", d.By, "time", c.When(d.At, now))
	case r.Left():
		return c.T("doubt.by_left", "name", d.By, "time", c.When(d.At, now))
	case d.Decision == delivery.SendAgain && r.State != delivery.MsgInDoubt:
		return c.T("doubt.by_again", "name", d.By, "time", c.When(d.At, now))
	}
	return ""
}
