package sandbox

import (
	"context"
	"fmt"
	"math"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

func start(t testing.TB, o Options) *World {
	t.Helper()
	w, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w
}

func dial(t testing.TB, w *World) *transport.Session {
	t.Helper()
	s, err := transport.Dial(context.Background(), transport.Config{
		Host: "127.0.0.1", Port: port(t, w), Security: delivery.SecurityNone, MaxMessages: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Abort)
	return s
}

func port(t testing.TB, w *World) int {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", w.Addr())
	if err != nil {
		t.Fatal(err)
	}
	return a.Port
}

func mail(to string) transport.Mail {
	return transport.Mail{From: "news@acme.example", To: to, Data: []byte("Subject: hello\r\n\r\nhello\r\n")}
}

// one finds an address that behaves in the given manner.
func one(t testing.TB, w *World, how manner) string {
	t.Helper()
	for i := range 100_000 {
		a := fmt.Sprintf("Someone%d@mail.example", i)
		if w.boxes.shares.mannerOf(w.boxes.seed, strings.ToLower(a)) == how {
			return a
		}
	}
	t.Fatal("nobody behaves like that")
	return ""
}

func TestMailboxesBehave(t *testing.T) {
	w := start(t, Options{Seed: 7})
	now := time.Unix(1_700_000_000, 0)
	var mu sync.Mutex
	w.boxes.now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	later := func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() }
	s := dial(t, w)

	type step struct {
		wait    time.Duration
		outcome transport.Outcome
		nature  delivery.Nature
		code    int
	}
	for name, c := range map[string]struct {
		manner
		steps []step
	}{
		"accepts":  {accepts, []step{{0, transport.Accepted, "", 250}, {0, transport.Accepted, "", 250}}},
		"unknown":  {unknown, []step{{0, transport.Rejected, delivery.NatureUserUnknown, 550}, {time.Hour, transport.Rejected, delivery.NatureUserUnknown, 550}}},
		"disabled": {disabled, []step{{0, transport.Rejected, delivery.NatureDisabled, 550}}},
		"full":     {full, []step{{0, transport.Rejected, delivery.NatureMailboxFull, 552}, {time.Hour, transport.Rejected, delivery.NatureMailboxFull, 552}}},
		"full for now": {fullForNow, []step{
			{0, transport.Deferred, delivery.NatureMailboxFull, 452}, {time.Hour, transport.Deferred, delivery.NatureMailboxFull, 452},
			{0, transport.Accepted, "", 250}}},
		"greylists": {greylists, []step{
			{0, transport.Deferred, delivery.NatureGreylisted, 451}, {DefaultGreylisting - 1, transport.Deferred, delivery.NatureGreylisted, 451},
			{1, transport.Accepted, "", 250}}},
	} {
		to := one(t, w, c.manner)
		for i, st := range c.steps {
			later(st.wait)
			r := enginetest.Send(context.Background(), s, mail(to), nil)
			if r.Outcome != st.outcome || r.Nature != st.nature || r.Reply.Code != st.code || !r.Usable {
				t.Errorf("%s, attempt %d: %+v", name, i+1, r)
			}
			if st.outcome != transport.Accepted && r.Fault != delivery.FaultRecipient {
				t.Errorf("%s: fault %q", name, r.Fault)
			}
		}
	}
	got := w.Stats()
	want := Stats{Connections: 1, Accepted: 4, Bytes: 4 * 25, Unknown: 2, Disabled: 1, Full: 2, FullForNow: 2, Greylisted: 2}
	got.Bytes, want.Bytes = 0, 0
	if got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
	if w.Stats().Bytes == 0 {
		t.Error("no bytes counted")
	}
}

// TestShares: over 10,000 addresses each manner has its share within four
// standard deviations, whatever the seed, and twice the same.
func TestShares(t *testing.T) {
	const n = 10_000
	shares := Shares{Unknown: 0.1, Disabled: 0.05, Full: 0.02, FullForNow: 0.03, Greylisted: 0.2}
	for _, sh := range []Shares{DefaultShares(), shares} {
		for seed := range uint64(5) {
			var count [greylists + 1]int
			for i := range n {
				a := fmt.Sprintf("p%d@shop%d.example", i, i%7)
				how := sh.mannerOf(seed, a)
				if sh.mannerOf(seed, a) != how {
					t.Fatal("not the same twice")
				}
				count[how]++
			}
			for how, p := range map[manner]float64{unknown: sh.Unknown, disabled: sh.Disabled, full: sh.Full, fullForNow: sh.FullForNow, greylists: sh.Greylisted} {
				if d := math.Abs(float64(count[how]) - n*p); d > 4*math.Sqrt(n*p*(1-p)) {
					t.Errorf("seed %d, manner %d: %d of %d, want about %.0f", seed, how, count[how], n, n*p)
				}
			}
		}
	}
	// Fixed, so that a delivery that was rehearsed goes the same way next year.
	if got := uniform(1, "ann@acme.example"); math.Abs(got-0.29255341748386055) > 1e-15 {
		t.Errorf("uniform moved to %v", got)
	}
}

func TestSeedsDiffer(t *testing.T) {
	sh, same := Shares{Unknown: 0.5}, 0
	for i := range 1000 {
		a := fmt.Sprintf("p%d@a.example", i)
		if sh.mannerOf(1, a) == sh.mannerOf(2, a) {
			same++
		}
	}
	if same < 400 || same > 600 {
		t.Errorf("%d of 1000 the same under two seeds", same)
	}
}

func TestAllAccept(t *testing.T) {
	w := start(t, Options{Shares: Shares{AllAccept: true, Unknown: 1}})
	s := dial(t, w)
	for i := range 50 {
		if r := enginetest.Send(context.Background(), s, mail(fmt.Sprintf("p%d@a.example", i)), nil); r.Outcome != transport.Accepted {
			t.Fatalf("%+v", r)
		}
	}
}

func TestOptionsRefused(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "localhost:0", "example.com:25", "127.0.0.1", "nonsense"} {
		w, err := Start(Options{Listen: listen})
		if !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("%s: %v", listen, err)
		}
		if w != nil {
			_ = w.Close()
		}
	}
	for _, sh := range []Shares{{Unknown: -0.1}, {Unknown: 0.6, Full: 0.6}, {Greylisted: math.NaN()}} {
		if _, err := Start(Options{Shares: sh}); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("%+v: %v", sh, err)
		}
	}
	w := start(t, Options{Listen: "127.0.0.3:0"})
	if !strings.HasPrefix(w.Addr(), "127.0.0.3:") {
		t.Errorf("listens on %s", w.Addr())
	}
	if _, err := Start(Options{Listen: w.Addr()}); !delivery.Is(err, delivery.KindUnreachable) {
		t.Errorf("a port twice: %v", err)
	}
}
