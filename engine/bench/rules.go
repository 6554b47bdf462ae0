package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// counts is how often a rule is counted after everybody was read.
const counts = 21

// counting measures how long a rule of an audience takes to be counted over
// everybody, with a sample of whom it names, as the window does while it is typed.
// The delivery is one that went to all of them.
func counting(ctx context.Context, o options, t *table) error {
	e, v, err := o.sent(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	as, err := e.Audiences(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	all, err := e.CountRule(ctx, "everyone", 0, 6, func(delivery.Progress) {})
	if err != nil {
		return err
	}
	loaded := time.Since(start)
	if all.Count != int64(o.rows) {
		return fmt.Errorf("%d people are read, %d were imported", all.Count, o.rows)
	}
	got := "got delivery " + v.ID.String()
	for _, r := range []struct{ name, text string }{
		{"one field", `city is "Utrecht"`},
		{"contains, of every address", `email contains "an"`},
		{"one of 1,000 codes", `voucher one of (` + codes(1000) + `)`},
		{"got a delivery", got},
		{"groups in groups", fmt.Sprintf(`in audience "%s" and (city one of ("Utrecht", "Gent") or (first_name starts with "a" and not (last_name contains "van"))) and since after 2018-06-01 and not (%s and country is "BE") and email ends with ".example"`, as[0].Name, got)},
	} {
		began := time.Now()
		first, err := e.CountRule(ctx, r.text, 0, 6, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		once := time.Since(began)
		if first.Count == 0 && !strings.Contains(r.name, "codes") {
			return fmt.Errorf("%s names nobody", r.name)
		}
		var took []time.Duration
		for range counts {
			began := time.Now()
			again, err := e.CountRule(ctx, r.text, 0, 6, nil)
			if err != nil {
				return err
			}
			took = append(took, time.Since(began))
			if again.Count != first.Count {
				return fmt.Errorf("%s: %d people, then %d", r.name, first.Count, again.Count)
			}
		}
		name := fmt.Sprintf("rule over %d people: %s", o.rows, r.name)
		t.figure(name, atMost(float64(100*time.Millisecond), span), float64(median(took)), "the first time "+round(once).String())
		t.detail(name, round(median(took)).String(), fmt.Sprintf("%s; %d people with a sample of 6", spread(took), first.Count))
	}
	last, err := e.CountRule(ctx, "everyone", 0, 0, nil)
	if err != nil {
		return err
	}
	t.detail(fmt.Sprintf("rules: reading %d people once", o.rows), round(loaded).String(), "then kept in "+mib(float64(last.Bytes)/(1<<20))+", and freed five minutes after the last rule")
	return nil
}

// codes are vouchers that hardly anybody has.
func codes(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, `"%04d-ZZZZ"`, i)
	}
	return b.String()
}
