package main

import (
	"bufio"
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
		case delivery.KindLocked, delivery.KindReadOnly, delivery.KindNewerSchema:
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

func deliveryInDoubt(fs *flag.FlagSet) action {
	resolve := fs.String("resolve", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		switch *resolve {
		case "":
		case "sent", "resend", "leave":
			return later("resolving messages in doubt")(ctx, a, nil)
		default:
			return usagef("--resolve is sent, resend or leave")
		}
		return a.look(ctx, func(e Engine) error {
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			each := messages(delivery.MsgInDoubt)
			w := bufio.NewWriterSize(a.out, 1<<16)
			if a.json {
				if err := writeJSON(w, sendingColumns, func(row func(...any) error) error { return each(ctx, e, id, row) }); err != nil {
					return err
				}
				return broken(w.Flush())
			}
			var rows [][]string
			err = each(ctx, e, id, func(values ...any) error {
				row := make([]string, 0, 4)
				for _, i := range []int{0, 1, 3, 8} {
					row = append(row, cell(values[i]))
				}
				rows = append(rows, row)
				return nil
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				a.printf("%s “%s”: nothing is in doubt.\n", id, v.Label)
				return nil
			}
			a.printf("%s “%s”: %s may or may not have arrived. They are never sent again by themselves.\n", id, v.Label, plural(int64(len(rows)), "message", "messages"))
			return a.table([]string{"SEQ", "ADDRESS", "WHY", "SINCE"}, len(rows), func(i int) []string { return rows[i] })
		})
	}
}
