package store_test

import (
	"slices"
	"testing"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

func add(t testing.TB, s *store.Store, p store.Profile) int64 {
	t.Helper()
	id, err := s.AddProfile(ctx, marieke, p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func profile(t testing.TB, s *store.Store, id int64) delivery.Profile {
	t.Helper()
	p, err := s.Profile(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// reason is why an address is in quarantine, empty when it is not.
func reason(t testing.TB, s *store.Store, key string) string {
	t.Helper()
	ids, err := s.QuarantineNumbers(ctx, delivery.QuarantineQuery{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.QuarantineRows(ctx, ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range rows {
		if q.Key == key {
			return q.Reason
		}
	}
	return ""
}

// TestChangesOfPeopleNeedARight covers every command on people.
func TestChangesOfPeopleNeedARight(t *testing.T) {
	s := open(t, t.TempDir())
	guest, err := s.AddOperator(ctx, marieke, "Guest", access.Rights{access.Export, access.Admin})
	if err != nil {
		t.Fatal(err)
	}
	maker, err := s.AddOperator(ctx, marieke, "Maker", access.Rights{access.Prepare, access.Start})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := importPeople(t, s, "All", people(2)...)
	for _, c := range []struct {
		name string
		do   func(access.Principal) error
		not  access.Operator // who lacks the right
	}{
		{"add", func(w access.Principal) error { _, err := s.AddProfile(ctx, w, person(9)); return err }, guest},
		{"edit", func(w access.Principal) error { return s.EditProfile(ctx, w, 1, person(8)) }, guest},
		{"deny", func(w access.Principal) error { return s.Deny(ctx, w, []int64{1}, true) }, guest},
		{"delete", func(w access.Principal) error { return s.DeleteProfile(ctx, w, 1) }, guest},
		{"quarantine", func(w access.Principal) error { return s.AddQuarantine(ctx, w, "x@x.example") }, guest},
		{"release", func(w access.Principal) error { return s.Release(ctx, w, []string{"x@x.example"}) }, guest},
		{"rename a list", func(w access.Principal) error { return s.RenameAudience(ctx, w, a.ID, "X") }, guest},
		{"delete a list", func(w access.Principal) error { return s.DeleteAudience(ctx, w, a.ID) }, guest},
		{"edit an operator", func(w access.Principal) error { return s.EditOperator(ctx, w, guest) }, maker},
	} {
		if err := c.do(access.Principal{Operator: c.not.ID}); !delivery.Is(err, delivery.KindRight) {
			t.Errorf("%s without the right: %v", c.name, err)
		}
		if err := c.do(access.Principal{Operator: 77}); !delivery.Is(err, delivery.KindNotFound) {
			t.Errorf("%s as nobody: %v", c.name, err)
		}
		if err := c.do(marieke); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All", people(2)...)
	_, gone := s.Profile(ctx, 99)
	for name, err := range map[string]error{
		"profile":       gone,
		"edit":          s.EditProfile(ctx, marieke, 99, person(5)),
		"delete":        s.DeleteProfile(ctx, marieke, 99),
		"deny":          s.Deny(ctx, marieke, []int64{99}, true),
		"rename a list": s.RenameAudience(ctx, marieke, 99, "X"),
		"delete a list": s.DeleteAudience(ctx, marieke, 99),
		"edit operator": s.EditOperator(ctx, marieke, access.Operator{ID: 99, Name: "X"}),
		"a gone list":   s.EditDelivery(ctx, marieke, mustCreate(t, s), delivery.Draft{Label: "x", Audience: 99}),
	} {
		if !delivery.Is(err, delivery.KindNotFound) {
			t.Errorf("%s: %v, want not_found", name, err)
		}
	}
	if err := s.Deny(ctx, marieke, []int64{99, 1}, true); err != nil || !profile(t, s, 1).Denied {
		t.Errorf("one of two is there: %v", err)
	}
	if err := s.Release(ctx, marieke, []string{"nobody@x.example"}); err != nil {
		t.Errorf("release what is not there: %v", err)
	}
}

func mustCreate(t testing.TB, s *store.Store) delivery.ID {
	t.Helper()
	id, err := s.CreateDelivery(ctx, marieke, delivery.Draft{Label: "Test"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAnAddressIsTakenInAnySpelling(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All", named("Ann@x.example"), named("twin@x.example", "name", "One"), named("Twin@x.example", "name", "Two"), named("bob@x.example"))
	bob, twin := idOf(t, s, "bob@"), int64(0)
	ids, err := s.ProfileNumbers(ctx, delivery.ProfileQuery{Search: "One"})
	if err != nil {
		t.Fatal(err)
	}
	twin = ids[0]
	for _, c := range []struct {
		name string
		do   func() error
		ok   bool
	}{
		{"new, as written", func() error { _, err := s.AddProfile(ctx, marieke, named("Ann@x.example")); return err }, false},
		{"new, otherwise written", func() error { _, err := s.AddProfile(ctx, marieke, named("aNN@x.example")); return err }, false},
		{"another's", func() error { return s.EditProfile(ctx, marieke, bob, named("ANN@x.example")) }, false},
		{"one's own, otherwise written", func() error { return s.EditProfile(ctx, marieke, bob, named("BOB@x.example")) }, true},
		{"fields of one of two imported", func() error { return s.EditProfile(ctx, marieke, twin, named("twin@x.example", "name", "1")) }, true},
		{"the very address of the other", func() error { return s.EditProfile(ctx, marieke, twin, named("Twin@x.example")) }, false},
	} {
		err := c.do()
		if c.ok && err != nil || !c.ok && !delivery.Is(err, delivery.KindExists) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if p := profile(t, s, bob); p.Address != "BOB@x.example" {
		t.Errorf("kept %s", p.Address)
	}
}

func TestEditKeepsTheRest(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	a, _ := importPeople(t, s, "All", named("ann@x.example", "name", "Ann"))
	if _, err := raw(t, dir).Exec(`UPDATE profiles SET modified = 1, created = 1; INSERT INTO contacted SELECT id, 1000 FROM profiles`); err != nil {
		t.Fatal(err)
	}
	if err := s.Deny(ctx, marieke, []int64{1}, true); err != nil {
		t.Fatal(err)
	}
	before := profile(t, s, 1)
	if !before.Denied || before.DeniedBy != "Marieke" || time.Since(before.DeniedAt) > time.Minute {
		t.Fatalf("denied: %+v", before)
	}
	if err := s.EditProfile(ctx, marieke, 1, named("anna@x.example", "city", "Ghent")); err != nil {
		t.Fatal(err)
	}
	p := profile(t, s, 1)
	if p.Address != "anna@x.example" || len(p.Fields) != 1 || p.Fields["city"] != "Ghent" || !p.Denied || !p.DeniedAt.Equal(before.DeniedAt) ||
		p.LastSent.UnixMilli() != 1000 || p.Created.UnixMilli() != 1 || !slices.Equal(p.Audiences, []string{"All"}) {
		t.Errorf("%+v", p)
	}
	if got := addresses(t, s, delivery.ProfileQuery{Audience: a.ID}); !slices.Equal(got, []string{"anna@x.example"}) {
		t.Errorf("members %v", got)
	}
	if reason(t, s, "ann@x.example") != "denylist" || p.Quarantine != "" {
		t.Errorf("the old address is %q, the new one %q", reason(t, s, "ann@x.example"), p.Quarantine)
	}
	if err := s.EditProfile(ctx, marieke, 1, named("anna@x.example", "city", "Ghent")); err != nil || !profile(t, s, 1).Modified.Equal(p.Modified) {
		t.Errorf("an edit that changes nothing: %v", err)
	}
	if err := s.Deny(ctx, marieke, []int64{1}, false); err != nil {
		t.Fatal(err)
	}
	if p := profile(t, s, 1); p.Denied || !p.DeniedAt.IsZero() || p.DeniedBy != "" {
		t.Errorf("off the denylist: %+v", p)
	}
}

// TestWhoIsDeniedKeepsDateAndName: the denylist tells who heard the first no.
func TestWhoIsDeniedKeepsDateAndName(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	importPeople(t, s, "All", people(2)...)
	joris, err := s.AddOperator(ctx, marieke, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Deny(ctx, marieke, []int64{1}, true); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, dir).Exec(`UPDATE profiles SET denied_at = 1000, modified = 1000 WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	if err := s.Deny(ctx, access.Principal{Operator: joris.ID}, []int64{1, 2}, true); err != nil {
		t.Fatal(err)
	}
	if p := profile(t, s, 1); p.DeniedBy != "Marieke" || p.DeniedAt.UnixMilli() != 1000 || p.Modified.UnixMilli() != 1000 {
		t.Errorf("denied before: %+v", p)
	}
	if p := profile(t, s, 2); p.DeniedBy != "Joris" || p.DeniedAt.IsZero() {
		t.Errorf("denied now: %+v", p)
	}
}

// TestDeletionLosesNoSuppression: whoever said no, and whatever was refused, is
// not written to after a deletion and another import.
func TestDeletionLosesNoSuppression(t *testing.T) {
	for _, c := range []struct {
		name   string
		before func(s *store.Store, id int64) error
		want   string // reason
	}{
		{"nothing", func(*store.Store, int64) error { return nil }, ""},
		{"denied", func(s *store.Store, id int64) error { return s.Deny(ctx, marieke, []int64{id}, true) }, "denylist"},
		{"quarantined", func(s *store.Store, _ int64) error {
			return s.Quarantine(ctx, []string{"ann@x.example"}, "user_unknown")
		}, "user_unknown"},
		{"both", func(s *store.Store, id int64) error {
			if err := s.Quarantine(ctx, []string{"ann@x.example"}, "user_unknown"); err != nil {
				return err
			}
			return s.Deny(ctx, marieke, []int64{id}, true)
		}, "denylist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, t.TempDir())
			importPeople(t, s, "One", named("Ann@x.example"), named("bob@x.example"))
			importPeople(t, s, "Two", named("Ann@x.example"))
			id := idOf(t, s, "ann@")
			if err := c.before(s, id); err != nil {
				t.Fatal(err)
			}
			if err := s.DeleteProfile(ctx, marieke, id); err != nil {
				t.Fatal(err)
			}
			as, err := s.Audiences(ctx)
			if err != nil || as[0].Size != 0 || as[1].Size != 1 {
				t.Errorf("sizes %+v, %v", as, err)
			}
			a, n := importPeople(t, s, "Three", named("ann@x.example"))
			if n.Added != 1 || a.Size != 1 {
				t.Fatalf("imported again: %+v", n)
			}
			again := idOf(t, s, "ann@")
			if again <= id || profile(t, s, again).Quarantine != c.want {
				t.Errorf("number %d after %d, quarantine %q, want %q", again, id, profile(t, s, again).Quarantine, c.want)
			}
		})
	}
}

// TestNumbersAreNotUsedAgain: past messages know people by their number.
func TestNumbersAreNotUsedAgain(t *testing.T) {
	s := open(t, t.TempDir())
	importPeople(t, s, "All", people(3)...)
	for _, id := range []int64{3, 2} {
		if err := s.DeleteProfile(ctx, marieke, id); err != nil {
			t.Fatal(err)
		}
	}
	if id := add(t, s, person(10)); id != 4 {
		t.Errorf("added as %d, want 4", id)
	}
	if err := s.DeleteProfile(ctx, marieke, 4); err != nil {
		t.Fatal(err)
	}
	if _, n := importPeople(t, s, "Old", person(0)); n != (store.Imported{Unchanged: 1}) {
		t.Errorf("an import of nobody new: %+v", n)
	}
	a, n := importPeople(t, s, "More", person(11), person(12))
	ids, err := s.ProfileNumbers(ctx, delivery.ProfileQuery{Audience: a.ID})
	if err != nil || n != (store.Imported{Added: 2}) || !slices.Equal(ids, []int64{5, 6}) {
		t.Errorf("imported as %v, %+v, %v; want 5 and 6", ids, n, err)
	}
	if ids, _ := s.ProfileNumbers(ctx, delivery.ProfileQuery{}); len(ids) != 3 {
		t.Errorf("profiles %v, want 1, 5 and 6", ids)
	}
	if err := s.DeleteAudience(ctx, marieke, a.ID); err != nil {
		t.Fatal(err)
	}
	if b, _ := importPeople(t, s, "More", person(11)); b.ID <= a.ID {
		t.Errorf("list %d after %d", b.ID, a.ID)
	}
}

// TestWhoMovedAndSaysNoIsHeldBack: a sealed plan has the old address; the denial
// concerns the person, who has a new one.
func TestWhoMovedAndSaysNoIsHeldBack(t *testing.T) {
	s := open(t, t.TempDir())
	id := plan(t, s, 3)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EditProfile(ctx, marieke, 1, named("moved@x.example")); err != nil {
		t.Fatal(err)
	}
	if err := s.EditProfile(ctx, marieke, 2, named("also@x.example")); err != nil {
		t.Fatal(err)
	}
	if w, err := s.Delivery(ctx, id); err != nil || w.Plan.Hash != v.Plan.Hash || len(w.Broken) != 0 {
		t.Fatalf("an edit of a person touched the plan: %v, %v", w.Broken, err)
	}
	if err := s.Deny(ctx, marieke, []int64{1}, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); err != nil {
		t.Fatal(err)
	}
	c, err := s.Commit(ctx, queue.Batch{Claims: []queue.ClaimRequest{{Delivery: id, Max: 10}}, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range c.Jobs[id] {
		got = append(got, j.Address)
	}
	if !slices.Equal(got, []string{"p0001@post.example", "p0002@post.example"}) || c.Counters[id].Excluded != 1 {
		t.Errorf("leaves to %v, %+v", got, c.Counters[id])
	}
}
