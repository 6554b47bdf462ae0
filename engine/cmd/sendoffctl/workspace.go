package main

import (
	"context"
	"flag"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func workspaceCommands() []command {
	return []command{
		{words: "init", args: "[--sample]", brief: "Makes a new workspace.\n--sample adds a training audience of 10,000 generated profiles, a designed delivery\nand a second operator who may prepare but not start.",
			flags: func(fs *flag.FlagSet) action {
				sample := fs.Bool("sample", false, "")
				return func(ctx context.Context, a *app, _ []string) error { return a.init(ctx, *sample) }
			}},
		{words: "operator add", args: "NAME --rights start,prepare,export,admin", brief: "Adds a person with rights.",
			min: 1, max: 1, flags: operatorAdd},
		{words: "operator list", brief: "Lists who works here; the first one acts when --as is absent.", flags: plain(operatorList)},
	}
}

func (a *app) init(ctx context.Context, sample bool) error {
	return a.change(ctx, func(e Engine, _ access.Principal) error {
		var id delivery.ID
		if sample {
			var err error
			if id, err = e.AddSample(ctx); err != nil {
				return err
			}
		}
		os, err := e.Operators(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.value(map[string]any{"workspace": e.Dir(), "operators": os, "delivery": orNull(int64(id))})
		}
		a.printf("The workspace %s is ready; %s works in it.\n", e.Dir(), os[0].Name)
		if sample {
			a.printf("It has a training audience and the delivery %s. Next: sendoffctl delivery prepare %d\n", id, int64(id))
		}
		return nil
	})
}

func operatorAdd(fs *flag.FlagSet) action {
	rights := fs.String("rights", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		rs, err := access.Parse(*rights)
		if err != nil || len(rs) == 0 {
			return usagef("--rights is a list of start, prepare, export and admin")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			o, err := e.AddOperator(ctx, who, args[0], rs)
			if err != nil {
				return err
			}
			if a.json {
				return a.value(o)
			}
			a.printf("Added %s, who may %s.\n", o.Name, mayDo(o.Rights))
			return nil
		})
	}
}

// mayDo says in words what rights allow.
func mayDo(rs access.Rights) string {
	var out []string
	for _, r := range rs {
		out = append(out, map[access.Right]string{access.Start: "start deliveries", access.Prepare: "prepare deliveries",
			access.Export: "export lists and logs", access.Admin: "manage operators and accounts"}[r])
	}
	if len(out) == 0 {
		return "look only"
	}
	return strings.Join(out, ", ")
}

func operatorList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		os, err := e.Operators(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(os), func(i int) any { return os[i] })
		}
		return a.table([]string{"NAME", "MAY"}, len(os), func(i int) []string { return []string{os[i].Name, mayDo(os[i].Rights)} })
	})
}
