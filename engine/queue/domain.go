package queue

import (
	"slices"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// strain is what a relay says for the time being about one domain. Relays that
// deliver at once, and those that pass on what the other side says, put off what is
// for a domain that has had enough; going on would only use up the attempts of its
// people, and make it worse. After alike refusals in a row nothing more goes to
// that domain for a while, then one message at a time until one is taken.
type strain struct {
	row    int // of refusals
	block  time.Duration
	until  time.Time
	detail string
}

// tripped reports whether the domain is held, or on trial.
func (s *strain) tripped() bool { return !s.until.IsZero() }

// strained counts a refusal for now that is not the recipient's own matter.
// Greylisting is one: it is over for whoever comes again, and for nobody else.
func (q *Queue) strained(l *lane, address string, res transport.Result, now time.Time) {
	v := res.Verdict
	if v.Fault == delivery.FaultRecipient || v.Nature == delivery.NatureGreylisted || res.Stage < transport.StageRcpt || res.Reply.Code/100 != 4 {
		return
	}
	domain := delivery.DomainOf(address)
	s := l.strains[domain]
	if s == nil {
		if l.strains == nil {
			l.strains = map[string]*strain{}
		}
		s = &strain{}
		l.strains[domain] = s
	}
	s.row++
	if s.until.After(now) || s.row < alike && !s.tripped() {
		return
	}
	first := time.Minute
	if waits := q.o.Backoff(l.account); len(waits) > 0 {
		first = waits[0]
	}
	s.block = min(max(2*s.block, first), limitMax)
	s.until, s.detail = now.Add(s.block).Round(0), text(res.Reply)
	for _, g := range l.legs {
		q.releaseDomain(g, domain)
		if g.flow.sends() {
			g.flow.force = true
			q.note(g.flow.ID, delivery.SeverityWarning, "domain_hold", map[string]string{"domain": domain, "account": g.name(),
				"kind": string(delivery.KindRelay), "detail": s.detail, "until": s.until.UTC().Format(time.RFC3339)})
		}
	}
}

// eased notes that a message was taken for a domain.
func (q *Queue) eased(l *lane, address string) {
	domain := delivery.DomainOf(address)
	s := l.strains[domain]
	if s == nil {
		return
	}
	delete(l.strains, domain)
	if !s.tripped() {
		return
	}
	for _, g := range l.legs {
		g.dry = false
		q.refill(g.flow, q.now())
	}
}

// holds are the domains that claims for a leg have to leave alone. Where another
// relay takes what is for a domain, the trial waits as long again.
func (g *leg) holds(now time.Time) []DomainHold {
	var out []DomainHold
	for domain, s := range g.lane.strains {
		switch {
		case s.until.After(now), s.tripped() && now.Sub(s.until) < s.block && g.flow.elsewhere(g, domain, now):
			out = append(out, DomainHold{Domain: domain, Until: s.until})
		case s.tripped():
			out = append(out, DomainHold{Domain: domain, Most: 1, Until: s.until})
		}
	}
	return out
}

// elsewhere reports whether another relay takes what is for a domain.
func (f *flow) elsewhere(g *leg, domain string, now time.Time) bool {
	return slices.ContainsFunc(f.legs, func(x *leg) bool {
		s := x.lane.strains[domain]
		return x != g && x.can(now) && (s == nil || !s.tripped())
	})
}

// releaseDomain gives the claimed messages for a domain back to the store.
func (q *Queue) releaseDomain(g *leg, domain string) {
	var keep []Job
	n := g.buffered()
	for _, j := range g.jobs[g.head:] {
		if delivery.DomainOf(j.Address) == domain {
			q.settle(g, Outcome{Ref: j.Ref, To: delivery.MsgPending, Attempt: j.Attempt, At: q.now()})
		} else {
			keep = append(keep, j)
		}
	}
	if len(keep) == n {
		return
	}
	g.jobs, g.head = keep, 0
	q.arm(true)
}

// bindingHold is the hold to show while all that waits is for one domain.
func (f *flow) bindingHold(now time.Time) *delivery.Hold {
	var first *delivery.Hold
	for _, g := range f.legs {
		b := &g.bound
		switch {
		case g.out != nil:
			continue
		case b.Domain == "" || b.Until.Sub(now) < time.Second:
			return nil
		case first != nil && !b.Until.Before(first.Until):
			continue
		}
		h := &delivery.Hold{Kind: delivery.KindLimit, Detail: b.Domain + " " + b.Words, Until: b.Until}
		if s := g.lane.strains[b.Domain]; b.Words == "" {
			h.Kind, h.Detail = delivery.KindRelay, b.Domain
			if s != nil {
				h.Detail += ": " + s.detail
			}
		}
		if f.several() {
			h.Detail = g.name() + " " + h.Detail
		}
		first = h
	}
	return first
}

// lastOf is when the last message of a domain with limits can leave at the
// earliest; zero when no domain holds anything up.
func (f *flow) lastOf() time.Time {
	var last time.Time
	for _, g := range f.legs {
		b := &g.bound
		if b.Domain == "" || b.Rate == 0 {
			return time.Time{}
		}
		if at := b.Until.Add(time.Duration(min(float64(b.Waiting)/b.Rate, 1e9) * float64(time.Second))); last.IsZero() || at.Before(last) {
			last = at
		}
	}
	return last
}
