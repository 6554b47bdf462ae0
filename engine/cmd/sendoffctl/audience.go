package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func audienceCommands() []command {
	return []command{
		{words: "audience import", args: "FILE --name LABEL [--map email=COLUMN,…]",
			brief: "Makes an audience of a CSV file.\nThe e-mail column is recognised by its header or its values; --map names it, by header\nor number, and gives other columns another name. Bad rows go to a file beside it.",
			min:   1, max: 1, flags: audienceImport},
		{words: "audience list", brief: "Lists the audiences, the newest first.", flags: plain(audienceList)},
	}
}

func audienceImport(fs *flag.FlagSet) action {
	name := fs.String("name", "", "")
	columns := map[string]string{}
	fs.Func("map", "", func(s string) error { return readMap(columns, s) })
	return func(ctx context.Context, a *app, args []string) error {
		file, err := filepath.Abs(a.path(args[0]))
		if err != nil {
			return &delivery.Error{Op: "import", Kind: delivery.KindIO, File: args[0], Err: err}
		}
		if strings.TrimSpace(*name) == "" {
			return usagef("--name is missing: what the audience will be called")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			p := a.progress()
			res, err := e.Import(ctx, who, engine.ImportRequest{File: file, Name: *name, Map: columns}, func(ip engine.ImportProgress) {
				p.show(func() string {
					share := ""
					if ip.Total > 0 {
						share = fmt.Sprintf(" (%d %%)", min(100, ip.Bytes*100/ip.Total))
					}
					return fmt.Sprintf("importing: %s rows, %s rejected%s", number(ip.Rows), number(ip.Rejected), share)
				})
			})
			p.end()
			if err != nil {
				return err
			}
			return a.imported(filepath.Base(file), res)
		})
	}
}

// readMap reads "email=Column,name=Other". A comma belongs to a column's name
// when no "=" follows before the next one.
func readMap(into map[string]string, s string) error {
	last := ""
	for part := range strings.SplitSeq(s, ",") {
		field, column, ok := strings.Cut(part, "=")
		field = strings.TrimSpace(field)
		switch {
		case ok && field != "" && strings.TrimSpace(column) != "":
			into[field], last = strings.TrimSpace(column), field
		case !ok && last != "":
			into[last] += "," + part
		default:
			return fmt.Errorf("%q is not of the form email=COLUMN", part)
		}
	}
	return nil
}

func (a *app) imported(file string, r engine.ImportResult) error {
	if a.json {
		return a.value(struct {
			Audience   delivery.Audience `json:"audience"`
			Rows       int64             `json:"rows"`
			Added      int64             `json:"added"`
			Updated    int64             `json:"updated"`
			Merged     int64             `json:"merged"`
			Rejected   int64             `json:"rejected"`
			RejectFile any               `json:"reject_file"`
			Encoding   string            `json:"encoding"`
			Delimiter  string            `json:"delimiter"`
		}{r.Audience, r.Rows, r.Added, r.Updated, r.Merged, r.Rejected, orNull(r.RejectFile), r.Encoding, string(r.Delimiter)})
	}
	a.printf("Imported %s as “%s”: %s.\n", file, r.Audience.Name, plural(r.Audience.Size, "profile", "profiles"))
	a.printf("  read as %s, columns separated by %s: %s\n", r.Encoding, separator(r.Delimiter), strings.Join(r.Audience.Columns, ", "))
	a.printf("  %s: %s new, %s known before, %s of an address that came before\n", plural(r.Rows, "good row", "good rows"),
		number(r.Added), number(r.Updated), number(r.Merged))
	if r.Rejected > 0 {
		a.printf("  %s, with line and reason in %s\n", plural(r.Rejected, "bad row", "bad rows"), r.RejectFile)
	}
	return nil
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
