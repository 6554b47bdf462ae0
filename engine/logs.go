package engine

import (
	"cmp"
	"context"
	"slices"

	"sendoff/engine/access"
	"sendoff/engine/attachment"
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
// what the plan froze and held against the sum that the plan sealed; what left
// may differ from them in its Date only, and has the signature that DKIM tells of in
// front. When they do not agree because the
// delivery was edited since, nothing is shown. KindNotFound with Field "delivery"
// or "message".
func (e *Engine) Message(ctx context.Context, id delivery.ID, number int64) (delivery.Message, error) {
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return delivery.Message{}, err
	}
	stored, attempts, err := e.store.Message(ctx, id, number)
	if err != nil {
		return delivery.Message{}, err
	}
	m := delivery.Message{Row: stored.Row, Files: stored.Files, Attempts: history(attempts, stored.Row)}
	if m.Fields, err = stored.FieldValues(); err != nil {
		return m, &delivery.Error{Op: "message", Kind: delivery.KindDamaged, Err: err}
	}
	switch {
	case m.State == delivery.MsgExcluded:
		return m, nil
	case v.Plan == nil:
		m.Edited = true
		return m, nil
	}
	whole := m
	err = e.renderAgain(ctx, v, stored, &whole)
	if err == nil {
		whole.DKIM, err = e.signature(ctx, cmp.Or(stored.Account, v.Account.ID), &whole)
	}
	// Until the delivery is confirmed content, schedule and label may have been
	// edited since the plan, and what they are now says nothing of then. An edit
	// that this message does not show leaves it as it was sealed.
	if (err != nil || !whole.Sealed && !whole.Removed) && !v.State.Sealed() {
		m.Edited = true
		return m, nil
	}
	return whole, err
}

// history is every attempt that is known of a message: those that were kept, and
// the one that its row tells of. Before schema 2 only the last one was known.
func history(kept []delivery.Attempt, r delivery.Row) []delivery.Attempt {
	if r.Attempts == 0 || len(kept) > 0 && kept[len(kept)-1].Number >= r.Attempts {
		return kept
	}
	a := delivery.Attempt{Number: r.Attempts, At: r.At, State: r.State, Nature: r.Nature, Fault: r.Fault, Code: r.Code,
		Enhanced: r.Enhanced, Reply: r.Reply, Account: r.Account}
	switch r.State {
	case delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting:
		a.State = delivery.MsgDeferred // it waits for another attempt or is at it
	case delivery.MsgCancelled, delivery.MsgExcluded:
		a.State = delivery.MsgDeferred
		if r.Nature == delivery.NatureCancelled || r.State == delivery.MsgExcluded {
			a.Nature = delivery.NatureNone // of the end, not of the attempt
		}
	}
	return append(kept, a)
}

// renderAgain fills in what a recipient got or would get.
func (e *Engine) renderAgain(ctx context.Context, v delivery.View, stored store.Stored, m *delivery.Message) error {
	t, findings := message.CompileWith(v.Content, e.ofPlan(ctx, v.Plan))
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
	files, err := e.sealedFiles(v, press, stored.Files)
	if err != nil {
		m.Removed = v.State.Ended()
		if m.Removed {
			return nil
		}
		return err
	}
	out, err := press.RenderWith(&buf, m.Seq, m.Address, "", stored.Fields, files, date)
	if err != nil {
		return err
	}
	m.Raw = out.Data // the buffer is ours alone
	m.Sealed = out.Sealed(stored.Sum)
	return nil
}

// sealedFiles are the files that went or will go with a message: the copies or, when
// they were removed after the end, the files themselves as long as they are the same.
func (e *Engine) sealedFiles(v delivery.View, press *prepare.Press, kept []delivery.File) ([]message.File, error) {
	if !press.Personal() {
		return nil, nil
	}
	files, err := frozen(copiesOf(e.dir, v.ID), kept)
	if err == nil || !v.State.Ended() {
		return files, err
	}
	folder := e.files(v.ID, v.Content)
	defer folder.Close()
	files = make([]message.File, len(kept))
	for i, f := range kept {
		if f.Hash == "" {
			continue
		}
		data, rerr := folder.Read(f.Path)
		if rerr != nil || attachment.Hash(data) != f.Hash {
			return nil, err
		}
		files[i] = message.File{Path: f.Path, Data: data}
	}
	return files, nil
}

// exportEvery is how many rows lie between two looks at the context and two
// reports of progress.
const exportEvery = 4096

// Export writes a list to a file. Needs the right Export. progress, when given,
// is called at the start, every 4096 rows and at the end. Nothing is left behind
// when it fails or ctx ends (KindCancelled); a file of that name that was there
// stays as it was.
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
		err = ctx.Err()
	}
	if err == nil {
		err = f.Close()
	}
	if cause := ctx.Err(); err != nil && cause != nil {
		err = &delivery.Error{Op: "export", Kind: delivery.KindCancelled, File: x.File, Err: cause}
	}
	if err != nil {
		return ExportResult{}, err
	}
	return ExportResult{File: x.File, Rows: f.Rows()}, nil
}

// exportLog writes the sending log in the order of the query, a part at a time.
func (e *Engine) exportLog(ctx context.Context, f *export.File, x ExportRequest, progress func(done, total int64)) error {
	numbers, err := e.store.MessageNumbers(ctx, x.Delivery, x.Query)
	if err != nil {
		return err
	}
	total := int64(len(numbers))
	tell := func() {
		if progress != nil {
			progress(f.Rows(), total)
		}
	}
	tell()
	for part := range slices.Chunk(numbers, exportEvery) {
		rows, err := e.store.MessageRows(ctx, x.Delivery, part)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := f.Row(x.Row(r)); err != nil {
				return err
			}
		}
		tell()
	}
	return nil
}

func exportRows(ctx context.Context, f *export.File, rows [][]any, progress func(done, total int64)) error {
	for i := 0; ; i++ {
		if i%exportEvery == 0 || i == len(rows) {
			if err := ctx.Err(); err != nil {
				return err
			}
			if progress != nil {
				progress(f.Rows(), int64(len(rows)))
			}
		}
		if i == len(rows) {
			return nil
		}
		if err := f.Row(rows[i]); err != nil {
			return err
		}
	}
}
