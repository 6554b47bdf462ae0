package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func deliveryCommands() []command {
	return []command{
		{words: "delivery create", args: "FILE.toml " + relayArgs, brief: "Makes a delivery of a delivery file.\nIts number is alone on the last line. --account and --spare: see delivery relays.",
			min: 1, max: 1, flags: deliveryCreate},
		{words: "delivery list", brief: "Lists the deliveries, the newest first.", flags: plain(deliveryList)},
		{words: "delivery show", args: "ID", brief: "Shows a delivery with its ledger.", min: 1, max: 1, flags: plain(deliveryShow)},
		{words: "delivery edit", args: "ID FILE.toml", brief: "Replaces a delivery by what a delivery file says.\nWhat was prepared must be prepared again.",
			min: 2, max: 2, flags: plain(deliveryEdit)},
		{words: "delivery relays", args: "ID --account NAME[:WEIGHT]… [--spare NAME[:WEIGHT]…]",
			brief: "Names the accounts that a delivery goes through, once each.\nMessages are divided by weight (1 when none is given) over those that can be reached and\n" +
				"have not hit their limits; a spare takes some only while that is none of the others.\nWhat was prepared must be prepared again.",
			min: 1, max: 1, flags: deliveryRelays},
		{words: "delivery duplicate", args: "ID", brief: "Makes a new delivery of an old one.\nIts number is alone on the last line.",
			min: 1, max: 1, flags: plain(deliveryDuplicate)},
		{words: "delivery delete", args: "ID", brief: "Removes a delivery and its logs.", min: 1, max: 1, flags: plain(deliveryDelete)},
		{words: "delivery prepare", args: "ID", brief: "Computes target, exclusions and messages, and seals them into a plan.\nIt fails when a finding blocks the delivery.",
			min: 1, max: 1, flags: plain(deliveryPrepare)},
		{words: "delivery confirm", args: "ID [--plan HASH]", brief: "Lets the prepared plan go. It leaves while an engine runs: delivery wait, run, or the window.\n--plan binds it to the plan that was seen (twelve digits or more).",
			min: 1, max: 1, flags: deliveryConfirm},
	}
}

// deliveryCommand runs what changes one delivery and then shows it.
func (a *app) deliveryCommand(ctx context.Context, arg string, do func(e Engine, who access.Principal, id delivery.ID) error,
	tell func(v delivery.View)) error {
	id, err := deliveryArg(arg)
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		if err := do(e, who, id); err != nil {
			return err
		}
		return a.tell(ctx, e, id, tell)
	})
}

// tell shows a delivery after a command: all of it as JSON, or a sentence.
func (a *app) tell(ctx context.Context, e Engine, id delivery.ID, sentence func(v delivery.View)) error {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return err
	}
	if a.json {
		return a.value(viewOf(v))
	}
	sentence(v)
	return nil
}

func deliveryCreate(fs *flag.FlagSet) action {
	f := newRelayFlags(fs)
	return func(ctx context.Context, a *app, args []string) error {
		return a.change(ctx, func(e Engine, who access.Principal) error {
			d, err := readDraft(ctx, e, who, a.path(args[0]))
			if err != nil {
				return err
			}
			if err := f.onto(ctx, e, &d); err != nil {
				return err
			}
			id, err := e.CreateDelivery(ctx, who, d)
			if err != nil {
				return err
			}
			return a.tell(ctx, e, id, func(v delivery.View) {
				a.printf("Created %s “%s”. Next: sendoffctl delivery prepare %d\n%d\n", id, v.Label, int64(id), int64(id))
			})
		})
	}
}

func deliveryList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		vs, err := e.Deliveries(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(vs), func(i int) any { return viewOf(vs[i]) })
		}
		return a.table([]string{"ID", "STATE", "LABEL", "AUDIENCE", "TO DELIVER", "DELIVERED", "BOUNCES + ERRORS"}, len(vs), func(i int) []string {
			v := vs[i]
			k := viewOf(v)
			return []string{v.ID.String(), stateWord(v.State), v.Label, orDash(v.AudienceName), number(k.ToDeliver), number(k.Delivered), number(k.BouncesErrors)}
		})
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func deliveryShow(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.look(ctx, func(e Engine) error { return a.tell(ctx, e, id, a.show) })
}

func deliveryEdit(ctx context.Context, a *app, args []string) error {
	return a.deliveryCommand(ctx, args[0], func(e Engine, who access.Principal, id delivery.ID) error {
		d, err := readDraft(ctx, e, who, a.path(args[1]))
		if err != nil {
			return err
		}
		return e.EditDelivery(ctx, who, id, d)
	}, func(v delivery.View) {
		a.printf("Changed %s “%s” by %s.\n", v.ID, v.Label, filepath.Base(args[1]))
		if len(v.Broken) > 0 {
			a.printf("Its plan no longer holds (%s). Next: sendoffctl delivery prepare %d\n", partWords(v.Broken), int64(v.ID))
		}
	})
}

func deliveryDuplicate(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		n, err := e.DuplicateDelivery(ctx, who, id)
		if err != nil {
			return err
		}
		return a.tell(ctx, e, n, func(v delivery.View) {
			a.printf("Created %s “%s” from %s.\n%d\n", n, v.Label, id, int64(n))
		})
	})
}

func deliveryDelete(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		if err := e.DeleteDelivery(ctx, who, id); err != nil {
			return err
		}
		if a.json {
			return a.value(map[string]any{"id": int64(id), "deleted": true})
		}
		a.printf("Removed %s.\n", id)
		return nil
	})
}

// outcome is an end that is no error of the engine and still no success.
type outcome struct{ code, sentence string }

func (o *outcome) Error() string { return o.sentence }

func deliveryPrepare(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		stop := a.watchPreparation(ctx, e, id)
		err := e.Prepare(ctx, who, id)
		stop()
		if err != nil {
			return err
		}
		v, err := e.Delivery(ctx, id)
		if err != nil {
			return err
		}
		if a.json {
			if err := a.value(viewOf(v)); err != nil {
				return err
			}
		} else {
			a.prepared(v)
		}
		if v.State == delivery.PreparationFailed {
			return &outcome{"preparation_failed", fmt.Sprintf("%s cannot be sent like this: correct what the findings say, then prepare it again.", id)}
		}
		return nil
	})
}

// watchPreparation shows how far a preparation is until the function that it
// returns is called.
func (a *app) watchPreparation(ctx context.Context, e Engine, id delivery.ID) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	sub := e.Subscribe()
	go func() {
		defer close(done)
		p := a.progress()
		defer p.end()
		for {
			events, err := sub.Next(ctx)
			if err != nil {
				return
			}
			for _, s := range statuses(events, id) {
				if q := s.Preparation; q != nil {
					p.show(func() string { return fmt.Sprintf("preparing: %s of %s", number(q.Done), number(q.Total)) })
				}
			}
		}
	}()
	return func() {
		cancel()
		<-done
		sub.Close()
	}
}

// prepared shows what a preparation found.
func (a *app) prepared(v delivery.View) {
	p := v.Plan
	if p == nil {
		a.printf("%s “%s”: %s.\n", v.ID, v.Label, stateWord(v.State))
		return
	}
	if v.State == delivery.Ready {
		a.printf("%s “%s” is ready. Plan %s\n", v.ID, v.Label, p.Short())
	} else {
		a.printf("%s “%s”: %s\n", v.ID, v.Label, stateWord(v.State))
	}
	line := func(name string, n int64) { a.printf("  %-20s %12s\n", name, number(n)) }
	line("targeted", p.Targeted)
	for _, c := range p.Causes {
		line("- "+natureWord(c.Nature), c.Count)
	}
	line("to deliver", p.ToDeliver)
	for _, f := range p.Findings {
		a.printf("  %s: %s\n", f.Severity, findingSentence(f))
	}
	if v.State == delivery.Ready {
		if p.Unusual() {
			a.printf("  This is far more than usual: the median of the last ten deliveries is %s.\n", number(p.Usual))
		}
		a.printf("Next: sendoffctl delivery confirm %d --plan %s\n", int64(v.ID), p.Hash[:12])
	}
}

func deliveryConfirm(fs *flag.FlagSet) action {
	plan := fs.String("plan", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		return a.deliveryCommand(ctx, args[0], func(e Engine, who access.Principal, id delivery.ID) error {
			hash := *plan
			if hash == "" {
				v, err := e.Delivery(ctx, id)
				if err != nil {
					return err
				}
				if v.Plan != nil {
					hash = v.Plan.Hash
				}
			}
			return e.Confirm(ctx, who, id, hash)
		}, func(v delivery.View) {
			when := "at once"
			if v.Schedule.Mode == delivery.AtDate {
				when = "at " + v.Schedule.Local + " " + v.Schedule.Zone
			}
			a.printf("Confirmed %s “%s”: %s, leaving %s while an engine runs. Next: sendoffctl delivery wait %d\n",
				v.ID, v.Label, plural(v.Counters.ToDeliver(), "message", "messages"), when, int64(v.ID))
		})
	}
}
