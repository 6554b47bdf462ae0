package main

import (
	"context"
	"flag"
	"fmt"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

func serveCommands() []command {
	return []command{
		{words: "feedback read", args: "FILE…", brief: "Says what a bounce or a complaint means. Not built yet.", min: 1, max: 1 << 20,
			flags: plain(later("reading bounces and complaints"))},
		{words: "audit verify", brief: "Checks the audit trail. Not built yet.", flags: plain(later("the audit trail"))},
		{words: "audit export", args: "FILE", brief: "Writes the audit trail to a file. Not built yet.", min: 1, max: 1,
			flags: plain(later("the audit trail"))},
		{words: "run", brief: "Runs the engine until it is interrupted: what is confirmed leaves at its date.", flags: plain(run)},
		{words: "sandbox", args: "--listen 127.0.0.1:PORT", brief: "Runs the training mail world alone, until it is interrupted.\nIt listens on this computer only and forwards nothing.",
			flags: func(fs *flag.FlagSet) action {
				listen := fs.String("listen", "", "")
				return func(ctx context.Context, a *app, _ []string) error { return a.sandbox(ctx, *listen) }
			}},
	}
}

// run keeps the engine going and tells on standard error what happens.
func run(ctx context.Context, a *app, _ []string) error {
	a.alone = true
	return a.change(ctx, func(e Engine, _ access.Principal) error {
		defer a.listen(ctx, e)()
		sub := e.Subscribe()
		defer sub.Close()
		e.Run()
		fmt.Fprintf(a.err, "The engine runs on %s. End it with Ctrl-C; nothing is lost by that.\n", e.Dir())
		states := map[delivery.ID]delivery.State{}
		for {
			events, err := sub.Next(ctx)
			if err != nil {
				break
			}
			if err := fatal(events); err != nil {
				return err
			}
			for _, ev := range events {
				if s, ok := ev.(event.Status); ok && states[s.ID] != s.State {
					states[s.ID] = s.State
					c := s.Counters
					fmt.Fprintf(a.err, "%s %s: %s of %s done\n", s.ID, stateWord(s.State), number(c.ToDeliver()-c.Open()), number(c.ToDeliver()))
				}
			}
		}
		if a.json {
			return a.value(map[string]any{"workspace": e.Dir(), "ended": "interrupted"})
		}
		return nil
	})
}

// sandbox runs the training mail world without an engine.
func (a *app) sandbox(ctx context.Context, listen string) error {
	if listen == "" {
		return usagef("--listen is missing: 127.0.0.1 and a port")
	}
	w, err := a.world(listen)
	if err != nil {
		return err
	}
	if !a.json {
		a.printf("The training mail world listens on %s. End it with Ctrl-C.\n", w.Addr())
	} else if err := a.value(map[string]any{"listen": w.Addr()}); err != nil {
		return err
	}
	<-ctx.Done()
	err = w.Close()
	s := w.Stats()
	fmt.Fprintf(a.err, "Accepted %s; refused %s.\n", plural(s.Accepted, "message", "messages"),
		plural(s.Unknown+s.Disabled+s.Full+s.FullForNow+s.Greylisted, "recipient", "recipients"))
	return err
}
