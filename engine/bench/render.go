package main

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

// rendering measures one message after the other on one processor: ours, compiled
// once and with its static parts encoded once, against html/template and go-mail.
func rendering(_ context.Context, o options, t *table) error {
	ours, err := ourRender(false)
	if err != nil {
		return err
	}
	guarded, err := ourRender(true)
	if err != nil {
		return err
	}
	theirs, err := theirRender()
	if err != nil {
		return err
	}
	n := min(o.recipients, 20_000)
	var a, b, g []time.Duration
	var faster, guardedFaster []float64
	var sizes [2]int
	for i := range o.runs {
		x, err := timed(n, ours, &sizes[0])
		if err != nil {
			return err
		}
		y, err := timed(max(n/4, 1), theirs, &sizes[1])
		if err != nil {
			return err
		}
		z, err := timed(n, guarded, &sizes[0])
		if err != nil {
			return err
		}
		a, b, g = append(a, x), append(b, y), append(g, z)
		faster, guardedFaster = append(faster, y.Seconds()/x.Seconds()), append(guardedFaster, y.Seconds()/z.Seconds())
		note("render %d/%d: sendoff %s, html/template + go-mail %s", i+1, o.runs, x, y)
	}
	t.figure("render, with the sum for the seal ÷ html/template + go-mail", atLeast(15, ratio), median(faster),
		fmt.Sprintf("%s for %d bytes, ours %s for %d", median(b), sizes[1], median(a), sizes[0]))
	t.shown("the same and the guard of the wire, as when preparing", ratio(median(guardedFaster)), "ours "+median(g).String())
	return nil
}

// timed is what one of n messages takes.
func timed(n int, render func(i int) (int, error), size *int) (time.Duration, error) {
	start := time.Now()
	for i := range n {
		var err error
		if *size, err = render(i); err != nil {
			return 0, err
		}
	}
	return (time.Since(start) / time.Duration(n)).Round(10 * time.Nanosecond), nil
}

// ourRender is what the engine does with a message before it leaves, and with the
// guard what it does when it prepares it.
func ourRender(guard bool) (func(i int) (int, error), error) {
	tpl, findings := message.Compile(letter())
	if tpl == nil {
		return nil, fmt.Errorf("the letter: %v", findings)
	}
	people := acquaintances()
	var buf message.Buffer
	now := time.Now()
	return func(i int) (int, error) {
		p := people[i%len(people)]
		m, err := tpl.Render(&buf, message.Recipient{Address: p["email"], Fields: p}, message.Envelope{Delivery: 1, Date: now, Today: now,
			MessageID: message.MessageID(1, "bench", int64(i), "acme.example"), UnsubscribeMailto: p["unsubscribe_url"]})
		if err == nil && guard {
			err = message.Guard(m.Data, prepare.MaxSize)
		}
		return len(m.Data), err
	}, nil
}

// theirRender is the same message by html/template and go-mail.
func theirRender() (func(i int) (int, error), error) {
	ob, err := newObvious(letter())
	if err != nil {
		return nil, err
	}
	people := acquaintances()
	var out bytes.Buffer
	return func(i int) (int, error) {
		out.Reset()
		err := ob.write(&out, people[i%len(people)], i)
		return out.Len(), err
	}, nil
}
