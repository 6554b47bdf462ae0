package transport_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// parcel reads one transaction that ends in BDAT, and its text.
func parcel() Script {
	return Script{Expect("RSET"), Expect("MAIL FROM:"), Expect("RCPT TO:"), Expect("BDAT "), Skip(len(mail().Data))}
}

const taken = "250 reset\r\n250 ok\r\n250 ok\r\n250 2.0.0 taken\r\n"

// several is a feed of equal messages.
func several(n int) *Feed {
	f := &Feed{}
	for range n {
		f.Mails = append(f.Mails, mail())
	}
	return f
}

// outcomes lists what came back, by number.
func outcomes(f *Feed) string {
	byNumber := make([]string, len(f.Mails))
	for _, r := range f.Results() {
		if byNumber[r.I] != "" {
			return fmt.Sprintf("message %d came back twice", r.I)
		}
		byNumber[r.I] = r.Outcome.String()
	}
	return strings.Join(byNumber, " ")
}

func chunking() Script { return Opening("X", "PIPELINING", "CHUNKING", "SIZE 1000000") }

func TestChunks(t *testing.T) {
	sink, err := StartSink(SinkOptions{Chunking: true, Record: true, Delay: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	s := dial(t, transport.Config{Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone, MaxMessages: -1, Trust: -1})
	if s.Window() != 8 {
		t.Errorf("window %d", s.Window())
	}
	f := &Feed{Refuse: func(i int) bool { return i%10 == 3 }}
	want := map[string]bool{}
	for i := range 500 {
		m := mail()
		m.To = fmt.Sprintf("p%d@mail.example", i)
		if i%50 == 7 {
			m.Data = long().Data // several writes
		}
		if i%10 != 3 {
			want[m.To] = true
		}
		f.Mails = append(f.Mails, m)
	}
	s.Run(t.Context(), f)
	for i, r := range f.Results() {
		if r.Outcome != transport.Accepted || !r.Usable {
			t.Fatalf("result %d: %+v", i, r)
		}
	}
	if n := len(f.Results()); n != len(want) {
		t.Errorf("%d came back, want %d", n, len(want))
	}
	for _, r := range sink.Receipts() {
		if !want[r.Recipient] || !r.Complete {
			t.Errorf("the relay has %+v", r)
		}
		delete(want, r.Recipient)
	}
	if len(want) > 0 {
		t.Errorf("the relay lacks %v", want)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// roomed is a feed that has as many messages out as there is room.
type roomed struct {
	*Feed
	room chan struct{}
}

func withRoom(f *Feed, window int) *roomed {
	n := &roomed{Feed: f, room: make(chan struct{}, window)}
	for range window {
		n.room <- struct{}{}
	}
	return n
}

func (n *roomed) Next(ctx context.Context, wait bool) *transport.Mail {
	select {
	case <-n.room:
	default:
		if !wait {
			return nil
		}
		select {
		case <-n.room:
		case <-ctx.Done():
			return nil
		}
	}
	return n.Feed.Next(ctx, wait)
}

func (n *roomed) Done(m *transport.Mail, r transport.Result) {
	n.Feed.Done(m, r)
	n.room <- struct{}{}
}

// TestAfterAWindow: a refusal ends the window and may leave the relay in the midst of
// a transaction, which it has to forget before it is given another sender.
func TestAfterAWindow(t *testing.T) {
	for window := 1; window <= 4; window++ {
		const trust = 2
		sink, err := StartSink(SinkOptions{Chunking: true, Record: true, Refuse: 0.1})
		if err != nil {
			t.Fatal(err)
		}
		s := dial(t, transport.Config{Host: "127.0.0.1", Port: sink.Port(), Security: delivery.SecurityNone, MaxMessages: -1, Trust: trust})
		f := several(1000)
		for i := range f.Mails {
			f.Mails[i].To = fmt.Sprintf("p%d@mail.example", i)
		}
		s.Run(t.Context(), withRoom(f, window))
		has := map[string]bool{}
		for _, r := range sink.Receipts() {
			has[r.Recipient] = true
		}
		for _, r := range f.Results() {
			want := transport.Rejected
			if has[f.Mails[r.I].To] {
				want = transport.Accepted
			}
			if r.Outcome != want || !r.Usable {
				t.Fatalf("window %d, message %d: %+v, want %s", window, r.I, r.Result, want)
			}
		}
		if n, no := len(f.Results()), sink.Refused(); n != len(f.Mails) || len(has)+int(no) != n || no < 50 {
			t.Errorf("window %d: %d came back, %d taken, %d refused", window, n, len(has), no)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		_ = sink.Close()
	}
}

// TestChunkReplies: each message gets the verdict of its own replies, and a 421
// ends what comes after it without putting it in doubt.
func TestChunkReplies(t *testing.T) {
	for name, c := range map[string]struct {
		say  string
		end  Script
		want string
	}{
		"all taken":              {taken + taken + taken, Script{Silence()}, "accepted accepted accepted"},
		"one recipient refused":  {taken + "250 r\r\n250 m\r\n550 5.1.1 no\r\n503 5.5.1 none\r\n" + taken, Script{Silence()}, "accepted rejected accepted"},
		"one chunk refused":      {taken + "250 r\r\n250 m\r\n250 r\r\n452 4.3.1 full\r\n" + taken, Script{Silence()}, "accepted deferred accepted"},
		"421 to the second":      {taken + "421 4.3.2 enough\r\n", Script{Hangup()}, "accepted again again"},
		"421 and a reset":        {taken + "250 r\r\n421 4.3.2 enough\r\n", Script{Wait(10 * time.Millisecond), Reset()}, "accepted again again"},
		"421 after the text":     {taken + "250 r\r\n250 m\r\n250 r\r\n421 4.3.2 enough\r\n", Script{Hangup()}, "accepted deferred again"},
		"421 and yet going on":   {taken + "250 r\r\n421 4.7.0 slow\r\n250 r\r\n503 none\r\n" + taken, Script{Silence()}, "accepted again accepted"},
		"lost before the first":  {"", Script{Hangup()}, "in_doubt in_doubt in_doubt"},
		"lost after the first":   {taken, Script{Hangup()}, "accepted in_doubt in_doubt"},
		"lost after a refusal":   {taken + "250 r\r\n250 m\r\n550 5.1.1 no\r\n", Script{Hangup()}, "accepted rejected in_doubt"},
		"not SMTP":               {taken + "hello\r\n", Script{Hangup()}, "accepted in_doubt in_doubt"},
		"354 instead of an end":  {"250 r\r\n250 m\r\n250 r\r\n354 what\r\n" + taken + taken, Script{Silence()}, "in_doubt accepted accepted"},
		"taken though refused":   {"250 r\r\n250 m\r\n550 5.1.1 no\r\n250 taken\r\n" + taken + taken, Script{Silence()}, "in_doubt accepted accepted"},
		"RSET refused":           {"502 what\r\n250 m\r\n250 r\r\n250 taken\r\n" + taken + taken, Script{Silence()}, "in_doubt accepted accepted"},
		"sender refused for all": {strings.Repeat("250 r\r\n550 5.7.1 not you\r\n503 x\r\n503 x\r\n", 3), Script{Silence()}, "suspend suspend suspend"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, srv := served(t, Join(chunking(), parcel(), parcel(), parcel(), Script{Say(c.say)}, c.end))
			s := dial(t, cfg)
			f := several(3)
			s.Run(t.Context(), f)
			s.Abort()
			_ = srv.Close()
			if got := outcomes(f); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestChunkStalls: a relay that does not answer is in doubt after ten minutes, one
// that said 421 does not hold us up.
func TestChunkStalls(t *testing.T) {
	for name, c := range map[string]struct {
		say  string
		wait time.Duration
		want string
	}{
		"nothing":       {"", 5 * time.Minute, "in_doubt in_doubt"},
		"before an end": {"250 r\r\n250 m\r\n250 r\r\n", 10 * time.Minute, "in_doubt in_doubt"},
		"after a 421":   {taken + "421 enough\r\n", farewell, "accepted again"},
	} {
		synctest.Test(t, func(t *testing.T) {
			stalled := make(chan struct{})
			cfg, _ := piped(t, Join(chunking(), parcel(), parcel(), Script{Say(c.say), Until(stalled)}))
			s := dial(t, cfg)
			f := several(2)
			within(t, name, c.wait, func() { s.Run(t.Context(), f) })
			if got := outcomes(f); got != c.want {
				t.Errorf("%s: got %s, want %s", name, got, c.want)
			}
			close(stalled)
		})
	}
}

const farewell = 5 * time.Second

// TestChunkCutAfterEveryByte breaks a conversation of two messages after every
// byte, in either direction. A message of which not everything has left is never
// in doubt, and one that the relay has taken is never offered again.
func TestChunkCutAfterEveryByte(t *testing.T) {
	script := Join(chunking(), parcel(), Script{Say(taken)}, parcel(), Script{Say(taken), Silence()})
	heard := len("220 relay.example ESMTP\r\n") + len(Hello("X", "PIPELINING", "CHUNKING", "SIZE 1000000"))
	said := 0
	{
		ours, theirs := net.Pipe()
		peer := NewPeer(theirs)
		done := make(chan error, 1)
		go func() { done <- peer.Play(script) }()
		counted := &counter{Conn: ours}
		s := dial(t, transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone, Trust: -1,
			Dial: func(context.Context, string, string) (net.Conn, error) { return counted, nil }})
		opening := len(counted.said)
		s.Run(t.Context(), several(2))
		s.Abort()
		<-done
		said = (len(counted.said) - opening) / 2
		heardAll := heard + 2*len(taken)
		if counted.heard != heardAll {
			t.Fatalf("%d bytes were heard, want %d", counted.heard, heardAll)
		}
		for cut := opening; cut < len(counted.said); cut++ {
			got, parcels := cutChunks(t, script, -1, cut)
			first := cut-opening >= said
			want := "again again"
			if first {
				want = "accepted again"
			}
			if parcels > 0 && !first {
				t.Fatalf("after %d bytes the relay has a message", cut)
			}
			// Messages in one write stand and fall together when the reply to
			// the first cannot come any more.
			if got != want && !(first && got == "in_doubt again") {
				t.Errorf("%d bytes written of %d + 2×%d: %s, want %s", cut, opening, said, got, want)
			}
		}
	}
	for cut := heard + 1; cut < heard+2*len(taken); cut++ {
		got, _ := cutChunks(t, script, cut, -1)
		want := "in_doubt in_doubt"
		if cut >= heard+len(taken) {
			want = "accepted in_doubt"
		}
		if got != want {
			t.Errorf("%d bytes heard: %s, want %s", cut-heard, got, want)
		}
	}
}

// cutChunks plays a script on a connection that breaks, and returns the outcomes
// and how many whole transactions the relay has seen.
func cutChunks(t *testing.T, script Script, read, write int) (got string, parcels int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		peer := NewPeer(theirs)
		done := make(chan error, 1)
		go func() { done <- peer.Play(script) }()
		s, err := transport.Dial(t.Context(), transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone, Trust: -1,
			Dial: func(context.Context, string, string) (net.Conn, error) { return CutAfter(ours, read, write), nil }})
		if err != nil {
			t.Fatal(err)
		}
		f := several(2)
		s.Run(t.Context(), f)
		s.Abort()
		_ = ours.Close()
		<-done
		got = outcomes(f)
		for _, c := range peer.Commands() {
			if strings.HasPrefix(c, "BDAT") {
				parcels++
			}
		}
		if parcels > 0 && strings.HasPrefix(got, "again") {
			parcels-- // its text was cut off
		}
	})
	return got, parcels
}
