package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"os"
	"strconv"
	"time"

	"sendoff/engine/delivery"
)

// drainTime is how long a reply that explains a failed write may take.
const drainTime = 2 * time.Second

// dot ends a message. Its first line end is the last of the body.
const dot = "\r\n.\r\n"

// conversation is a session at work.
type conversation struct {
	s     *Session
	ctx   context.Context
	feed  Feed
	early *early // watches for a reply while a long body is written
	steps []step // of the envelope whose replies are due
	// change says that the conversation goes on in the other way.
	change bool
}

// step is one command of the envelope.
type step struct {
	stage   Stage
	reset   bool // RSET, which says nothing about the message
	end     int  // of its line in Session.buf
	timeout time.Duration
}

// take gets the next message that may be said on this session. What cannot be is
// returned with its verdict before a word about it leaves.
func (c *conversation) take(ctx context.Context, wait bool) *Mail {
	s := c.s
	for !s.dead && !s.spent() {
		m := c.feed.Next(ctx, wait)
		if m == nil {
			return nil
		}
		v, err := s.refuse(m)
		if err == nil {
			return m
		}
		c.feed.Done(m, Result{Verdict: v, Stage: StageMail, Usable: true, Err: err})
	}
	return nil
}

// begin says that a message is begun now, if it may be.
func (c *conversation) begin(m *Mail) bool {
	if !c.feed.Begin(m) {
		return false
	}
	c.s.taken++
	return true
}

// untouched returns a message about which nothing was said that counts.
func (c *conversation) untouched(m *Mail) {
	if m != nil {
		c.feed.Done(m, Result{Verdict: Verdict{Outcome: Again}, Stage: StageConnect, Usable: !c.s.dead})
	}
}

// done passes on what became of a message.
func (c *conversation) done(m *Mail, r Result) {
	c.s.heard(r)
	r.Usable = !c.s.dead
	c.feed.Done(m, r)
}

// lines transmits by DATA. With PIPELINING the envelope of the next message
// leaves behind the dot of the one before, and the one after that is made ready
// while the relay works.
func (c *conversation) lines() {
	s := c.s
	var cur, ahead *Mail // on its way; ready, and nothing said about it
	defer func() { c.untouched(ahead) }()
	for {
		if cur == nil {
			if ahead == nil {
				if s.chunky() {
					c.change = true
					return
				}
				ahead = c.take(c.ctx, true)
			}
			cur, ahead = ahead, nil
			if cur == nil {
				return
			}
			if !c.begin(cur) {
				cur = nil
				continue
			}
			s.buf = s.buf[:0]
			c.compose(cur)
			if s.ext.pipelining {
				if _, err := s.wire.write(s.buf, s.config.Timeouts.Mail); err != nil {
					c.done(cur, c.verdict(StageMail, Reply{}, err))
					return
				}
			}
		}
		if ahead == nil && s.ext.pipelining && !s.chunky() {
			ahead = c.take(c.ctx, false)
		}
		if res, ok := c.envelope(); !ok {
			c.done(cur, res)
			if cur = nil; s.dead {
				return
			}
			continue
		}
		s.stale = false
		if s.wire.r.Buffered() > 0 {
			// It speaks of what it has not seen: a refusal is one, but what
			// says yes cannot be the answer to the message.
			c.done(cur, c.premature())
			return
		}
		err := c.feed.Commit(c.ctx, cur)
		if err == nil && c.ctx.Err() != nil {
			err = trouble(StageBody, "", c.ctx.Err())
		}
		if err != nil {
			c.done(cur, c.abandoned(err))
			return
		}
		res, next, rest := c.finish(cur, ahead)
		ahead = rest
		c.done(cur, res)
		if cur = next; s.dead {
			c.untouched(cur)
			return
		}
	}
}

// finish transmits a message whose envelope stands, up to the relay's word on
// it. It begins the one that is ready, if it can, and gets another one ready.
func (c *conversation) finish(m, ahead *Mail) (res Result, next, rest *Mail) {
	s := c.s
	body := s.stuff(m)
	if len(body) > maxWrite {
		return c.long(body), nil, ahead
	}
	s.buf = append(append(s.buf[:0], body...), dot...)
	c.feed.Free(m)
	end := len(s.buf)
	if ahead != nil && !s.spent() {
		if c.begin(ahead) {
			next = ahead
			c.compose(next)
		}
		ahead = nil
	}
	if n, err := s.wire.write(s.buf, s.config.Timeouts.Block); err != nil {
		if c.before(n, end-len(dot), err) {
			return c.brokenBody(err), next, ahead
		}
		return c.brokenDot(err), next, ahead
	}
	if ahead == nil && s.ext.pipelining && !s.chunky() {
		ahead = c.take(c.ctx, false)
	}
	r, err := s.wire.read(s.config.Timeouts.Dot)
	return c.verdict(StageDot, r, err), next, ahead
}

// before reports whether a write that failed after n bytes surely did not reach
// beyond the first limit bytes. TLS counts whole records, and one that a deadline
// has interrupted may be out.
func (c *conversation) before(n, limit int, err error) bool {
	if _, secured := c.s.wire.conn.(*tls.Conn); secured && errors.Is(err, os.ErrDeadlineExceeded) {
		return false
	}
	return n <= limit
}

// long transmits a body that takes several writes, during which the relay may
// answer before it has seen all of it.
func (c *conversation) long(body []byte) Result {
	s := c.s
	c.early = s.wire.watch()
	defer func() {
		s.finish(c.early)
		c.early = nil
	}()
	if err := c.write(body); err != nil {
		return c.brokenBody(err)
	}
	if err := c.ctx.Err(); err != nil {
		return c.abandoned(trouble(StageBody, "", err))
	}
	n, err := s.wire.writeWatched([]byte(dot), s.config.Timeouts.Block, c.early)
	if err != nil {
		if n == 0 && !errors.Is(err, os.ErrDeadlineExceeded) {
			// Not one byte of the dot was handed over.
			return c.brokenBody(err)
		}
		return c.brokenDot(err)
	}
	r, err := c.reply(s.config.Timeouts.Dot)
	res := c.verdict(StageDot, r, err)
	if r.Code >= 400 {
		// It may have been said before the dot, and then the relay took the
		// rest of the message for commands.
		s.dead = true
	}
	return res
}

// envelope reads the replies to sender, recipient and DATA; ok means that the
// relay waits for the body. Without PIPELINING each command waits for the reply
// to the one before it.
func (c *conversation) envelope() (res Result, ok bool) {
	s := c.s
	refused := false
	begin := 0
	for _, step := range c.steps {
		if !s.ext.pipelining {
			if _, err := s.wire.write(s.buf[begin:step.end], step.timeout); err != nil {
				return c.verdict(step.stage, Reply{}, err), false
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
			res = c.verdict(step.stage, r, err)
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

// compose appends the commands that offer a message and open DATA to s.buf, and
// notes which replies are due.
func (c *conversation) compose(m *Mail) {
	s := c.s
	t := &s.config.Timeouts
	b := s.buf
	c.steps = c.steps[:0]
	if s.stale {
		b = append(b, "RSET\r\n"...)
		c.steps = append(c.steps, step{stage: StageMail, reset: true, end: len(b), timeout: t.Mail})
		s.stale = false
	}
	b = s.appendMail(b, m)
	c.steps = append(c.steps, step{stage: StageMail, end: len(b), timeout: t.Mail})
	b = s.appendRcpt(b, m)
	c.steps = append(c.steps, step{stage: StageRcpt, end: len(b), timeout: t.Rcpt})
	b = append(b, "DATA\r\n"...)
	c.steps = append(c.steps, step{stage: StageData, end: len(b), timeout: t.Data})
	s.buf = b
}

func (s *Session) appendMail(b []byte, m *Mail) []byte {
	b = append(append(append(b, "MAIL FROM:<"...), m.From...), '>')
	if s.ext.sized {
		b = strconv.AppendInt(append(b, " SIZE="...), wireSize(m.Data), 10)
	}
	return append(b, "\r\n"...)
}

func (s *Session) appendRcpt(b []byte, m *Mail) []byte {
	return append(append(append(b, "RCPT TO:<"...), m.To...), ">\r\n"...)
}

// heard keeps count of what the relay took in a row.
func (s *Session) heard(r Result) {
	if s.streak++; r.Outcome != Accepted {
		s.streak = 0
	}
}

// verdict judges a reply, or the error that came instead of one.
func (c *conversation) verdict(stage Stage, r Reply, err error) Result {
	s := c.s
	v := Judge(stage, r)
	res := Result{Verdict: v, Reply: r, Stage: stage}
	if err != nil {
		if c.ctx.Err() != nil {
			err = errors.Join(c.ctx.Err(), err)
		}
		e := trouble(stage, s.config.addr(), err)
		res.Kind, res.Err = e.Kind, e
	}
	switch {
	case r.Code == 421 && stage == StageMail && s.taken > 1 && v.Outcome == Deferred:
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
func (c *conversation) write(body []byte) error {
	for len(body) > 0 {
		n := min(len(body), maxWrite)
		if _, err := c.s.wire.writeWatched(body[:n], c.s.config.Timeouts.Block, c.early); err != nil {
			return err
		}
		body = body[n:]
	}
	if c.early != nil && c.early.seen.Load() {
		return errEarly
	}
	return nil
}

// reply waits for the relay's word on the message.
func (c *conversation) reply(d time.Duration) (Reply, error) {
	if c.early == nil {
		return c.s.wire.read(d)
	}
	return c.s.wire.await(c.early, d)
}

// drain reads the reply that a relay gave before it stopped listening, if that
// is why a write failed with err.
func (c *conversation) drain(err error) (Reply, error) {
	if c.ctx.Err() != nil {
		return Reply{}, err
	}
	r, readErr := c.reply(drainTime)
	if readErr != nil && !badReply(readErr) {
		return Reply{}, err
	}
	return r, readErr
}

// brokenBody ends a transaction whose body could not be written. The dot has
// not left, so the message has certainly not been taken.
func (c *conversation) brokenBody(err error) Result {
	r, err := c.drain(err)
	return c.verdict(StageBody, r, err)
}

// brokenDot ends a transaction whose dot may have left. Only a refusal is
// certain.
func (c *conversation) brokenDot(err error) Result {
	c.s.dead = true
	if r, drainErr := c.drain(err); drainErr == nil && r.Code >= 400 {
		return c.verdict(StageBody, r, nil)
	}
	return c.verdict(StageDot, Reply{}, err)
}

// premature ends a transaction in which the relay spoke before its turn.
func (c *conversation) premature() Result {
	if r, err := c.s.wire.read(drainTime); err == nil && r.Code >= 400 {
		return c.verdict(StageBody, r, nil)
	}
	return c.abandoned(&delivery.Error{Op: StageBody.String(), Kind: delivery.KindProtocol, Detail: "reply_too_many"})
}

// abandoned ends a transaction that we give up before its dot.
func (c *conversation) abandoned(err error) Result {
	c.s.dead = true
	c.s.Abort()
	return Result{Verdict: Verdict{Outcome: Again, Kind: delivery.KindOf(err)}, Stage: StageBody, Err: err}
}
