package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"sendoff/engine/delivery"
)

// command is one thing that the program can do.
type command struct {
	words string // "delivery create"
	args  string // what its help shows of arguments and flags
	brief string
	min   int // positional arguments
	max   int
	// flags defines the command's own flags and returns what runs with them.
	flags func(*flag.FlagSet) action
}

type action func(ctx context.Context, a *app, args []string) error

// plain is a command without flags of its own.
func plain(f action) func(*flag.FlagSet) action { return func(*flag.FlagSet) action { return f } }

// commands lists them all, in the order of the help.
func commands() []command {
	return slices.Concat(workspaceCommands(), accountCommands(), dkimCommands(), audienceCommands(), ruleCommands(), templateCommands(), deliveryCommands(), contentCommands(), proofCommands(), followCommands(), lifeCommands(), logCommands(), serveCommands())
}

// Exit statuses.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3
)

// run carries out one command line and returns the exit status.
func (a *app) run(ctx context.Context, args []string) int {
	// The errors of a command line that cannot be read are JSON too, when asked.
	a.json = slices.ContainsFunc(args, func(s string) bool { return s == "--json" || s == "-json" })
	err := a.dispatch(ctx, args)
	if delivery.Is(err, delivery.KindLocked) && !a.alone {
		if status, done := a.forward(ctx, args); done {
			return status
		}
	}
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		a.sayError(err)
	}
	return exitOf(err)
}

func exitOf(err error) int {
	switch delivery.KindOf(err) {
	case "":
		return exitDone
	case delivery.KindUsage:
		return exitUsage
	case delivery.KindRight, delivery.KindStalePlan, delivery.KindSealBroken, delivery.KindState:
		return exitRefused
	}
	return exitFailed
}

// dispatch finds the command. The flags of the program may stand before, between
// and after its words.
func (a *app) dispatch(ctx context.Context, args []string) error {
	var words []string
	for {
		fs := a.flagSet(strings.Join(words, " "))
		if err := fs.Parse(args); err != nil {
			return a.badFlags(err, strings.Join(words, " "))
		}
		args = fs.Args()
		if len(args) == 0 {
			break
		}
		words = append(words, args[0])
		args = args[1:]
		path := strings.Join(words, " ")
		if path == "help" {
			return a.help(strings.Join(args, " "))
		}
		if c := find(path); c != nil {
			return a.call(ctx, c, args)
		}
		if !isGroup(path) {
			return usagef("there is no command %q; sendoffctl --help lists them", path)
		}
	}
	if len(words) == 0 {
		usage(a.err, "")
		return usagef("a command is missing")
	}
	usage(a.err, strings.Join(words, " "))
	return usagef("%q needs one more word", strings.Join(words, " "))
}

func find(path string) *command {
	for _, c := range commands() {
		if c.words == path {
			return &c
		}
	}
	return nil
}

func isGroup(path string) bool {
	return slices.ContainsFunc(commands(), func(c command) bool { return strings.HasPrefix(c.words, path+" ") })
}

// call reads the rest of the command line, in which flags and arguments may be
// mixed, and runs the command.
func (a *app) call(ctx context.Context, c *command, args []string) error {
	fs := a.flagSet(c.words)
	act := c.flags(fs)
	var pos []string
	for {
		if err := fs.Parse(args); err != nil {
			return a.badFlags(err, c.words)
		}
		rest := fs.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			pos = append(pos, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		pos, args = append(pos, rest[0]), rest[1:]
	}
	if len(pos) < c.min || len(pos) > c.max {
		return usagef("it is: sendoffctl %s", strings.TrimSpace(c.words+" "+c.args))
	}
	return act(ctx, a, pos)
}

// flagSet has the flags of the program. Those given before stay.
func (a *app) flagSet(name string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&a.workspace, "workspace", a.workspace, "")
	fs.StringVar(&a.as, "as", a.as, "")
	fs.BoolVar(&a.json, "json", a.json, "")
	fs.BoolVar(&a.insist, "start-anyway", a.insist, "")
	return fs
}

func (a *app) badFlags(err error, path string) error {
	if errors.Is(err, flag.ErrHelp) {
		usage(a.out, path)
		return err
	}
	why := err.Error()
	if name, unknown := strings.CutPrefix(why, "flag provided but not defined: -"); unknown {
		why = "there is no option --" + name
	}
	return usagef("%s; sendoffctl %s tells what there is", why, strings.TrimSpace(path+" --help"))
}

func (a *app) help(path string) error {
	if path != "" && find(path) == nil && !isGroup(path) {
		return usagef("there is no command %q; sendoffctl --help lists them", path)
	}
	usage(a.out, path)
	return nil
}

const introduction = `sendoffctl prepares, confirms and sends e-mail deliveries, and tells what became of them.

  sendoffctl [--workspace DIR] [--as OPERATOR] [--json] COMMAND

  --workspace DIR   the folder of the workspace; the user's own when absent
  --as OPERATOR     on whose behalf, by name; the workspace's first operator when absent
  --json            one JSON value on standard output, errors as JSON on standard error
  --start-anyway    open a workspace in a shared folder, or one with which Sendoff crashed, all the same

Exit status: 0 done, 1 failed, 2 the command line is wrong, 3 refused (a right, a
changed plan, or a state in which it is not possible).

`

// usage writes the help for the program, a group of commands or one command.
func usage(w io.Writer, path string) {
	if c := find(path); c != nil {
		fmt.Fprintf(w, "sendoffctl %s\n\n%s\n", strings.TrimSpace(c.words+" "+c.args), c.brief)
		return
	}
	if path == "" {
		io.WriteString(w, introduction)
	}
	for _, c := range commands() {
		if path != "" && !strings.HasPrefix(c.words, path+" ") {
			continue
		}
		first, _, _ := strings.Cut(c.brief, "\n")
		fmt.Fprintf(w, "  %s\n        %s\n", strings.TrimSpace(c.words+" "+c.args), first)
	}
}

// usagef is the error of a command line that cannot be understood.
func usagef(format string, args ...any) error {
	return &delivery.Error{Kind: delivery.KindUsage, Detail: fmt.Sprintf(format, args...)}
}
