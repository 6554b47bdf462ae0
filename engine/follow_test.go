package engine_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/delivery"
)

// list imports p{from}… up to p{to} under a name.
func (w *work) list(name string, from, to int) int64 {
	w.Helper()
	var b strings.Builder
	b.WriteString("email,first_name,city\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "p%05d@post.example,Q%d,Delft\n", i, i)
	}
	path := filepath.Join(w.TempDir(), name+".csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		w.Fatal(err)
	}
	a, err := w.Import(context.Background(), w.who, engine.ImportRequest{File: path, Name: name}, nil)
	if err != nil {
		w.Fatal(err)
	}
	return a.Audience.ID
}

// of is the same workspace with another delivery.
func (w *work) of(id delivery.ID) *work {
	c := *w
	c.id = id
	return &c
}

// addresses lists those with a message in one of the states.
func (w *work) addresses(states ...delivery.MessageState) []string {
	w.Helper()
	out := []string{}
	if err := w.EachRow(context.Background(), w.id, engine.RowFilter{States: states}, func(r delivery.Row) error {
		out = append(out, r.Address)
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// causes are the plan's, by nature; every cause is there, zeros too.
func (w *work) causes() map[delivery.Nature]int64 {
	w.Helper()
	out := map[delivery.Nature]int64{}
	for _, c := range w.view().Plan.Causes {
		out[c.Nature] = c.Count
	}
	if got := slices.Sorted(maps.Keys(out)); len(got) != len(delivery.Causes()) {
		w.Errorf("causes %v", got)
	}
	return out
}

func (w *work) follow(r engine.FollowRequest) *work {
	w.Helper()
	id, err := w.FollowUp(context.Background(), w.who, w.id, r)
	if err != nil {
		w.Fatal(err)
	}
	return w.of(id)
}

// TestCorrection: it is for exactly those who got the other one.
func TestCorrection(t *testing.T) {
	const doubt, denied, gone = "p00007@post.example", "p00009@post.example", "p00011@post.example"
	relay := newForgetful(t, doubt)
	w := newWork(t, t.TempDir(), 20)
	w.through(relay)
	if _, err := w.FollowUp(t.Context(), w.who, w.id, engine.FollowRequest{Mode: delivery.Correction}); !delivery.Is(err, delivery.KindState) {
		t.Errorf("a correction of what nobody got: %v", err)
	}
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	accepted := w.addresses(delivery.MsgAccepted)
	if len(accepted) != 19 || w.view().Counters.InDoubt != 1 {
		t.Fatalf("%+v", w.view().Counters)
	}
	// What happens to people afterwards does not change who got it.
	for a, do := range map[string]func(id int64) error{
		denied: func(id int64) error { return w.Deny(t.Context(), w.who, []int64{id}, true) },
		gone:   func(id int64) error { return w.DeleteProfile(t.Context(), w.who, id) },
	} {
		ns, err := w.ProfileNumbers(t.Context(), delivery.ProfileQuery{Search: a})
		if err != nil || len(ns) != 1 {
			t.Fatal(ns, err)
		}
		if err := do(ns[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.DeleteAudience(t.Context(), w.who, w.view().Audience); err != nil {
		t.Fatal(err)
	}
	w.list("Everybody else", 100, 120)

	strict := w.follow(engine.FollowRequest{Mode: delivery.Correction, Prefix: "Correction: ", Label: "Second try"})
	strict.prepare()
	if got := strict.addresses(); !slices.Equal(got, accepted) {
		t.Errorf("for %v, want %v", got, accepted)
	}
	both := w.follow(engine.FollowRequest{Mode: delivery.Correction, Prefix: "Correction: ", Doubtful: true})
	both.prepare()
	want := append(slices.Clone(accepted), doubt)
	slices.Sort(want)
	if got := both.addresses(); !slices.Equal(got, want) {
		t.Errorf("for %v, want %v", got, want)
	}
	v, c := both.view(), both.trueLedger()
	if c.Targeted != 20 || c.Excluded != 1 || both.causes()[delivery.NatureDenylist] != 1 || v.Content.Subject != "Correction: Hello {{ first_name }}" || v.Label != "Test" ||
		v.Followed == nil || v.Followed.ID != w.id || v.Plan.Blocked() {
		t.Errorf("%+v, %+v", v.Plan, v.Draft)
	}
	if p, err := both.Preview(t.Context(), both.id, 0); err != nil || p.Address != want[0] {
		t.Errorf("preview of %s, %v", p.Address, err)
	}
	if err := both.Confirm(t.Context(), w.who, both.id, v.Plan.Hash); err != nil {
		t.Fatal(err)
	}
	both.until(delivery.Finished)
	both.trueLedger()
	for _, a := range want {
		if n := len(relay.ids(a)); a == denied && n != 1 || a != denied && n != 2 {
			t.Errorf("%s got %d", a, n)
		}
	}
	if f := w.view().Followers; len(f) != 2 || f[0].ID != strict.id || f[1].State != delivery.Finished {
		t.Errorf("followed by %+v", f)
	}
	// A correction of a correction does not say so twice.
	again := both.follow(engine.FollowRequest{Mode: delivery.Correction, Prefix: "Correction: "})
	if s := again.view().Content.Subject; s != "Correction: Hello {{ first_name }}" {
		t.Errorf("subject %q", s)
	}
}

// TestTopUp: forgotten people are added, and nobody gets two.
func TestTopUp(t *testing.T) {
	const doubt = "p00007@post.example"
	relay := newForgetful(t, doubt)
	w := newWork(t, t.TempDir(), 20)
	w.through(relay)
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	more := w.list("More", 5, 30) // 15 of the first, one of them in doubt, and 10 others
	first := w.follow(engine.FollowRequest{Mode: delivery.TopUp, Audience: more})
	first.prepare()
	c := first.trueLedger()
	if c.Targeted != 25 || c.Excluded != 15 || first.causes()[delivery.NatureWritten] != 15 || !first.view().Content.Equal(w.view().Content) {
		t.Errorf("%+v, causes %v", c, first.causes())
	}
	// A second one, while the first waits for its confirmation: its people are taken.
	second := first.follow(engine.FollowRequest{Mode: delivery.TopUp, Audience: w.list("Even more", 28, 33)})
	if f := second.view().Follows; f.Delivery != w.id {
		t.Errorf("a top-up of a top-up follows %s, want the first of all", f.Delivery)
	}
	second.prepare()
	if c := second.trueLedger(); c.Excluded != 2 || c.Pending != 3 {
		t.Errorf("%+v", c)
	}
	for _, x := range []*work{first, second} {
		if err := x.Confirm(t.Context(), w.who, x.id, x.view().Plan.Hash); err != nil {
			t.Fatal(err)
		}
		x.until(delivery.Finished)
		x.trueLedger()
	}
	for i := range 33 {
		a := fmt.Sprintf("p%05d@post.example", i)
		if ids := relay.ids(a); len(ids) != 1 {
			t.Errorf("%s got %d messages", a, len(ids))
		}
	}
	// Nobody is left for a third.
	third := w.follow(engine.FollowRequest{Mode: delivery.TopUp, Audience: more})
	if err := third.Prepare(t.Context(), w.who, third.id); err != nil {
		t.Fatal(err)
	}
	if v := third.view(); v.State != delivery.PreparationFailed || third.causes()[delivery.NatureWritten] != 25 {
		t.Errorf("%s, %v", v.State, third.causes())
	}
	if _, err := w.FollowUp(t.Context(), w.who, w.id, engine.FollowRequest{Mode: delivery.TopUp, Audience: 99}); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("for no audience: %v", err)
	}
	if _, err := w.FollowUp(t.Context(), w.who, w.id, engine.FollowRequest{Mode: "after"}); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("in no mode: %v", err)
	}
}

func TestLanguage(t *testing.T) {
	for html, want := range map[string]string{
		`<!doctype html><html lang="nl">`: "nl", `<HTML dir=ltr LANG='en-GB' class="x">`: "en", "<html\n lang=nl>": "nl",
		`<html xml:lang="de">`: "", `<p lang="fr">`: "", "": "", `<html class="lang">`: "",
	} {
		if got := engine.Language(delivery.Content{HTML: html}); got != want {
			t.Errorf("%q: %q, want %q", html, got, want)
		}
	}
}
