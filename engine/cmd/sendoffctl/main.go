// Command sendoffctl is Sendoff from a shell: it prepares, confirms and sends
// deliveries, and tells what became of them, with the engine that the window
// has.
//
// It decides nothing itself. It turns a command line into calls of the engine,
// and what they return into text or JSON; every sentence for people is in say.go
// or beside its command. It runs one command and ends; a signal ends the command
// in good order. While it sends, it carries out the command lines of other
// sendoffctl processes for the same workspace, each on a goroutine of its own
// (control.go); everything else happens on one.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"sendoff/engine"
	"sendoff/engine/sandbox"
)

func main() {
	// Whoever waits for the disk holds a processor of the scheduler's.
	runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process at once: nothing is lost by it, the next
	// start sorts out what was under way.
	context.AfterFunc(ctx, stop)
	a := &app{
		out: os.Stdout, err: os.Stderr, terminal: isTerminal(os.Stderr), getenv: os.Getenv,
		open: func(ctx context.Context, o engine.Options) (Engine, error) {
			e, err := engine.Open(ctx, o)
			if err != nil {
				return nil, err // not a typed nil
			}
			return e, nil
		},
		world: func(listen string) (world, error) {
			w, err := sandbox.Start(sandbox.Options{Listen: listen})
			if err != nil {
				return nil, err
			}
			return w, nil
		},
	}
	os.Exit(a.run(ctx, os.Args[1:]))
}

// isTerminal guesses whether somebody is looking.
func isTerminal(f *os.File) bool {
	fi, err := f.Stat()
	return err == nil && fi.Mode()&os.ModeCharDevice != 0
}
