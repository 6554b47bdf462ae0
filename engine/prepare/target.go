package prepare

import (
	"context"
	"errors"
	"runtime"

	"golang.org/x/sync/errgroup"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// chunk is how many targets travel together from reader to renderer to writer:
// large enough to make the hand-over cheap, small enough to stop at once.
const chunk = 256

// run is one preparation.
type run struct {
	in    Input
	t     *message.Template // nil when it cannot be rendered
	press *Press            // nil with it
	plan  *delivery.Plan

	recipients  *delivery.RecipientSeal
	causes      map[delivery.Nature]int64
	missing     map[string]int64
	failed      int64
	firstFailed string
	trouble     map[delivery.FindingCode]*delivery.Finding // with files of recipients
	reading     int64                                      // bytes of the largest message without images and attachments
}

// batch is a chunk on its way: done is closed when its messages are rendered.
type batch struct {
	targets  []Target
	causes   []delivery.Nature
	first    int64 // Seq of the first target
	messages []rendered
	done     chan struct{}
}

type rendered struct {
	sum     [32]byte
	size    int64
	reading int64
	missing []string
	err     error

	files   []delivery.File
	trouble *delivery.Finding // with one of the files
	fatal   error             // a copy could not be kept
}

func (r *run) seal() *delivery.RecipientSeal {
	if r.recipients == nil {
		r.recipients = delivery.NewRecipientSeal()
	}
	return r.recipients
}

// target reads the audience, excludes, renders on all cores and writes the rows
// in order. Memory is bounded by the chunks on their way.
func (r *run) target(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	workers := runtime.GOMAXPROCS(0)
	work := make(chan *batch, workers)
	order := make(chan *batch, 2*workers)

	g.Go(func() error {
		defer close(work)
		defer close(order)
		return r.read(ctx, func(b *batch) error {
			for _, to := range []chan *batch{order, work} {
				select {
				case to <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			var buf message.Buffer
			for b := range work {
				r.render(&buf, b)
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		for b := range order {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := r.write(b); err != nil {
				return err
			}
			if r.in.Progress != nil {
				r.in.Progress(r.plan.Targeted, r.in.Size)
			}
		}
		return nil
	})
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return &delivery.Error{Op: "prepare", Kind: delivery.KindCancelled, Err: err}
	}
	return err
}

// read applies the exclusion rules and cuts the audience into chunks.
func (r *run) read(ctx context.Context, emit func(*batch) error) error {
	b := &batch{first: 1, done: make(chan struct{})}
	flush := func() error {
		if len(b.targets) == 0 {
			return nil
		}
		next := b.first + int64(len(b.targets))
		if err := emit(b); err != nil {
			return err
		}
		b = &batch{first: next, done: make(chan struct{})}
		return nil
	}
	var group []Target // profiles of one address
	settle := func() error {
		denied := false
		for _, t := range group {
			denied = denied || t.Denied
		}
		taken := false
		for _, t := range group {
			// Who says no at an address says it for the address.
			t.Denied = denied
			cause := exclude(t, taken)
			taken = taken || cause == delivery.NatureNone
			b.targets, b.causes = append(b.targets, t), append(b.causes, cause)
			if len(b.targets) == chunk {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		group = group[:0]
		return nil
	}
	err := r.in.Source(ctx, func(t Target) error {
		if len(group) > 0 && (t.Key == "" || t.Key != group[0].Key) {
			if err := settle(); err != nil {
				return err
			}
		}
		group = append(group, t)
		return nil
	})
	if err != nil {
		return err
	}
	if err := settle(); err != nil {
		return err
	}
	return flush()
}

// render renders the messages of a chunk that are not excluded.
func (r *run) render(buf *message.Buffer, b *batch) {
	b.messages = make([]rendered, len(b.targets))
	if r.press == nil {
		return
	}
	for i, t := range b.targets {
		if b.causes[i] != delivery.NatureNone {
			continue
		}
		m := &b.messages[i]
		seq := b.first + int64(i)
		var files []message.File
		if r.press.Personal() {
			if files = r.files(buf, seq, t, m); files == nil {
				continue
			}
		}
		msg, err := r.press.RenderWith(buf, seq, t.Address, "", t.Fields, files, r.plan.At)
		if err == nil {
			// What the wire would refuse is refused now, while it can be mended.
			err = message.Guard(msg.Data, MaxSize)
		}
		if err != nil && !delivery.Is(err, delivery.KindTooLarge) {
			m.err = err
			continue
		}
		m.sum, m.size, m.reading = msg.Sum, int64(len(msg.Data)), int64(msg.Reading)
		m.missing = union(m.missing, msg.Missing)
	}
}

// write hands a rendered chunk to the sink and to the seal.
func (r *run) write(b *batch) error {
	p := r.plan
	for i, t := range b.targets {
		m := b.messages[i]
		if m.fatal != nil {
			return m.fatal
		}
		row := Message{Seq: b.first + int64(i), Profile: t.Profile, Address: t.Address, Key: t.Key, Fields: t.Fields, Cause: b.causes[i]}
		p.Targeted++
		if row.Cause != delivery.NatureNone {
			r.causes[row.Cause]++
		} else {
			p.ToDeliver++
			p.Bytes += m.size
			p.Largest = max(p.Largest, m.size)
			r.reading = max(r.reading, m.reading)
			row.Files = m.files
			row.Sum = m.sum[:]
			r.note(t, m)
		}
		r.seal().Add(row.Address, row.Fields, row.Sum, row.Cause)
		if err := r.in.Sink(row); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) note(t Target, m rendered) {
	switch {
	case t.LastSent.IsZero():
		r.plan.FirstTime++
	case r.in.Now.Sub(t.LastSent) < lately:
		r.plan.Lately++
	}
	for _, name := range m.missing {
		r.missing[name]++
	}
	if f := m.trouble; f != nil {
		if r.trouble[f.Code] == nil {
			r.trouble[f.Code] = f
		}
		r.trouble[f.Code].Count++
	}
	if m.err != nil {
		r.failed++
		if r.firstFailed == "" {
			r.firstFailed = t.Address
		}
	}
}
