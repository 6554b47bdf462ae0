package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Preparation is what a preparation starts from.
type Preparation struct {
	Delivery delivery.Delivery
	By       string
	Account  delivery.Account   // zero when none is chosen
	Accounts []delivery.Account // of several relays, in their order
	Columns  []string           // fields of the audience
	Size     int64              // profiles in it; 0 for a rule
	Rule     bool               // the audience is a rule
	Followed delivery.State     // of the delivery that it follows, empty without one
	Usual    int64              // median size of the last ten deliveries that ended, 0 without any
}

// BeginPrepare moves a delivery to Preparing.
func (s *Store) BeginPrepare(ctx context.Context, who access.Principal, id delivery.ID) (Preparation, error) {
	const op = "prepare"
	var p Preparation
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		p.By = o.Name
		if p.Delivery, err = deliveryIn(tx, id); err != nil {
			return err
		}
		if err := s.move(tx, &p.Delivery, delivery.Prepare); err != nil {
			return err
		}
		if err := startOf(tx, &p); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "prepare_started", By: o.Name})
	})
	if err == nil && p.Rule {
		p.Columns, err = s.FieldNames(ctx)
	}
	return p, err
}

// startOf reads what the preparation needs besides the delivery itself.
func startOf(tx *sql.Tx, p *Preparation) error {
	var err error
	if p.Delivery.Account != 0 {
		if p.Account, err = scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?`, p.Delivery.Account)); err != nil {
			return err
		}
	}
	if p.Accounts, err = relayAccounts(context.Background(), tx, p.Delivery.Relays); err != nil {
		return err
	}
	if p.Delivery.Audience != 0 {
		var columns string
		if err := tx.QueryRow(`SELECT columns, size, rule <> '' FROM audiences WHERE id = ?`, p.Delivery.Audience).Scan(&columns, &p.Size, &p.Rule); err != nil {
			return err
		}
		if p.Rule { // it is counted later, over everybody
			p.Size = 0
		}
		if err := json.Unmarshal([]byte(columns), &p.Columns); err != nil {
			return err
		}
	}
	if err := startOfFollow(tx, p); err != nil {
		return err
	}
	var median sql.NullInt64
	err = tx.QueryRow(`WITH last AS (SELECT targeted - excluded AS n FROM deliveries
			WHERE state IN ('finished', 'stopped') ORDER BY started DESC LIMIT 10)
		SELECT n FROM last ORDER BY n LIMIT 1 OFFSET (SELECT count(*) / 2 FROM last)`).Scan(&median)
	if err != nil && err != sql.ErrNoRows {
		return err
	}
	p.Usual = median.Int64
	return nil
}

// move applies one action to a delivery's state, in the row and in d.
func (s *Store) move(tx *sql.Tx, d *delivery.Delivery, a delivery.Action) error {
	to, err := delivery.Next(d.State, a)
	if err != nil {
		return err
	}
	d.State = to
	_, err = tx.Exec(`UPDATE deliveries SET state = ? WHERE id = ?`, to, d.ID)
	return err
}

// Target is one profile of an audience as the rules need it.
type Target struct {
	ID int64
	Profile
	Quarantined bool
	Written     bool      // by the delivery that this one tops up, or by another top-up of it
	LastSent    time.Time // zero: never written to
}

// EachTarget calls fn for everybody whom a delivery is for: first those without a
// valid address, then by key, so that one address's profiles come together; within
// a key the oldest first. These are the members of its audience, which is a list, or, for
// a correction, those who got the delivery that it follows. Test profiles are not
// among them.
func (s *Store) EachTarget(ctx context.Context, d delivery.Delivery, fn func(Target) error) error {
	if d.Follows.Mode == delivery.Correction {
		return s.eachFollowed(ctx, d.Follows, fn)
	}
	return s.eachMember(ctx, s.r, d, fn, `members m JOIN profiles t ON t.id = m.profile WHERE m.audience = ? AND NOT t.test`, d.Audience)
}

// eachMember is EachTarget for the people t that a FROM clause with one argument
// gives.
func (s *Store) eachMember(ctx context.Context, q querier, d delivery.Delivery, fn func(Target) error, from string, arg any) error {
	written, args := "0", []any{}
	if d.Follows.Mode == delivery.TopUp {
		others, err := family(ctx, q, d, append(slices.Clone(underWay), delivery.Ready))
		if err != nil {
			return s.wrap("target", err)
		}
		written, args = writtenBefore, []any{others, marshal(got), marshal(mayStill)}
	}
	args = append(args, arg)
	rows, err := q.QueryContext(ctx, `SELECT t.id, coalesce(t.address, ''), coalesce(t.key, ''), t.fields, t.denied,
			(SELECT c.at FROM contacted c WHERE c.profile = t.id), EXISTS (SELECT 1 FROM quarantine q WHERE q.key = t.key), `+written+`
		FROM `+strings.Replace(from, "?", "?"+strconv.Itoa(len(args)), 1)+` ORDER BY t.key, t.id`, args...)
	if err != nil {
		return s.wrap("target", err)
	}
	return s.targets(rows, fn)
}

// targets reads rows of targets and closes them.
func (s *Store) targets(rows *sql.Rows, fn func(Target) error) error {
	defer rows.Close()
	for rows.Next() {
		var t Target
		var last sql.NullInt64
		if err := rows.Scan(&t.ID, &t.Address, &t.Key, &t.Fields, &t.Denied, &last, &t.Quarantined, &t.Written); err != nil {
			return s.wrap("target", err)
		}
		t.LastSent = fromMS(last)
		if err := fn(t); err != nil {
			return err
		}
	}
	return s.wrap("target", rows.Err())
}

// Message is one row of a plan: a recipient, or an excluded profile with its
// cause.
type Message struct {
	Seq     int64
	Profile int64
	Address string
	Key     string
	Fields  string
	Sum     []byte
	Files   []delivery.File
	Cause   delivery.Nature
}

// PlanDraft gathers the messages of a plan. It belongs to one goroutine;
// Discard must be called in the end, also after Seal.
type PlanDraft struct {
	s   *Store
	x   *scratch
	id  delivery.ID
	now int64
}

// BeginPlan opens an empty plan for a delivery that is Preparing.
func (s *Store) BeginPlan(ctx context.Context, id delivery.ID) (*PlanDraft, error) {
	x, err := s.newScratch(ctx, `seq INTEGER PRIMARY KEY, profile INTEGER, address TEXT, key TEXT, state INTEGER,
		nature TEXT, fields TEXT, sum BLOB, files TEXT`, 9)
	if err != nil {
		return nil, err
	}
	return &PlanDraft{s: s, x: x, id: id, now: ms(time.Now())}, nil
}

// Add stages one message. Seq must rise.
func (p *PlanDraft) Add(m Message) error {
	state, key := int64(delivery.MsgPending), any(m.Key)
	if m.Cause != delivery.NatureNone {
		state, key = int64(delivery.MsgExcluded), nil
	}
	var files any
	if len(m.Files) > 0 {
		files = marshal(m.Files)
	}
	return p.s.wrap("prepare", p.x.add(m.Seq, m.Profile, m.Address, key, state, string(m.Cause), m.Fields, m.Sum, files))
}

// Seal replaces the delivery's messages by the staged ones and stores the plan,
// all at once; the delivery becomes Ready, or PreparationFailed when the plan
// is blocked.
func (p *PlanDraft) Seal(ctx context.Context, plan delivery.Plan, lines []delivery.LogLine) error {
	return p.s.merge(ctx, "prepare", p.x, func(tx *sql.Tx) error {
		d, err := deliveryIn(tx, p.id)
		if err != nil {
			return err
		}
		action := delivery.Prepared
		if plan.Blocked() {
			action = delivery.FailPrepare
		}
		if _, err := tx.Exec(`DELETE FROM attempts WHERE delivery = ?`, p.id); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM messages WHERE delivery = ?`, p.id); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM frozen WHERE delivery = ?`, p.id); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO messages (delivery, seq, profile, address, key, state, at, nature)
			SELECT ?, seq, profile, address, key, state, ?, nature FROM stage.staged ORDER BY seq`, p.id, p.now); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO frozen (delivery, seq, fields, sum, files)
			SELECT ?, seq, fields, sum, files FROM stage.staged ORDER BY seq`, p.id); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE deliveries SET plan = ?, plan_hash = ?, targeted = ?, excluded = ?, pending = ?
			WHERE id = ?`, marshal(plan), plan.Hash, plan.Targeted, plan.Targeted-plan.ToDeliver, plan.ToDeliver, p.id); err != nil {
			return err
		}
		if err := p.s.move(tx, &d, action); err != nil {
			return err
		}
		for _, l := range lines {
			if err := logLine(tx, p.id, l); err != nil {
				return err
			}
		}
		p.s.forget(p.id)
		return nil
	})
}

// Discard removes the staged messages.
func (p *PlanDraft) Discard() { p.x.discard() }

// AbandonPrepare takes a delivery that is Preparing back to Editing. Any
// earlier plan stays readable but cannot be confirmed.
func (s *Store) AbandonPrepare(ctx context.Context, id delivery.ID, by string) error {
	return s.write(ctx, "stop_preparation", func(tx *sql.Tx) error {
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if d.State != delivery.Preparing {
			return nil
		}
		if err := s.move(tx, &d, delivery.StopPreparation); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "prepare_stopped", By: by})
	})
}
