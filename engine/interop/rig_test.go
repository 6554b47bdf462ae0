//go:build unix

// Package interop sends whole deliveries, from the imported list to the last
// line of the log, to mail servers that nobody here wrote: Postfix's smtp-sink
// with each of its faults, Postfix itself, and Exim. A server that is not there
// is left out.
package interop

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/invariant"
	"sendoff/engine/queue"
	"sendoff/engine/transport"
)

// TestMain ends with a look at what the engines of all tests left behind.
func TestMain(m *testing.M) {
	flag.Parse()
	// Most tests wait for relays that take their time.
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	code := m.Run()
	left := invariant.Goroutines()
	for end := time.Now().Add(10 * time.Second); len(left) > 0 && time.Now().Before(end); left = invariant.Goroutines() {
		time.Sleep(20 * time.Millisecond)
	}
	if len(left) > 0 && code == 0 {
		fmt.Fprintf(os.Stderr, "%d goroutines are left:\n%s\n", len(left), strings.Join(left, "\n\n"))
		code = 1
	}
	os.Exit(code)
}

// rig is an engine whose relays can be reached in a way of their own.
type rig struct {
	testing.TB
	*engine.Engine
	who access.Principal

	mu        sync.Mutex
	reach     map[int]func(*transport.Config) // by port
	passwords map[string]string               // by user
}

// Set and Get make the rig the keyring of its engine.
func (r *rig) Set(delivery.Account, string) error { return errors.New("not here") }

func (r *rig) Get(a delivery.Account) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if p, ok := r.passwords[a.User]; ok {
		return p, nil
	}
	return "", &delivery.Error{Kind: delivery.KindPassword}
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{TB: t, reach: map[int]func(*transport.Config){}, passwords: map[string]string{}}
	var err error
	r.Engine, err = engine.Open(context.Background(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", Secrets: r,
		Backoff: func(a delivery.Account) []time.Duration {
			if strings.Contains(a.Name, "smtp-sink") {
				return queue.DefaultBackoff(a) // what is deferred stays where it is
			}
			return []time.Duration{time.Second}
		},
		Reach: func(c *transport.Config) {
			r.mu.Lock()
			f := r.reach[c.Port]
			r.mu.Unlock()
			if f != nil {
				f(c)
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	os, err := r.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.who = access.Principal{Operator: os[0].ID}
	return r
}

// many is the number of people of a delivery: few, or with SENDOFF_SOAK=1 a lot.
func many(few, lots int) int {
	if os.Getenv("SENDOFF_SOAK") == "1" {
		return lots
	}
	return few
}

// audience imports people whose addresses follow a pattern with one %d.
func (r *rig) audience(n int, address string) int64 {
	r.Helper()
	var b strings.Builder
	b.WriteString("email,first_name,city\n")
	// What mail has trouble with: scripts, dots that begin a line, long words.
	names := []string{"Ann", "Zoë", ".", "Łukasz Żółć", "汉字", strings.Repeat("Überlang", 20), "=20", "From a friend"}
	for i := range n {
		fmt.Fprintf(&b, address+",%s,Utrecht\n", i, names[i%len(names)])
	}
	path := filepath.Join(r.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		r.Fatal(err)
	}
	s, err := r.Import(r.Context(), r.who, engine.ImportRequest{File: path, Name: fmt.Sprintf("%d %s", n, address)}, nil)
	if err != nil {
		r.Fatal(err)
	}
	return s.Audience.ID
}

// content is what the deliveries say; size is about how many bytes of text.
func content(size int) delivery.Content {
	lines := strings.Repeat("a line of text, and then one that begins with a dot:\n.\n..\n.well\n", 1+size/70)
	return delivery.Content{
		From:    "Acme <news@acme.example>",
		Subject: "Hello {{ first_name }}, été à Zürich — 100 %",
		HTML:    `<p>Dear {{ first_name | default: "friend" }} in {{ city }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>`,
		Text:    "Dear {{ first_name }},\n\n" + lines + "{{ unsubscribe_url }}\n",
	}
}

// send adds an account, and a delivery through it that has been let go.
func (r *rig) send(name string, audience int64, c delivery.Content, a delivery.Account, password string, reach func(*transport.Config)) delivery.ID {
	r.Helper()
	a.Name = name
	if a.Host == "" {
		a.Host = "127.0.0.1"
	}
	if a.Connections == 0 {
		a.Connections = 1
	}
	r.mu.Lock()
	r.reach[a.Port] = reach
	if a.User != "" {
		r.passwords[a.User] = password
	}
	r.mu.Unlock()
	ctx := r.Context()
	a, err := r.AddAccount(ctx, r.who, a, "")
	if err != nil {
		r.Fatal(err)
	}
	id, err := r.CreateDelivery(ctx, r.who, delivery.Draft{Label: name, Audience: audience, Account: a.ID, Content: c})
	if err != nil {
		r.Fatal(err)
	}
	if err := r.Prepare(ctx, r.who, id); err != nil {
		r.Fatal(err)
	}
	v := r.view(id)
	if v.State != delivery.Ready {
		r.Fatalf("state %s, findings %+v", v.State, v.Plan.Findings)
	}
	if err := r.Confirm(ctx, r.who, id, v.Plan.Hash); err != nil {
		r.Fatal(err)
	}
	return id
}

func (r *rig) view(id delivery.ID) delivery.View {
	r.Helper()
	v, err := r.Delivery(context.Background(), id)
	if err != nil {
		r.Fatal(err)
	}
	return v
}

// until waits until a delivery is as wanted.
func (r *rig) until(t testing.TB, id delivery.ID, within time.Duration, want func(delivery.View) bool) delivery.View {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		v := r.view(id)
		if want(v) {
			return v
		}
		if err := r.Broken(); err != nil {
			t.Fatalf("the engine gave up: %v", err)
		}
		if time.Now().After(end) {
			t.Fatalf("after %v still %s, hold %+v", within, summary(v, ""), v.Status.Hold)
		}
	}
}

// standing reports whether a delivery has come to a stand: ended, paused, held,
// or waiting for deferred messages.
func standing(v delivery.View) bool {
	c := v.Counters
	return c.Claimed+c.Committing == 0 && (v.State.Ended() || v.State == delivery.Paused ||
		v.State == delivery.Retrying || v.Status.Hold != nil)
}

// settled reports whether nothing will happen before somebody does something.
func settled(v delivery.View) bool {
	return standing(v) && v.Status.Hold == nil
}

// over reports whether a delivery has ended or is paused, and nothing of it is on
// its way any more; deferred messages come back by themselves.
func over(v delivery.View) bool {
	return standing(v) && (v.State.Ended() || v.State == delivery.Paused)
}

// summary is state and figures of a delivery in the words of want: with "open"
// pending and deferred are one figure, with "said" so are accepted and in doubt.
func summary(v delivery.View, want string) string {
	s := string(v.State)
	if v.Paused != nil {
		s += ":" + string(v.Paused.Kind)
	}
	if v.Status.Hold != nil {
		s += ":" + string(v.Status.Hold.Kind)
	}
	c := v.Counters
	figure := func(name string, n int64) {
		if n != 0 {
			s += fmt.Sprintf(" %s=%d", name, n)
		}
	}
	if strings.Contains(want, "said=") {
		figure("said", c.Accepted+c.InDoubt)
	} else {
		figure("accepted", c.Accepted)
		figure("in_doubt", c.InDoubt)
	}
	if strings.Contains(want, "open=") {
		figure("open", c.Pending+c.Deferred)
	} else {
		figure("pending", c.Pending)
		figure("deferred", c.Deferred)
	}
	figure("rejected", c.Rejected)
	figure("cancelled", c.Cancelled)
	figure("excluded", c.Excluded)
	figure("claimed", c.Claimed+c.Committing)
	return s
}

// row is what the log says of a recipient, for comparison.
func row(r delivery.Row) string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	return fmt.Sprintf("%s %s %d", or(string(r.Fault)), or(string(r.Nature)), r.Code)
}

// rows reads the sending log.
func (r *rig) rows(t testing.TB, id delivery.ID) []delivery.Row {
	t.Helper()
	var out []delivery.Row
	if err := r.EachRow(context.Background(), id, engine.RowFilter{}, func(x delivery.Row) error {
		out = append(out, x)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// freePort is a port of 127.0.0.1 that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// wire turns the line ends of a stored message back into those of the wire.
func wire(data []byte) []byte {
	return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))
}
