package bridgetest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/check"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

// ResolveDoubt decides about the rows that SetLogRows set, or counts only.
func (e *Engine) ResolveDoubt(_ context.Context, who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision) (delivery.Resolution, error) {
	fits := func(r delivery.Row) bool {
		return r.State == delivery.MsgInDoubt && !(how == delivery.Leave && r.Left())
	}
	return e.decide(who, id, numbers, how, fits, func(r *delivery.Row, v *delivery.View) {
		if r.Left() {
			v.Left--
		}
		r.Decided = delivery.Decided{Decision: how, By: e.operator(who).Name, At: Now(), Attempt: r.Attempts}
		to, _ := how.Becomes()
		if how == delivery.Leave {
			v.Left++
		}
		moveTo(r, v, to)
	})
}

// WithdrawDecision takes back what ResolveDoubt did.
func (e *Engine) WithdrawDecision(_ context.Context, who access.Principal, id delivery.ID, numbers []int64) (delivery.Resolution, error) {
	fits := func(r delivery.Row) bool { return r.Left() || r.Marked() }
	return e.decide(who, id, numbers, delivery.Withdraw, fits, func(r *delivery.Row, v *delivery.View) {
		if r.Left() {
			v.Left--
		}
		r.Decided = delivery.Decided{Decision: delivery.Withdraw, By: e.operator(who).Name, At: Now(), Attempt: r.Attempts}
		moveTo(r, v, delivery.MsgInDoubt)
	})
}

func moveTo(r *delivery.Row, v *delivery.View, to delivery.MessageState) {
	*v.Counters.Of(r.State)--
	*v.Counters.Of(to)++
	r.State = to
}

func (e *Engine) decide(who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision, fits func(delivery.Row) bool,
	change func(*delivery.Row, *delivery.View)) (delivery.Resolution, error) {
	e.mu.Lock()
	e.commands = append(e.commands, fmt.Sprintf("%s %s %v", how, id, numbers))
	err := e.fail["resolve_doubt"]
	if err == nil {
		err = e.operator(who).Check("resolve_doubt", access.Start)
	}
	if err != nil {
		e.mu.Unlock()
		return delivery.Resolution{}, err
	}
	v := e.views[id]
	rows := slices.Clone(e.log(id))
	out := delivery.Resolution{State: v.State}
	for i := range rows {
		switch r := &rows[i]; {
		case numbers != nil && !slices.Contains(numbers, r.Seq):
		case fits(*r):
			out.Decided++
			change(r, &v)
		default:
			out.Skipped++
		}
	}
	if out.Decided > 0 && how == delivery.SendAgain && v.State.Ended() {
		v.State, out.Reopened = delivery.Confirmed, true
		out.State = v.State
	}
	e.logs.rows = rows
	e.mu.Unlock()
	e.Put(v)
	return out, nil
}

// FollowUp makes a delivery as CreateDelivery does.
func (e *Engine) FollowUp(ctx context.Context, who access.Principal, id delivery.ID, r bridge.FollowRequest) (delivery.ID, error) {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return 0, err
	}
	d := v.Draft
	d.Follows, d.Audience, d.Content.Subject = delivery.Follow{Delivery: id, Mode: r.Mode, Doubtful: r.Doubtful}, r.Audience, r.Prefix+d.Content.Subject
	if r.Label != "" {
		d.Label = r.Label
	}
	e.mu.Lock()
	e.commands = append(e.commands, fmt.Sprintf("follow %s %+v", id, r))
	e.mu.Unlock()
	n, err := e.CreateDelivery(ctx, who, d)
	if err == nil {
		e.mu.Lock()
		f := e.views[n]
		f.Followed = &delivery.Follower{ID: id, Label: v.Label, Mode: r.Mode, State: v.State}
		e.views[n] = f
		v.Followers = append(slices.Clone(v.Followers), delivery.Follower{ID: n, Label: d.Label, Mode: r.Mode, State: f.State})
		e.views[id] = v
		e.mu.Unlock()
		e.Hub.Publish(event.Changed{ID: n})
	}
	return n, err
}

// Language is that of no content.
func (e *Engine) Language(delivery.Content) string { return "" }

// CheckContent finds what a preparation would find.
func (e *Engine) CheckContent(_ context.Context, d delivery.Draft) ([]delivery.Finding, error) {
	e.mu.Lock()
	err := e.fail["check_content"]
	e.mu.Unlock()
	return prepare.Content(d, nil, message.Resources{}), err
}

// CheckLinks asks nobody: every link whose host begins with "gone." is dead.
func (e *Engine) CheckLinks(_ context.Context, c delivery.Content, progress func(done, total int)) ([]delivery.Finding, error) {
	e.mu.Lock()
	err := e.fail["check_links"]
	e.mu.Unlock()
	var out []delivery.Finding
	links := check.Links(c)
	for i, l := range links {
		if strings.HasPrefix(l, "https://gone.") {
			line, column := check.Where(c.HTML, l)
			out = append(out, delivery.Finding{Code: delivery.FindLinkDead, Severity: delivery.SeverityWarning, Part: "html", Line: line, Column: column, Detail: "404 " + l})
		}
		if progress != nil {
			progress(i+1, len(links))
		}
	}
	return out, err
}
