package queue

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// alike is how many equal refusals in a row, none of them a recipient's fault,
// pause a delivery: it is not the list that is bad.
const alike = 5

// judge turns what the transport saw into the message's outcome, and draws the
// conclusions for the lane and the delivery. Under Queue.mu.
func (q *Queue) judge(w *worker, h *held, res transport.Result) Outcome {
	now, l, g, v := q.now().Round(0), w.lane, h.leg, res.Verdict
	f := g.flow
	if v.Outcome == transport.Again && res.Stage == transport.StageConnect {
		return h.back() // nothing was said about it
	}
	o := Outcome{Ref: h.job.Ref, Attempt: h.job.Attempt, Nature: v.Nature, Fault: v.Fault,
		Code: res.Reply.Code, Enhanced: res.Reply.Enhanced, Reply: res.Reply.Text, At: now}
	if h.intent != durable && (v.Outcome == transport.Accepted || v.Outcome == transport.InDoubt) {
		panic("a final dot without an intent")
	}
	spoke := true // the relay answered for this message, over a session that works
	switch v.Outcome {
	case transport.Accepted:
		o.To = delivery.MsgAccepted
		if len(l.strains) > 0 {
			q.eased(l, h.job.Address)
		}
		g.refusals, g.doubts = 0, 0
	case transport.Rejected:
		o.To = delivery.MsgRejected
		q.refused(g, v, res.Reply)
	case transport.Deferred:
		spoke = res.Usable
		q.postpone(f, &o)
		q.strained(l, h.job.Address, res, now)
	case transport.InDoubt:
		spoke = false
		q.doubt(g, &o, res)
	case transport.Suspend:
		q.suspend(l, g, res, now)
		return h.back()
	default:
		spoke = false
		o = h.back()
		if q.hardCtx.Err() == nil {
			o = q.interrupted(g, o, res)
		}
	}
	if spoke {
		w.done++
		q.worked(l, now)
	}
	// A session that ends after an answer has reached its number of messages:
	// nothing is wrong with the relay.
	if !res.Usable && !spoke && !q.stopping {
		l.window = 1
		if w.done == 0 {
			k, detail := reason(res)
			q.stumble(l, k, detail, now)
		}
	}
	return o
}

// refused counts equal refusals that are not the recipients' fault.
func (q *Queue) refused(g *leg, v transport.Verdict, r transport.Reply) {
	if v.Fault == delivery.FaultRecipient {
		return
	}
	if g.code != r.Code || g.enhanced != r.Enhanced {
		g.code, g.enhanced, g.refusals = r.Code, r.Enhanced, 0
	}
	g.refusals++
	if g.refusals < alike {
		return
	}
	k := v.Kind
	switch {
	case k != "":
	case v.Fault == delivery.FaultContent:
		k = delivery.KindContentRefused
	default:
		k = delivery.KindRelay
	}
	q.drop(g, k, text(r))
	g.refusals = 0
}

// postpone sets the next try, or the end when it would come too late.
func (q *Queue) postpone(f *flow, o *Outcome) {
	o.To = delivery.MsgDeferred
	waits := q.o.Backoff(f.Account)
	wait := time.Duration(0)
	if len(waits) > 0 {
		wait = waits[min(max(o.Attempt, 1), len(waits))-1]
	}
	// Ten per cent either way keeps what was deferred together from coming
	// back together.
	wait += time.Duration((q.rng.Float64() - 0.5) * 0.2 * float64(wait))
	o.NextTry = o.At.Add(wait)
	if !f.Validity.IsZero() && o.NextTry.After(f.Validity) {
		o.To, o.Nature, o.NextTry = delivery.MsgRejected, delivery.NatureExpired, time.Time{}
	}
}

// doubt records a lost reply. A cut line leaves at most a window of them on each
// connection; more in a row without a single acceptance mean that the relay
// swallows messages, and trying on would put the whole list in doubt.
func (q *Queue) doubt(g *leg, o *Outcome, res transport.Result) {
	o.To = delivery.MsgInDoubt
	if o.Nature == delivery.NatureNone {
		o.Nature = delivery.NatureLostReply
	}
	g.doubts++
	if g.doubts >= g.lane.limit()*max(1, g.lane.reach)+alike {
		k, detail := reason(res)
		q.drop(g, k, detail)
		g.doubts = 0
	}
}

// interrupted counts the sessions that ended under a message before it was
// committed to. One that breaks every session would be claimed again for ever,
// ahead of all others: after a few it waits its turn like any deferred message.
// That a relay has had enough of a connection may happen to it on all of them
// before it means anything.
func (q *Queue) interrupted(g *leg, o Outcome, res transport.Result) Outcome {
	f, v, most := g.flow, res.Verdict, tries
	if res.Reply.Code == 421 {
		most += g.lane.limit()
	}
	if f.broke == nil {
		f.broke = map[int64]int{}
	}
	f.broke[o.Seq]++
	if f.broke[o.Seq] < most {
		return o
	}
	o.Nature, o.Fault = v.Nature, v.Fault
	if o.Nature == delivery.NatureNone {
		o.Nature = delivery.NatureUnreachable
	}
	if o.Fault == delivery.FaultNone || o.Fault == delivery.FaultRecipient {
		o.Fault = delivery.FaultRelay
	}
	q.postpone(f, &o)
	return o
}

// suspend acts on a refusal that is no recipient's fault: it holds the account
// when time may mend it and pauses when a person must.
func (q *Queue) suspend(l *lane, g *leg, res transport.Result, now time.Time) {
	k, detail := reason(res)
	switch {
	case res.Verdict.Nature == delivery.NatureRelayLimit:
		q.overLimit(l, k, detail, now)
	case personal(k):
		q.dropAll(l, k, detail)
	case k == delivery.KindUnreachable, k == delivery.KindTimeout,
		(k == delivery.KindRelay || k == delivery.KindProtocol) && res.Reply.Code < 500:
		q.stumble(l, k, detail, now)
	default:
		q.drop(g, k, detail)
	}
	if !res.Usable {
		l.window = 1
	}
}

// reason names why a session or an account failed.
func reason(res transport.Result) (delivery.Kind, string) {
	detail := text(res.Reply)
	if detail == "" && res.Err != nil {
		detail = detailOf(res.Err)
	}
	if k := res.Verdict.Kind; k != "" {
		return k, detail
	}
	switch res.Verdict.Nature {
	case delivery.NatureSenderRefused:
		return delivery.KindSenderRefused, detail
	case delivery.NatureContentRefused:
		return delivery.KindContentRefused, detail
	case delivery.NatureAuth:
		return delivery.KindAuth, detail
	}
	var e *delivery.Error
	switch {
	case errors.As(res.Err, &e):
		return e.Kind, detail
	case res.Reply.Code > 0:
		return delivery.KindRelay, detail
	}
	return delivery.KindUnreachable, detail
}

// text is a reply as people read it.
func text(r transport.Reply) string {
	if r.Code == 0 {
		return r.Text
	}
	return strings.TrimSpace(strings.TrimSpace(strconv.Itoa(r.Code)+" "+r.Enhanced) + " " + r.Text)
}
