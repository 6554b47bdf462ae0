package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"flag"
	"slices"
	"strconv"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

func logCommands() []command {
	return []command{
		{words: "delivery logs", args: "ID --tab log|sending|exclusions|causes|tracking|urls [--format csv|json]",
			brief: "Writes one of a delivery's logs.\nsending has one row for every message to deliver, exclusions one for everybody who is not\nwritten to, causes one for every exclusion rule, log what happened to the delivery.",
			min:   1, max: 1, flags: deliveryLogs},
		{words: "delivery stats", args: "ID [--compute]", brief: "Shows the figures, each rate with its denominator.\n--compute counts the sending log anew and tells every difference.",
			min: 1, max: 1, flags: deliveryStats},
		{words: "delivery in-doubt", args: "ID [--resolve sent|resend|leave]",
			brief: "Lists the messages of which nobody can know whether they arrived.\n--resolve is not built yet.",
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
		"sending":    {sendingColumns, messages(slices.DeleteFunc(delivery.MessageStates(), isExcluded)...)},
		"exclusions": {[]string{"seq", "address", "nature"}, eachExclusion},
		"causes":     {[]string{"nature", "count"}, eachCause},
	}
}

var sendingColumns = []string{"seq", "address", "state", "nature", "code", "enhanced", "reply", "attempts", "at", "next_try"}

func isExcluded(s delivery.MessageState) bool { return s == delivery.MsgExcluded }

func deliveryLogs(fs *flag.FlagSet) action {
	name := fs.String("tab", "", "")
	format := fs.String("format", "csv", "")
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
		return a.look(ctx, func(e Engine) error {
			// A delivery that is not there is an error, not an empty log.
			if _, err := e.Delivery(ctx, id); err != nil {
				return err
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

func eachLogLine(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
	lines, err := e.Log(ctx, id)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if err := row(stamp(l.At), string(l.Severity), l.Code, l.By, logSentence(l)); err != nil {
			return err
		}
	}
	return nil
}

// messages yields the rows in some states.
func messages(states ...delivery.MessageState) func(context.Context, Engine, delivery.ID, func(...any) error) error {
	return func(ctx context.Context, e Engine, id delivery.ID, row func(...any) error) error {
		return e.EachRow(ctx, id, engine.RowFilter{States: states}, func(r delivery.Row) error {
			return row(r.Seq, r.Address, r.State.String(), string(r.Nature), orNull(r.Code), r.Enhanced, r.Reply, r.Attempts, stamp(r.At), stamp(r.NextTry))
		})
	}
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

// writeJSON streams an array of objects.
func writeJSON(w *bufio.Writer, columns []string, each func(row func(...any) error) error) error {
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = append(strconv.AppendQuote(nil, c), ':')
	}
	sep := "[\n"
	err := each(func(values ...any) error {
		w.WriteString(sep)
		sep = ",\n"
		w.WriteByte('{')
		for i, v := range values {
			if i > 0 {
				w.WriteByte(',')
			}
			w.Write(names[i])
			b, err := encode(v)
			if err != nil {
				return err
			}
			w.Write(b)
		}
		return broken(w.WriteByte('}'))
	})
	if err != nil {
		return err
	}
	if sep == "[\n" {
		w.WriteString("[")
	}
	_, err = w.WriteString("\n]\n")
	return broken(err)
}

// writeCSV streams RFC 4180 with a header.
func writeCSV(w *bufio.Writer, columns []string, each func(row func(...any) error) error) error {
	c := csv.NewWriter(w)
	c.Write(columns)
	fields := make([]string, len(columns))
	err := each(func(values ...any) error {
		for i, v := range values {
			fields[i] = cell(v)
		}
		return broken(c.Write(fields))
	})
	if err != nil {
		return err
	}
	c.Flush()
	return broken(c.Error())
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return &delivery.Error{Op: "write", Kind: delivery.KindIO, File: "standard output", Err: err}
}

// cell is a value in a CSV file. A text that a spreadsheet would take for a
// formula gets an apostrophe in front; addresses and replies come from strangers.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return neutral(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return ""
}

func neutral(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r':
		return "'" + s
	}
	return s
}

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
