// Package prepare turns a draft into a sealed plan: it runs the rules in their
// documented order, renders every message once and freezes what it finds.
//
// The order is that of the field's reference product: control rules before
// targeting (sender, account, audience), native exclusions (address missing,
// invalid, on the denylist, in quarantine, written to by what it tops up, duplicate), control rules after
// targeting (empty target, content), before personalisation (subject,
// unsubscription link, merge tags) and after it (values for every recipient,
// size, rendering). A rule never changes anything; it yields findings.
//
// The package reads and writes through its Source and Sink and holds no state.
// Run renders on all cores, calls Source, Sink and Progress from one goroutine
// each, and returns when all of them are idle.
package prepare

import (
	"context"
	"time"

	"sendoff/engine/check"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Target is one profile of the audience.
type Target struct {
	Profile     int64
	Address     string
	Key         string // empty: missing or invalid
	Fields      string // JSON object
	Denied      bool
	Quarantined bool
	Written     bool      // by the delivery that this one tops up, or by another top-up of it
	LastSent    time.Time // zero: never written to
}

// Message is one row of the plan.
type Message struct {
	Seq     int64 // from 1
	Profile int64
	Address string
	Key     string
	Fields  string
	Sum     []byte          // message.Message.Sum
	Files   []delivery.File // of the recipient alone, one for each attachment that has a path
	Cause   delivery.Nature // why it is excluded, or NatureNone
}

// Source yields the target: first the profiles without a key, then by key.
type Source func(ctx context.Context, fn func(Target) error) error

// Sink takes the plan's messages in the order of their Seq.
type Sink func(Message) error

// Input is everything a plan is made from.
type Input struct {
	ID        delivery.ID
	Draft     delivery.Draft
	Account   delivery.Account
	Accounts  []delivery.Account // of several relays, in their order
	Columns   []string           // fields of the audience
	Size      int64              // profiles in the target, for progress
	Rule      *delivery.PlanRule // what the audience's rule meant; nil for a list
	Unmet     []delivery.Finding // why the rule could not be evaluated
	Followed  delivery.State     // of the delivery that it follows, empty without one
	Usual     int64
	By        string
	Now       time.Time
	Workspace string
	Source    Source
	Sink      Sink
	Progress  func(done, total int64) // may be nil

	// Resources is what the content refers to. Its Sender goes into the plan.
	Resources message.Resources
	// Freeze reads the file of a recipient's path and keeps a copy for the time
	// of sending. A *attachment.Trouble is a finding, any other error ends the
	// run. It is called from several goroutines.
	Freeze func(path string) (delivery.File, []byte, error)
}

// lately is how recent a message must be to count as "mailed lately".
const lately = 3 * 24 * time.Hour

// MaxSize is the largest message, in bytes, that a plan lets out; the relay may
// allow less.
const MaxSize = 20 << 20

// Run makes the plan. The error is of KindCancelled when ctx ends, or what
// Source and Sink return; findings are no errors.
func Run(ctx context.Context, in Input) (delivery.Plan, error) {
	p := delivery.Plan{At: in.Now.UTC(), By: in.By, Usual: in.Usual, Rule: in.Rule}
	p.Language = message.Language(in.Draft.Content)
	if in.Resources.Sender != nil {
		p.Sender = *in.Resources.Sender
	}
	t, compiled := message.CompileWith(in.Draft.Content, in.Resources)
	senders, compiled := split(compiled, func(f delivery.Finding) bool { return f.Part == message.PartFrom || f.Part == message.PartReplyTo })
	p.Findings = append(senders, beforeTargeting(in)...)

	r := &run{in: in, t: t, plan: &p, causes: map[delivery.Nature]int64{}, missing: map[string]int64{}, trouble: map[delivery.FindingCode]*delivery.Finding{}}
	if t != nil && t.Whole() && !blocked(senders) {
		r.press = NewPress(t, in.ID, in.Draft, in.Workspace, p.At)
	}
	if in.Draft.Aimed() {
		if err := r.target(ctx); err != nil {
			return p, err
		}
	}
	for _, n := range delivery.Causes() {
		p.Causes = append(p.Causes, delivery.Cause{Nature: n, Count: r.causes[n]})
	}
	p.Findings = append(p.Findings, r.afterTargeting()...)
	p.Findings = append(p.Findings, compiled...)
	p.Findings = append(p.Findings, r.beforePersonalisation()...)
	p.Findings = append(p.Findings, r.afterPersonalisation()...)
	p.Findings = append(p.Findings, check.Content(check.Input{Content: in.Draft.Content, Asset: pictures(in.Resources)})...)
	if p.Findings == nil {
		p.Findings = []delivery.Finding{}
	}
	p.Estimate = estimate(in, p.ToDeliver)

	p.Parts = map[delivery.Part]string{delivery.PartRecipients: r.seal().Hash()}
	for _, part := range delivery.Parts() {
		if part != delivery.PartRecipients {
			p.Parts[part] = delivery.PartHash(part, in.Draft, in.Account, in.Accounts[min(1, len(in.Accounts)):]...)
		}
	}
	p.Hash = delivery.SealHash(in.ID, p.Parts)
	return p, nil
}

// blocked reports whether one of the findings is an error. Without a sender no
// message can be rendered: the one finding says it, not one for each recipient.
func blocked(fs []delivery.Finding) bool {
	return (&delivery.Plan{Findings: fs}).Blocked()
}

// split divides findings in two, keeping their order.
func split(fs []delivery.Finding, first func(delivery.Finding) bool) (a, b []delivery.Finding) {
	for _, f := range fs {
		if first(f) {
			a = append(a, f)
		} else {
			b = append(b, f)
		}
	}
	return a, b
}

// Typical rates in messages a second and connection, until an account has been
// measured: a relay some 25 ms away with four round trips a message, and the
// training relay with its own small delays.
const (
	typicalRate         = 10
	typicalTrainingRate = 60
)

// Estimate is how long n messages will take on an account: by its limits and by
// its measured rate, or a typical one when it never sent.
func Estimate(a delivery.Account, n int64) time.Duration {
	rate := a.Rate
	if rate <= 0 {
		rate = typicalRate * float64(max(1, a.Connections))
		if a.Training() {
			rate = typicalTrainingRate * float64(max(1, a.Connections))
		}
	}
	d := time.Duration(float64(n) / rate * float64(time.Second))
	for _, l := range []struct {
		n      int
		window time.Duration
	}{{a.PerSecond, time.Second}, {a.PerMinute, time.Minute}, {a.PerHour, time.Hour}, {a.PerDay, 24 * time.Hour}} {
		if l.n <= 0 || n <= int64(l.n) {
			continue
		}
		// The first window's worth leaves at once, the rest one window later
		// each.
		d = max(d, time.Duration((n-1)/int64(l.n))*l.window)
	}
	return d
}

// estimate is that of a delivery: of several relays, the one that takes longest
// with its share.
func estimate(in Input, n int64) time.Duration {
	if len(in.Draft.Relays) == 0 || len(in.Accounts) != len(in.Draft.Relays) {
		return Estimate(in.Account, n)
	}
	sum := int64(0)
	for _, r := range in.Draft.Relays {
		if !r.Spare {
			sum += int64(r.Weight)
		}
	}
	var d time.Duration
	for i, r := range in.Draft.Relays {
		if !r.Spare {
			d = max(d, Estimate(in.Accounts[i], (n*int64(r.Weight)+sum-1)/sum))
		}
	}
	return d
}
