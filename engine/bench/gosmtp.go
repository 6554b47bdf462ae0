package main

import (
	"context"
	"errors"
	"net"
	"strconv"

	"github.com/emersion/go-smtp"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
	"sendoff/engine/transport"
)

// throughGoSMTP has the dispatcher send with the client of the go-smtp library.
func throughGoSMTP(o *queue.Options) { o.Dialer = library{} }

// library opens connections of the go-smtp library.
type library struct{}

// Dial implements queue.Dialer.
func (library) Dial(ctx context.Context, a delivery.Account) (queue.Sender, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(a.Host, strconv.Itoa(a.Port)))
	if err != nil {
		return nil, &delivery.Error{Op: "dial", Kind: delivery.KindUnreachable, Err: err}
	}
	c := smtp.NewClient(conn)
	if err := c.Hello("bench"); err != nil {
		conn.Close()
		return nil, &delivery.Error{Op: "dial", Kind: delivery.KindUnreachable, Err: err}
	}
	return &librarian{c: c, conn: conn}, nil
}

// librarian is a queue.Sender over go-smtp's client: one command at a time, one
// message behind the other.
type librarian struct {
	c    *smtp.Client
	conn net.Conn
	dead bool
}

// Run implements queue.Sender.
func (l *librarian) Run(ctx context.Context, feed transport.Feed) {
	defer context.AfterFunc(ctx, l.Abort)()
	for !l.dead {
		m := feed.Next(ctx, true)
		if m == nil {
			return
		}
		if !feed.Begin(m) {
			continue
		}
		r := l.transact(ctx, feed, m)
		// One refusal ends the connection: what the library's Reset costs is
		// not to be measured.
		l.dead = r.Outcome != transport.Accepted
		r.Usable = !l.dead
		feed.Done(m, r)
	}
	l.Abort()
}

// transact sends one message. Its final dot leaves after Commit alone.
func (l *librarian) transact(ctx context.Context, feed transport.Feed, m *transport.Mail) transport.Result {
	if err := l.c.Mail(m.From, nil); err != nil {
		return judged(transport.StageMail, err)
	}
	if err := l.c.Rcpt(m.To, nil); err != nil {
		return judged(transport.StageRcpt, err)
	}
	w, err := l.c.Data()
	if err != nil {
		return judged(transport.StageData, err)
	}
	if _, err := w.Write(m.Data); err != nil {
		return judged(transport.StageBody, err)
	}
	if err := feed.Commit(ctx, m); err != nil {
		l.Abort()
		return transport.Result{Verdict: transport.Verdict{Outcome: transport.Again, Kind: delivery.KindOf(err)}, Stage: transport.StageBody, Err: err}
	}
	said, err := w.CloseWithResponse()
	if err != nil {
		return judged(transport.StageDot, err)
	}
	r := transport.Reply{Code: 250, Text: said.StatusText}
	return transport.Result{Verdict: transport.Judge(transport.StageDot, r), Stage: transport.StageDot, Reply: r}
}

// judged turns an error of the library into a result: what the relay said, or
// that it said nothing.
func judged(stage transport.Stage, err error) transport.Result {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		r := transport.Reply{Code: said.Code, Text: said.Message}
		return transport.Result{Verdict: transport.Judge(stage, r), Stage: stage, Reply: r}
	}
	v := transport.Judge(stage, transport.Reply{})
	return transport.Result{Verdict: v, Stage: stage, Err: &delivery.Error{Op: stage.String(), Kind: v.Kind, Err: err}}
}

// Window implements queue.Sender: the library waits for every answer.
func (l *librarian) Window() int { return 1 }

// Close implements queue.Sender.
func (l *librarian) Close() error {
	if l.dead {
		l.Abort()
		return nil
	}
	return l.c.Quit()
}

// Abort implements queue.Sender.
func (l *librarian) Abort() { l.conn.Close() }
