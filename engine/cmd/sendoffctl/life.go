package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

func lifeCommands() []command {
	simple := func(words, brief string, do func(Engine, context.Context, access.Principal, delivery.ID) error, tell func(a *app, v delivery.View)) command {
		return command{words: words, args: "ID", brief: brief, min: 1, max: 1, flags: plain(func(ctx context.Context, a *app, args []string) error {
			return a.deliveryCommand(ctx, args[0], func(e Engine, who access.Principal, id delivery.ID) error { return do(e, ctx, who, id) },
				func(v delivery.View) { tell(a, v) })
		})}
	}
	return []command{
		{words: "delivery wait", args: "ID [--timeout D]", min: 1, max: 1, flags: deliveryWait,
			brief: "Runs the engine until this delivery has ended.\nIt fails when the delivery does not finish: when it is paused, stopped, or --timeout (such as 90s\nor 2h) has passed. Other confirmed deliveries leave meanwhile too."},
		simple("delivery pause", "Lets a delivery stand still.", Engine.Pause, func(a *app, v delivery.View) {
			a.printf("Paused %s “%s”. Next: sendoffctl delivery resume %d\n", v.ID, v.Label, int64(v.ID))
		}),
		simple("delivery resume", "Lets a paused delivery go on.", Engine.Resume, func(a *app, v delivery.View) {
			a.printf("%s “%s” goes on while an engine runs. Next: sendoffctl delivery wait %d\n", v.ID, v.Label, int64(v.ID))
		}),
		simple("delivery stop", "Ends a delivery for good: nothing new is begun, the rest is cancelled.", Engine.Stop, func(a *app, v delivery.View) {
			c := v.Counters
			doubt := ""
			if c.InDoubt > 0 {
				doubt = ", " + number(c.InDoubt) + " in doubt"
			}
			a.printf("Stopped %s “%s”: %s got it, %s did not%s.\n", v.ID, v.Label, number(c.Accepted),
				number(c.ToDeliver()-c.Accepted-c.InDoubt), doubt)
		}),
		{words: "delivery executions", args: "ID [--preview N]", brief: "Lists the runs of a recurring delivery. Not built yet.", min: 1, max: 1,
			flags: func(fs *flag.FlagSet) action {
				fs.Int("preview", 0, "")
				return later("the runs of a recurring delivery")
			}},
	}
}

// later is what a later version does.
func later(what string) action {
	return func(context.Context, *app, []string) error {
		return &delivery.Error{Kind: delivery.KindLater, Detail: what}
	}
}

// statuses picks those of one delivery.
func statuses(events []event.Event, id delivery.ID) []delivery.Status {
	var out []delivery.Status
	for _, ev := range events {
		if s, ok := ev.(event.Status); ok && s.ID == id {
			out = append(out, s.Status)
		}
	}
	return out
}

// fatal returns why the engine gave up, if one of the events says so.
func fatal(events []event.Event) error {
	for _, ev := range events {
		if f, ok := ev.(event.Fatal); ok {
			return f.Err
		}
	}
	return nil
}

func deliveryWait(fs *flag.FlagSet) action {
	timeout := fs.Duration("timeout", 0, "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		if *timeout < 0 {
			return usagef("--timeout is a length of time, such as 90s or 2h")
		}
		return a.change(ctx, func(e Engine, _ access.Principal) error {
			// The result is read and shown also when a signal ended the wait.
			calm := context.WithoutCancel(ctx)
			v, err := e.Delivery(calm, id)
			if err != nil {
				return err
			}
			if !v.State.Ended() {
				if !v.State.Sealed() {
					return &delivery.Error{Op: "wait", Kind: delivery.KindState, Detail: string(v.State)}
				}
				if v.State != delivery.Paused {
					if a.lender == nil {
						defer a.listen(ctx, e)()
						e.Run()
					}
					if v, err = a.waitFor(ctx, e, id, *timeout); err != nil {
						return err
					}
				}
			}
			if a.json {
				if err := a.value(viewOf(v)); err != nil {
					return err
				}
			} else {
				a.show(v)
			}
			return a.ending(ctx, v)
		})
	}
}

// waitFor returns the delivery once it has ended, stands still, the time is up
// or ctx has ended.
func (a *app) waitFor(ctx context.Context, e Engine, id delivery.ID, timeout time.Duration) (delivery.View, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	if a.lender != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(a.lender, cancel)()
	}
	sub := e.Subscribe()
	defer sub.Close()
	p := a.progress()
	defer p.end()
	var why delivery.Kind // of the hold that was told
	for {
		events, waited := sub.Next(ctx)
		if err := fatal(events); err != nil {
			return delivery.View{}, err
		}
		// The mailbox says that something changed; what is true is asked.
		v, err := e.Delivery(context.WithoutCancel(ctx), id)
		if err != nil || waited != nil || v.State.Ended() || v.State == delivery.Paused {
			return v, err
		}
		if h := v.Status.Hold; h == nil {
			why = ""
		} else if h.Kind != why {
			why = h.Kind
			p.end()
			fmt.Fprintf(a.err, "Waiting until %s. %s\n", h.Until.Local().Format("15:04:05"), holdSentence(h))
		}
		p.show(func() string { return progressWords(v) })
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

// lookEvery is how long a wait leaves the engine alone between two looks.
const lookEvery = 100 * time.Millisecond

func progressWords(v delivery.View) string {
	c := v.Counters
	s := fmt.Sprintf("%s: %s of %s done", stateWord(v.State), number(c.ToDeliver()-c.Open()), number(c.ToDeliver()))
	if c.Deferred > 0 {
		s += ", " + number(c.Deferred) + " deferred"
	}
	if v.Status.Rate > 0 {
		s += fmt.Sprintf(", %s a second", number(int64(v.Status.Rate+0.5)))
	}
	if v.Status.Hold == nil && !v.Status.ETA.IsZero() {
		s += ", done at about " + v.Status.ETA.Local().Format("15:04:05")
	}
	return s
}

// holdSentence is why nothing leaves right now.
func holdSentence(h *delivery.Hold) string {
	return say(&delivery.Error{Kind: h.Kind, Detail: h.Detail})
}

// ending is nil for a delivery that finished, and otherwise says why it did not.
func (a *app) ending(ctx context.Context, v delivery.View) error {
	open := plural(v.Counters.Open(), "message is", "messages are")
	why := ""
	if h := v.Status.Hold; h != nil {
		why = " " + holdSentence(h)
	}
	switch {
	case v.State == delivery.Finished:
		return nil
	case v.State == delivery.Paused && v.Paused != nil && v.Paused.By != "":
		return &outcome{"paused", fmt.Sprintf("%s was paused by %s at %s. To go on: sendoffctl delivery resume %d", v.ID, v.Paused.By, moment(v.Paused.At), int64(v.ID))}
	case v.State == delivery.Paused:
		return &outcome{"paused", fmt.Sprintf("%s is paused. %s Then: sendoffctl delivery resume %d", v.ID, pauseSentence(v.Paused), int64(v.ID))}
	case v.State.Ended():
		return &outcome{string(v.State), fmt.Sprintf("%s did not finish: it is %s.", v.ID, stateWord(v.State))}
	case ctx.Err() != nil, a.lender != nil && a.lender.Err() != nil:
		return &outcome{"interrupted", fmt.Sprintf("Interrupted; %s still to go and nothing is lost.%s To go on: sendoffctl delivery wait %d", open, why, int64(v.ID))}
	}
	return &outcome{"timeout", fmt.Sprintf("The time is up; %s still to go.%s To go on: sendoffctl delivery wait %d", open, why, int64(v.ID))}
}
