package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

func audienceCommands() []command {
	return []command{
		{words: "audience import", args: importArgs, brief: importBrief, min: 1, max: 1, flags: audienceImport},
		{words: "audience imports", brief: "Lists the imports, the newest first, with what they did.", flags: plain(audienceImports)},
		{words: "audience undo-import", args: "ID",
			brief: "Takes back what an import did: people whom it added go, unless they were written to, edited\nor put on another list since; fields that it changed are what they were; the audience is as before.",
			min:   1, max: 1, flags: plain(audienceUndo)},
		{words: "audience list", brief: "Lists the audiences, the newest first.", flags: plain(audienceList)},
	}
}

func separator(r rune) string {
	switch r {
	case ',':
		return "commas"
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "bars"
	}
	return fmt.Sprintf("%q", r)
}

func audienceList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		as, err := e.Audiences(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(as), func(i int) any { return as[i] })
		}
		return a.table([]string{"NAME", "PROFILES", "FROM", "IMPORTED", "FIELDS OR RULE"}, len(as), func(i int) []string {
			x := as[i]
			if x.Rule != "" {
				size := "-"
				if !x.Counted.IsZero() {
					size = number(x.Size)
				}
				return []string{x.Name, size, "a rule", moment(x.Counted), x.Rule}
			}
			return []string{x.Name, number(x.Size), x.Source, moment(x.Imported), strings.Join(x.Columns, ", ")}
		})
	})
}

// reporter shows how far a long task is: on one line of a terminal, once a
// second; elsewhere as a line every ten seconds.
type reporter struct {
	a     *app
	every time.Duration
	last  time.Time
	drawn bool
	width int
}

func (a *app) progress() *reporter {
	r := &reporter{a: a, every: 10 * time.Second, last: time.Now()}
	if a.terminal {
		r.every, r.last = time.Second, time.Time{}
	}
	return r
}

// show writes a text when it is time for one.
func (r *reporter) show(text func() string) {
	now := time.Now()
	if now.Sub(r.last) < r.every {
		return
	}
	r.last = now
	s := text()
	if !r.a.terminal {
		fmt.Fprintln(r.a.err, s)
		return
	}
	n := len([]rune(s))
	fmt.Fprintf(r.a.err, "\r%s%s", s, strings.Repeat(" ", max(0, r.width-n)))
	r.width, r.drawn = n, true
}

// end leaves the line that was drawn.
func (r *reporter) end() {
	if r.drawn {
		fmt.Fprintln(r.a.err)
		r.drawn = false
	}
}
