package store_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// crowd is a workspace in which random things happen to people, and what must
// have come of it.
type crowd struct {
	*store.Store
	t       *rapid.T
	keys    map[int64]string // of the profiles there are
	denied  map[int64]bool
	said    map[string]bool // addresses whose denial no profile holds any more
	members map[string]map[int64]bool
}

func address(t *rapid.T) store.Profile {
	a := fmt.Sprintf("p%d@x.example", rapid.IntRange(0, 7).Draw(t, "address"))
	if rapid.Bool().Draw(t, "capital") {
		return store.Profile{Address: "P" + a[1:], Key: a, Fields: "{}"}
	}
	return store.Profile{Address: a, Key: a, Fields: "{}"}
}

func (c *crowd) somebody() int64 {
	if len(c.keys) == 0 {
		c.t.Skip("nobody is there")
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(c.keys))).Draw(c.t, "who")
}

// taken reports whether another profile than id has the address.
func (c *crowd) taken(id int64, key string) bool {
	for other, k := range c.keys {
		if other != id && k == key {
			return true
		}
	}
	return false
}

// expect checks a command that is to fail with KindExists or not at all.
func (c *crowd) expect(err error, taken bool) bool {
	if taken != delivery.Is(err, delivery.KindExists) || !taken && err != nil {
		c.t.Fatalf("%v; the address is taken: %v", err, taken)
	}
	return err == nil
}

func (c *crowd) add(t *rapid.T) {
	p := address(t)
	id, err := c.AddProfile(ctx, marieke, p)
	if c.expect(err, c.taken(0, p.Key)) {
		if _, used := c.keys[id]; used {
			t.Fatalf("number %d is somebody's", id)
		}
		c.keys[id] = p.Key
	}
}

func (c *crowd) edit(t *rapid.T) {
	id, p := c.somebody(), address(t)
	if !c.expect(c.EditProfile(ctx, marieke, id, p), c.taken(id, p.Key)) {
		return
	}
	if c.denied[id] && c.keys[id] != p.Key {
		c.said[c.keys[id]] = true
	}
	c.keys[id] = p.Key
}

func (c *crowd) remove(t *rapid.T) {
	id := c.somebody()
	c.expect(c.DeleteProfile(ctx, marieke, id), false)
	if c.denied[id] {
		c.said[c.keys[id]] = true
	}
	delete(c.keys, id)
	delete(c.denied, id)
	for _, m := range c.members {
		delete(m, id)
	}
}

func (c *crowd) deny(t *rapid.T) {
	id, on := c.somebody(), rapid.Bool().Draw(t, "denied")
	c.expect(c.Deny(ctx, marieke, []int64{id}, on), false)
	c.denied[id] = on
}

// list imports a list of addresses nobody spells otherwise.
func (c *crowd) list(t *rapid.T) {
	name := rapid.SampledFrom([]string{"One", "Two"}).Draw(t, "list")
	var ps []store.Profile
	for n := range rapid.IntRange(0, 2).Draw(t, "new") {
		key := fmt.Sprintf("i%d%s@x.example", n, name)
		ps = append(ps, store.Profile{Address: key, Key: key, Fields: "{}"})
	}
	im, err := c.BeginImport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer im.Discard()
	for _, p := range ps {
		if err := im.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	a, _, err := im.Merge(ctx, marieke, name, "x.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := c.ProfileNumbers(ctx, delivery.ProfileQuery{Audience: a.ID})
	if err != nil || len(ids) != len(ps) {
		t.Fatalf("members %v, %v", ids, err)
	}
	c.members[name] = map[int64]bool{}
	for i, id := range ids {
		c.members[name][id], c.keys[id] = true, ps[i].Key
	}
}

// check asks what must always hold: a list's size is the number of its members,
// no two profiles have one address, and who said no is never written to.
func (c *crowd) check(t *rapid.T) {
	as, err := c.Audiences(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		ids, err := c.ProfileNumbers(ctx, delivery.ProfileQuery{Audience: a.ID})
		if err != nil || a.Size != int64(len(ids)) || len(ids) != len(c.members[a.Name]) {
			t.Fatalf("list %s: size %d, members %v, want %v; %v", a.Name, a.Size, ids, c.members[a.Name], err)
		}
	}
	all, err := c.ProfileNumbers(ctx, delivery.ProfileQuery{})
	if err != nil || len(all) != len(c.keys) {
		t.Fatalf("profiles %v, want %v; %v", all, c.keys, err)
	}
	rows, err := c.ProfileRows(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		key := c.keys[r.ID]
		if seen[key] {
			t.Fatalf("two profiles have %s", key)
		}
		seen[key] = true
		if r.Denied != c.denied[r.ID] || c.said[key] && r.Quarantine == "" {
			t.Fatalf("%s: denied %v, want %v; quarantine %q, said no before: %v", key, r.Denied, c.denied[r.ID], r.Quarantine, c.said[key])
		}
	}
}

func TestPeopleAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		c := &crowd{t: rt, Store: open(t, dir), keys: map[int64]string{}, denied: map[int64]bool{}, said: map[string]bool{},
			members: map[string]map[int64]bool{}}
		defer c.Close()
		rt.Repeat(map[string]func(*rapid.T){"": c.check, "add": c.add, "edit": c.edit, "delete": c.remove, "deny": c.deny, "import": c.list})
	})
}
