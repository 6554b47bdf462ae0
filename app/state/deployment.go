package state

import (
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// deployed reports whether there is anything to say of preparation or sending.
func deployed(v delivery.View) bool {
	return v.Plan != nil || v.State != delivery.Editing
}

func deployment(c *text.Catalog, in Input) Deployment {
	v := in.View
	d := Deployment{Headline: c.T("headline." + string(v.State)), HeadlineTone: toneOf(v.State), SentenceTone: Quiet}
	d.Compute = !in.View.Started.IsZero() || v.State == delivery.Finished
	d.Chart = !v.Started.IsZero()
	switch v.State {
	case delivery.Editing, delivery.Ready:
		sealed(c, in, &d)
	case delivery.Preparing:
		preparing(c, v, &d)
	case delivery.PreparationFailed:
		d.Sentence, d.SentenceTone = c.T("sentence.preparation_failed"), Neutral
	case delivery.Confirmed:
		confirmed(c, in, &d)
	case delivery.Sending, delivery.Retrying, delivery.Paused:
		sending(c, in, &d)
	default:
		ended(c, in, &d)
	}
	if v.State == delivery.Editing || v.State == delivery.Ready || v.State == delivery.PreparationFailed {
		d.Findings = Findings(c, v.Plan)
	}
	if sent(v.State) {
		d.KPIs = sendingKPIs(c, v)
	} else {
		d.KPIs = planKPIs(c, v)
	}
	d.Chips = append(d.Chips, chips(c, in)...)
	return d
}

// sent reports whether the figures of sending replace those of the plan.
func sent(s delivery.State) bool {
	switch s {
	case delivery.Sending, delivery.Retrying, delivery.Paused, delivery.Finished, delivery.Stopped, delivery.Failed:
		return true
	}
	return false
}

func sealed(c *text.Catalog, in Input, d *Deployment) {
	v := in.View
	d.Ring = Ring{Shown: true, Share: 1, Tone: Blue}
	d.HeadlineTone, d.SentenceTone = Neutral, Blue
	switch {
	case v.Plan == nil:
		d.Ring.Share, d.Ring.Tone = 0, Quiet
		d.Sentence, d.SentenceTone = c.T("sentence.editing"), Quiet
	case len(v.Broken) > 0:
		d.Headline = c.T("headline.ready")
		d.Ring.Tone = Amber
		d.Sentence = c.N("sentence.broken", int64(len(v.Broken)), "parts", c.Parts(v.Broken))
		d.SentenceTone = Amber
	case v.State == delivery.Editing:
		d.Ring.Tone = Amber
		d.Sentence, d.SentenceTone = c.T("sentence.editing"), Amber
	case !in.Operator.Rights.Has(access.Start):
		d.Sentence, d.SentenceTone = c.T("sentence.ready_no_right"), Quiet
	case v.Schedule.Mode == delivery.AtDate && v.Schedule.At.After(in.Now):
		d.Sentence = c.T("sentence.ready_at", "date", c.DateTimeIn(v.Schedule.At, zoneOf(c, v)))
	default:
		d.Sentence = c.T("sentence.ready")
	}
	if v.Plan != nil {
		d.Detail = planDetail(c, v.Plan)
	}
}

func planDetail(c *text.Catalog, p *delivery.Plan) string {
	var bits []string
	warnings, errors := weigh(p.Findings)
	if errors > 0 {
		bits = append(bits, c.N("detail.errors", errors))
	}
	if warnings > 0 {
		bits = append(bits, c.N("detail.warnings", warnings))
	}
	if n := p.Targeted - p.ToDeliver; n > 0 {
		bits = append(bits, c.T("detail.excluded", "n", n))
	} else {
		bits = append(bits, c.T("detail.none_excluded"))
	}
	return strings.Join(bits, " · ")
}

func weigh(fs []delivery.Finding) (warnings, errors int64) {
	for _, f := range fs {
		switch f.Severity {
		case delivery.SeverityError:
			errors++
		case delivery.SeverityWarning:
			warnings++
		}
	}
	return warnings, errors
}

func preparing(c *text.Catalog, v delivery.View, d *Deployment) {
	d.Live = true
	d.Ring = Ring{Shown: true, Tone: Quiet}
	d.Sentence = c.T("sentence.preparing")
	if p := v.Status.Preparation; p != nil && p.Total > 0 {
		d.Ring.Share = share(p.Done, p.Total)
		d.Sentence = c.T("sentence.preparing_progress", "done", p.Done, "total", p.Total)
	}
}

func confirmed(c *text.Catalog, in Input, d *Deployment) {
	v := in.View
	d.Live = true
	d.Ring = Ring{Shown: true, Tone: Blue}
	switch {
	case v.Status.Hold != nil:
		d.Sentence, d.SentenceTone = hold(c, v.Status, in.Now), Amber
	case v.Schedule.Mode == delivery.AtDate && v.Schedule.At.After(in.Now):
		d.Sentence = c.T("sentence.confirmed_at", "date", c.DateTimeIn(v.Schedule.At, zoneOf(c, v)), "zone", v.Schedule.Zone)
	default:
		d.Sentence = c.T("sentence.confirmed_now")
	}
}

// hold says why nothing leaves, when the next message does, and where that can be
// known when all have.
func hold(c *text.Catalog, s delivery.Status, now time.Time) string {
	h := s.Hold
	reason := c.Reason(h.Kind, h.Detail)
	switch {
	case h.Until.IsZero():
		return reason
	case h.Kind != delivery.KindLimit:
		return c.T("hold.sentence", "reason", reason, "time", soon(c, h.Until, now))
	case s.ETA.IsZero():
		return c.T("hold.limit", "reason", reason, "time", soon(c, h.Until, now))
	}
	return c.T("hold.limit_done", "reason", reason, "time", soon(c, h.Until, now), "done", c.When(s.ETA, now))
}

// soon is a moment to the second when it is less than a minute away, so that it is
// never the minute that has already begun.
func soon(c *text.Catalog, t, now time.Time) string {
	if t.Sub(now) < time.Minute {
		return c.ClockSeconds(t)
	}
	return c.When(t, now)
}

func sending(c *text.Catalog, in Input, d *Deployment) {
	v := in.View
	k := v.Counters
	done := k.Accepted + k.Rejected + k.InDoubt + k.Cancelled
	d.Live = v.State != delivery.Paused
	d.Ring = Ring{Shown: true, Share: share(done, k.ToDeliver()), Tone: toneOf(v.State)}
	switch {
	case v.State == delivery.Paused:
		d.Sentence = c.T("sentence.paused")
		if p := v.Paused; p != nil && p.By != "" {
			d.Sentence = c.T("sentence.paused_by", "name", p.By, "time", c.When(p.At, in.Now))
		}
	case v.Status.Hold != nil:
		d.Sentence, d.SentenceTone = hold(c, v.Status, in.Now), Amber
	case v.State == delivery.Retrying && !v.Status.NextTry.IsZero():
		d.Sentence = c.N("sentence.retrying", k.Deferred, "time", c.When(v.Status.NextTry, in.Now))
	case v.State == delivery.Retrying:
		d.Sentence = c.T("sentence.retrying_soon")
	case v.Status.Rate > 0 && !v.Status.ETA.IsZero():
		d.Sentence = c.T("sentence.sending", "rate", c.Rate(v.Status.Rate), "time", c.When(v.Status.ETA, in.Now))
	case v.Status.Rate > 0:
		d.Sentence = c.T("sentence.sending_rate", "rate", c.Rate(v.Status.Rate))
	case !v.Status.ETA.IsZero():
		d.Sentence = c.T("sentence.sending_done", "time", c.When(v.Status.ETA, in.Now))
	default:
		d.Sentence, d.Detail = c.T("sentence.sending_start"), c.T("sentence.sending_unknown")
	}
}

func ended(c *text.Catalog, in Input, d *Deployment) {
	v := in.View
	k := v.Counters
	not := k.ToDeliver() - k.Accepted - k.InDoubt
	switch v.State {
	case delivery.Finished:
		d.Sentence = c.T("sentence.finished")
		if took := v.Finished.Sub(v.Started); !v.Started.IsZero() && took > 0 && v.Reopened.IsZero() {
			n := float64(k.Accepted+k.Rejected) / max(took.Seconds(), 1)
			d.Sentence = c.T("sentence.finished_in", "duration", took, "rate", c.ShortRate(n))
		}
	case delivery.Stopped:
		d.Sentence, d.Detail = c.N("sentence.stopped", k.Accepted, "not", not), c.T("sentence.two_lists")
		if !v.Finished.IsZero() {
			d.Sentence = c.N("sentence.stopped_time", k.Accepted, "not", not, "time", c.When(v.Finished, in.Now))
		}
	case delivery.Failed:
		d.Sentence, d.Detail = c.N("sentence.failed", k.Accepted, "not", not), c.T("sentence.two_lists")
	case delivery.Expired:
		d.Sentence = c.T("sentence.expired")
	case delivery.Skipped:
		d.Sentence = c.T("sentence.skipped")
	}
}

func chips(c *text.Catalog, in Input) []Chip {
	v := in.View
	k := v.Counters
	if !sent(v.State) && v.State != delivery.Confirmed {
		return nil
	}
	var out []Chip
	if v.State == delivery.Stopped || v.State == delivery.Failed {
		// The two lists that a stop promises.
		out = append(out, Chip{ChipGot, c.N("chip.got", k.Accepted), Green}, Chip{ChipNot, c.T("chip.not", "n", k.Rejected+k.Cancelled), Quiet})
	}
	if k.Deferred > 0 && !v.State.Ended() {
		t := c.T("chip.deferred", "n", k.Deferred)
		if n := v.Status.NextTry; !n.IsZero() {
			t = c.T("chip.deferred_next", "n", k.Deferred, "time", c.When(n, in.Now))
		}
		out = append(out, Chip{ChipDeferred, t, Amber})
	}
	if v.State == delivery.Paused && k.Open() > 0 {
		out = append(out, Chip{ChipPending, c.T("chip.pending", "n", k.Open()), Quiet})
	}
	if k.InDoubt > 0 {
		chip := Chip{ChipInDoubt, c.T("chip.in_doubt", "n", k.InDoubt), Amber}
		switch {
		case v.Undecided() == 0:
			chip.Tone = Quiet // left so, by a person
		case in.Operator.Rights.Has(access.Start) && in.ReadOnly == "":
			chip.Text = c.T("doubt.chip", "n", v.Undecided())
		}
		out = append(out, chip)
	}
	return out
}

// ChipPlace is the list that a chip opens; ok is false when it opens none.
func ChipPlace(k ChipKey) (at LogPlace, ok bool) {
	switch k {
	case ChipInDoubt:
		return LogPlaceOf(delivery.MsgInDoubt), true
	case ChipGot:
		return LogPlaceOf(delivery.MsgAccepted), true
	case ChipNot:
		at = LogPlaceOf(delivery.MsgCancelled)
		at.Query.States = append(at.Query.States, delivery.MsgRejected)
		return at, true
	case ChipDeferred:
		return LogPlaceOf(delivery.MsgDeferred), true
	case ChipPending:
		at = LogPlaceOf(delivery.MsgPending)
		at.Query.States = append(at.Query.States, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgDeferred)
		return at, true
	}
	return at, false
}

// Findings lists what the control rules found, errors first.
func Findings(c *text.Catalog, p *delivery.Plan) []Finding {
	if p == nil {
		return nil
	}
	var out []Finding
	for _, s := range []delivery.Severity{delivery.SeverityError, delivery.SeverityWarning, delivery.SeverityInfo} {
		for _, f := range p.Findings {
			if f.Severity == s {
				tone := map[delivery.Severity]Tone{delivery.SeverityError: Red, delivery.SeverityWarning: Amber, delivery.SeverityInfo: Blue}[s]
				out = append(out, Finding{Text: c.Finding(f), Severity: s, Tone: tone})
			}
		}
	}
	return out
}

func share(done, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return min(1, max(0, float64(done)/float64(total)))
}

// Ends reports when the next sentence of a dashboard changes by itself, with no
// event to say so: the contact date. Zero when nothing does.
func Ends(v delivery.View) time.Time {
	if (v.State == delivery.Ready || v.State == delivery.Confirmed) && v.Schedule.Mode == delivery.AtDate {
		return v.Schedule.At
	}
	return time.Time{}
}
