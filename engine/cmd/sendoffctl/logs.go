package main

import (
	"bufio"
	"context"
	"flag"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sendoff/engine"
	"sendoff/engine/delivery"
	"sendoff/engine/export"
)

func logCommands() []command {
	return []command{
		{words: "delivery logs", args: "ID --tab log|sending|exclusions|causes|tracking|urls [--format csv|json] [--out FILE]",
			brief: "Writes one of a delivery's logs.\nsending has one row for every message to deliver, exclusions one for everybody who is not\nwritten to, causes one for every exclusion rule, log what happened to the delivery.\n--out writes a spreadsheet instead, .xlsx or .csv, with times in the zone of this computer.",
			min:   1, max: 1, flags: deliveryLogs},
		{words: "delivery stats", args: "ID [--compute]", brief: "Shows the figures, each rate with its denominator.\n--compute counts the sending log anew and tells every difference.",
			min: 1, max: 1, flags: deliveryStats},
		{words: "delivery check", args: "ID [--online]",
			brief: "Looks at the content and says what may go wrong with it, with the place of each finding.\n--online asks the links whether they answer: these requests leave this computer.",
			min:   1, max: 1, flags: deliveryCheck},
		{words: "delivery in-doubt", args: "ID [--resolve sent|leave|resend|withdraw [--only SEQ,SEQ…] [--yes]]",
			brief: "Lists the messages of which nobody can know whether they arrived, or decides about them.\n--resolve sent counts them as accepted; leave does not ask about them again; resend sends them again\nunder the same Message-ID, so that they may arrive twice, and wants --yes; withdraw\ntakes sent and leave back. --only names some of them.",
			min:   1, max: 1, flags: deliveryInDoubt},
	}
}

// tab is one kind of log: its columns, and what yields its rows.
type tab struct {
	columns []string
	each    func(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error
}

// tabs are the logs there are.
func tabs() map[string]tab {
	return map[string]tab{
		"log":        {[]string{"at", "severity", "code", "by", "text"}, eachLogLine},
		"sending":    {sendingColumns, sending},
		"exclusions": {[]string{"seq", "address", "nature"}, eachExclusion},
		"causes":     {[]string{"nature", "count"}, eachCause},
	}
}

var sendingColumns = []string{"seq", "address", "state", "nature", "code", "enhanced", "reply", "attempts", "at", "next_try", "decision", "decided_by", "account"}

func isExcluded(s delivery.MessageState) bool { return s == delivery.MsgExcluded }

func deliveryLogs(fs *flag.FlagSet) action {
	name := fs.String("tab", "", "")
	format := fs.String("format", "csv", "")
	out := fs.String("out", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		if *name == "tracking" || *name == "urls" {
			return later("tracking of opens and clicks")(ctx, a, nil)
		}
		t, ok := tabs()[*name]
		if !ok {
			return usagef("--tab is log, sending, exclusions, causes, tracking or urls")
		}
		if *format != "csv" && *format != "json" {
			return usagef("--format is csv or json")
		}
		if *out != "" && !slices.Contains([]string{".xlsx", ".csv"}, strings.ToLower(filepath.Ext(*out))) {
			return usagef("--out ends in .xlsx or .csv, which decides what is written; %q does neither. For JSON: --format json > FILE", filepath.Base(*out))
		}
		if *out != "" && *format != "csv" {
			return usagef("--out and --format do not go together: the ending of the file decides what is written")
		}
		return a.look(ctx, func(e Engine) error {
			// A delivery that is not there is an error, not an empty log.
			if _, err := e.Delivery(ctx, id); err != nil {
				return err
			}
			if *out != "" {
				return a.writeFile(ctx, e, id, *name, a.path(*out))
			}
			w := bufio.NewWriterSize(a.out, 1<<16)
			var err error
			if a.json || *format == "json" {
				err = writeJSON(w, t.columns, func(row func(...any) error) error { return t.each(ctx, e, id, row) })
			} else {
				err = writeCSV(w, t.columns, func(row func(...any) error) error { return t.each(ctx, e, id, row) })
			}
			if err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return &delivery.Error{Op: "write", Kind: delivery.KindIO, File: "standard output", Err: err}
			}
			return nil
		})
	}
}

// writeFile writes a log to a spreadsheet, which appears when it is whole.
func (a *app) writeFile(ctx context.Context, e Engine, id delivery.ID, name, path string) error {
	t := tabs()[name]
	f, err := export.Create(path, name, t.columns)
	if err != nil {
		return err
	}
	defer f.Abort()
	cells := make([]any, len(t.columns))
	err = t.each(ctx, e, id, func(values ...any) error {
		for i, v := range values {
			if at, ok := v.(time.Time); ok {
				v = at.Local()
			}
			cells[i] = v
		}
		return f.Row(cells)
	})
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if a.json {
		return a.value(map[string]any{"file": path, "rows": f.Rows()})
	}
	a.printf("Wrote %s to %s\n", plural(f.Rows(), "row", "rows"), path)
	return nil
}

func eachLogLine(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
	lines, err := e.Log(ctx, id)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := row(instant(l.At), string(l.Severity), l.Code, l.By, logSentence(l)); err != nil {
			return err
		}
	}
	return nil
}

// sending yields the rows of the messages to deliver.
func sending(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return err
	}
	states := slices.DeleteFunc(delivery.MessageStates(), isExcluded)
	return e.EachRow(ctx, id, engine.RowFilter{States: states}, func(r delivery.Row) error {
		return row(sendingRow(v, r)...)
	})
}

// sendingRow is one row of sendingColumns.
func sendingRow(v delivery.View, r delivery.Row) []any {
	return []any{r.Seq, r.Address, r.State.String(), string(r.Nature), orNull(r.Code), r.Enhanced, r.Reply, r.Attempts, instant(r.At), instant(r.NextTry),
		string(r.Decided.Decision), r.Decided.By, v.TakenBy(r).Name}
}

func eachExclusion(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
	return e.EachRow(ctx, id, engine.RowFilter{States: []delivery.MessageState{delivery.MsgExcluded}}, func(r delivery.Row) error {
		return row(r.Seq, r.Address, string(r.Nature))
	})
}

func eachCause(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
	v, err := e.Delivery(ctx, id)
	if err != nil || v.Plan == nil {
		return err
	}
	for _, c := range v.Plan.Causes {
		if err := row(string(c.Nature), c.Count); err != nil {
			return err
		}
	}
	return nil
}
