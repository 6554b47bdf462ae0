package engine

import (
	"bytes"
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/export"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
	"sendoff/engine/store"
)

// ExportRequest is a list to be written to a file. File ends with .csv or .xlsx,
// which decides the format. Either Delivery with Query and Row, or Rows is set.
type ExportRequest struct {
	File   string
	Sheet  string   // name of the sheet in an XLSX file
	Header []string // titles of the columns

	Delivery delivery.ID
	Query    delivery.LogQuery
	Row      func(delivery.Row) []any // strings, int64, time.Time

	Rows [][]any
}

// ExportResult tells what was written.
type ExportResult struct {
	File string
	Rows int64
}

var errSoon = &delivery.Error{Kind: delivery.KindLater}

// MessageNumbers returns the numbers of the messages that q selects, in its order.
func (e *Engine) MessageNumbers(ctx context.Context, id delivery.ID, q delivery.LogQuery) ([]int64, error) {
	return e.store.MessageNumbers(ctx, id, q)
}

// MessageRows reads messages by number, in the order given; those that are gone
// are left out.
func (e *Engine) MessageRows(ctx context.Context, id delivery.ID, numbers []int64) ([]delivery.Row, error) {
	return e.store.MessageRows(ctx, id, numbers)
}

// Message tells everything about one message. Its bytes are rendered again from
// what the plan froze and held against the sum that the plan sealed; only their
// Date may differ between two attempts. KindNotFound when there is none.
func (e *Engine) Message(ctx context.Context, id delivery.ID, number int64) (delivery.Message, error) {
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return delivery.Message{}, err
	}
	stored, attempts, err := e.store.Message(ctx, id, number)
	if err != nil {
		return delivery.Message{}, err
	}
	m := delivery.Message{Row: stored.Row, Attempts: attempts}
	if m.Fields, err = stored.FieldValues(); err != nil {
		return m, &delivery.Error{Op: "message", Kind: delivery.KindDamaged, Err: err}
	}
	if m.Row.Attempts > len(attempts) {
		m.Attempts = append(m.Attempts, last(m.Row))
	}
	if m.State == delivery.MsgExcluded {
		return m, nil
	}
	if m.Edited = v.Plan == nil || len(v.Broken) > 0; m.Edited {
		return m, nil
	}
	return m, e.renderAgain(v, stored, &m)
}

// last is the attempt that a row tells of. A message that waits, or was called
// off while it waited, was deferred the last time.
func last(r delivery.Row) delivery.Attempt {
	a := delivery.Attempt{Number: r.Attempts, At: r.At, State: r.State, Nature: r.Nature, Fault: r.Fault, Code: r.Code,
		Enhanced: r.Enhanced, Reply: r.Reply}
	switch r.State {
	case delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgCancelled, delivery.MsgExcluded:
		a.State = delivery.MsgDeferred
	}
	return a
}

// renderAgain fills in what a recipient got or would get.
func (e *Engine) renderAgain(v delivery.View, stored store.Stored, m *delivery.Message) error {
	t, findings := message.Compile(v.Content)
	if t == nil {
		return broken("message", findings)
	}
	press := prepare.NewPress(t, v.ID, v.Draft, e.store.ID(), v.Plan.At)
	date := v.Plan.At
	if len(m.Attempts) > 0 {
		date = m.Attempts[len(m.Attempts)-1].At
	}
	p, err := press.Preview(m.Seq, m.Address, stored.Fields)
	if err != nil {
		return err
	}
	m.From, m.Subject, m.Preheader, m.HTML, m.Text = p.From, p.Subject, p.Preheader, p.HTML, p.Text
	m.MessageID = press.Envelope(m.Seq, date).MessageID
	var buf message.Buffer
	out, err := press.Render(&buf, m.Seq, m.Address, stored.Fields, date)
	if err != nil {
		return err
	}
	m.Raw = out.Data // the buffer is ours alone
	m.Sealed = bytes.Equal(out.Sum[:], stored.Sum)
	return nil
}

// exportEvery is how many rows lie between two looks at the context and two
// reports of progress.
const exportEvery = 4096

// Export writes a list to a file. Needs the right Export. Nothing is left behind
// when it fails or ctx ends (KindCancelled).
func (e *Engine) Export(ctx context.Context, who access.Principal, x ExportRequest, progress func(done, total int64)) (ExportResult, error) {
	o, err := e.operator(ctx, who)
	if err == nil {
		err = o.Check("export", access.Export)
	}
	if err != nil {
		return ExportResult{}, err
	}
	f, err := export.Create(x.File, x.Sheet, x.Header)
	if err != nil {
		return ExportResult{}, err
	}
	defer f.Abort()
	if x.Row == nil {
		err = exportRows(ctx, f, x.Rows, progress)
	} else {
		err = e.exportLog(ctx, f, x, progress)
	}
	if err == nil {
		err = f.Close()
	}
	if cause := ctx.Err(); err != nil && cause != nil {
		err = &delivery.Error{Op: "export", Kind: delivery.KindCancelled, Err: cause}
	}
	return ExportResult{File: x.File, Rows: f.Rows()}, err
}

// exportLog writes the sending log in the order of the query, a part at a time.
func (e *Engine) exportLog(ctx context.Context, f *export.File, x ExportRequest, progress func(done, total int64)) error {
	numbers, err := e.store.MessageNumbers(ctx, x.Delivery, x.Query)
	if err != nil {
		return err
	}
	total := int64(len(numbers))
	for len(numbers) > 0 {
		if progress != nil {
			progress(f.Rows(), total)
		}
		part := numbers[:min(exportEvery, len(numbers))]
		numbers = numbers[len(part):]
		rows, err := e.store.MessageRows(ctx, x.Delivery, part)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f.Row(x.Row(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

func exportRows(ctx context.Context, f *export.File, rows [][]any, progress func(done, total int64)) error {
	for i, r := range rows {
		if i%exportEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if progress != nil {
				progress(f.Rows(), int64(len(rows)))
			}
		}
		if err := f.Row(r); err != nil {
			return err
		}
	}
	return nil
}
