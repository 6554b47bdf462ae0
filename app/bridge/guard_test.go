package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/event"
)

type none struct{}

func (none) Set(delivery.Account, string) error   { return errors.New("no keyring") }
func (none) Get(delivery.Account) (string, error) { return "", errors.New("no keyring") }

// TestFault16PanicInTheWindow: a callback of the window panics in the midst of a
// delivery. The engine ends in good order before the program does: no outcome is
// lost, nothing is in doubt, and the rest waits.
func TestFault16PanicInTheWindow(t *testing.T) {
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Delay: 2 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	dir := t.TempDir()
	o := engine.Options{Dir: dir, Secrets: none{}}
	e, err := engine.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	id := confirmed(t, e, sink.Port())
	ui := make(chan func(), 100)
	b := New(func(f func()) { ui <- f }, nil)
	b.Follow(e.Subscribe(), func(es []event.Event) {
		for _, x := range es {
			if s, ok := x.(event.Status); ok && s.Counters.Accepted > 50 {
				panic("a defect of the window")
			}
		}
	})
	e.Run()
	said := func() (p any) {
		defer func() { p = recover() }()
		Guard(e, func() {
			for f := range ui {
				f()
			}
		})
		return nil
	}()
	if said != "a defect of the window" {
		t.Errorf("the panic did not go on: %v", said)
	}
	b.Cancel()

	if e, err = engine.Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c := v.Counters; c.InDoubt+c.Claimed+c.Committing != 0 || c.Accepted != sink.Accepted() || c.Accepted == 2000 {
		t.Errorf("%+v, the receiver has %d", c, sink.Accepted())
	}
	var got []invariant.Receipt
	for _, r := range sink.Receipts() {
		got = append(got, invariant.Receipt{Recipient: r.Recipient, MessageID: r.MessageID})
	}
	invariant.Check(t, e, id, got)
}

// confirmed makes a delivery to a receiver.
func confirmed(t *testing.T, e *engine.Engine, port int) delivery.ID {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var list strings.Builder
	list.WriteString("email\n")
	for i := range 2000 {
		fmt.Fprintf(&list, "p%d@post.example\n", i)
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	must(os.WriteFile(path, []byte(list.String()), 0o600))
	who := access.Principal{Operator: 1}
	people, err := e.Import(ctx, who, engine.ImportRequest{File: path, Name: "People"}, nil)
	must(err)
	a, err := e.AddAccount(ctx, who, delivery.Account{Name: "sink", Host: "127.0.0.1", Port: port, Security: delivery.SecurityNone, Connections: 2}, "")
	must(err)
	id, err := e.CreateDelivery(ctx, who, delivery.Draft{Label: "Test", Audience: people.Audience.ID, Account: a.ID,
		Content: delivery.Content{From: "Acme <news@acme.example>", Subject: "Hello", HTML: `<p>Hello</p><a href="{{ unsubscribe_url }}">Unsubscribe</a>`}})
	must(err)
	must(e.Prepare(ctx, who, id))
	v, err := e.Delivery(ctx, id)
	must(err)
	must(e.Confirm(ctx, who, id, v.Plan.Hash))
	return id
}

// TestWorkThatPanics is an error of that work.
func TestWorkThatPanics(t *testing.T) {
	u := newUI(0)
	b := New(u.post, nil)
	said := make(chan error, 1)
	Run(b, "broken", func(context.Context) (int, error) { panic("a defect") }, func(_ int, err error) { said <- err })
	if err := <-said; !delivery.Is(err, delivery.KindInternal) {
		t.Errorf("got %v", err)
	}
	b.Close()
	u.close()
}
