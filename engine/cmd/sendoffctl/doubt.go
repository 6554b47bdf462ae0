package main

import (
	"bufio"
	"context"
	"flag"
	"slices"
	"strconv"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// decisionOf maps what --resolve takes to decisions.
func decisionOf(word string) (delivery.Decision, bool) {
	switch word {
	case "sent":
		return delivery.MarkSent, true
	case "resend":
		return delivery.SendAgain, true
	case "leave":
		return delivery.Leave, true
	case "withdraw":
		return delivery.Withdraw, true
	}
	return "", false
}

func deliveryInDoubt(fs *flag.FlagSet) action {
	resolve := fs.String("resolve", "", "")
	only := fs.String("only", "", "")
	yes := fs.Bool("yes", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		if *resolve == "" {
			if *only != "" || *yes {
				return usagef("--only and --yes belong to --resolve")
			}
			return a.look(ctx, func(e Engine) error { return a.inDoubt(ctx, e, id) })
		}
		how, ok := decisionOf(*resolve)
		if !ok {
			return usagef("--resolve is sent, resend, leave or withdraw")
		}
		numbers, err := numberList(*only)
		if err != nil {
			return err
		}
		if how == delivery.SendAgain && !*yes {
			return usagef("who got a message that is in doubt gets it twice when it is sent again, and that cannot be undone; add --yes to do it")
		}
		return a.resolve(ctx, id, numbers, how)
	}
}

// numberList reads "3,8,12"; nothing is nil.
func numberList(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	var out []int64
	for f := range strings.SplitSeq(s, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(f), 10, 64)
		if err != nil || n < 1 {
			return nil, usagef("--only is a list of numbers, such as 3,8,12; the first column has them")
		}
		out = append(out, n)
	}
	return out, nil
}

// resolve decides, and tells what that did.
func (a *app) resolve(ctx context.Context, id delivery.ID, numbers []int64, how delivery.Decision) error {
	return a.change(ctx, func(e Engine, who access.Principal) error {
		var r delivery.Resolution
		var err error
		if how == delivery.Withdraw {
			r, err = e.WithdrawDecision(ctx, who, id, numbers)
		} else {
			r, err = e.ResolveDoubt(ctx, who, id, numbers, how)
		}
		if err != nil {
			return err
		}
		v, err := e.Delivery(ctx, id)
		if err != nil {
			return err
		}
		if a.json {
			return a.value(map[string]any{"id": int64(id), "decision": how, "decided": r.Decided, "skipped": r.Skipped, "reopened": r.Reopened,
				"state": r.State, "in_doubt": v.Counters.InDoubt, "undecided": v.Undecided()})
		}
		a.printf("%s “%s”: %s%s.\n", id, v.Label, decidedWords(how, r.Decided), skippedWords(r.Skipped))
		switch {
		case r.Decided == 0 || how != delivery.SendAgain:
		case r.State == delivery.Paused:
			a.printf("It is paused. Next: sendoffctl delivery resume %d\n", int64(id))
		default:
			a.printf("They leave while an engine runs. Next: sendoffctl delivery wait %d\n", int64(id))
		}
		return nil
	})
}

func decidedWords(how delivery.Decision, n int64) string {
	if n == 0 {
		return "nothing was decided"
	}
	switch how {
	case delivery.MarkSent:
		return plural(n, "message counts as accepted, marked as sent", "messages count as accepted, marked as sent")
	case delivery.SendAgain:
		return plural(n, "message is sent again and may arrive twice", "messages are sent again and may arrive twice")
	case delivery.Withdraw:
		return plural(n, "message is asked about again", "messages are asked about again")
	}
	return plural(n, "message stays in doubt and is not asked about again", "messages stay in doubt and are not asked about again")
}

func skippedWords(n int64) string {
	if n == 0 {
		return ""
	}
	return "; " + plural(n, "was in doubt no more, or decided already", "were in doubt no more, or decided already")
}

// doubtColumns are those of the sending log and what is known besides.
var doubtColumns = slices.Concat(sendingColumns, []string{"decided_at", "cause", "relay", "message_id", "bytes"})

// inDoubt lists what is in doubt with everything a decision can be based on.
func (a *app) inDoubt(ctx context.Context, e Engine, id delivery.ID) error {
	v, err := e.Delivery(ctx, id)
	if err != nil {
		return err
	}
	if a.json {
		w := bufio.NewWriterSize(a.out, 1<<16)
		if err := writeJSON(w, doubtColumns, func(row func(...any) error) error {
			return e.EachDoubt(ctx, id, func(d delivery.Doubt) error {
				return row(append(sendingRow(v, d.Row), stamp(d.Decided.At), string(d.Cause), d.Relay, d.MessageID, d.Bytes)...)
			})
		}); err != nil {
			return err
		}
		return broken(w.Flush())
	}
	var rows [][]string
	if err := e.EachDoubt(ctx, id, func(d delivery.Doubt) error {
		rows = append(rows, []string{strconv.FormatInt(d.Seq, 10), d.Address, moment(d.In.At), strconv.Itoa(d.In.Number), orThing(d.Relay, "training relay"),
			evidenceWords(d), d.MessageID, decisionWords(d.Row)})
		return nil
	}); err != nil {
		return err
	}
	if len(rows) == 0 {
		a.printf("%s “%s”: nothing is in doubt.\n", id, v.Label)
		return nil
	}
	a.printf("%s “%s”: %s may or may not have arrived. They are never sent again by themselves.\n", id, v.Label, plural(int64(len(rows)), "message", "messages"))
	if err := a.table([]string{"SEQ", "ADDRESS", "SINCE", "ATTEMPT", "RELAY", "EVIDENCE", "MESSAGE-ID", "DECISION"}, len(rows), func(i int) []string { return rows[i] }); err != nil {
		return err
	}
	if v.Undecided() > 0 {
		a.printf("Decide with --resolve sent, resend or leave, for all or with --only SEQ,SEQ. A receiver's log can be searched for the Message-ID.\n")
	}
	return nil
}

// evidenceWords is what made it impossible to know.
func evidenceWords(d delivery.Doubt) string {
	switch d.Cause {
	case delivery.DoubtCrash:
		return "Sendoff ended after the intent"
	case delivery.DoubtUnreadable:
		return "the reply is no SMTP" + colon(d.In.Reply)
	}
	return "connection ended before the reply" + colon(d.In.Reply)
}

// decisionWords is what was decided about a message and by whom.
func decisionWords(r delivery.Row) string {
	if r.State == delivery.MsgInDoubt && !r.Left() {
		return "-"
	}
	switch r.Decided.Decision {
	case delivery.MarkSent:
		return "marked as sent by " + r.Decided.By
	case delivery.SendAgain:
		return "sent again by " + r.Decided.By
	case delivery.Leave:
		return "left by " + r.Decided.By
	}
	return "-"
}
