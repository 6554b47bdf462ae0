package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/sandbox"
)

// bench is an engine in a workspace of its own.
type bench struct {
	*engine.Engine
	who access.Principal
	dir string
}

func open(ctx context.Context, o options) (*bench, error) {
	dir, err := os.MkdirTemp(o.dir, "workspace-")
	if err != nil {
		return nil, err
	}
	e, err := engine.Open(ctx, engine.Options{Dir: dir, Queue: o.queue})
	if err != nil {
		return nil, err
	}
	os, err := e.Operators(ctx)
	if err != nil {
		e.Close()
		return nil, err
	}
	return &bench{Engine: e, who: access.Principal{Operator: os[0].ID}, dir: dir}, nil
}

// sent opens the workspace of the largest delivery, which everybody got, and finds it.
func (o options) sent(ctx context.Context) (*engine.Engine, delivery.View, error) {
	m, err := o.large(ctx)
	if err != nil {
		return nil, delivery.View{}, err
	}
	e, err := engine.Open(ctx, engine.Options{Dir: m.Dir})
	if err != nil {
		return nil, delivery.View{}, err
	}
	vs, err := e.Deliveries(ctx)
	if err == nil && len(vs) != 1 {
		err = fmt.Errorf("%d deliveries, want one", len(vs))
	}
	if err != nil {
		return nil, delivery.View{}, errors.Join(err, e.Close())
	}
	return e, vs[0], nil
}

func (b *bench) close() {
	b.Close()
	os.RemoveAll(b.dir)
}

// people writes n generated persons as a CSV file and returns its path.
func people(o options, n int) (string, error) {
	path := filepath.Join(o.dir, fmt.Sprintf("people-%d.csv", n))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(strings.Join(sandbox.Columns(), ",") + "\n")
	for p := range sandbox.People(1, n) {
		for i, v := range p.Values() {
			if i > 0 {
				w.WriteByte(',')
			}
			w.WriteString(v)
		}
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		f.Close()
		return "", err
	}
	return path, f.Close()
}

// letter is content that becomes a message of about 12 KB: four merge fields, an
// HTML part and a text part derived from it.
func letter() delivery.Content {
	var b strings.Builder
	b.WriteString(`<html><body><h1>Hello {{ first_name | default: "friend" }}</h1><p>News from {{ shop | default: "the shop" }} in {{ city | default: "town" }}.</p>`)
	for i := range 32 {
		fmt.Fprintf(&b, `<h2>Item %d</h2><p>The evenings are long, the soil is warm and the slugs have had their first meal. June is the month in which a garden forgives almost everything.</p>`+"\n", i+1)
	}
	b.WriteString(`<p>Your code: {{ voucher | default: "SUMMER" }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p></body></html>`)
	return delivery.Content{From: "Acme <news@acme.example>", Subject: `{{ first_name | default: "friend" }}, your garden`, HTML: b.String()}
}

// prepared makes a workspace with a delivery of the letter to n people, prepared,
// through an account.
func prepared(ctx context.Context, o options, n int, account func(*bench) (int64, error)) (*bench, delivery.View, error) {
	var v delivery.View
	file, err := people(o, n)
	if err != nil {
		return nil, v, err
	}
	b, err := open(ctx, o)
	if err != nil {
		return nil, v, err
	}
	v, err = b.prepare(ctx, file, n, account)
	if err != nil {
		b.close()
	}
	return b, v, err
}

func (b *bench) prepare(ctx context.Context, file string, n int, account func(*bench) (int64, error)) (delivery.View, error) {
	var v delivery.View
	res, err := b.Import(ctx, b.who, engine.ImportRequest{File: file, Name: "people"}, func(engine.ImportProgress) {})
	if err != nil {
		return v, err
	}
	acc, err := account(b)
	if err != nil {
		return v, err
	}
	id, err := b.CreateDelivery(ctx, b.who, delivery.Draft{Label: "bench", Content: letter(), Audience: res.Audience.ID, Account: acc})
	if err != nil {
		return v, err
	}
	if err := b.Prepare(ctx, b.who, id); err != nil {
		return v, err
	}
	if v, err = b.Delivery(ctx, id); err != nil {
		return v, err
	}
	if v.State != delivery.Ready || v.Plan.ToDeliver != int64(n) {
		return v, fmt.Errorf("prepared %d of %d, state %s, %v", v.Plan.ToDeliver, n, v.State, v.Plan.Findings)
	}
	return v, nil
}

// letterSize prepares a small delivery and returns the mean size of its messages.
func letterSize(ctx context.Context, o options) (int64, error) {
	n := min(o.recipients, 200)
	b, v, err := prepared(ctx, o, n, training(ctx))
	if err != nil {
		return 0, err
	}
	b.close()
	return v.Plan.Bytes / int64(n), nil
}

// training takes the account that every workspace has.
func training(ctx context.Context) func(*bench) (int64, error) {
	return func(b *bench) (int64, error) {
		as, err := b.Accounts(ctx)
		if err != nil {
			return 0, err
		}
		return as[0].ID, nil
	}
}
