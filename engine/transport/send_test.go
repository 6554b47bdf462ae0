package transport_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// group is one transaction of a peer that offers PIPELINING, with its three
// replies.
func group(mail, rcpt, data string) Script {
	return Script{Expect("MAIL FROM:"), Expect("RCPT TO:"), Expect("DATA"), Say(mail + "\r\n" + rcpt + "\r\n" + data + "\r\n")}
}

func TestMessagesOnOneConnection(t *testing.T) {
	for _, ext := range []string{"X", "PIPELINING"} {
		c, srv := served(t, Join(Opening(ext), Message(), Message(), Message(), Farewell()))
		if ext == "PIPELINING" {
			_ = srv.Close()
			ok := Join(group("250 OK", "250 OK", "354 go"), Script{Body(), Say("250 2.0.0 as 1\r\n")})
			c, srv = served(t, Join(Opening(ext), ok, ok, ok, Farewell()))
		}
		s := dial(t, c)
		for range 3 {
			if r := send(s, mail()); r.Outcome != transport.Accepted || !r.Usable || r.Reply.Code != 250 || r.Stage != transport.StageDot || r.Err != nil {
				t.Errorf("%s: %+v", ext, r)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := srv.Close(); err != nil {
			t.Errorf("%s: %v", ext, err)
		}
		// No RSET and no second EHLO between good transactions.
		for _, line := range srv.Peer(0).Commands()[1:] {
			if strings.HasPrefix(line, "RSET") || strings.HasPrefix(line, "EHLO") {
				t.Errorf("%s: said %s", ext, line)
			}
		}
		for _, b := range srv.Peer(0).Bodies() {
			if b != string(mail().Data) {
				t.Errorf("%s: body %q", ext, b)
			}
		}
	}
}

// TestBodyArrives: whatever lines a message has, the relay gets exactly it, and
// one message.
func TestBodyArrives(t *testing.T) {
	bodies := []string{
		".\r\n", "..\r\n", ".", "\r\n", "\r\n.\r\n", "a\r\n.\r\nb\r\n", "a\r\n..\r\n.b\r\n\r\n.\r\n", "no end",
		".a\r\n.b\r\n.c", strings.Repeat(".\r\n", 50_000), strings.Repeat("x", 5<<20) + "\r\n",
	}
	script := Opening("X")
	for range bodies {
		script = Join(script, Message())
	}
	c, srv := served(t, Join(script, Farewell()))
	s := dial(t, c)
	for _, b := range bodies {
		m := mail()
		m.Data = []byte(b)
		if r := send(s, m); r.Outcome != transport.Accepted {
			t.Fatalf("%.20q: %+v", b, r)
		}
		if string(m.Data) != b {
			t.Errorf("%.20q: the data was changed", b)
		}
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	for i, got := range srv.Peer(0).Bodies() {
		want := bodies[i]
		if !strings.HasSuffix(want, "\r\n") {
			want += "\r\n"
		}
		if got != want {
			t.Errorf("%.20q arrived as %.20q", want, got)
		}
	}
}

// TestNeverSaid: what could be a second command, or a second end of the message,
// does not reach the wire. The session lives on.
func TestNeverSaid(t *testing.T) {
	c, srv := served(t, Join(Opening("SIZE 100"), Message(), Farewell()))
	s := dial(t, c)
	with := func(edit func(*transport.Mail)) transport.Mail { m := mail(); edit(&m); return m }
	type want struct {
		outcome transport.Outcome
		fault   delivery.Fault
		nature  delivery.Nature
		kind    delivery.Kind
	}
	to := func(a string) transport.Mail { return with(func(m *transport.Mail) { m.To = a }) }
	data := func(d string) transport.Mail { return with(func(m *transport.Mail) { m.Data = []byte(d) }) }
	address := want{transport.Rejected, delivery.FaultRecipient, delivery.NatureInvalid, delivery.KindInvalid}
	body := want{transport.Rejected, delivery.FaultContent, delivery.NatureContentRefused, delivery.KindInvalid}
	for name, c := range map[string]struct {
		mail transport.Mail
		want
	}{
		"parameters":     {to("b@x.example> NOTIFY=NEVER <q"), address},
		"bracket":        {to("b@x.example>"), address},
		"second command": {to("b@x.example>\r\nRCPT TO:<c@x.example"), address},
		"LF":             {to("b@x.example\n"), address},
		"NUL":            {to("b\x00@x.example"), address},
		"DEL":            {to("b\x7f@x.example"), address},
		"space":          {to("b c@x.example"), address},
		"tab":            {to("b\t@x.example"), address},
		"empty":          {to(""), address},
		"no at":          {to("postmaster"), address},
		"no domain":      {to("a@"), address},
		"too long":       {to(strings.Repeat("a", 250) + "@x.example"), address},
		"not ASCII":      {to("j\u00f6rg@x.example"), want{transport.Rejected, delivery.FaultRecipient, delivery.NatureUnsupported, delivery.KindInvalid}},
		"sender": {with(func(m *transport.Mail) { m.From = "a@x.example> BODY=BINARYMIME <z" }),
			want{transport.Suspend, delivery.FaultAccount, delivery.NatureSenderRefused, delivery.KindInvalid}},
		"bare LF":   {data("a\n.\nb\r\n"), body},
		"bare CR":   {data("a\r.\rb\r\n"), body},
		"LF CR":     {data("a\n\rb\r\n"), body},
		"CR CR LF":  {data("a\r\r\nb\n"), body},
		"NUL data":  {data("a\x00\r\n"), body},
		"no data":   {data(""), body},
		"too large": {data(strings.Repeat("x", 99) + "\r\n"), want{transport.Rejected, delivery.FaultContent, delivery.NatureContentRefused, delivery.KindTooLarge}},
	} {
		r := Send(context.Background(), s, c.mail, func(context.Context) error { t.Error("beforeDot"); return nil })
		if got := (want{r.Outcome, r.Fault, r.Nature, r.Kind}); got != c.want || !r.Usable || r.Err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if r := send(s, data(strings.Repeat("x", 98)+"\r\n")); r.Outcome != transport.Accepted { // just as large as allowed
		t.Errorf("%+v", r)
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if got := srv.Peer(0).Commands(); len(got) != 5 {
		t.Errorf("said %q", got)
	}
}

// TestRefusedRecipientLockStep: RSET, and the next message goes.
func TestRefusedRecipientLockStep(t *testing.T) {
	c, srv := served(t, Join(Opening("X"), Script{
		Expect("MAIL"), Say("250 OK\r\n"), Expect("RCPT"), Say("550 5.1.1 no\r\n"), Expect("RSET"), Say("250 OK\r\n"),
	}, Message(), Farewell()))
	s := dial(t, c)
	if r := send(s, mail()); r.Outcome != transport.Rejected || r.Stage != transport.StageRcpt || r.Nature != delivery.NatureUserUnknown || !r.Usable {
		t.Errorf("%+v", r)
	}
	if r := send(s, mail()); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

func TestRefusedInAGroup(t *testing.T) {
	ok := Join(group("250 OK", "250 OK", "354 go"), Script{Body(), Say("250 OK\r\n")})
	for name, c := range map[string]struct {
		script Script
		want   string
		stage  transport.Stage
		next   Script // what the peer then does, when the session is usable
	}{
		"recipient":              {group("250 OK", "550 5.1.1 no", "554 5.5.1 no valid recipients"), "rejected recipient - usable", transport.StageRcpt, Join(Script{Expect("RSET"), Say("250 OK\r\n")}, ok)},
		"recipient for now":      {group("250 OK", "452 4.2.2 full", "503 5.5.1 RCPT first"), "deferred recipient - usable", transport.StageRcpt, Join(Script{Expect("RSET"), Say("250 OK\r\n")}, ok)},
		"sender":                 {group("550 5.1.8 no", "503 5.5.1 MAIL first", "503 5.5.1 MAIL first"), "suspend account sender_refused usable", transport.StageMail, ok},
		"data":                   {group("250 OK", "250 OK", "451 4.3.0 later"), "deferred relay relay usable", transport.StageData, Join(Script{Expect("RSET"), Say("250 OK\r\n")}, ok)},
		"and yet data":           {Join(group("250 OK", "550 5.1.1 no", "354 go"), Script{nothing()}), "rejected recipient - closed", transport.StageRcpt, nil},
		"sender and yet data":    {Join(group("451 4.3.0 no", "250 OK", "354 go"), Script{nothing()}), "deferred relay relay closed", transport.StageMail, nil},
		"recipient, then leaves": {group("250 OK", "550 5.1.1 no", "421 4.3.2 bye"), "rejected recipient - closed", transport.StageRcpt, nil},
		"recipient, then cut":    {Script{Expect("MAIL"), Expect("RCPT"), Expect("DATA"), Say("250 OK\r\n550 5.1.1 no\r\n55"), Hangup()}, "rejected recipient - closed", transport.StageRcpt, nil},
		"nothing fits":           {group("250 OK", "354 what", "354 go"), "again relay protocol closed", transport.StageRcpt, nil},
	} {
		t.Run(name, func(t *testing.T) {
			script := Join(Opening("PIPELINING"), c.script)
			if c.next != nil {
				script = Join(script, c.next, Farewell())
			}
			cfg, srv := served(t, script)
			s := dial(t, cfg)
			r := Send(context.Background(), s, mail(), func(context.Context) error { t.Error("beforeDot"); return nil })
			if got := describe(r); got != c.want || r.Stage != c.stage {
				t.Errorf("got %s at %s, want %s at %s", got, r.Stage, c.want, c.stage)
			}
			if r.Usable {
				if r := send(s, mail()); r.Outcome != transport.Accepted {
					t.Errorf("the next message: %+v", r)
				}
			}
			_ = s.Close()
			if err := srv.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// nothing expects that the client hangs up without another byte: no dot.
func nothing() Step {
	return func(p *Peer) error {
		b := make([]byte, 1)
		if n, _ := p.Conn.Read(b); n > 0 {
			return errors.New("the client went on: " + string(b))
		}
		return nil
	}
}

// TestResetRefused: a relay that cannot even RSET is left alone, and the message
// is not blamed.
func TestResetRefused(t *testing.T) {
	c, srv := served(t, Join(Opening("X"), Script{
		Expect("MAIL"), Say("250 OK\r\n"), Expect("RCPT"), Say("450 later\r\n"), Expect("RSET"), Say("500 5.5.1 what?\r\n"),
	}))
	s := dial(t, c)
	send(s, mail())
	if r := send(s, mail()); describe(r) != "again relay protocol closed" {
		t.Errorf("%+v", r)
	}
	_ = srv.Close()
}

// TestEnoughOfThisConnection: 421 at MAIL after messages went through says
// nothing about the message; at the first message it does.
func TestEnoughOfThisConnection(t *testing.T) {
	c, srv := served(t, Join(Opening("X"), Message(), Script{Expect("MAIL"), Say("421 4.7.0 100 messages are enough\r\n")}),
		Join(Opening("X"), Script{Expect("MAIL"), Say("421 4.7.0 100 messages are enough\r\n")}))
	s := dial(t, c)
	send(s, mail())
	if r := send(s, mail()); describe(r) != "again relay relay closed" || r.Reply.Code != 421 {
		t.Errorf("%+v", r)
	}
	if r := send(dial(t, c), mail()); describe(r) != "deferred relay relay closed" {
		t.Errorf("%+v", r)
	}
	_ = srv.Close()
}

func TestIdleConnectionClosed(t *testing.T) {
	c, srv := served(t, Join(Opening("X"), Message()))
	s := dial(t, c)
	send(s, mail())
	_ = srv.Close() // the script is over, and the connection closed
	if r := send(s, mail()); describe(r) != "again network unreachable closed" || r.Stage != transport.StageMail {
		t.Errorf("%+v", r)
	}
}

func TestMaxMessages(t *testing.T) {
	sink, err := StartSink(SinkOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = sink.Close() }()
	for limit, want := range map[int]int{0: 100, 3: 3, -1: 150} {
		c := transport.Config{Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone, MaxMessages: limit}
		s := dial(t, c)
		n := 0
		for n < 150 {
			n++
			r := send(s, mail())
			if r.Outcome == transport.Again {
				n--
				break
			}
			if r.Outcome != transport.Accepted || !r.Usable {
				t.Fatalf("%+v", r)
			}
		}
		if n != want {
			t.Errorf("limit %d: %d messages", limit, n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBeforeDotRefuses(t *testing.T) {
	c, srv := served(t, Join(Opening("X"), Message()))
	s := dial(t, c)
	why := &delivery.Error{Op: "intent", Kind: delivery.KindDiskFull}
	r := Send(context.Background(), s, mail(), func(context.Context) error { return why })
	if describe(r) != "again - disk_full closed" || !errors.Is(r.Err, why) {
		t.Errorf("%+v", r)
	}
	_ = srv.Close()
	if got := srv.Peer(0).Bodies(); len(got) > 0 {
		t.Errorf("the relay has %q", got)
	}
}

// TestNothingBeforeTheIntent: while Commit decides, the relay has the envelope and
// nothing of the message.
func TestNothingBeforeTheIntent(t *testing.T) {
	asked, decided := make(chan struct{}), make(chan struct{})
	c, srv := served(t, Join(Opening("X", "PIPELINING"), Script{
		Expect("MAIL"), Expect("RCPT"), Expect("DATA"), Say("250 OK\r\n250 OK\r\n354 go\r\n"),
		func(p *Peer) error {
			<-asked
			_ = p.Conn.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
			b := make([]byte, 10)
			if n, _ := p.Conn.Read(b); n > 0 {
				t.Errorf("the relay has %q", b[:n])
			}
			close(decided)
			return nil
		}}))
	s := dial(t, c)
	Send(context.Background(), s, mail(), func(context.Context) error {
		close(asked)
		<-decided
		return errors.New("no")
	})
	_ = srv.Close()
}

// TestRefusedWhileWriting: 354, then 552 and goodbye while the body is on its
// way. The verdict is the 552, not a broken pipe.
func TestRefusedWhileWriting(t *testing.T) {
	m := mail()
	m.Data = bytes.Repeat([]byte(strings.Repeat("x", 70)+"\r\n"), 100_000)
	for name, end := range map[string]Script{
		"and reads on":           {Silence()},
		"and closes":             {Hangup()},
		"and closes after a bit": {Skip(100_000), Hangup()},
		"and waits":              {Wait(50 * time.Millisecond)},
	} {
		c, srv := served(t, Join(Opening("X"), Script{
			Expect("MAIL"), Say("250 OK\r\n"), Expect("RCPT"), Say("250 OK\r\n"), Expect("DATA"), Say("354 go\r\n"),
			Skip(1000), Say("552 5.3.4 too much\r\n"),
		}, end))
		s := dial(t, c)
		begin := time.Now()
		r := Send(context.Background(), s, m, nil)
		if describe(r) != "rejected content message_too_large closed" || r.Reply.Code != 552 || r.Stage < transport.StageBody {
			t.Errorf("%s: %+v", name, r)
		}
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("%s: took %s", name, d)
		}
		_ = srv.Close()
	}
}

func TestCancelledSend(t *testing.T) {
	for name, c := range map[string]struct {
		steps Script
		want  string
	}{
		"waiting for RCPT": {Script{Expect("MAIL"), Say("250 OK\r\n"), Silence()}, "again network cancelled closed"},
		"after the dot":    {Script{Expect("MAIL"), Say("250 OK\r\n"), Expect("RCPT"), Say("250 OK\r\n"), Expect("DATA"), Say("354 go\r\n"), Body(), Silence()}, "in_doubt network cancelled closed"},
	} {
		cfg, srv := served(t, Join(Opening("X"), c.steps))
		s := dial(t, cfg)
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(20*time.Millisecond, cancel)
		if r := Send(ctx, s, mail(), nil); describe(r) != c.want || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%s: %+v", name, r)
		}
		_ = srv.Close()
	}
	// A context that has ended before costs neither a word nor the session.
	cfg, srv := served(t, Join(Opening("X"), Message(), Farewell()))
	s := dial(t, cfg)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := Send(ctx, s, mail(), nil); describe(r) != "again - - closed" {
		t.Errorf("%+v", r)
	}
	if r := send(s, mail()); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

// TestCancelledByBeforeDot: a stop that comes while the intent is written keeps
// the dot back.
func TestCancelledByBeforeDot(t *testing.T) {
	for _, m := range []transport.Mail{mail(), long()} {
		cfg, srv := served(t, Join(Opening("X"), Message()))
		s := dial(t, cfg)
		ctx, cancel := context.WithCancel(context.Background())
		r := Send(ctx, s, m, func(context.Context) error { cancel(); return nil })
		if describe(r) != "again - cancelled closed" {
			t.Errorf("%+v", r)
		}
		_ = srv.Close()
		if n := len(srv.Peer(0).Bodies()); n != 0 {
			t.Error("the relay has the message")
		}
	}
}

// TestCancelledTooLate: the context ends when the reply is there already. The
// message is accepted, and the connection is gone all the same.
func TestCancelledTooLate(t *testing.T) {
	cfg, srv := served(t, Join(Opening("X"), Message(), Script{Silence()}))
	ctx, cancel := context.WithCancel(context.Background())
	cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return listening{c, "queued", cancel}, err
	}
	s := dial(t, cfg)
	if r := Send(ctx, s, mail(), nil); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	if r := send(s, mail()); r.Outcome != transport.Again || r.Stage != transport.StageConnect {
		t.Errorf("the session goes on: %+v", r)
	}
	_ = srv.Close()
}

// listening does something when it hears a word.
type listening struct {
	net.Conn
	word string
	do   func()
}

func (l listening) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if bytes.Contains(b[:n], []byte(l.word)) {
		l.do()
	}
	return n, err
}

func TestAbortFromElsewhere(t *testing.T) {
	cfg, srv := served(t, Join(Opening("X"), Script{Expect("MAIL"), Silence()}))
	s := dial(t, cfg)
	time.AfterFunc(20*time.Millisecond, s.Abort)
	if r := send(s, mail()); describe(r) != "again network cancelled closed" {
		t.Errorf("%+v", r)
	}
	_ = srv.Close()
}

// TestMessageSizeParameter: RFC 1870 counts line ends, not stuffed dots.
func TestMessageSizeParameter(t *testing.T) {
	c, srv := served(t, Join(Opening("SIZE"), Message(), Farewell()))
	s := dial(t, c)
	m := mail()
	m.Data = []byte(".\r\n.\r\nabc")
	send(s, m)
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if got := srv.Peer(0).Commands(); !slices.Contains(got, "MAIL FROM:<news@acme.example> SIZE=11") {
		t.Errorf("said %q", got)
	}
}
