package store_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/store"
)

// schema1 is a workspace as the first release left it: a delivery that is being
// sent, with one person who got it, one who waits for a second attempt, one whom a
// stop of another delivery called off, and addresses that are not written to.
func schema1(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("migrations", "0001_main.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	draft := delivery.Draft{Label: "Spring", Audience: 1, Account: 1,
		Content: delivery.Content{From: "Acme <news@acme.example>", Subject: "Hello", HTML: "<p>Dear {{ name }}</p>"}}
	parts := map[delivery.Part]string{delivery.PartRecipients: "seal"}
	for _, p := range []delivery.Part{delivery.PartContent, delivery.PartAudience, delivery.PartSchedule} {
		parts[p] = delivery.PartHash(p, draft, delivery.Account{})
	}
	// What the first release hashed of an account, to the letter.
	sum := sha256.Sum256([]byte(`{"id":1,"name":"Relay","kind":"smtp","host":"mx.example","port":587,"security":"starttls","user":"acme","connections":4}`))
	parts[delivery.PartAccount] = hex.EncodeToString(sum[:])
	text1 := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	plan := text1(delivery.Plan{Hash: "0123456789abcdef", Parts: parts, By: "Marieke", Targeted: 2, ToDeliver: 2})
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{string(text), nil},
		{`PRAGMA user_version = 1`, nil},
		{`INSERT INTO meta VALUES ('workspace', '00112233445566778899aabbccddeeff')`, nil},
		{`INSERT INTO operators VALUES (1, 'Marieke', '["prepare","start","export","admin"]', 1000)`, nil},
		{`INSERT INTO accounts (id, name, kind, host, port, security, user, connections, rate, created)
			VALUES (1, 'Relay', 'smtp', 'mx.example', 587, 'starttls', 'acme', 4, 12.5, 1000)`, nil},
		{`INSERT INTO profiles (id, address, key, denied, fields, created, modified) VALUES
			(1, 'ann@x.example', 'ann@x.example', 0, '{"name":"Ann"}', 1, 1),
			(2, 'Bob@x.example', 'bob@x.example', 0, '{"name":"Bob"}', 1, 1),
			(3, 'cas@x.example', 'cas@x.example', 1, '{}', 1, 1)`, nil},
		{`UPDATE profiles SET last_sent = 5000 WHERE id = 1`, nil},
		{`INSERT INTO quarantine VALUES ('zoe@x.example', 'user_unknown', 1000), ('abe@x.example', 'manual', 2000)`, nil},
		{`INSERT INTO audiences VALUES (1, 'People', 'people.csv', '["name"]', 3, 1000)`, nil},
		{`INSERT INTO members VALUES (1, 1), (1, 2), (1, 3)`, nil},
		{`INSERT INTO deliveries (id, label, content, audience, account, schedule, created, created_by, modified)
			VALUES (1, 'Spring', ?, 1, 1, '{}', 1, 'Marieke', 1), (2, 'Old', ?1, 1, 1, '{}', 1, 'Marieke', 1)`, []any{text1(draft.Content)}},
		{`UPDATE deliveries SET state = 'sending', plan = ?, plan_hash = '0123456789abcdef', confirmed_by = 'Marieke', confirmed_at = 2,
			confirmed_plan = '0123456789abcdef', started = 3, targeted = 2, accepted = 1, deferred = 1 WHERE id = 1`, []any{plan}},
		{`INSERT INTO messages (delivery, seq, profile, address, key, state, attempts, at, next_try, code, enhanced, nature, fault, reply, fields, sum) VALUES
			(1, 1, 1, 'ann@x.example', 'ann@x.example', 3, 1, 5000, NULL, 250, '2.0.0', '', '', 'Ok', '{"name":"Ann"}', zeroblob(32)),
			(1, 2, 2, 'Bob@x.example', 'bob@x.example', 4, 2, 6000, 7000, 451, '4.7.1', 'greylisted', 'recipient', 'Later', '{"name":"Bob"}', zeroblob(32)),
			(2, 1, 2, 'Bob@x.example', 'bob@x.example', 7, 1, 8000, NULL, 452, '4.2.2', 'cancelled', '', 'Full', '{}', zeroblob(32))`, nil},
	} {
		if _, err := db.Exec(q.sql, q.args...); err != nil {
			t.Fatalf("%s: %v", q.sql, err)
		}
	}
}

// A workspace of the first release opens with everything in it, and goes on.
func TestMigrateFromSchema1(t *testing.T) {
	dir := t.TempDir()
	schema1(t, dir)
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()

	db := raw(t, dir)
	var version int
	var verdict string
	if err := db.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil || version != store.SchemaVersion() || version < 2 {
		t.Errorf("schema %d, %v", version, err)
	}
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
	if rows, err := db.Query(`PRAGMA foreign_key_check`); err != nil {
		t.Error(err)
	} else {
		if rows.Next() {
			t.Error("a row names another that is not there")
		}
		rows.Close()
	}
	if s.ID() != "00112233445566778899aabbccddeeff" {
		t.Errorf("the workspace is now %s", s.ID())
	}

	backups, err := filepath.Glob(filepath.Join(dir, store.BackupFolder, "*.db"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("backups %q, %v", backups, err)
	}
	old, err := sql.Open("sqlite3", backups[0])
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := old.QueryRow(`PRAGMA user_version`).Scan(&version); err != nil || version != 1 {
		t.Errorf("the backup has schema %d, %v", version, err)
	}

	v, err := s.Delivery(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Broken) != 0 {
		t.Errorf("the plan of the first release no longer holds: %v", v.Broken)
	}
	if v.State != delivery.Sending || v.Counters != (delivery.Counters{Targeted: 2, Accepted: 1, Deferred: 1}) || v.AudienceName != "People" {
		t.Errorf("%+v", v)
	}

	in, err := s.QuarantineNumbers(ctx, delivery.QuarantineQuery{})
	if err != nil {
		t.Fatal(err)
	}
	kept, err := s.QuarantineRows(ctx, in)
	if err != nil || len(kept) != 2 || kept[0].Key != "abe@x.example" || kept[0].Reason != "manual" || !kept[0].At.Equal(time.UnixMilli(2000)) ||
		kept[1].Key != "zoe@x.example" || kept[1].Reason != "user_unknown" || kept[1].By != "" {
		t.Errorf("quarantine %+v, %v", kept, err)
	}
	if p, err := s.Profile(ctx, 3); err != nil || !p.Denied || !p.DeniedAt.IsZero() {
		t.Errorf("denylist: %+v, %v", p, err)
	}

	for id, want := range map[int64]time.Time{1: time.UnixMilli(5000).UTC(), 2: {}} {
		if p, err := s.Profile(ctx, id); err != nil || !p.LastSent.Equal(want) {
			t.Errorf("person %d was last sent something at %v, %v", id, p.LastSent, err)
		}
	}
	for seq, want := range map[int64]string{1: `{"name":"Ann"}`, 2: `{"name":"Bob"}`} {
		if m, _, err := s.Message(ctx, 1, seq); err != nil || m.Fields != want || len(m.Sum) != 32 {
			t.Errorf("message %d was frozen with %s and %x, %v", seq, m.Fields, m.Sum, err)
		}
	}

	// The attempt before the last one was never written down; nothing is made up.
	m, attempts, err := s.Message(ctx, 1, 2)
	if err != nil || len(attempts) != 0 || m.Attempts != 2 || m.Reply != "Later" || m.State != delivery.MsgDeferred {
		t.Fatalf("%+v, %v, %v", m, attempts, err)
	}
	now := time.UnixMilli(9000).UTC()
	try(t, s, 1, now, func(queue.Job) queue.Outcome {
		return queue.Outcome{To: delivery.MsgAccepted, Code: 250, Reply: "Ok"}
	})
	m, attempts, err = s.Message(ctx, 1, 2)
	want := delivery.Attempt{Number: 2, At: time.UnixMilli(6000).UTC(), State: delivery.MsgDeferred, Nature: "greylisted", Fault: delivery.FaultRecipient,
		Code: 451, Enhanced: "4.7.1", Reply: "Later"}
	if err != nil || m.State != delivery.MsgAccepted || m.Attempts != 3 || len(attempts) != 1 || attempts[0] != want {
		t.Errorf("%+v, %+v, %v", m.Row, attempts, err)
	}
}
