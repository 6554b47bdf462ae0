package main

import (
	"context"
	"flag"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

func deliveryStats(fs *flag.FlagSet) action {
	compute := fs.Bool("compute", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		show := func(e Engine) error {
			var recount *kpi.Recount
			if *compute {
				r, err := e.ComputeStats(ctx, id)
				if err != nil {
					return err
				}
				recount = &r
			}
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			return a.stats(v, recount)
		}
		if !*compute {
			return a.look(ctx, show)
		}
		// Counting anew corrects what is wrong, when nobody else has the workspace.
		err = a.change(ctx, func(e Engine, _ access.Principal) error { return show(e) })
		switch delivery.KindOf(err) {
		case delivery.KindLocked, delivery.KindReadOnly, delivery.KindNewerSchema, delivery.KindShared, delivery.KindCrashes:
			return a.look(ctx, show)
		}
		return err
	}
}

// stats writes the figures of a delivery; recount is nil when it was not asked
// for.
func (a *app) stats(v delivery.View, recount *kpi.Recount) error {
	c := v.Counters
	if recount != nil {
		c = recount.Counted
	}
	if a.json {
		out := struct {
			ID    int64          `json:"id"`
			Label string         `json:"label"`
			State delivery.State `json:"state"`
			figures
			Differences *[]kpi.Difference `json:"differences,omitempty"`
		}{ID: int64(v.ID), Label: v.Label, State: v.State, figures: figuresOf(c)}
		if recount != nil {
			ds := append([]kpi.Difference{}, recount.Differences...)
			out.Differences = &ds
		}
		return a.value(out)
	}
	a.printf("%s  %s: %s\n\n%s\n\n", v.ID, v.Label, stateWord(v.State), ledger(c))
	a.kpis(c)
	if recount == nil {
		return nil
	}
	if len(recount.Differences) == 0 {
		a.printf("\nCounted anew from the sending log: no differences.\n")
		return nil
	}
	a.printf("\nCounted anew from the sending log: %s.\n", plural(int64(len(recount.Differences)), "difference", "differences"))
	for _, d := range recount.Differences {
		a.printf("  %s: %s in the log, %s was stored\n", d.Name, number(d.Counted), number(d.Stored))
	}
	return nil
}
