package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

var ctx = context.Background()

// open opens a store in dir and gives it its first operator and account.
func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Settle(ctx, "Marieke", delivery.Account{Name: "sandbox", Kind: delivery.AccountSandbox, Connections: 4}); err != nil {
		t.Fatal(err)
	}
	return s
}

var marieke = access.Principal{Operator: 1}

// importPeople makes an audience of the given profiles.
func importPeople(t testing.TB, s *store.Store, name string, ps ...store.Profile) (delivery.Audience, store.Imported) {
	t.Helper()
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
	a, n, err := im.Merge(ctx, marieke, name, "people.csv", []string{"name", "city"})
	if err != nil {
		t.Fatal(err)
	}
	return a, n
}

func person(i int) store.Profile {
	a := fmt.Sprintf("p%04d@post.example", i)
	return store.Profile{Address: a, Key: a, Fields: fmt.Sprintf(`{"name":"P%d"}`, i)}
}

func people(n int) []store.Profile {
	ps := make([]store.Profile, n)
	for i := range ps {
		ps[i] = person(i)
	}
	return ps
}

// raw opens the database file beside the store, as a person with the sqlite3
// shell would.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestPathsMayHoldAnything(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Ünï ?#%20 &x=1")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	if fi, err := os.Stat(filepath.Join(dir, store.FileName)); err != nil {
		t.Fatal(err)
	} else if fi.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600: addresses are private", fi.Mode())
	}
}

func TestFault33NewerSchemaOpensReadOnly(t *testing.T) {
	dir := t.TempDir()
	open(t, dir).Close()
	if _, err := raw(t, dir).Exec(`PRAGMA user_version = 9999`); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !delivery.Is(s.ReadOnly(), delivery.KindNewerSchema) {
		t.Fatalf("ReadOnly() = %v, want newer_schema", s.ReadOnly())
	}
	if _, err := s.AddOperator(ctx, marieke, "X", nil); !delivery.Is(err, delivery.KindNewerSchema) {
		t.Errorf("a write: %v, want newer_schema", err)
	}
	if os, err := s.Operators(ctx); err != nil || len(os) != 1 {
		t.Errorf("reading: %v, %v", os, err)
	}
}

func TestFault27DamagedDatabaseIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	importPeople(t, s, "All", people(2000)...)
	s.Close()
	path := filepath.Join(dir, store.FileName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Every interior byte of the second half is overwritten: b-tree pages go.
	for i := len(b) / 2; i < len(b)-4096; i++ {
		b[i] = 0xA5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, store.Options{Dir: dir}); !delivery.Is(err, delivery.KindDamaged) {
		t.Fatalf("damaged pages: %v, want damaged", err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(ctx, store.Options{Dir: dir}); !delivery.Is(err, delivery.KindDamaged) {
		t.Fatalf("another file: %v, want damaged", err)
	}
}

func TestBackupIsWholeAndPruned(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	importPeople(t, s, "All", people(50)...)
	for i := range 9 {
		path, err := s.Backup(ctx, fmt.Sprintf("n%d", i))
		if err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite3", path)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := db.QueryRow(`SELECT count(*) FROM profiles`).Scan(&n); err != nil || n != 50 {
			t.Fatalf("backup %d holds %d profiles, %v", i, n, err)
		}
		db.Close()
		time.Sleep(2 * time.Millisecond) // names carry milliseconds
	}
	left, err := os.ReadDir(filepath.Join(dir, store.BackupFolder))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 7 || !strings.Contains(left[6].Name(), "n8") {
		t.Errorf("%d backups stay, the last %s; want the newest 7", len(left), left[len(left)-1].Name())
	}
}

func TestImportMergesDuplicatesAndUpdates(t *testing.T) {
	s := open(t, t.TempDir())
	a, n := importPeople(t, s, "Customers",
		store.Profile{Address: "ann@x.example", Key: "ann@x.example", Fields: `{"name":"Ann","city":"Ghent"}`},
		store.Profile{Address: "bob@x.example", Key: "bob@x.example", Fields: `{"name":"Bob"}`},
		store.Profile{Address: "ann@x.example", Key: "ann@x.example", Fields: `{"name":"Anna"}`},
		store.Profile{Fields: `{"name":"Nobody"}`},
		store.Profile{Fields: `{"name":"Nobody"}`})
	if a.Size != 4 || n != (store.Imported{Added: 4, Merged: 1}) {
		t.Fatalf("size %d, %+v", a.Size, n)
	}
	p, err := s.ProfileByKey(ctx, "ann@x.example")
	if err != nil {
		t.Fatal(err)
	}
	if p.Fields != `{"name":"Anna","city":"Ghent"}` {
		t.Errorf("merged fields %s: later values win, absent ones stay", p.Fields)
	}
	b, n := importPeople(t, s, "customers", person(1), store.Profile{Address: "bob@x.example", Key: "bob@x.example", Fields: `{"city":"Leeds"}`})
	if b.ID != a.ID || b.Size != 2 || n != (store.Imported{Added: 1, Updated: 1}) {
		t.Errorf("second import of the name: id %d, size %d, %+v", b.ID, b.Size, n)
	}
}

func TestFault11AbandonedImportLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	im, err := s.BeginImport(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people(100) {
		if err := im.Add(p); err != nil {
			t.Fatal(err)
		}
	}
	im.Discard()
	var n int
	if err := raw(t, dir).QueryRow(`SELECT count(*) FROM profiles`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d profiles, %v", n, err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, "scratch-*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// plan seals a delivery over n people without rendering anything.
func plan(t testing.TB, s *store.Store, n int) delivery.ID {
	t.Helper()
	a, _ := importPeople(t, s, fmt.Sprintf("All %d", n), people(n)...)
	d := delivery.Draft{Label: "Test", Audience: a.ID, Account: 1, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed},
		Content: delivery.Content{From: "a@b.example", Subject: "Hello", Text: "Hi"}}
	id, err := s.CreateDelivery(ctx, marieke, d)
	if err != nil {
		t.Fatal(err)
	}
	seal(t, s, id)
	return id
}

func seal(t testing.TB, s *store.Store, id delivery.ID) delivery.Plan {
	t.Helper()
	start, err := s.BeginPrepare(ctx, marieke, id)
	if err != nil {
		t.Fatal(err)
	}
	p := delivery.Plan{At: time.Now(), By: start.By, Parts: map[delivery.Part]string{}}
	draft, err := s.BeginPlan(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	defer draft.Discard()
	rs := delivery.NewRecipientSeal()
	if err := s.EachTarget(ctx, start.Delivery, func(x store.Target) error {
		p.Targeted++
		p.ToDeliver++
		rs.Add(x.Address, x.Fields, nil, "")
		return draft.Add(store.Message{Seq: p.Targeted, Profile: x.ID, Address: x.Address, Key: x.Key, Fields: x.Fields, Sum: make([]byte, 32)})
	}); err != nil {
		t.Fatal(err)
	}
	for _, part := range delivery.Parts() {
		p.Parts[part] = delivery.PartHash(part, start.Delivery.Draft, start.Account)
	}
	p.Parts[delivery.PartRecipients] = rs.Hash()
	p.Hash = delivery.SealHash(id, p.Parts)
	if err := draft.Seal(ctx, p, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConfirmChecksRightStateHashAndSeal(t *testing.T) {
	s := open(t, t.TempDir())
	trainee, err := s.AddOperator(ctx, marieke, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	id := plan(t, s, 10)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	hash := v.Plan.Hash
	other := "0" + hash[1:]
	if other == hash {
		other = "1" + hash[1:]
	}
	draft := v.Draft
	draft.Content.Subject = "Changed"

	for _, c := range []struct {
		name string
		do   func() error
		want delivery.Kind
	}{
		{"without the right", func() error {
			return s.Confirm(ctx, access.Principal{Operator: trainee.ID}, id, hash, time.Now())
		}, delivery.KindRight},
		{"nobody", func() error { return s.Confirm(ctx, access.Principal{}, id, hash, time.Now()) }, delivery.KindNotFound},
		{"another plan", func() error { return s.Confirm(ctx, marieke, id, other, time.Now()) }, delivery.KindStalePlan},
		{"too short a hash", func() error { return s.Confirm(ctx, marieke, id, hash[:11], time.Now()) }, delivery.KindStalePlan},
		{"no hash", func() error { return s.Confirm(ctx, marieke, id, "", time.Now()) }, delivery.KindStalePlan},
		{"after an edit", func() error {
			if err := s.EditDelivery(ctx, marieke, id, draft); err != nil {
				t.Fatal(err)
			}
			return s.Confirm(ctx, marieke, id, hash, time.Now())
		}, delivery.KindState},
		{"the old plan after a new one", func() error { seal(t, s, id); return s.Confirm(ctx, marieke, id, hash, time.Now()) }, delivery.KindStalePlan},
	} {
		if err := c.do(); !delivery.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	v, _ = s.Delivery(ctx, id)
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash[:12], time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); !delivery.Is(err, delivery.KindState) {
		t.Errorf("twice: %v, want state", err)
	}
	if err := s.EditDelivery(ctx, marieke, id, draft); err != nil {
		t.Errorf("an edit that changes nothing: %v", err)
	}
	draft.Label = "Renamed"
	if err := s.EditDelivery(ctx, marieke, id, draft); !delivery.Is(err, delivery.KindState) {
		t.Errorf("an edit after Confirm: %v, want state", err)
	}
}

func TestAccountEditBreaksTheSeal(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 3)
	if _, err := raw(t, dir).Exec(`UPDATE accounts SET connections = 9`); err != nil {
		t.Fatal(err)
	}
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Broken) != 1 || v.Broken[0] != delivery.PartAccount {
		t.Errorf("broken parts %v, want account", v.Broken)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); !delivery.Is(err, delivery.KindSealBroken) {
		t.Errorf("confirm: %v, want seal_broken", err)
	}
}

func TestNoOtherWayIn(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 3)
	db := raw(t, dir)
	for _, q := range []string{
		`UPDATE deliveries SET state = 'sending'`,
		`UPDATE deliveries SET state = 'confirmed', confirmed_by = 'Marieke'`,
		`UPDATE deliveries SET state = 'sending', confirmed_by = 'Marieke', confirmed_plan = 'other'`,
		`INSERT INTO deliveries (label, state, content, schedule, created, created_by, modified)
			VALUES ('x', 'sending', '{}', '{}', 0, 'x', 0)`,
		`UPDATE accounts SET host = 'relay.example', port = 25`,
	} {
		if _, err := db.Exec(q); err == nil {
			t.Errorf("the database let this through: %s", q)
		}
	}
	v, err := s.Delivery(ctx, id)
	if err != nil || v.State != delivery.Ready {
		t.Errorf("state %s, %v; want ready", v.State, err)
	}
}

func TestRecountFindsADifference(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 5)
	if stored, counted, err := s.Recount(ctx, id); err != nil || stored != counted || stored.Check() != nil {
		t.Fatalf("%+v, %+v, %v", stored, counted, err)
	}
	if _, err := raw(t, dir).Exec(`UPDATE deliveries SET pending = 4, accepted = 1`); err != nil {
		t.Fatal(err)
	}
	stored, counted, err := s.Recount(ctx, id)
	if err != nil || stored == counted {
		t.Fatalf("%+v, %+v, %v: a difference was hidden", stored, counted, err)
	}
	if err := s.Correct(ctx, id, stored, counted); err != nil {
		t.Fatal(err)
	}
	if stored, counted, _ := s.Recount(ctx, id); stored != counted {
		t.Errorf("after the correction %+v, %+v", stored, counted)
	}
}

// TestALostRightHoldsTheDelivery: whoever confirmed must still have the right
// when the contact date comes.
func TestALostRightHoldsTheDelivery(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	id := plan(t, s, 3)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(t, dir).Exec(`UPDATE operators SET rights = 'prepare,admin'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Advance(ctx, id, delivery.Start, nil); !delivery.Is(err, delivery.KindState) {
		t.Fatalf("start: %v, want state", err)
	}
	v, err = s.Delivery(ctx, id)
	if err != nil || v.State != delivery.Paused || v.Paused.Kind != delivery.KindRight || !v.Started.IsZero() {
		t.Errorf("state %s, paused %+v, %v", v.State, v.Paused, err)
	}
}
