package transport

import (
	"context"
	"time"

	"sendoff/engine/delivery"
)

// Session is one connection to a relay, ready for messages.
type Session struct {
	config Config
	wire   *wire
	ext    extensions

	reached func(Stage, string) // tells what Dial got to

	taken int    // transactions begun
	stale bool   // a refused transaction has to be reset before the next one
	dead  bool   // takes no more messages
	buf   []byte // scratch for the envelope
	body  []byte // scratch for a body with stuffed dots
}

// Mail is one message for one recipient. From and To are bare addresses. Data
// is the whole message with CRLF line ends, not dot-stuffed.
type Mail struct {
	From string
	To   string
	Data []byte
}

// Result is what became of a message.
type Result struct {
	Verdict
	Reply  Reply // what the verdict rests on; without a Code: on Err
	Stage  Stage // where it was decided
	Usable bool  // the session takes another message
	Err    error // a *delivery.Error when no reply decided; nil otherwise
}

// MaxSize is the largest message in bytes that the relay says it takes, 0 when
// it does not say (RFC 1870).
func (s *Session) MaxSize() int64 { return s.ext.size }

// Abort closes the socket at once. A transaction in another goroutine ends as
// its stage demands: offered again before the dot, in doubt after it.
func (s *Session) Abort() { s.wire.close() }

// Close says QUIT, waits for the answer within Timeouts.Quit, and closes the
// socket. On a session that is broken or closed it only closes.
func (s *Session) Close() error {
	defer s.Abort()
	if s.dead {
		return nil
	}
	s.dead = true
	end := time.Now().Add(s.config.Timeouts.Quit)
	if _, err := s.wire.write([]byte("QUIT\r\n"), time.Until(end)); err != nil {
		return trouble(StageConnect, s.config.addr(), err)
	}
	if _, err := s.wire.read(time.Until(end)); err != nil {
		return trouble(StageConnect, s.config.addr(), err)
	}
	return nil
}

// Send takes one message through MAIL, RCPT, DATA and the dot. beforeDot, when
// not nil, is called once, after all of the body has been written but the
// CRLF.CRLF that ends it; when it fails, the socket is closed without a dot.
//
// ctx closes the connection when it ends. A caller that wants to know about a
// message whose dot is out passes one that does not end then.
func (s *Session) Send(ctx context.Context, m Mail, beforeDot func(context.Context) error) Result {
	if s.dead || s.spent() {
		return Result{
			Verdict: Verdict{Outcome: Again, Kind: delivery.KindState},
			Stage:   StageMail,
			Err:     &delivery.Error{Op: "send", Kind: delivery.KindState, Detail: "session_closed"},
		}
	}
	if v, err := s.refuse(m); err != nil {
		return Result{Verdict: v, Stage: StageMail, Usable: true, Err: err}
	}
	if err := ctx.Err(); err != nil {
		e := trouble(StageMail, "", err)
		return Result{Verdict: Verdict{Outcome: Again, Kind: e.Kind}, Stage: StageMail, Usable: true, Err: e}
	}
	release := s.wire.guard(ctx)
	t := transaction{s: s, ctx: ctx}
	res := t.run(m, beforeDot)
	if release() {
		s.dead = true
	}
	s.taken++
	if s.dead {
		s.Abort()
	}
	res.Usable = !s.dead && !s.spent()
	return res
}

func (s *Session) spent() bool {
	return s.config.MaxMessages > 0 && s.taken >= s.config.MaxMessages
}
