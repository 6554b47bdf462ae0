package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

func TestFieldNames(t *testing.T) {
	s := open(t, t.TempDir())
	names := func() []string {
		t.Helper()
		got, err := s.FieldNames(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := names(); len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
	imported := func(name string, columns ...string) delivery.Audience {
		t.Helper()
		im, err := s.BeginImport(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer im.Discard()
		if err := im.Add(person(1)); err != nil {
			t.Fatal(err)
		}
		a, _, err := im.Merge(ctx, marieke, name, "x.csv", columns)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	imported("Old", "name", "city", "age")
	b := imported("New", "shop", "city")
	if got, want := names(), []string{"city", "shop", "name", "age"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v: the most used first, then as the newest list has them", got, want)
	}
	id := add(t, s, named("hand@x.example", "shoe_size", "44", "city", "Ghent"))
	if err := s.EditProfile(ctx, marieke, id, named("hand@x.example", "hat", "58")); err != nil {
		t.Fatal(err)
	}
	imported("Old", "name")
	if err := s.DeleteAudience(ctx, marieke, b.ID); err != nil {
		t.Fatal(err)
	}
	// What was replaced or deleted counts no more, but profiles still have its fields.
	if got, want := names(), []string{"name", "city", "shoe_size", "hat", "age", "shop"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAudienceNamesAndDeletion(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 3)
	other, _ := importPeople(t, s, "Other", people(5)...)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		err  error
		want delivery.Kind
	}{
		{"empty", s.RenameAudience(ctx, marieke, other.ID, " \t"), delivery.KindInvalid},
		{"of two lines", s.RenameAudience(ctx, marieke, other.ID, "a\nb"), delivery.KindInvalid},
		{"longer than a rule takes", s.RenameAudience(ctx, marieke, other.ID, strings.Repeat("x", rule.MaxText+1)), delivery.KindInvalid},
		{"taken", s.RenameAudience(ctx, marieke, other.ID, "ALL 3"), delivery.KindExists},
		{"its own in capitals", s.RenameAudience(ctx, marieke, other.ID, " OTHER "), ""},
		{"in use", s.DeleteAudience(ctx, marieke, v.Audience), delivery.KindInUse},
		{"not in use", s.DeleteAudience(ctx, marieke, other.ID), ""},
	} {
		if delivery.KindOf(c.err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, c.err, c.want)
		}
	}
	if err := s.DeleteAudience(ctx, marieke, v.Audience); err.(*delivery.Error).Detail != "DM1 Test" {
		t.Errorf("used by %v", err)
	}
	if ids, _ := s.ProfileNumbers(ctx, delivery.ProfileQuery{}); len(ids) != 5 {
		t.Errorf("%d profiles: the people of a deleted list stay", len(ids))
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(ctx, marieke, id); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteAudience(ctx, marieke, v.Audience); err != nil {
		t.Fatal(err)
	}
	v, err = s.Delivery(ctx, id)
	if err != nil || v.AudienceName != "All 3" || v.Audience != 0 || v.Counters.Targeted != 3 {
		t.Errorf("afterwards %q, %d, %+v, %v", v.AudienceName, v.Audience, v.Counters, err)
	}
	if as, _ := s.Audiences(ctx); len(as) != 0 {
		t.Errorf("lists %+v", as)
	}
}
