package main

import (
	"fmt"
	"strings"

	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

// view is a delivery for machines. The keys never change their meaning.
type view struct {
	ID    int64          `json:"id"`
	Label string         `json:"label"`
	State delivery.State `json:"state"`
	Plan  any            `json:"plan"` // the full hash, or null

	figures

	From      string                `json:"from"`
	Subject   string                `json:"subject"`
	Audience  any                   `json:"audience"`
	Rule      *delivery.PlanRule    `json:"rule,omitempty"` // what the audience's rule meant in the plan
	Account   any                   `json:"account"`
	Relays    []relayView           `json:"relays"` // all of them, Account's first
	Schedule  delivery.Schedule     `json:"schedule"`
	Causes    []delivery.Cause      `json:"causes"`   // of exclusion, zeros included
	Findings  []delivery.Finding    `json:"findings"` // of the last preparation
	Broken    []delivery.Part       `json:"broken"`   // edited since
	Paused    *delivery.PauseReason `json:"paused"`
	Hold      any                   `json:"hold"`     // why nothing leaves right now
	Rate      any                   `json:"rate"`     // messages a second, lately; null while none leaves
	Done      any                   `json:"done_at"`  // about when all of them have, or null
	NextTry   any                   `json:"next_try"` // of what is deferred, or null
	Created   any                   `json:"created"`
	Confirmed any                   `json:"confirmed"`
	By        any                   `json:"confirmed_by"`
	Started   any                   `json:"started"`
	Follows   any                   `json:"follows"`   // {delivery, mode, doubtful}, or null
	Followers []follower            `json:"followers"` // what follows it
	Undecided int64                 `json:"undecided"` // of in_doubt: those that still wait for a decision
	Finished  any                   `json:"finished"`
}

// follower is a delivery that follows another one, for machines.
type follower struct {
	ID    int64               `json:"id"`
	Label string              `json:"label"`
	Mode  delivery.FollowMode `json:"mode"`
	State delivery.State      `json:"state"`
}

// figures are the ledger and what is computed from it. A rate is between 0 and
// 1, or null when it would be over nothing.
type figures struct {
	delivery.Counters
	ToDeliver     int64 `json:"to_deliver"`
	Sent          int64 `json:"sent"`
	Delivered     int64 `json:"delivered"`
	BouncesErrors int64 `json:"bounces_errors"`
	UniqueOpens   int64 `json:"unique_opens"`
	UniqueClicks  int64 `json:"unique_clicks"`
	SentRate      any   `json:"sent_rate"`
	DeliveredRate any   `json:"delivered_rate"`
	BounceRate    any   `json:"bounce_rate"`
	OpenRate      any   `json:"open_rate"`
	ClickRate     any   `json:"click_rate"`
}

func figuresOf(c delivery.Counters) figures {
	k := kpi.Of(c)
	rate := func(r kpi.Rate) any {
		if !r.OK() {
			return nil
		}
		return r.Value()
	}
	return figures{Counters: c, ToDeliver: k.ToDeliver, Sent: k.Sent, Delivered: k.Delivered, BouncesErrors: k.BouncesErrors,
		UniqueOpens: k.UniqueOpens, UniqueClicks: k.UniqueClicks, SentRate: rate(k.SentRate), DeliveredRate: rate(k.DeliveredRate),
		BounceRate: rate(k.BounceRate), OpenRate: rate(k.OpenRate), ClickRate: rate(k.ClickRate)}
}

func viewOf(v delivery.View) view {
	out := view{ID: int64(v.ID), Label: v.Label, State: v.State, figures: figuresOf(v.Counters), From: v.Content.From, Subject: v.Content.Subject,
		Audience: orNull(v.AudienceName), Account: orNull(v.Account.Name), Relays: relayViews(v), Schedule: v.Schedule, Causes: []delivery.Cause{},
		Findings: []delivery.Finding{}, Broken: []delivery.Part{}, Paused: v.Paused, Undecided: v.Undecided(), Created: stamp(v.Created), Started: stamp(v.Started),
		Finished: stamp(v.Finished)}
	if p := v.Plan; p != nil {
		out.Plan = orNull(p.Hash)
		out.Causes, out.Findings = append(out.Causes, p.Causes...), append(out.Findings, p.Findings...)
		out.Broken = append(out.Broken, v.Broken...)
		out.Rule = p.Rule
	}
	out.Rate, out.Done, out.NextTry = orNull(v.Status.Rate), stamp(v.Status.ETA), stamp(v.Status.NextTry)
	if v.Follows.Delivery != 0 {
		out.Follows = v.Follows
	}
	out.Followers = []follower{}
	for _, f := range v.Followers {
		out.Followers = append(out.Followers, follower{int64(f.ID), f.Label, f.Mode, f.State})
	}
	if c := v.Confirmation; c != nil {
		out.Confirmed, out.By = stamp(c.At), orNull(c.By)
	}
	if h := v.Status.Hold; h != nil {
		out.Hold = map[string]any{"kind": h.Kind, "detail": h.Detail, "until": stamp(h.Until)}
	}
	return out
}

// show writes a delivery for people, with the sum that must hold.
func (a *app) show(v delivery.View) {
	a.printf("%s  %s: %s\n", v.ID, v.Label, stateWord(v.State))
	line := func(name, value string) {
		if value != "" {
			a.printf("  %-10s %s\n", name, value)
		}
	}
	line("sender", v.Content.From)
	line("subject", v.Content.Subject)
	if v.AudienceName != "" {
		if v.AudienceRule == "" {
			line("audience", fmt.Sprintf("%s, %s", v.AudienceName, plural(v.AudienceSize, "profile", "profiles")))
		} else {
			line("audience", v.AudienceName+", a rule: "+v.AudienceRule)
		}
		if v.Plan != nil && v.Plan.Rule != nil {
			r := v.Plan.Rule
			line("rule", fmt.Sprintf("%s, %s on %s %s", r.Text, plural(r.Count, "person", "people"), r.At.Format("2006-01-02 15:04"), r.Zone))
		}
	}
	switch {
	case len(v.Relays) > 0:
		for i, r := range v.Relays {
			line("account", fmt.Sprintf("%s, %s: %s", v.Accounts[i].Name, shareWords(r), relay(v.Accounts[i])))
		}
	case v.Account.Name != "":
		line("account", v.Account.Name+": "+relay(v.Account))
	}
	if v.Follows.Delivery != 0 {
		line("follows", modeWords(v.Follows.Mode)+" "+v.Follows.Delivery.String()+followedWords(v))
	}
	for _, f := range v.Followers {
		line("followed", fmt.Sprintf("by %s “%s”, %s it: %s", f.ID, f.Label, modeWords(f.Mode), stateWord(f.State)))
	}
	line("schedule", scheduleWords(v.Schedule))
	if p := v.Plan; p != nil {
		line("plan", p.Short()+brokenWords(v.Broken))
	}
	if c := v.Confirmation; c != nil {
		line("confirmed", moment(c.At)+" by "+c.By)
	}
	if !v.Started.IsZero() {
		line("started", moment(v.Started))
	}
	if !v.Finished.IsZero() {
		line("finished", moment(v.Finished))
	}
	if v.Paused != nil {
		line("paused", pauseSentence(v.Paused))
	}
	if h := v.Status.Hold; h != nil {
		line("waiting", holdSentence(h))
	}
	line("next", nextWords(v))
	if v.State == delivery.Sending || v.State == delivery.Retrying {
		line("done", doneWords(v))
	}
	if v.Plan == nil && v.Counters == (delivery.Counters{}) {
		return
	}
	a.printf("\n%s\n\n", ledger(v.Counters))
	a.kpis(v.Counters)
}

// nextWords is when the next message leaves that does not leave now.
func nextWords(v delivery.View) string {
	switch s := v.Status; {
	case v.State.Ended():
	case s.Hold != nil && !s.Hold.Until.IsZero():
		return "message at " + moment(s.Hold.Until)
	case !s.NextTry.IsZero():
		return fmt.Sprintf("try of %s at %s", plural(v.Counters.Deferred, "deferred message", "deferred messages"), moment(s.NextTry))
	}
	return ""
}

// doneWords is when a delivery that is sent will have ended.
func doneWords(v delivery.View) string {
	switch s := v.Status; {
	case !s.ETA.IsZero() && s.Rate > 0:
		return fmt.Sprintf("at about %s, at %.3g a second", moment(s.ETA), s.Rate)
	case !s.ETA.IsZero():
		return "at about " + moment(s.ETA)
	case v.Counters.Pending+v.Counters.Claimed+v.Counters.Committing == 0:
		return "when the last of these tries has ended"
	}
	return "unknown: nothing leaves just now; sendoffctl delivery wait " + fmt.Sprint(int64(v.ID)) + " or the window sends it"
}

// followedWords names what is followed, and whom a correction is for.
func followedWords(v delivery.View) string {
	s := ""
	if v.Followed != nil {
		s = " “" + v.Followed.Label + "”"
	}
	switch {
	case v.Follows.Mode != delivery.Correction:
	case v.Follows.Doubtful:
		s += ", for those who got it or may have got it"
	default:
		s += ", for those who got it"
	}
	return s
}

func scheduleWords(s delivery.Schedule) string {
	if s.Mode == delivery.AtDate {
		return fmt.Sprintf("%s in %s (%s here)", strings.ReplaceAll(s.Local, "T", " "), s.Zone, moment(s.At))
	}
	return "once confirmed"
}

func brokenWords(parts []delivery.Part) string {
	if len(parts) == 0 {
		return ""
	}
	return " (broken: " + partWords(parts) + " changed since; prepare again)"
}

// ledger is the sum in one line.
func ledger(c delivery.Counters) string {
	var terms []string
	for _, t := range []struct {
		name string
		n    int64
	}{{"excluded", c.Excluded}, {"pending", c.Pending}, {"claimed", c.Claimed}, {"committing", c.Committing}, {"accepted", c.Accepted},
		{"deferred", c.Deferred}, {"rejected", c.Rejected}, {"in doubt", c.InDoubt}, {"cancelled", c.Cancelled}} {
		terms = append(terms, t.name+" "+number(t.n))
	}
	s := "targeted " + number(c.Targeted) + " = " + strings.Join(terms, " + ")
	if c.Check() != nil {
		s += "\nThis does not add up; sendoffctl delivery stats ID --compute counts anew."
	}
	return s
}

// kpis writes the figures, each rate with its denominator.
func (a *app) kpis(c delivery.Counters) {
	k := kpi.Of(c)
	line := func(name string, n int64, r kpi.Rate, of string) {
		a.printf("  %-18s %12s  %s\n", name, number(n), rateWords(r, of))
	}
	a.printf("  %-18s %12s\n", "to deliver", number(k.ToDeliver))
	line("sent", k.Sent, k.SentRate, "to deliver")
	line("delivered", k.Delivered, k.DeliveredRate, "sent")
	line("bounces + errors", k.BouncesErrors, k.BounceRate, "sent")
	for _, x := range []struct {
		name string
		n    int64
	}{{"in doubt", k.InDoubt}, {"pending", k.Pending}, {"deferred", k.Deferred}, {"cancelled", k.Cancelled}} {
		if x.n > 0 {
			a.printf("  %-18s %12s\n", x.name, number(x.n))
		}
	}
	a.printf("  %-18s %12s  opens are not counted yet\n", "open rate", "–")
	a.printf("  %-18s %12s  clicks are not counted yet\n", "click-through rate", "–")
}

func rateWords(r kpi.Rate, of string) string {
	if !r.OK() {
		return "– of " + of
	}
	// Rounded down: 99.96 % is not all.
	return fmt.Sprintf("%.1f %% of %s", float64(r.Num*1000/r.Den)/10, of)
}
