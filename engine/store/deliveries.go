package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

const deliveryColumns = `d.id, d.label, d.state, d.content, d.audience, d.account, d.relays, d.schedule, d.tracking,
	d.created, d.created_by, d.modified, d.plan, d.confirmed_by, d.confirmed_at, d.confirmed_plan,
	d.started, d.finished, d.reopened, d.paused, d.follows, d.follow_mode, d.follow_doubtful,
	d.targeted, d.excluded, d.pending, d.claimed, d.committing, d.accepted, d.deferred, d.rejected,
	d.in_doubt, d.cancelled`

func counterDest(c *delivery.Counters) []any {
	return []any{&c.Targeted, &c.Excluded, &c.Pending, &c.Claimed, &c.Committing, &c.Accepted,
		&c.Deferred, &c.Rejected, &c.InDoubt, &c.Cancelled}
}

func scanDelivery(r scanner, extra ...any) (delivery.Delivery, error) {
	var d delivery.Delivery
	var content, schedule string
	var plan, confirmedBy, confirmedPlan, paused, relays sql.NullString
	var audience, account, created, modified, confirmedAt, started, finished, reopened, follows sql.NullInt64
	var f delivery.Follow
	dest := []any{&d.ID, &d.Label, &d.State, &content, &audience, &account, &relays, &schedule, &d.Tracking,
		&created, &d.CreatedBy, &modified, &plan, &confirmedBy, &confirmedAt, &confirmedPlan,
		&started, &finished, &reopened, &paused, &follows, &f.Mode, &f.Doubtful}
	dest = append(dest, counterDest(&d.Counters)...)
	if err := r.Scan(append(dest, extra...)...); err != nil {
		return d, err
	}
	d.Audience, d.Account = audience.Int64, account.Int64
	d.Created, d.Modified = fromMS(created), fromMS(modified)
	d.Started, d.Finished, d.Reopened = fromMS(started), fromMS(finished), fromMS(reopened)
	if follows.Valid {
		f.Delivery = delivery.ID(follows.Int64)
		d.Follows = f
	}
	var err error
	if d.Relays, err = scanRelays(relays); err != nil {
		return d, err
	}
	if err := errors.Join(
		json.Unmarshal([]byte(content), &d.Content),
		json.Unmarshal([]byte(schedule), &d.Schedule),
		unmarshalNull(plan, &d.Plan),
		unmarshalNull(paused, &d.Paused)); err != nil {
		return d, err
	}
	if confirmedBy.Valid {
		d.Confirmation = &delivery.Confirmation{By: confirmedBy.String, At: fromMS(confirmedAt), Plan: confirmedPlan.String}
	}
	return d, nil
}

func unmarshalNull[T any](s sql.NullString, into **T) error {
	if !s.Valid {
		return nil
	}
	return json.Unmarshal([]byte(s.String), into)
}

func marshal(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own plain values always marshal
	}
	return string(b)
}

func notFound(id delivery.ID) error {
	return &delivery.Error{Kind: delivery.KindNotFound, Field: "delivery", Detail: id.String()}
}

// delivery reads one delivery inside a transaction.
func deliveryIn(tx *sql.Tx, id delivery.ID) (delivery.Delivery, error) {
	d, err := scanDelivery(tx.QueryRow(`SELECT `+deliveryColumns+` FROM deliveries d WHERE id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return d, notFound(id)
	}
	if err == nil {
		d.Definition, err = definition(tx, d.Audience)
	}
	return d, err
}

const viewQuery = `SELECT ` + deliveryColumns + `,
	coalesce(a.name, (SELECT value FROM meta WHERE key = '` + metaAudienceName + `' || d.id)), a.size, CASE WHEN coalesce(a.rule, '') = '' THEN a.imported ELSE a.counted END, coalesce(a.rule, ''),
	c.id, c.name, c.kind, c.host, c.port, c.security, c.user, c.password_env, c.connections,
	c.per_minute, c.per_hour, c.per_day, c.rate,
	(SELECT min(next_try) FROM messages m WHERE m.delivery = d.id AND m.next_try IS NOT NULL),
	` + leftCount + `
	FROM deliveries d LEFT JOIN audiences a ON a.id = d.audience LEFT JOIN accounts c ON c.id = d.account `

func scanView(r scanner) (delivery.View, error) {
	var v delivery.View
	var name sql.NullString
	var size, imported, next sql.NullInt64
	var acc struct {
		id, port, conns, minute, hour, day            sql.NullInt64
		name, kind, host, security, user, passwordEnv sql.NullString
		rate                                          sql.NullFloat64
	}
	var err error
	v.Delivery, err = scanDelivery(r, &name, &size, &imported, &v.AudienceRule,
		&acc.id, &acc.name, &acc.kind, &acc.host, &acc.port, &acc.security, &acc.user, &acc.passwordEnv, &acc.conns,
		&acc.minute, &acc.hour, &acc.day, &acc.rate, &next, &v.Left)
	if err != nil {
		return v, err
	}
	v.AudienceName, v.AudienceSize, v.AudienceFrom = name.String, size.Int64, fromMS(imported)
	v.Account = delivery.Account{Kind: delivery.AccountKind(acc.kind.String), ID: acc.id.Int64, Name: acc.name.String,
		Host: acc.host.String, Port: int(acc.port.Int64), Security: delivery.Security(acc.security.String),
		User: acc.user.String, PasswordEnv: acc.passwordEnv.String, Connections: int(acc.conns.Int64),
		PerMinute: int(acc.minute.Int64), PerHour: int(acc.hour.Int64), PerDay: int(acc.day.Int64), Rate: acc.rate.Float64}
	v.Status = delivery.Status{ID: v.ID, State: v.State, Counters: v.Counters, NextTry: fromMS(next)}
	return v, nil
}

// Deliveries lists all of them, the newest first.
func (s *Store) Deliveries(ctx context.Context) ([]delivery.View, error) {
	rows, err := s.r.QueryContext(ctx, viewQuery+`ORDER BY d.id DESC`)
	if err != nil {
		return nil, s.wrap("deliveries", err)
	}
	defer rows.Close()
	var out []delivery.View
	for rows.Next() {
		v, err := scanView(rows)
		if err != nil {
			return nil, s.wrap("deliveries", err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, s.wrap("deliveries", err)
	}
	for i := range out {
		if err := s.complete(ctx, &out[i]); err != nil {
			return nil, s.wrap("deliveries", err)
		}
	}
	return out, nil
}

// Delivery reads one.
func (s *Store) Delivery(ctx context.Context, id delivery.ID) (delivery.View, error) {
	v, err := scanView(s.r.QueryRowContext(ctx, viewQuery+`WHERE d.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound(id)
	}
	if err == nil {
		err = s.complete(ctx, &v)
	}
	if err == nil {
		err = s.follows(ctx, &v)
	}
	if err == nil {
		v.Proofs, err = s.Proofs(ctx, id)
	}
	return v, s.wrap("delivery", err)
}

func nullID(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// CreateDelivery stores a new delivery in state Editing.
func (s *Store) CreateDelivery(ctx context.Context, who access.Principal, d delivery.Draft) (delivery.ID, error) {
	const op = "create_delivery"
	var id delivery.ID
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		if err := followable(tx, 0, d); err != nil {
			return err
		}
		if err := relaysFit(tx, d); err != nil {
			return err
		}
		id, err = insertDelivery(tx, o.Name, d)
		return err
	})
	return id, err
}

func insertDelivery(tx *sql.Tx, by string, d delivery.Draft) (delivery.ID, error) {
	now := ms(time.Now())
	res, err := tx.Exec(`INSERT INTO deliveries (label, content, audience, account, relays, schedule, tracking,
		follows, follow_mode, follow_doubtful, created, created_by, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Label, marshal(d.Content), nullID(d.Audience), nullID(d.Account), nullRelays(d.Relays), marshal(d.Schedule), d.Tracking,
		nullID(int64(d.Follows.Delivery)), d.Follows.Mode, d.Follows.Doubtful, now, by, now)
	if err != nil {
		return 0, err
	}
	n, err := res.LastInsertId()
	if err != nil {
		return 0, err
	}
	id := delivery.ID(n)
	return id, logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "created", By: by})
}

// EditDelivery replaces what a person may decide. It is refused from Confirm on
// and while preparing; it makes a ready delivery unconfirmable when it changes
// any part of the plan.
func (s *Store) EditDelivery(ctx context.Context, who access.Principal, id delivery.ID, n delivery.Draft) error {
	const op = "edit"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		parts := changed(d.Draft, n)
		if len(parts) == 0 {
			return nil
		}
		to, err := delivery.Next(d.State, delivery.Edit)
		if err != nil {
			return err
		}
		if n.Follows != d.Follows {
			if err := followable(tx, id, n); err != nil {
				return err
			}
		}
		if !slices.Equal(n.Relays, d.Relays) {
			if err := relaysFit(tx, n); err != nil {
				return err
			}
		}
		if _, err = tx.Exec(`UPDATE deliveries SET label = ?, content = ?, audience = ?, account = ?, relays = ?, schedule = ?,
			tracking = ?, follows = ?, follow_mode = ?, follow_doubtful = ?, modified = ?, state = ? WHERE id = ?`,
			n.Label, marshal(n.Content), nullID(n.Audience), nullID(n.Account), nullRelays(n.Relays), marshal(n.Schedule), n.Tracking,
			nullID(int64(n.Follows.Delivery)), n.Follows.Mode, n.Follows.Doubtful, ms(time.Now()), to, id); err != nil {
			return err
		}
		return logLine(tx, id, delivery.LogLine{Severity: delivery.SeverityInfo, Code: "edited", By: o.Name,
			Params: map[string]string{"parts": joinParts(parts)}})
	})
}

func joinParts(parts []delivery.Part) string {
	ss := make([]string, len(parts))
	for i, p := range parts {
		ss[i] = string(p)
	}
	return strings.Join(ss, ",")
}

func changed(a, b delivery.Draft) []delivery.Part {
	var parts []delivery.Part
	if !a.Content.Equal(b.Content) || a.Label != b.Label || a.Tracking != b.Tracking {
		parts = append(parts, delivery.PartContent)
	}
	if a.Audience != b.Audience || a.Follows != b.Follows {
		parts = append(parts, delivery.PartAudience)
	}
	if a.Account != b.Account || !slices.Equal(a.Relays, b.Relays) {
		parts = append(parts, delivery.PartAccount)
	}
	if delivery.PartHash(delivery.PartSchedule, a, delivery.Account{}) != delivery.PartHash(delivery.PartSchedule, b, delivery.Account{}) {
		parts = append(parts, delivery.PartSchedule)
	}
	return parts
}

// DuplicateDelivery copies a delivery into a new one in state Editing, without
// its schedule, plan and history, and following nothing.
func (s *Store) DuplicateDelivery(ctx context.Context, who access.Principal, id delivery.ID) (delivery.ID, error) {
	const op = "duplicate"
	var copied delivery.ID
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		d.Schedule, d.Follows = delivery.Schedule{Mode: delivery.OnceConfirmed}, delivery.Follow{}
		copied, err = insertDelivery(tx, o.Name, d.Draft)
		return err
	})
	return copied, err
}

// DeleteDelivery removes a delivery with its logs. It is refused while the
// delivery is under way, and while one that follows it is not confirmed.
func (s *Store) DeleteDelivery(ctx context.Context, who access.Principal, id delivery.ID) error {
	const op = "delete"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		if d.State == delivery.Preparing || d.State.Sealed() && !d.State.Ended() {
			return &delivery.Error{Kind: delivery.KindState, Detail: string(d.State)}
		}
		if err := unfollowed(tx, id); err != nil {
			return err
		}
		_, err = tx.Exec(`DELETE FROM deliveries WHERE id = ?`, id)
		return err
	})
}
