package transport

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"sendoff/engine/delivery"
)

// drainTime is how long a reply that explains a failed write may take.
const drainTime = 2 * time.Second

// dot ends a message. Its first line end is the last of the body, which is held
// back so that nothing but the dot itself is left to write.
const dot = "\r\n.\r\n"

// transaction is one message on its way.
type transaction struct {
	s     *Session
	ctx   context.Context
	early *early // watches for a reply while a long body is written
}

// step is one command of the envelope.
type step struct {
	stage   Stage
	reset   bool // RSET, which says nothing about the message
	end     int  // of its line in Session.buf
	timeout time.Duration
}

func (t *transaction) run(m Mail, beforeDot func(context.Context) error) Result {
	if res, ok := t.envelope(m); !ok {
		return res
	}
	s := t.s
	s.stale = false
	body := s.stuff(m.Data)
	if len(body) > maxWrite {
		t.early = s.wire.watch()
		defer func() { s.finish(t.early) }()
	}
	if err := t.write(body); err != nil {
		return t.brokenBody(err)
	}
	if beforeDot != nil {
		if err := beforeDot(t.ctx); err != nil {
			return t.abandoned(err)
		}
	}
	if err := t.ctx.Err(); err != nil {
		return t.abandoned(trouble(StageBody, "", err))
	}
	n, err := s.wire.writeWatched([]byte(dot), s.config.Timeouts.Block, t.early)
	if err != nil {
		if n == 0 && !errors.Is(err, os.ErrDeadlineExceeded) {
			// Not one byte of the dot was handed over.
			return t.brokenBody(err)
		}
		return t.brokenDot(err)
	}
	r, err := t.reply(s.config.Timeouts.Dot)
	return t.verdict(StageDot, r, err)
}

// envelope offers sender and recipient and opens DATA; ok means that the relay
// waits for the body. With PIPELINING (RFC 2920) all commands leave in one
// write, else each waits for the reply to the one before it.
func (t *transaction) envelope(m Mail) (res Result, ok bool) {
	s := t.s
	steps := s.compose(m)
	if s.ext.pipelining {
		if _, err := s.wire.write(s.buf, s.config.Timeouts.Mail); err != nil {
			return t.verdict(StageMail, Reply{}, err), false
		}
	}
	refused := false
	begin := 0
	for _, step := range steps {
		if !s.ext.pipelining {
			if _, err := s.wire.write(s.buf[begin:step.end], step.timeout); err != nil {
				return t.verdict(step.stage, Reply{}, err), false
			}
			begin = step.end
		}
		r, err := s.wire.read(step.timeout)
		if err != nil && refused {
			// The refusal stands; only the connection is lost.
			s.dead = true
			return res, false
		}
		v := Judge(step.stage, r)
		if err == nil && v.Outcome == Continue {
			if refused && step.stage == StageData {
				// The relay refused the envelope and yet opened DATA. RFC
				// 2920 section 3.1 has the client send a lone dot now. We
				// do not: a dot that is not a message's own must never
				// leave, since a relay that confused could take it for an
				// empty message to somebody. Closing is always safe.
				s.dead = true
			}
			if step.stage != StageData {
				s.stale = true
			}
			continue
		}
		if !refused {
			res = t.verdict(step.stage, r, err)
			refused = true
		}
		if step.reset && err == nil {
			res.Verdict = Verdict{Again, delivery.FaultRelay, delivery.NatureUnreachable, delivery.KindProtocol}
			s.dead = true
		}
		if r.Code == 421 {
			s.dead = true
		}
		if !s.ext.pipelining || s.dead {
			break
		}
	}
	return res, !refused
}

// compose writes the commands of a transaction to s.buf.
func (s *Session) compose(m Mail) []step {
	b := s.buf[:0]
	steps := make([]step, 0, 4)
	t := s.config.Timeouts
	if s.stale {
		b = append(b, "RSET\r\n"...)
		steps = append(steps, step{stage: StageMail, reset: true, end: len(b), timeout: t.Mail})
		s.stale = false
	}
	b = append(append(append(b, "MAIL FROM:<"...), m.From...), '>')
	if s.ext.sized {
		b = strconv.AppendInt(append(b, " SIZE="...), wireSize(m.Data), 10)
	}
	b = append(b, "\r\n"...)
	steps = append(steps, step{stage: StageMail, end: len(b), timeout: t.Mail})
	b = append(append(append(b, "RCPT TO:<"...), m.To...), ">\r\n"...)
	steps = append(steps, step{stage: StageRcpt, end: len(b), timeout: t.Rcpt})
	b = append(b, "DATA\r\n"...)
	s.buf = b
	return append(steps, step{stage: StageData, end: len(b), timeout: t.Data})
}

// verdict judges a reply, or the error that came instead of one.
func (t *transaction) verdict(stage Stage, r Reply, err error) Result {
	s := t.s
	v := Judge(stage, r)
	res := Result{Verdict: v, Reply: r, Stage: stage}
	if err != nil {
		if t.ctx.Err() != nil {
			err = errors.Join(t.ctx.Err(), err)
		}
		e := trouble(stage, s.config.addr(), err)
		res.Kind, res.Err = e.Kind, e
	}
	switch {
	case r.Code == 421 && stage == StageMail && s.taken > 0 && v.Outcome == Deferred:
		// The relay has had enough of this connection, not of the message.
		res.Outcome = Again
		s.dead = true
	case r.Code == 0, r.Code == 421, v.Kind == delivery.KindProtocol:
		s.dead = true
	case stage == StageBody:
		s.dead = true // it still waits for the dot that will not come
	}
	return res
}

// write writes the body, at most maxWrite bytes at a time.
func (t *transaction) write(body []byte) error {
	for len(body) > 0 {
		n := min(len(body), maxWrite)
		if _, err := t.s.wire.writeWatched(body[:n], t.s.config.Timeouts.Block, t.early); err != nil {
			return err
		}
		body = body[n:]
	}
	if t.early != nil && t.early.seen.Load() {
		return errEarly
	}
	return nil
}

// reply waits for the relay's word on the message.
func (t *transaction) reply(d time.Duration) (Reply, error) {
	if t.early == nil {
		return t.s.wire.read(d)
	}
	return t.s.wire.await(t.early, d)
}

// drain reads the reply that a relay gave before it stopped listening, if that
// is why a write failed with err.
func (t *transaction) drain(err error) (Reply, error) {
	if t.ctx.Err() != nil {
		return Reply{}, err
	}
	r, readErr := t.reply(drainTime)
	if readErr != nil && !badReply(readErr) {
		return Reply{}, err
	}
	return r, readErr
}

// brokenBody ends a transaction whose body could not be written. The dot has
// not left, so the message has certainly not been taken.
func (t *transaction) brokenBody(err error) Result {
	r, err := t.drain(err)
	return t.verdict(StageBody, r, err)
}

// brokenDot ends a transaction whose dot may have left. Only a refusal is
// certain.
func (t *transaction) brokenDot(err error) Result {
	if r, drainErr := t.drain(err); drainErr == nil && r.Code >= 400 {
		return t.verdict(StageBody, r, nil)
	}
	return t.verdict(StageDot, Reply{}, err)
}

// abandoned ends a transaction that we give up before its dot.
func (t *transaction) abandoned(err error) Result {
	t.s.dead = true
	t.s.Abort()
	return Result{Verdict: Verdict{Outcome: Again, Kind: delivery.KindOf(err)}, Stage: StageBody, Err: err}
}
