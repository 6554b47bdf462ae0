package queue

import (
	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// render makes the message; false: there is nothing to send, and the message has
// been settled.
func (w *worker) render(h *held) bool {
	q := w.q
	now := q.now()
	if h.job.Attempt > 1 && !h.until.IsZero() && now.After(h.until) {
		w.end(h, Outcome{Ref: h.job.Ref, To: delivery.MsgRejected,
			Attempt: h.job.Attempt, Nature: delivery.NatureExpired, At: now.Round(0)})
		return false
	}
	if h.scratch == nil {
		h.scratch = w.room()
	}
	mail, err := q.o.Renderer.Render(q.hardCtx, h.scratch, h.job)
	if err != nil {
		q.mu.Lock()
		if q.hardCtx.Err() == nil {
			q.unrendered(h.leg, err)
		}
		q.mu.Unlock()
		w.end(h, h.back())
		return false
	}
	mail.Tag = h
	h.Mail = mail
	return true
}

// room is where the next message is rendered: as few places as possible by turns,
// so that they stay in the processor's cache.
func (w *worker) room() *Scratch {
	n := len(w.scratch)
	if n == 0 {
		return new(Scratch)
	}
	s := w.scratch[n-1]
	w.scratch = w.scratch[:n-1]
	return s
}

// Free takes back where a message was rendered.
func (w *worker) Free(m *transport.Mail) {
	h := m.Tag.(*held)
	if h.scratch != nil {
		w.scratch = append(w.scratch, h.scratch)
		h.scratch = nil
	}
}

// unrendered acts on a message that could not be made: for want of what the
// account needs to sign it, which another relay may not need, or for a reason that
// is the delivery's.
func (q *Queue) unrendered(g *leg, err error) {
	k := delivery.KindOf(err)
	if k == delivery.KindSigning || personal(k) {
		q.drop(g, k, detailOf(err))
		return
	}
	q.trip(g.flow, k, detailOf(err))
}
