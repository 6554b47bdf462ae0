package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// Validity is how long after its start a delivery's messages are tried.
const (
	Validity         = 72 * time.Hour
	TrainingValidity = 10 * time.Minute
)

// Confirm lets the plan with the given hash go. Right, state, hash and seal are
// checked in the transaction that changes the state; plan is the full hash or
// its first twelve digits or more, as a person was shown it.
func (s *Store) Confirm(ctx context.Context, who access.Principal, id delivery.ID, plan string, at time.Time) error {
	const op = "confirm"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Start)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if _, err := delivery.Next(d.State, delivery.Confirm); err != nil {
			return err
		}
		p := d.Plan
		if p == nil || p.Blocked() {
			return &delivery.Error{Kind: delivery.KindState, Detail: string(d.State)}
		}
		if len(plan) < 12 || !strings.HasPrefix(p.Hash, strings.ToLower(plan)) {
			return &delivery.Error{Kind: delivery.KindStalePlan, Detail: p.Short()}
		}
		a, err := scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?`, d.Account))
		if err != nil {
			return err
		}
		as, err := relayAccounts(ctx, tx, d.Relays)
		if err != nil {
			return err
		}
		if broken := delivery.Broken(p, d.Draft, a, others(as)...); len(broken) > 0 {
			return &delivery.Error{Kind: delivery.KindSealBroken, Detail: joinParts(broken)}
		}
		if n, err := repeats(ctx, tx, d); err != nil {
			return err
		} else if n > 0 { // another top-up was faster: nobody gets two
			return &delivery.Error{Kind: delivery.KindSealBroken, Detail: string(delivery.PartRecipients)}
		}
		if _, err := tx.Exec(`UPDATE deliveries SET state = ?, confirmed_by = ?, confirmed_at = ?, confirmed_plan = plan_hash
			WHERE id = ?`, delivery.Confirmed, o.Name, ms(at), id); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{At: at, Severity: delivery.SeverityInfo, Code: "confirmed", By: o.Name,
			Params: map[string]string{"plan": p.Short(), "count": strconv.FormatInt(p.ToDeliver, 10)}})
	})
}

// Pause makes a delivery stand still on behalf of a person.
func (s *Store) Pause(ctx context.Context, who access.Principal, id delivery.ID) error {
	return s.command(ctx, who, id, delivery.Pause, func(tx *sql.Tx, d *delivery.Delivery, by string) error {
		return pause(tx, d, &delivery.PauseReason{By: by, At: time.Now().UTC()})
	})
}

func pause(tx *sql.Tx, d *delivery.Delivery, why *delivery.PauseReason) error {
	if _, err := tx.Exec(`UPDATE deliveries SET paused = ? WHERE id = ?`, marshal(why), d.ID); err != nil {
		return err
	}
	l := delivery.LogLine{Severity: delivery.SeverityInfo, Code: "paused", By: why.By}
	if why.By == "" {
		l = delivery.LogLine{Severity: delivery.SeverityError, Code: "paused_by_breaker",
			Params: map[string]string{"kind": string(why.Kind), "detail": why.Detail}}
	}
	return logLine(tx, d.ID, l)
}

// Resume lets a paused delivery go on.
func (s *Store) Resume(ctx context.Context, who access.Principal, id delivery.ID) error {
	return s.command(ctx, who, id, delivery.Resume, func(tx *sql.Tx, d *delivery.Delivery, by string) error {
		if _, err := tx.Exec(`UPDATE deliveries SET paused = NULL, resumed = ? WHERE id = ?`, ms(time.Now()), id); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "resumed", By: by})
	})
}

// Stop ends a delivery: what has not begun is cancelled in the same
// transaction. What connections hold is settled by the queue.
func (s *Store) Stop(ctx context.Context, who access.Principal, id delivery.ID) error {
	return s.command(ctx, who, id, delivery.Stop, func(tx *sql.Tx, d *delivery.Delivery, by string) error {
		now := ms(time.Now())
		if err := keepAttempt(tx, id, "state IN (?, ?)", delivery.MsgPending, delivery.MsgDeferred); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE messages SET state = ?, next_try = NULL, nature = ?, at = ? WHERE delivery = ? AND state IN (?, ?)`,
			delivery.MsgCancelled, delivery.NatureCancelled, now, id, delivery.MsgPending, delivery.MsgDeferred); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE deliveries SET cancelled = cancelled + pending + deferred, pending = 0, deferred = 0,
			finished = ?, paused = NULL, returns = NULL WHERE id = ?`, now, id); err != nil {
			return err
		}
		s.forget(id)
		return nil
	})
}

// Stopped writes the log line of a stopped delivery, once its connections have
// let go, and remembers who got it.
func (s *Store) Stopped(ctx context.Context, id delivery.ID, by string) error {
	return s.write(ctx, "stop", func(tx *sql.Tx) error {
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if err := markSent(tx, id); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityWarning, Code: "stopped", By: by, Params: map[string]string{
			"got": strconv.FormatInt(d.Counters.Accepted, 10), "not": strconv.FormatInt(d.Counters.ToDeliver()-d.Counters.Accepted-d.Counters.InDoubt, 10)}})
	})
}

// markSent remembers of whom got a delivery that they got mail from us.
func markSent(tx *sql.Tx, id delivery.ID) error {
	return contacted(tx, `m.delivery = ? AND m.state = ?`, id, delivery.MsgAccepted)
}

// contacted remembers when the people of some messages m got them; of people who are
// gone nothing is kept.
func contacted(tx *sql.Tx, these string, args ...any) error {
	_, err := tx.Exec(`INSERT INTO contacted (profile, at) SELECT m.profile, m.at FROM messages m WHERE `+these+`
		AND EXISTS (SELECT 1 FROM profiles p WHERE p.id = m.profile)
		ON CONFLICT (profile) DO UPDATE SET at = excluded.at WHERE at < excluded.at`, args...)
	return err
}

func (s *Store) command(ctx context.Context, who access.Principal, id delivery.ID, a delivery.Action,
	act func(tx *sql.Tx, d *delivery.Delivery, by string) error) error {
	return s.write(ctx, string(a), func(tx *sql.Tx) error {
		o, err := require(tx, who, string(a), access.Start)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if err := s.move(tx, &d, a); err != nil {
			return err
		}
		return act(tx, &d, o.Name)
	})
}

// Active lists what the queue is concerned with. See queue.Store.
func (s *Store) Active(ctx context.Context) ([]queue.Active, error) {
	rows, err := s.r.QueryContext(ctx, viewQuery+`WHERE d.state IN ('confirmed', 'sending', 'retrying') ORDER BY d.id`)
	if err != nil {
		return nil, s.wrap("active", err)
	}
	var views []delivery.View
	for rows.Next() {
		v, err := scanView(rows)
		if err != nil {
			rows.Close()
			return nil, s.wrap("active", err)
		}
		views = append(views, v)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, s.wrap("active", err)
	}
	out := make([]queue.Active, len(views))
	for i := range out {
		v := &views[i]
		if err := s.complete(ctx, v); err != nil {
			return nil, s.wrap("active", err)
		}
		out[i] = queue.Active{ID: v.ID, State: v.State, Account: v.Account, Relays: relaysOf(*v), Schedule: v.Schedule,
			Counters: v.Counters, NextDue: v.Status.NextTry, Started: latest(v.Started, v.Reopened)}
		var validity, decided sql.NullInt64
		if err := s.r.QueryRowContext(ctx, `SELECT validity, max(confirmed_at, coalesce(resumed, 0)) FROM deliveries WHERE id = ?`, out[i].ID).
			Scan(&validity, &decided); err != nil {
			return nil, s.wrap("active", err)
		}
		out[i].Validity, out[i].Decided = fromMS(validity), fromMS(decided)
		if v.State == delivery.Confirmed && v.Schedule.Mode == delivery.AtDate {
			if out[i].Seen, err = s.lastSent(ctx, *v); err != nil {
				return nil, s.wrap("active", err)
			}
		}
		// The view knows no more of an account than a screen shows.
		if id := out[i].Account.ID; id > 0 {
			if out[i].Account, err = scanAccount(s.r.QueryRowContext(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = ?`, id)); err != nil {
				return nil, s.wrap("active", err)
			}
		}
	}
	return out, nil
}

// lastSent is the latest moment that the log has of the accounts of a delivery.
func (s *Store) lastSent(ctx context.Context, v delivery.View) (time.Time, error) {
	accounts := []int64{v.Account.ID}
	for _, r := range v.Relays {
		accounts = append(accounts, r.Account)
	}
	var last sql.NullInt64
	err := s.r.QueryRowContext(ctx, `SELECT max(second) FROM (SELECT max(f.second) AS second FROM json_each(?) j
		JOIN flow f ON f.account = j.value GROUP BY j.value)`, marshal(accounts)).Scan(&last)
	if err != nil || !last.Valid {
		return time.Time{}, err
	}
	return time.Unix(last.Int64, 0).UTC(), nil
}

// latest is when a delivery began, or began again.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Advance applies an action of the queue, with its log line in the same transaction.
// See queue.Store. A delivery that was stopped and then sent again what was in doubt
// is Stopped by its Finish. A Start whose confirming operator no longer has the right
// to start pauses the delivery instead and returns a KindState error.
func (s *Store) Advance(ctx context.Context, id delivery.ID, a delivery.Action, why *delivery.PauseReason) (delivery.State, error) {
	var to delivery.State
	held := false
	err := s.write(ctx, string(a), func(tx *sql.Tx) error {
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if a == delivery.Start && !mayStart(tx, d.Confirmation) {
			held = true
			a, why = delivery.Pause, &delivery.PauseReason{Kind: delivery.KindRight, Detail: string(access.Start)}
		}
		now := time.Now()
		if a == delivery.Finish {
			err = s.finish(tx, &d, now)
		} else {
			err = s.move(tx, &d, a)
		}
		if err != nil {
			return err
		}
		to = d.State
		switch a {
		case delivery.Pause:
			if why == nil {
				why = &delivery.PauseReason{Kind: delivery.KindInternal}
			}
			if why.At.IsZero() {
				why.At = now.UTC()
			}
			return pause(tx, &d, why)
		case delivery.Retry:
			return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "retrying",
				Params: map[string]string{"deferred": strconv.FormatInt(d.Counters.Deferred, 10)}})
		case delivery.Start:
			if began(d).IsZero() {
				if err := started(ctx, tx, d); err != nil {
					return err
				}
			}
			_, err = tx.Exec(`UPDATE deliveries SET started = coalesce(started, ?1), validity = coalesce(validity, ?1 +
				(SELECT CASE kind WHEN 'sandbox' THEN ?2 ELSE ?3 END FROM accounts a WHERE a.id = account)) WHERE id = ?4`,
				ms(now), TrainingValidity.Milliseconds(), Validity.Milliseconds(), id)
		}
		return err
	})
	if err == nil && held {
		err = &delivery.Error{Op: string(delivery.Start), Kind: delivery.KindState, Detail: string(to)}
	}
	return to, err
}

// began is when a delivery began, or began again; zero: not yet.
func began(d delivery.Delivery) time.Time { return latest(d.Started, d.Reopened) }

// started writes the log line of a delivery that begins.
func started(ctx context.Context, tx *sql.Tx, d delivery.Delivery) error {
	as, err := relayAccounts(ctx, tx, d.Relays)
	if err == nil && len(as) == 0 {
		var a delivery.Account
		a, err = scanAccount(tx.QueryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?`, d.Account))
		as = []delivery.Account{a}
	}
	if err != nil {
		return err
	}
	names := make([]string, len(as))
	for i, a := range as {
		names[i] = a.Name
	}
	return logLine(tx, d.ID, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "started",
		Params: map[string]string{"account": strings.Join(names, ", ")}})
}

func mayStart(tx *sql.Tx, c *delivery.Confirmation) bool {
	if c == nil {
		return false
	}
	o, err := scanOperator(tx.QueryRow(`SELECT id, name, rights FROM operators WHERE name = ?`, c.By))
	return err == nil && o.Rights.Has(access.Start)
}
