package store_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// sheet is a random file: rows of a few people, some of them twice, with a few
// fields.
func sheet(t *rapid.T) []store.Profile {
	var out []store.Profile
	for line := range rapid.IntRange(0, 6).Draw(t, "rows") {
		var fields []string
		for _, name := range []string{"city", "name", "note <b>"} {
			if v := rapid.SampledFrom([]string{"", "Utrecht", "Gent", "é\"\\<&"}).Draw(t, name); v != "" {
				fields = append(fields, name, v)
			}
		}
		p := named(fmt.Sprintf("p%d@x.example", rapid.IntRange(0, 5).Draw(t, "who")), fields...)
		p.Line = line + 2
		out = append(out, p)
	}
	return out
}

func importOptions(t *rapid.T) store.ImportOptions {
	o := store.ImportOptions{Name: rapid.SampledFrom([]string{"One", "Two"}).Draw(t, "audience"), Source: "x.csv",
		Existing: rapid.SampledFrom([]delivery.Existing{"", delivery.ExistingUpdate, delivery.ExistingFill, delivery.ExistingSkip}).Draw(t, "existing"),
		Join:     rapid.Bool().Draw(t, "join")}
	for _, name := range []string{"name", "city", "note <b>"} {
		o.Fields = append(o.Fields, delivery.Field{Name: name, Type: rapid.SampledFrom(delivery.FieldTypes()).Draw(t, "type"), Sample: "x"})
	}
	if rapid.Bool().Draw(t, "consent") {
		o.ConsentSource, o.ConsentAt = rapid.SampledFrom([]string{"Shop", "Fair"}).Draw(t, "source"), time.UnixMilli(86400000).UTC()
	}
	return o
}

func importInto(t *rapid.T, s *store.Store, ps []store.Profile, o store.ImportOptions) (store.Imported, int64) {
	im, err := s.BeginImport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Discard()
	for _, p := range ps {
		if err := im.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	_, n, id, err := im.MergeAs(ctx, marieke, o)
	if err != nil {
		t.Fatal(err)
	}
	return n, id
}

// emptied is a workspace for one run of a property after the other, since opening
// one takes long.
func emptied(t *testing.T) (s *store.Store, empty func()) {
	dir := t.TempDir()
	s = open(t, dir)
	db := raw(t, dir)
	return s, func() {
		for _, q := range []string{`members`, `profiles`, `audiences`, `imports`, `import_changes`, `import_members`, `import_again`, `fields`,
			`meta WHERE key IN ('fields', 'last_profile', 'last_audience')`} {
			if _, err := db.Exec(`DELETE FROM ` + q); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// everything is all that an import could have changed, as a person sees it.
func everything(t interface{ Fatal(...any) }, s *store.Store) string {
	ids, err := s.ProfileNumbers(ctx, delivery.ProfileQuery{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	out := ""
	for _, id := range ids {
		p, err := s.Profile(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(id, p.Address, p.Fields, p.Denied, p.ConsentSource, p.ConsentAt, p.Audiences, p.Created)
	}
	as, err := s.Audiences(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		out += fmt.Sprintln(a.ID, a.Name, a.Source, a.Columns, a.Size, a.Imported)
	}
	fields, err := s.Fields(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		out += fmt.Sprintln(f.Name, f.Type, f.Sample)
	}
	return out
}

// TestImportAndUndo: imports that are undone in the opposite order, with nothing
// in between, leave everything as it was; and a check before an import says what
// the import does.
func TestImportAndUndo(t *testing.T) {
	s, empty := emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		empty()
		for range rapid.IntRange(0, 2).Draw(t, "before") {
			importInto(t, s, sheet(t), importOptions(t))
		}
		var undo []int64
		var was []string
		for range rapid.IntRange(1, 3).Draw(t, "imports") {
			was = append(was, everything(t, s))
			ps, o := sheet(t), importOptions(t)
			check := s.BeginCheck("")
			for _, p := range ps {
				if err := check.Add(p); err != nil {
					t.Fatal(err)
				}
			}
			said, err := check.Check(ctx, o)
			check.Discard()
			if err != nil {
				t.Fatal(err)
			}
			did, id := importInto(t, s, ps, o)
			if said != did || did.Added+did.Updated+did.Unchanged+did.Merged != int64(len(ps)) {
				t.Fatalf("check says %+v, import does %+v of %d rows", said, did, len(ps))
			}
			undo = append(undo, id)
		}
		for i := len(undo) - 1; i >= 0; i-- {
			r, err := s.UndoImport(ctx, marieke, undo[i])
			if err != nil {
				t.Fatal(err)
			}
			if got := everything(t, s); got != was[i] || r.Kept+r.Changed > 0 || !r.Audience {
				t.Fatalf("undo of %d: %+v\n%s\nwas\n%s", undo[i], r, got, was[i])
			}
			if _, err := s.UndoImport(ctx, marieke, undo[i]); !delivery.Is(err, delivery.KindInvalid) {
				t.Fatalf("again: %v", err)
			}
		}
	})
}

// TestUndoKeepsWhatPeopleDid: after an edit of some people, undo gives back what
// nobody touched, field by field, and keeps whoever was edited.
func TestUndoKeepsWhatPeopleDid(t *testing.T) {
	s, empty := emptied(t)
	rapid.Check(t, func(t *rapid.T) {
		empty()
		importInto(t, s, sheet(t), importOptions(t))
		type person map[string]string
		state := func() map[int64]person {
			ids, _ := s.ProfileNumbers(ctx, delivery.ProfileQuery{})
			out := map[int64]person{}
			for _, id := range ids {
				p, err := s.Profile(ctx, id)
				if err != nil {
					t.Fatal(err)
				}
				out[id] = p.Fields
			}
			return out
		}
		before := state()
		_, id := importInto(t, s, sheet(t), importOptions(t))
		after := state()
		want := map[int64]person{}
		for who, fields := range after {
			now := maps.Clone(fields)
			edited := rapid.Bool().Draw(t, "edit")
			if edited {
				name := rapid.SampledFrom([]string{"name", "city", "extra"}).Draw(t, "field")
				if v := rapid.SampledFrom([]string{"", "by hand"}).Draw(t, "value"); v == "" {
					delete(now, name)
				} else {
					now[name] = v
				}
				edited = !maps.Equal(now, fields)
				p, err := s.Profile(ctx, who)
				if err != nil {
					t.Fatal(err)
				}
				var pairs []string
				for k, v := range now {
					pairs = append(pairs, k, v)
				}
				if err := s.EditProfile(ctx, marieke, who, named(p.Address, pairs...)); err != nil {
					t.Fatal(err)
				}
			}
			was, there := before[who]
			if !there {
				if edited {
					want[who] = now
				}
				continue
			}
			restored := maps.Clone(now)
			for _, name := range []string{"name", "city", "note <b>"} {
				if was[name] != fields[name] && now[name] == fields[name] {
					restored[name] = was[name]
					if was[name] == "" {
						delete(restored, name)
					}
				}
			}
			want[who] = restored
		}
		r, err := s.UndoImport(ctx, marieke, id)
		if err != nil {
			t.Fatal(err)
		}
		got := state()
		for who := range want {
			if !maps.Equal(got[who], want[who]) {
				t.Fatalf("%+v\nperson %d has %v, want %v", r, who, got[who], want[who])
			}
		}
		if len(got) != len(want) || r.Removed+r.Kept != int64(len(after)-len(before)) {
			t.Fatalf("%+v: %d people, want %d", r, len(got), len(want))
		}
	})
}

// TestUndoKeepsWhomItWroteTo and whoever is on another list since.
func TestUndoKeepsWhomItWroteTo(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	a, _ := importPeople(t, s, "First", people(4)...)
	importPeople(t, s, "Second", person(1))
	if _, err := raw(t, dir).Exec(`INSERT INTO contacted VALUES (1, 5)`); err != nil {
		t.Fatal(err)
	}
	is, err := s.Imports(ctx)
	if err != nil || len(is) != 2 || is[1].AudienceName != "First" || is[1].Added != 4 || !is[1].Undo || is[0].Unchanged != 1 {
		t.Fatalf("%+v, %v", is, err)
	}
	r, err := s.UndoImport(ctx, marieke, is[1].ID)
	if err != nil || r != (delivery.ImportUndo{Removed: 2, Kept: 2, Audience: true}) {
		t.Errorf("%+v, %v", r, err)
	}
	if got := addresses(t, s, delivery.ProfileQuery{}); !slices.Equal(got, []string{"p0000@post.example", "p0001@post.example"}) {
		t.Errorf("left: %v", got)
	}
	if as, _ := s.Audiences(ctx); len(as) != 1 || as[0].ID == a.ID {
		t.Errorf("lists %+v", as)
	}
	is, _ = s.Imports(ctx)
	if is[1].Undo || is[1].UndoneBy != "Marieke" || is[1].Undone.IsZero() {
		t.Errorf("afterwards %+v", is[1])
	}
	if _, err := s.UndoImport(ctx, marieke, 99); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

// TestUndoOfAListInUse is refused, and nothing happens.
func TestUndoOfAListInUse(t *testing.T) {
	s := open(t, t.TempDir())
	plan(t, s, 3)
	was := everything(t, s)
	if _, err := s.UndoImport(ctx, marieke, 1); !delivery.Is(err, delivery.KindInUse) {
		t.Errorf("%v", err)
	}
	if got := everything(t, s); got != was {
		t.Errorf("%s\nwas\n%s", got, was)
	}
}
