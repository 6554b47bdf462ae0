package engine_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

func TestProfilesAreWhatAnImportWouldMakeOfThem(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	long := strings.Repeat("x", audience.MaxField)
	for i, c := range []struct {
		name    string
		address string
		fields  map[string]string
		want    map[string]string
		field   string // of the error
		detail  string
	}{
		{"plain", " Zoë.fan@example.com", nil, nil, "profile.address", audience.ReasonSMTPUTF8},
		{"none", " ", nil, nil, "profile.address", audience.ReasonEmpty},
		{"two", "a@x.example, b@x.example", nil, nil, "profile.address", audience.ReasonSeveral},
		{"names", "", map[string]string{"First name": "Ann", "Prénom": "Anne", "ShoeSize": " 44 ", "in": "x", "empty": "  "},
			map[string]string{"first_name": "Ann", "prenom": "Anne", "ShoeSize": "44", "in_": "x"}, "", ""},
		{"text", "", map[string]string{"note": "Ann's \"50%\" <off> & \\ ü\nnext"}, map[string]string{"note": "Ann's \"50%\" <off> & \\ ü\nnext"}, "", ""},
		{"one name twice", "", map[string]string{"First name": "a", "first_name": "b"}, nil, "profile.field", "first_name"},
		{"one name twice, one empty", "", map[string]string{"First name": "", "first_name": "b"}, map[string]string{"first_name": "b"}, "", ""},
		{"no name", "", map[string]string{"!?": "a"}, nil, "profile.field", "!?"},
		{"as long as may be", "", map[string]string{"a": long}, map[string]string{"a": long}, "", ""},
		{"too long", "", map[string]string{"a": long + "x"}, nil, "profile.field", "a"},
		{"no text", "", map[string]string{"a": "\xff"}, nil, "profile.field", "a"},
		{"NUL", "", map[string]string{"a": "b\x00c"}, nil, "profile.field", "a"},
	} {
		p := delivery.Profile{Address: c.address, Fields: c.fields}
		if p.Address == "" {
			p.Address = fmt.Sprintf("Add%d@BÜCHER.example", i)
		}
		id, err := w.AddProfile(t.Context(), w.who, p)
		if c.field != "" {
			var de *delivery.Error
			if !errors.As(err, &de) || de.Kind != delivery.KindInvalid || de.Field != c.field || de.Detail != c.detail {
				t.Errorf("%s: %v, want invalid %s (%s)", c.name, err, c.field, c.detail)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := w.Profile(t.Context(), id)
		if err != nil || got.Address != fmt.Sprintf("Add%d@xn--bcher-kva.example", i) || !maps.Equal(got.Fields, c.want) {
			t.Errorf("%s: %s %v, %v", c.name, got.Address, got.Fields, err)
		}
		got.Fields["Extra"] = "1"
		if err := w.EditProfile(t.Context(), w.who, got); err != nil {
			t.Errorf("%s: edited: %v", c.name, err)
		} else if again, _ := w.Profile(t.Context(), id); !maps.Equal(again.Fields, got.Fields) {
			t.Errorf("%s: edited to %v, want %v", c.name, again.Fields, got.Fields)
		}
	}
	id, err := w.AddProfile(t.Context(), w.who, delivery.Profile{Address: "no@x.example", Denied: true})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := w.Profile(t.Context(), id); err != nil || !p.Denied || p.DeniedBy != "Marieke" || p.DeniedAt.IsZero() {
		t.Errorf("added as denied: %+v, %v", p, err)
	}
}

// TestPreparationRespectsSuppression: what a person does to people shows in the
// next preparation.
func TestPreparationRespectsSuppression(t *testing.T) {
	w := newWork(t, t.TempDir(), 5)
	ids, err := w.ProfileNumbers(t.Context(), delivery.ProfileQuery{})
	if err != nil || len(ids) != 5 {
		t.Fatal(ids, err)
	}
	is := func(what string, denied, quarantined int64) {
		t.Helper()
		p := w.prepare()
		for nature, want := range map[delivery.Nature]int64{delivery.NatureDenylist: denied, delivery.NatureQuarantine: quarantined} {
			i := slices.IndexFunc(p.Causes, func(c delivery.Cause) bool { return c.Nature == nature })
			if i < 0 || p.Causes[i].Count != want {
				t.Errorf("%s: causes %+v, want %d for %s", what, p.Causes, want, nature)
			}
		}
		if p.ToDeliver != p.Targeted-denied-quarantined {
			t.Errorf("%s: to deliver %d of %d", what, p.ToDeliver, p.Targeted)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	is("at first", 0, 0)
	do(w.AddQuarantine(t.Context(), w.who, " P00001@POST.example "))
	is("in quarantine in other letters", 0, 1)
	do(w.Deny(t.Context(), w.who, []int64{ids[2], ids[3]}, true))
	is("denied", 2, 1)
	do(w.Release(t.Context(), w.who, []string{"p00001@post.example"}))
	is("released", 2, 0)
	do(w.Deny(t.Context(), w.who, []int64{ids[2]}, false))
	is("taken off", 1, 0)
	do(w.DeleteProfile(t.Context(), w.who, ids[3]))
	is("deleted", 0, 0)
	if _, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: csv(t, 5), Name: "People"}, nil); err != nil {
		t.Fatal(err)
	}
	is("imported again", 0, 1)
	if err := w.AddQuarantine(t.Context(), w.who, "nobody"); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("no address: %v", err)
	}
}

// TestWhatHappensToPeopleBetweenPreparationAndSending: the plan stays, but nobody
// is written to who has said no since.
func TestWhatHappensToPeopleBetweenPreparationAndSending(t *testing.T) {
	w := newWork(t, t.TempDir(), 6)
	plan := w.prepare()
	ids, err := w.ProfileNumbers(t.Context(), delivery.ProfileQuery{})
	if err != nil {
		t.Fatal(err)
	}
	moved, err := w.Profile(t.Context(), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	moved.Address, moved.Fields["city"] = "moved@x.example", "Ghent"
	for _, err := range []error{
		w.EditProfile(t.Context(), w.who, moved),                   // still gets it, where the plan says
		w.Deny(t.Context(), w.who, ids[1:3], true),                 // do not
		w.DeleteProfile(t.Context(), w.who, ids[2]),                // nor does who is deleted after it,
		w.DeleteProfile(t.Context(), w.who, ids[3]),                // but who is deleted only does
		w.AddQuarantine(t.Context(), w.who, "p00004@post.example"), // does not
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if v := w.view(); v.State != delivery.Ready || len(v.Broken) > 0 || v.Plan.Hash != plan.Hash {
		t.Fatalf("state %s, broken %v", v.State, v.Broken)
	}
	if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	sub := w.Subscribe()
	defer sub.Close()
	w.Run()
	for w.view().State != delivery.Finished {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	if err := w.EachRow(t.Context(), w.id, engine.RowFilter{}, func(r delivery.Row) error {
		if r.State != delivery.MsgExcluded {
			got = append(got, r.Address)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"p00000@post.example", "p00003@post.example", "p00005@post.example"}; !slices.Equal(got, want) {
		t.Errorf("written to %v, want %v", got, want)
	}
	if c := w.view().Counters; c.Check() != nil || c.Excluded != 3 {
		t.Errorf("%+v", c)
	}
}

// TestChangesOfListsAreTold: whoever watches asks again after every change, and
// is left alone by what changed nothing.
func TestChangesOfListsAreTold(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	sub := w.Subscribe()
	defer sub.Close()
	me := access.Operator{ID: w.who.Operator, Name: "Marieke", Rights: access.All()}
	other, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: csv(t, 2), Name: "Other"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		do   func() error
		told bool
	}{
		{"add", func() error {
			_, err := w.AddProfile(t.Context(), w.who, delivery.Profile{Address: "a@x.example"})
			return err
		}, true},
		{"add again", func() error {
			if _, err := w.AddProfile(t.Context(), w.who, delivery.Profile{Address: "A@X.example"}); !delivery.Is(err, delivery.KindExists) {
				return fmt.Errorf("got %v, want exists", err)
			}
			return nil
		}, false},
		{"edit", func() error {
			return w.EditProfile(t.Context(), w.who, delivery.Profile{ID: 1, Address: "b@x.example"})
		}, true},
		{"deny", func() error { return w.Deny(t.Context(), w.who, []int64{1}, true) }, true},
		{"delete", func() error { return w.DeleteProfile(t.Context(), w.who, 1) }, true},
		{"quarantine", func() error { return w.AddQuarantine(t.Context(), w.who, "q@x.example") }, true},
		{"release", func() error { return w.Release(t.Context(), w.who, []string{"q@x.example"}) }, true},
		{"rename", func() error { return w.RenameAudience(t.Context(), w.who, other.Audience.ID, "Others") }, true},
		{"delete a list", func() error { return w.DeleteAudience(t.Context(), w.who, other.Audience.ID) }, true},
		{"operator", func() error { return w.EditOperator(t.Context(), w.who, me) }, true},
		{"draft", func() error { return w.SaveDraft(t.Context(), "content/DM1", "text") }, false},
	} {
		sub.Take()
		if err := c.do(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if told := slices.Contains(sub.Take(), event.Event(event.Lists{})); told != c.told {
			t.Errorf("%s: told %v, want %v", c.name, told, c.told)
		}
	}
	if d, err := w.Draft(t.Context(), "content/DM1"); err != nil || d.Value != "text" {
		t.Errorf("draft %+v, %v", d, err)
	}
	if names, err := w.FieldNames(t.Context()); err != nil || !slices.Equal(names, []string{"first_name", "city"}) {
		t.Errorf("fields %v, %v", names, err)
	}
}
