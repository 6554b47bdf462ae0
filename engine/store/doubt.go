package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// decidedColumn is the last decision about the message m, for scanDecided.
const decidedColumn = `(SELECT x.at || ' ' || x.attempt || ' ' || x.decision || ' ' || x.operator FROM decisions x
	WHERE x.delivery = m.delivery AND x.seq = m.seq ORDER BY x.id DESC LIMIT 1)`

func scanDecided(s sql.NullString) delivery.Decided {
	f := strings.SplitN(s.String, " ", 4)
	if len(f) < 4 {
		return delivery.Decided{}
	}
	// Written by us, from numbers.
	at, _ := strconv.ParseInt(f[0], 10, 64)
	attempt, _ := strconv.Atoi(f[1])
	return delivery.Decided{Decision: delivery.Decision(f[2]), By: f[3], At: time.UnixMilli(at).UTC(), Attempt: attempt}
}

// leftCount is how many messages of the delivery d are in doubt and stay so by
// the last decision about that very attempt. It reads the decisions, which are
// few, and no more messages than those.
const leftCount = `(SELECT count(*) FROM (SELECT seq, attempt, decision, max(id) FROM decisions WHERE delivery = d.id GROUP BY seq) x
	CROSS JOIN messages m WHERE m.delivery = d.id AND m.seq = x.seq AND m.state = 6 AND x.decision = 'leave' AND m.attempts = x.attempt)`

// ResolveDoubt records a person's decision about messages in doubt and does what
// it says, in one transaction. numbers nil is all that are in doubt; those that
// are in doubt no more, and those that were left already, are skipped. It is of
// KindState when the delivery cannot send again.
func (s *Store) ResolveDoubt(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision,
	at time.Time) (delivery.Resolution, error) {
	to, err := how.Becomes()
	if err != nil {
		return delivery.Resolution{}, err
	}
	r := resolving{how: how, to: to, at: at, of: []delivery.MessageState{delivery.MsgInDoubt},
		fits: func(row delivery.Row) bool {
			return row.State == delivery.MsgInDoubt && !(how == delivery.Leave && row.Left())
		}}
	return s.resolve(ctx, "resolve_doubt", who, id, numbers, &r)
}

// WithdrawDecision takes back what was decided about messages, unless they were
// sent again: those marked as sent are in doubt again, and those left are asked
// about again. numbers nil is all of these.
func (s *Store) WithdrawDecision(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64, at time.Time) (delivery.Resolution, error) {
	r := resolving{how: delivery.Withdraw, to: delivery.MsgInDoubt, at: at, of: []delivery.MessageState{delivery.MsgInDoubt, delivery.MsgAccepted},
		fits: func(row delivery.Row) bool { return row.Left() || row.Marked() }}
	return s.resolve(ctx, "withdraw_decision", who, id, numbers, &r)
}

// resolve applies a decision in one transaction.
func (s *Store) resolve(ctx context.Context, op string, who access.Principal, id delivery.ID, numbers []int64, r *resolving) (delivery.Resolution, error) {
	var out delivery.Resolution
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		o, err := require(tx, who, op, access.Start)
		if err != nil {
			return err
		}
		d, err := deliveryIn(tx, id)
		if err != nil {
			return err
		}
		r.tx, r.d, r.by = tx, &d, o.Name
		if err := r.find(numbers); err != nil {
			return err
		}
		out = delivery.Resolution{Decided: int64(len(r.seqs)), Skipped: r.skipped, State: d.State}
		if len(r.seqs) == 0 {
			return nil
		}
		if r.how == delivery.SendAgain {
			if out.Reopened, err = r.open(s); err != nil {
				return err
			}
			out.State = d.State
		}
		return r.apply()
	})
	if err == nil && out.Decided > 0 && r.how == delivery.SendAgain {
		s.forget(id)
	}
	return out, err
}

// WaitsAgain reports whether a message of a delivery under way waits to be sent
// again.
func (s *Store) WaitsAgain(ctx context.Context, id delivery.ID) (waits bool, err error) {
	err = s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM decisions x CROSS JOIN messages m
		WHERE x.delivery = ?1 AND x.decision = ?2 AND m.delivery = ?1 AND m.seq = x.seq AND m.state = ?3
		AND (SELECT state FROM deliveries WHERE id = ?1) IN ('confirmed', 'sending', 'retrying'))`,
		id, delivery.SendAgain, delivery.MsgPending).Scan(&waits)
	return waits, s.wrap("doubt", err)
}

// Rewind makes the next claim of a delivery look at its messages from the first
// one on.
func (s *Store) Rewind(id delivery.ID) { s.forget(id) }

// resolving is one call of ResolveDoubt within its transaction.
type resolving struct {
	tx  *sql.Tx
	d   *delivery.Delivery
	by  string
	how delivery.Decision
	to  delivery.MessageState
	at  time.Time

	of      []delivery.MessageState // what it can concern
	fits    func(delivery.Row) bool // and does
	seqs    []int64
	marked  int64 // of them: accepted by an earlier decision
	skipped int64
}

// find selects the messages that the decision concerns.
func (r *resolving) find(numbers []int64) error {
	query, args := `SELECT m.seq, m.state, m.attempts, `+decidedColumn+` FROM messages m WHERE m.delivery = ? AND m.state IN (SELECT value FROM json_each(?))`,
		[]any{r.d.ID, marshal(r.of)}
	if numbers != nil {
		numbers = slices.Clone(numbers)
		query = `SELECT m.seq, m.state, m.attempts, ` + decidedColumn + ` FROM (SELECT DISTINCT value FROM json_each(?)) j
			CROSS JOIN messages m WHERE m.delivery = ? AND m.seq = j.value ORDER BY m.seq`
		args = []any{marshal(numbers), r.d.ID}
	}
	rows, err := r.tx.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row delivery.Row
		var decided sql.NullString
		if err := rows.Scan(&row.Seq, &row.State, &row.Attempts, &decided); err != nil {
			return err
		}
		row.Decided = scanDecided(decided)
		if !r.fits(row) {
			r.skipped++
			continue
		}
		r.seqs = append(r.seqs, row.Seq)
		if row.State == delivery.MsgAccepted {
			r.marked++
		}
	}
	if numbers != nil {
		slices.Sort(numbers)
		r.skipped = int64(len(slices.Compact(numbers)) - len(r.seqs))
	} else if r.how == delivery.Withdraw {
		r.skipped = 0 // everybody else was not asked for
	}
	return rows.Err()
}

// open lets a delivery send again, from now on as long as a new one.
func (r *resolving) open(s *Store) (reopened bool, err error) {
	switch {
	case r.d.State.Ended():
		was := r.d.State
		if err := s.move(r.tx, r.d, delivery.Reopen); err != nil {
			return false, err
		}
		_, err = r.tx.Exec(`UPDATE deliveries SET reopened = ?, returns = ?, finished = NULL, validity = NULL WHERE id = ?`, ms(r.at), was, r.d.ID)
		return true, err
	case r.d.State.Active():
		_, err = r.tx.Exec(`UPDATE deliveries SET validity = max(validity, ?1 + (SELECT CASE kind WHEN 'sandbox' THEN ?2 ELSE ?3 END
			FROM accounts a WHERE a.id = account)) WHERE id = ?4 AND validity IS NOT NULL`,
			ms(r.at), TrainingValidity.Milliseconds(), Validity.Milliseconds(), r.d.ID)
		return false, err
	case r.d.State == delivery.Paused: // it stays so; the next start gives it its time
		_, err = r.tx.Exec(`UPDATE deliveries SET validity = NULL WHERE id = ?`, r.d.ID)
		return false, err
	}
	return false, &delivery.Error{Kind: delivery.KindState, Detail: string(r.d.State)}
}

// apply writes the decisions, keeps the doubtful attempts, and moves messages and
// counters.
func (r *resolving) apply() error {
	const these = `delivery = ? AND seq IN (SELECT value FROM json_each(?))`
	list, id := marshal(r.seqs), r.d.ID
	var err error
	if _, err := r.tx.Exec(`INSERT INTO decisions (delivery, seq, attempt, at, operator, decision, evidence)
		SELECT delivery, seq, attempts, ?, ?, ?, CASE fault WHEN '' THEN ? WHEN ? THEN ? ELSE ? END || `+wentTo+` FROM messages WHERE `+these+` ORDER BY seq`,
		ms(r.at), r.by, r.how, delivery.DoubtCrash, delivery.FaultRelay, delivery.DoubtUnreadable, delivery.DoubtLostReply, r.d.Account, id, list); err != nil {
		return err
	}
	switch {
	case r.to != delivery.MsgInDoubt:
		err = r.settle(these, id, list)
	case r.marked > 0:
		err = r.putBack(these, id, list)
	}
	if err != nil {
		return err
	}
	return logLine(r.tx, id, delivery.LogLine{At: r.at, Severity: delivery.SeverityWarning, Code: "doubt_resolved", By: r.by, Params: map[string]string{
		"decision": string(r.how), "count": strconv.Itoa(len(r.seqs)), "left": strconv.FormatInt(r.d.Counters.InDoubt, 10)}})
}

// settle moves messages out of the doubt and keeps their doubtful attempt.
func (r *resolving) settle(these string, args ...any) error {
	if _, err := r.tx.Exec(`INSERT INTO attempts (delivery, seq, attempt, state, at, code, enhanced, nature, fault, reply, account)
		SELECT delivery, seq, attempts, state, at, code, enhanced, nature, fault, reply, account FROM messages WHERE `+these+` ON CONFLICT DO NOTHING`, args...); err != nil {
		return err
	}
	// The moment stays that of the attempt: if it arrived, it arrived then.
	set := `UPDATE messages SET state = ?, next_try = NULL, nature = '', fault = '', code = 0, enhanced = '', reply = '' WHERE ` + these
	if _, err := r.tx.Exec(set, append([]any{r.to}, args...)...); err != nil {
		return err
	}
	if r.to == delivery.MsgAccepted {
		if err := contacted(r.tx, these, args...); err != nil {
			return err
		}
	}
	return r.count(delivery.MsgInDoubt, r.to, int64(len(r.seqs)))
}

// putBack lets what was marked as sent be in doubt again, as its attempt left it.
// When the person last got something stays as it is: they may have got this.
func (r *resolving) putBack(these string, args ...any) error {
	if _, err := r.tx.Exec(`UPDATE messages SET state = a.state, nature = a.nature, fault = a.fault, code = a.code, enhanced = a.enhanced, reply = a.reply
		FROM attempts a WHERE messages.state = ? AND messages.`+strings.Replace(these, "seq IN", "messages.seq IN", 1)+`
		AND a.delivery = messages.delivery AND a.seq = messages.seq AND a.attempt = messages.attempts`,
		append([]any{delivery.MsgAccepted}, args...)...); err != nil {
		return err
	}
	return r.count(delivery.MsgAccepted, delivery.MsgInDoubt, r.marked)
}

// count moves n messages from one counter to another.
func (r *resolving) count(from, to delivery.MessageState, n int64) error {
	c := &r.d.Counters
	*c.Of(from) -= n
	*c.Of(to) += n
	_, err := r.tx.Exec(`UPDATE deliveries SET in_doubt = ?, accepted = ?, pending = ? WHERE id = ?`, c.InDoubt, c.Accepted, c.Pending, r.d.ID)
	return err
}

// wentTo is where a message went, as evidence: " host:port", or nothing for the
// training relay. It takes the delivery's own account.
const wentTo = `coalesce((SELECT CASE WHEN instr(host, ':') > 0 THEN ' [' || host || ']:' || port ELSE ' ' || host || ':' || port END
	FROM accounts WHERE id = coalesce(messages.account, ?) AND host <> ''), '')`

// finish ends a delivery, in the state it had before it was reopened, if it was, and
// writes its log line.
func (s *Store) finish(tx *sql.Tx, d *delivery.Delivery, at time.Time) error {
	if d.Counters.Open() > 0 {
		// The queue's figures may be older than a decision to send again.
		var decided bool
		if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM decisions WHERE delivery = ? AND decision = ?)`, d.ID, delivery.SendAgain).Scan(&decided); err != nil {
			return err
		}
		if decided {
			return &delivery.Error{Kind: delivery.KindState, Detail: string(d.State)}
		}
	}
	action := delivery.Finish
	var returns sql.NullString
	if err := tx.QueryRow(`SELECT returns FROM deliveries WHERE id = ?`, d.ID).Scan(&returns); err != nil {
		return err
	}
	if delivery.State(returns.String) == delivery.Stopped {
		action = delivery.Stop // what it cancelled stays cancelled
	}
	if err := s.move(tx, d, action); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE deliveries SET finished = ?, returns = NULL WHERE id = ?`, ms(at), d.ID); err != nil {
		return err
	}
	if err := markSent(tx, d.ID); err != nil {
		return err
	}
	c := &d.Counters
	return logLine(tx, d.ID, delivery.LogLine{At: at, Severity: delivery.SeverityInfo, Code: "finished", Params: map[string]string{
		"accepted": strconv.FormatInt(c.Accepted, 10), "rejected": strconv.FormatInt(c.Rejected, 10), "in_doubt": strconv.FormatInt(c.InDoubt, 10),
		"seconds": strconv.FormatFloat(at.Sub(began(*d)).Seconds(), 'f', 1, 64)}})
}
