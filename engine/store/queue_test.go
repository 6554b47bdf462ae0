package store_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/queue/queuetest"
	"sendoff/engine/store"
)

// seeder plays the persons of the queue's conformance suite.
type seeder struct {
	testing.TB
	s     *store.Store
	db    *sql.DB
	seeds int
}

func TestQueueStore(t *testing.T) {
	queuetest.Run(t, func(t *testing.T) (queue.Store, queuetest.Seeder) {
		dir := t.TempDir()
		s := open(t, dir)
		x := &seeder{TB: t, s: s, db: raw(t, dir)}
		return s, x
	})
}

func (x *seeder) exec(q string, args ...any) {
	x.Helper()
	if _, err := x.db.Exec(q, args...); err != nil {
		x.Fatal(err)
	}
}

func (x *seeder) Seed(s queuetest.Seed) delivery.ID {
	x.Helper()
	x.seeds++
	via := []delivery.Account{s.Account}
	var relays []delivery.Relay
	for i, r := range s.Relays {
		if i > 0 {
			via = append(via, r.Account)
		}
		relays = append(relays, delivery.Relay{Account: r.Account.ID, Weight: r.Weight, Spare: r.Spare})
	}
	for _, a := range via {
		x.account(a)
	}
	a := s.Account
	// The next number that AUTOINCREMENT will give.
	var id delivery.ID
	if err := x.db.QueryRow(`SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'), 0) + 1`).Scan(&id); err != nil {
		x.Fatal(err)
	}
	ps := make([]store.Profile, s.Messages)
	for i := range ps {
		ps[i] = store.Profile{Address: queuetest.Address(id, int64(i+1)), Key: queuetest.Address(id, int64(i+1))}
	}
	au, _ := importPeople(x, x.s, fmt.Sprintf("A%d", x.seeds), ps...)
	if s.Schedule.Mode == "" {
		s.Schedule.Mode = delivery.OnceConfirmed
	}
	got, err := x.s.CreateDelivery(ctx, marieke, delivery.Draft{Label: "Seed", Audience: au.ID, Account: a.ID, Relays: relays, Schedule: s.Schedule,
		Content: delivery.Content{From: "a@b.example", Subject: "S", Text: "T"}})
	if err != nil || got != id {
		x.Fatalf("delivery %v, want %v: %v", got, id, err)
	}
	x.plan(id, s)
	if !s.Validity.IsZero() {
		x.exec(`UPDATE deliveries SET validity = ? WHERE id = ?`, s.Validity.UnixMilli(), id)
	}
	return id
}

// account stores an account as it is, or anew.
func (x *seeder) account(a delivery.Account) {
	x.Helper()
	x.exec(`INSERT INTO accounts (id, name, kind, host, port, connections, per_minute, per_hour, per_day, domain_limits, created)
		VALUES (?, ?, 'smtp', ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = 'smtp', host = excluded.host,
		port = excluded.port, connections = excluded.connections, per_minute = excluded.per_minute,
		per_hour = excluded.per_hour, per_day = excluded.per_day, domain_limits = excluded.domain_limits`,
		a.ID, a.Name, a.Host, a.Port, a.Connections, a.PerMinute, a.PerHour, a.PerDay, a.DomainLimits)
}

// plan seals the suite's own messages and confirms them.
func (x *seeder) plan(id delivery.ID, s queuetest.Seed) {
	x.Helper()
	n := s.Messages
	start, err := x.s.BeginPrepare(ctx, marieke, id)
	if err != nil {
		x.Fatal(err)
	}
	draft, err := x.s.BeginPlan(ctx, id)
	if err != nil {
		x.Fatal(err)
	}
	defer draft.Discard()
	for i := int64(1); i <= int64(n); i++ {
		sum := queuetest.Sum(id, i)
		a := s.Address(id, i)
		if err := draft.Add(store.Message{Seq: i, Profile: i, Address: a, Key: a, Fields: queuetest.Fields(i), Sum: sum[:]}); err != nil {
			x.Fatal(err)
		}
	}
	p := delivery.Plan{Targeted: int64(n), ToDeliver: int64(n), Parts: map[delivery.Part]string{}}
	for _, part := range delivery.Parts() {
		p.Parts[part] = delivery.PartHash(part, start.Delivery.Draft, start.Account, start.Accounts[min(1, len(start.Accounts)):]...)
	}
	p.Hash = delivery.SealHash(id, p.Parts)
	if err := draft.Seal(ctx, p, nil); err != nil {
		x.Fatal(err)
	}
	if err := x.s.Confirm(ctx, marieke, id, p.Hash, time.Now()); err != nil {
		x.Fatal(err)
	}
}

func (x *seeder) Act(id delivery.ID, a delivery.Action) error {
	switch a {
	case delivery.Pause:
		return x.s.Pause(ctx, marieke, id)
	case delivery.Resume:
		return x.s.Resume(ctx, marieke, id)
	case delivery.Stop:
		return x.s.Stop(ctx, marieke, id)
	}
	return fmt.Errorf("no such act: %s", a)
}

func (x *seeder) Recover(left queue.Left) {
	x.Helper()
	if err := x.s.Recover(ctx, left); err != nil {
		x.Fatal(err)
	}
}

func (x *seeder) State(id delivery.ID) delivery.State {
	x.Helper()
	v, err := x.s.Delivery(ctx, id)
	if err != nil {
		x.Fatal(err)
	}
	return v.State
}

func (x *seeder) Counters(id delivery.ID) delivery.Counters {
	x.Helper()
	_, counted, err := x.s.Recount(ctx, id)
	if err != nil {
		x.Fatal(err)
	}
	return counted
}

func (x *seeder) Message(r queue.Ref) queuetest.Message {
	x.Helper()
	var m queuetest.Message
	found := false
	if err := x.s.EachRow(ctx, r.Delivery, store.RowFilter{Offset: int(r.Seq) - 1, Limit: 1}, func(row delivery.Row) error {
		found = true
		m.Outcome = queue.Outcome{Ref: r, To: row.State, Attempt: row.Attempts, Nature: row.Nature, Fault: row.Fault,
			Code: row.Code, Enhanced: row.Enhanced, Reply: row.Reply, At: row.At, NextTry: row.NextTry}
		m.Address, m.Account = row.Address, row.Account
		return nil
	}); err != nil || !found {
		x.Fatalf("message %v: found %v, %v", r, found, err)
	}
	return m
}
