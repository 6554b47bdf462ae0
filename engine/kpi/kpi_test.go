package kpi_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

// TestOf has a delivery half-way, with a term in every state; the expected
// figures are counted by hand.
func TestOf(t *testing.T) {
	c := delivery.Counters{Targeted: 1000, Excluded: 100, Pending: 200, Claimed: 7, Committing: 3,
		Accepted: 540, Deferred: 25, Rejected: 60, InDoubt: 15, Cancelled: 50}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	k := kpi.Of(c)
	for _, x := range []struct {
		name      string
		got, want int64
	}{
		{"targeted", k.Targeted, 1000}, {"excluded", k.Excluded, 100}, {"to deliver", k.ToDeliver, 900},
		{"sent", k.Sent, 600}, {"delivered", k.Delivered, 540}, {"bounces and errors", k.BouncesErrors, 60},
		{"pending", k.Pending, 210}, {"deferred", k.Deferred, 25}, {"in doubt", k.InDoubt, 15}, {"cancelled", k.Cancelled, 50},
	} {
		if x.got != x.want {
			t.Errorf("%s = %d, want %d", x.name, x.got, x.want)
		}
	}
	for _, x := range []struct {
		name string
		got  kpi.Rate
		want float64
	}{
		{"sent", k.SentRate, 600.0 / 900}, {"delivered", k.DeliveredRate, 0.9}, {"bounces", k.BounceRate, 0.1},
	} {
		if !x.got.OK() || x.got.Value() != x.want {
			t.Errorf("%s rate = %v %v, want %v", x.name, x.got.Value(), x.got, x.want)
		}
	}
	if k.OpenRate.OK() || k.ClickRate.OK() {
		t.Error("opens and clicks are not recorded, and have a rate")
	}
}

func TestRateOverNothing(t *testing.T) {
	k := kpi.Of(delivery.Counters{})
	for _, r := range []kpi.Rate{k.SentRate, k.DeliveredRate, k.BounceRate, k.OpenRate, k.ClickRate, {Num: 1}} {
		if r.OK() || r.Value() != 0 {
			t.Errorf("%v exists", r)
		}
	}
	// Excluded to the last: nothing is delivered of nothing.
	if kpi.Of(delivery.Counters{Targeted: 3, Excluded: 3}).SentRate.OK() {
		t.Error("a share of nothing to deliver exists")
	}
}

func counters(t *rapid.T, label string) delivery.Counters {
	var c delivery.Counters
	for _, s := range delivery.MessageStates() {
		n := rapid.Int64Range(0, 1e6).Draw(t, label+s.String())
		*c.Of(s) = n
		c.Targeted += n
	}
	return c
}

// TestFiguresAddUp: for every ledger that adds up, so do the figures.
func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := kpi.Of(counters(t, "c "))
		if k.Delivered+k.BouncesErrors != k.Sent {
			t.Fatal("sent is not delivered + bounces and errors")
		}
		if k.Excluded+k.Sent+k.Pending+k.Deferred+k.InDoubt+k.Cancelled != k.Targeted {
			t.Fatal("the figures do not sum up to targeted")
		}
		for _, r := range []kpi.Rate{k.SentRate, k.DeliveredRate, k.BounceRate} {
			if v := r.Value(); v < 0 || v > 1 {
				t.Fatalf("rate %v", v)
			}
		}
	})
}

func TestCompare(t *testing.T) {
	a := delivery.Counters{Targeted: 10, Accepted: 6, Rejected: 4}
	if r := kpi.Compare(a, a); len(r.Differences) != 0 || r.Stored != a || r.Counted != a {
		t.Errorf("equal ledgers differ: %v", r)
	}
	b := delivery.Counters{Targeted: 11, Accepted: 6, Rejected: 3, InDoubt: 2}
	want := []kpi.Difference{{Name: "targeted", Stored: 10, Counted: 11}, {Name: "rejected", Stored: 4, Counted: 3}, {Name: "in_doubt", Stored: 0, Counted: 2}}
	if r := kpi.Compare(a, b); !slices.Equal(r.Differences, want) {
		t.Errorf("differences %v, want %v", r.Differences, want)
	}
}

// TestCompareMissesNothing changes any one counter.
func TestCompareMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := counters(t, "a ")
		b := a
		s := rapid.SampledFrom(delivery.MessageStates()).Draw(t, "state")
		*b.Of(s) += rapid.Int64Range(1, 9).Draw(t, "by")
		r := kpi.Compare(a, b)
		if len(r.Differences) != 1 || r.Differences[0].Name != s.String() {
			t.Fatalf("%s was changed, found %v", s, r.Differences)
		}
	})
}
