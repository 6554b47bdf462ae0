package bridgetest

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// logs is what a fake engine knows of its sending logs, and what was asked of
// them. It is guarded by the engine's mutex.
type logs struct {
	rows     []delivery.Row // set by a test; else made from the counters
	made     map[delivery.ID]made
	lines    []delivery.LogLine
	messages map[int64]delivery.Message
	queries  []delivery.LogQuery
	exports  []bridge.ExportRequest
	exported [][]any
	gate     chan struct{}
}

// made is a log with the counters that it was made from.
type made struct {
	counters delivery.Counters
	rows     []delivery.Row
}

// SetLogRows sets the sending log of every delivery, by number.
func (e *Engine) SetLogRows(rows ...delivery.Row) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.logs.rows = rows
}

// SetLog sets the lines of every delivery's own log.
func (e *Engine) SetLog(lines ...delivery.LogLine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.logs.lines = lines
}

// SetMessage sets what Message returns for its number.
func (e *Engine) SetMessage(m delivery.Message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.logs.messages == nil {
		e.logs.messages = map[int64]delivery.Message{}
	}
	e.logs.messages[m.Seq] = m
}

// Queries lists what was asked of the sending log, in order.
func (e *Engine) Queries() []delivery.LogQuery {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.logs.queries)
}

// Exports lists the exports that were asked for, and Exported the rows of the
// last one.
func (e *Engine) Exports() []bridge.ExportRequest {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.logs.exports)
}

// Exported lists the rows of the last export.
func (e *Engine) Exported() [][]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.logs.exported)
}

// HoldExport makes exports wait after their first rows until release is called.
func (e *Engine) HoldExport() (release func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gate := make(chan struct{})
	e.logs.gate = gate
	return func() { close(gate) }
}

// Grant gives an operator more rights.
func (e *Engine) Grant(id int64, rights ...access.Right) access.Operator {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, o := range e.operators {
		if o.ID == id {
			e.operators[i].Rights = append(slices.Clone(o.Rights), rights...)
			return e.operators[i]
		}
	}
	return access.Operator{}
}

// Log has the lines that SetLog set, or a few.
func (e *Engine) Log(context.Context, delivery.ID) ([]delivery.LogLine, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["log"]; err != nil || e.logs.lines != nil {
		return slices.Clone(e.logs.lines), err
	}
	return []delivery.LogLine{{At: Now(), Severity: delivery.SeverityInfo, Code: "created", By: "Marieke"},
		{At: Now(), Severity: delivery.SeverityInfo, Code: "prepare_started", By: "Marieke"}}, nil
}

// log is the sending log of a delivery by number. The mutex is held.
func (e *Engine) log(id delivery.ID) []delivery.Row {
	if e.logs.rows != nil {
		return e.logs.rows
	}
	v := e.views[id]
	m := e.logs.made[id]
	if m.counters != v.Counters {
		m = made{v.Counters, LogRows(v)}
		if e.logs.made == nil {
			e.logs.made = map[delivery.ID]made{}
		}
		e.logs.made[id] = m
	}
	return m.rows
}

// LogRows makes a sending log that has the counters of a view. States are mixed,
// and a message keeps its state while the counters move a little.
func LogRows(v delivery.View) []delivery.Row {
	k := v.Counters
	const step = 7919 // a prime, so that every place is visited once
	n := k.Targeted
	causes := Plan().Causes
	rows := make([]delivery.Row, n)
	for i := range n {
		rows[i] = logRow(k, causes, i, i*step%max(n, 1))
	}
	return rows
}

// logRow is the message of number i+1, whose state is that of the place at.
func logRow(k delivery.Counters, causes []delivery.Cause, i, at int64) delivery.Row {
	first := []string{"eva.jansen", "noor", "old.address", "piet", "anna", "josé", "full", "sem", "bernardine.van.den.heuvel-oosterhout.nieuwsbrieven"}
	host := []string{"mail.example", "post.example", "voorbeeld.example", "greylist.example", "slow.example"}
	r := delivery.Row{Seq: i + 1, Profile: i + 1, At: Now().Add(-time.Duration((i*37)%1100) * time.Second), Attempts: 1,
		Address: first[i%int64(len(first))] + "." + strconv.FormatInt(i+1, 10) + "@" + host[i%int64(len(host))]}
	place := at
	for _, s := range []delivery.MessageState{delivery.MsgExcluded, delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgAccepted,
		delivery.MsgDeferred, delivery.MsgRejected, delivery.MsgInDoubt, delivery.MsgCancelled} {
		if c := *k.Of(s); at >= c {
			at -= c
			continue
		}
		r.State = s
		break
	}
	switch r.State {
	case delivery.MsgExcluded:
		r.Attempts = 0
		for _, c := range causes {
			if place < c.Count {
				r.Nature = c.Nature
				break
			}
			place -= c.Count
		}
	case delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCancelled:
		r.Attempts, r.At = 0, Now().Add(-20*time.Minute)
	case delivery.MsgAccepted:
		r.Code, r.Enhanced, r.Reply = 250, "2.0.0", "Ok: queued as 4Gx"+strconv.FormatInt(i+1, 10)
	case delivery.MsgDeferred:
		r.Code, r.Enhanced, r.Reply, r.Attempts = 451, "4.7.1", "Greylisted, please come back later", 2
		r.Nature, r.Fault, r.NextTry = delivery.NatureGreylisted, delivery.FaultRecipient, Now().Add(21*time.Minute)
	case delivery.MsgRejected:
		r.Code, r.Enhanced, r.Reply = 550, "5.1.1", "No such mailbox"
		r.Nature, r.Fault = delivery.NatureUserUnknown, delivery.FaultRecipient
		if i%3 == 0 {
			r.Code, r.Enhanced, r.Reply, r.Attempts = 552, "5.2.2", "Over quota, and the postmaster of this host will not accept mail for it until somebody makes room", 12
			r.Nature = delivery.NatureMailboxFull
		}
	case delivery.MsgInDoubt:
		r.Nature, r.Fault = delivery.NatureLostReply, delivery.FaultNetwork
	}
	return r
}

// MessageNumbers filters and sorts.
func (e *Engine) MessageNumbers(ctx context.Context, id delivery.ID, q delivery.LogQuery) ([]int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.logs.queries = append(e.logs.queries, q)
	if err := e.fail["message_numbers"]; err != nil {
		return nil, err
	}
	rows := selectRows(e.log(id), q)
	out := make([]int64, len(rows))
	for i, r := range rows {
		out[i] = r.Seq
	}
	return out, ctx.Err()
}

func selectRows(all []delivery.Row, q delivery.LogQuery) []delivery.Row {
	find := strings.ToLower(q.Search)
	var rows []delivery.Row
	for _, r := range all {
		if (len(q.States) == 0 || slices.Contains(q.States, r.State)) && (len(q.Natures) == 0 || slices.Contains(q.Natures, r.Nature)) &&
			(strings.Contains(strings.ToLower(r.Address), find) || strings.Contains(strings.ToLower(r.Reply), find)) {
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b delivery.Row) int {
		d := 0
		switch q.Sort {
		case delivery.LogByNumber:
			d = cmp.Compare(a.Seq, b.Seq)
		case delivery.LogByDate:
			d = a.At.Compare(b.At)
		case delivery.LogByState:
			d = cmp.Compare(a.State, b.State)
		case delivery.LogByAddress:
			d = cmp.Compare(a.Address, b.Address)
		case delivery.LogByNature:
			d = cmp.Compare(a.Nature, b.Nature)
		case delivery.LogByReply:
			d = cmp.Compare(a.Reply, b.Reply)
		case delivery.LogByAttempts:
			d = cmp.Compare(a.Attempts, b.Attempts)
		}
		if q.Desc {
			return -d
		}
		return d
	})
	if q.Limit > 0 && len(rows) > q.Limit {
		rows = rows[:q.Limit]
	}
	return rows
}

// MessageRows reads rows by number.
func (e *Engine) MessageRows(_ context.Context, id delivery.ID, numbers []int64) ([]delivery.Row, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["message_rows"]; err != nil {
		return nil, err
	}
	all := e.log(id)
	var out []delivery.Row
	for _, n := range numbers {
		if i, ok := slices.BinarySearchFunc(all, n, func(r delivery.Row, n int64) int { return cmp.Compare(r.Seq, n) }); ok {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// Export records what it was asked and tells every row, in memory.
func (e *Engine) Export(ctx context.Context, who access.Principal, x bridge.ExportRequest, progress func(done, total int64)) (bridge.ExportResult, error) {
	e.mu.Lock()
	e.logs.exports = append(e.logs.exports, x)
	err, gate := e.fail["export"], e.logs.gate
	if err == nil {
		err = e.operator(who).Check("export", access.Export)
	}
	rows := x.Rows
	if x.Row != nil {
		for _, r := range selectRows(e.log(x.Delivery), x.Query) {
			rows = append(rows, x.Row(r))
		}
	}
	e.mu.Unlock()
	if err != nil {
		return bridge.ExportResult{}, err
	}
	n := int64(len(rows))
	progress(n/2, n)
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return bridge.ExportResult{}, &delivery.Error{Op: "export", Kind: delivery.KindCancelled}
		}
	}
	progress(n, n)
	e.mu.Lock()
	e.logs.exported = rows
	e.mu.Unlock()
	return bridge.ExportResult{File: x.File, Rows: n}, nil
}
