package transport

import (
	"context"
	"time"
)

// Window is how many messages a relay may have from us without our having
// stored its answer: what a crash leaves in doubt.
const (
	windowLockstep = 1
	windowData     = 2 // one on its way, the next one behind it
	windowChunks   = 8
)

// Session is one connection to a relay, ready for messages.
type Session struct {
	config Config
	wire   *wire
	ext    extensions

	reached func(Stage, string) // tells what Dial got to

	taken  int    // transactions begun
	streak int    // messages accepted in a row
	stale  bool   // a transaction may be open, and has to be reset before the next one
	dead   bool   // takes no more messages
	buf    []byte // scratch for what is written
	body   []byte // scratch for a body with stuffed dots
}

// Mail is one message for one recipient. From and To are bare addresses. Data
// is the whole message with CRLF line ends, not dot-stuffed.
//
// Plain says that whoever made Data has looked at every piece of it: CR and LF
// occur as CRLF only, NUL not at all, and no line begins with a dot. Of a message
// without it Run looks for itself.
type Mail struct {
	From  string
	To    string
	Data  []byte
	Plain bool
	Tag   any // the feed's own

	dotted bool // a line begins with a dot
}

// Feed gives a session its messages and learns what became of them. Next, Begin,
// Commit and Free are called from one goroutine, Done possibly from another one.
//
// A message that Next returned comes back exactly once: by a Begin that reports
// false, or by Done. Its memory is the session's until then, its Data until Free.
type Feed interface {
	// Next returns the next message. Without wait it returns nil when there is
	// none at the moment; with wait it returns nil only when there will be
	// none, or when ctx ends.
	Next(ctx context.Context, wait bool) *Mail

	// Begin is called before the first word about a message leaves. When it
	// reports false nothing may be said about it.
	Begin(m *Mail) bool

	// Ready reports whether Commit would return at once.
	Ready(m *Mail) bool

	// Commit is called before that part of a message leaves after which the
	// relay may take it, and waits until that may happen. An error forbids it.
	Commit(ctx context.Context, m *Mail) error

	// Free says, before Done, that the Data of a message is needed no more. Not
	// every message is freed.
	Free(m *Mail)

	// Done tells what became of a message.
	Done(m *Mail, r Result)
}

// Result is what became of a message.
type Result struct {
	Verdict
	Reply  Reply // what the verdict rests on; without a Code: on Err
	Stage  Stage // where it was decided; StageConnect: nothing was said about it
	Usable bool  // the session takes another message
	Err    error // a *delivery.Error when no reply decided; nil otherwise
}

// MaxSize is the largest message in bytes that the relay says it takes, 0 when
// it does not say (RFC 1870).
func (s *Session) MaxSize() int64 { return s.ext.size }

// Window is the number of messages that Run commits to before it has heard what
// became of the first of them.
func (s *Session) Window() int {
	switch {
	case !s.ext.pipelining:
		return windowLockstep
	case s.ext.chunking:
		return windowChunks
	}
	return windowData
}

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

// Run transmits what the feed gives it, until that has no more, the session has
// taken Config.MaxMessages, or the connection breaks. With PIPELINING (RFC 2920) a
// message's end and the next one's envelope leave together; without, each command
// waits for its reply. With CHUNKING as well (RFC 3030), and while the relay takes
// one message after the other, a window of them is on the way. Nothing is used
// that was not advertised.
//
// ctx closes the connection when it ends. A caller that wants to know about a
// message whose end has left passes one that does not end then.
func (s *Session) Run(ctx context.Context, feed Feed) {
	if s.dead || s.spent() || ctx.Err() != nil {
		return
	}
	release := s.wire.guard(ctx)
	c := conversation{s: s, ctx: ctx, feed: feed}
	for !s.dead && ctx.Err() == nil {
		if s.chunky() {
			c.chunks()
		} else {
			c.lines()
		}
		if !c.change {
			break
		}
		c.change = false
	}
	if release() {
		s.dead = true
	}
	if s.dead {
		s.Abort()
	}
}

// chunky reports whether whole messages may be on the way before the relay has
// said a word about them: it offers that, and has taken several in a row. One that
// refuses may hang up over it, and then nobody knows what became of the rest; or
// it may read the text of a message it does not want as commands.
func (s *Session) chunky() bool {
	return s.Window() == windowChunks && s.streak >= s.config.Trust
}

// spent reports whether the session may begin no more transactions.
func (s *Session) spent() bool {
	return s.config.MaxMessages > 0 && s.taken >= s.config.MaxMessages
}
