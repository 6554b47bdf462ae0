package transport_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// within fails unless f takes exactly d on the bubble's clock.
func within(t *testing.T, what string, d time.Duration, f func()) {
	t.Helper()
	begin := time.Now()
	f()
	if took := time.Since(begin); took != d {
		t.Errorf("%s took %s, want %s", what, took, d)
	}
}

// TestTimeouts: every stage waits as long as RFC 5321 section 4.5.3.2 says, the
// opening half a minute, and no longer.
func TestTimeouts(t *testing.T) {
	begun := Join(Opening("X"), Script{Expect("MAIL")})
	named := Join(begun, Script{Say("250 OK\r\n"), Expect("RCPT")})
	asked := Join(named, Script{Say("250 OK\r\n"), Expect("DATA")})
	open := Join(asked, Script{Say("354 go\r\n")})
	for name, c := range map[string]struct {
		script Script
		mail   transport.Mail
		wait   time.Duration
		want   string
	}{
		"mail": {begun, mail(), 5 * time.Minute, "again network timeout closed"},
		"rcpt": {named, mail(), 5 * time.Minute, "again network timeout closed"},
		"data": {asked, mail(), 2 * time.Minute, "again network timeout closed"},
		// Three minutes for a write, and the moment in which a reply could
		// have explained it.
		"body":      {open, mail(), 3*time.Minute + 2*time.Second, "again network timeout closed"},
		"long body": {open, long(), 3*time.Minute + 2*time.Second, "again network timeout closed"},
		"dot":       {Join(open, Script{Body()}), mail(), 10 * time.Minute, "in_doubt network timeout closed"},
		"long, dot": {Join(open, Script{Body()}), long(), 10 * time.Minute, "in_doubt network timeout closed"},
		// The peer takes the body and stalls before the dot.
		"dot not read": {Join(open, Script{Skip(len(long().Data) - 2)}), long(), 3*time.Minute + 2*time.Second, "in_doubt network timeout closed"},
		// Each write starts the clock anew: a slow peer is not a dead one.
		"slow reader": {Join(open, slowly(150*time.Second), Script{Say("250 OK\r\n"), Silence()}), long(), slowLong, "accepted - - usable"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stalled := make(chan struct{})
				cfg, _ := piped(t, Join(c.script, Script{Until(stalled)}))
				s := dial(t, cfg)
				within(t, name, c.wait, func() {
					if r := send(s, c.mail); describe(r) != c.want {
						t.Errorf("%+v", r)
					}
				})
				s.Abort()
				close(stalled)
			})
		})
	}
}

// TestRefusedWhileStalled: a relay refuses a long body and stops reading. The
// refusal is heard at once, in the midst of the body as well as of the dot.
func TestRefusedWhileStalled(t *testing.T) {
	open := Join(Opening("X"), Message()[:6])
	const want = "rejected content message_too_large closed"
	for name, c := range map[string]struct {
		script Script
		wait   time.Duration
	}{
		"in a write": {Join(open, Script{Skip(100_000), Say("552 5.3.4 too much\r\n")}), 0},
		"later":      {Join(open, Script{Skip(len(long().Data) - 2), Wait(time.Minute), Say("552 5.3.4 too much\r\n")}), time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			stalled := make(chan struct{})
			cfg, _ := piped(t, Join(c.script, Script{Until(stalled)}))
			s := dial(t, cfg)
			within(t, name, c.wait, func() {
				r := send(s, long())
				if describe(r) != want {
					t.Errorf("%s: %+v", name, r)
				}
			})
			close(stalled)
		})
	}
}

// slowLong is how long the slow reader needs for a long body: it pauses before
// each block.
const slowLong = time.Duration((1_440_017-2+64<<10-1)/(64<<10)) * 150 * time.Second

// slowly reads a long message with a pause before each 64 KiB.
func slowly(pause time.Duration) Script {
	return Script{func(p *Peer) error {
		left := len(long().Data) - 2
		for left > 0 {
			time.Sleep(pause)
			n := min(left, 64<<10)
			if err := Skip(n)(p); err != nil {
				return err
			}
			left -= n
		}
		return Skip(5)(p)
	}}
}

func TestOpeningTimeouts(t *testing.T) {
	for name, c := range map[string]struct {
		script   Script
		security delivery.Security
	}{
		"greeting":  {nil, delivery.SecurityNone},
		"hello":     {Script{Say("220 a\r\n"), Expect("EHLO")}, delivery.SecurityNone},
		"starttls":  {Join(Opening("STARTTLS"), Script{Expect("STARTTLS")}), delivery.SecurityStartTLS},
		"handshake": {Join(Opening("STARTTLS"), Script{Expect("STARTTLS"), Say("220 go\r\n")}), delivery.SecurityStartTLS},
		"tls":       {nil, delivery.SecurityTLS},
		"auth":      {Join(Opening("AUTH PLAIN"), Script{Expect("AUTH")}), delivery.SecurityNone},
		"drip":      {Script{Drip("220-never\r\n220-ending\r\n220-greeting\r\n220 a\r\n", time.Second)}, delivery.SecurityNone},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stalled := make(chan struct{})
				cfg, _ := piped(t, Join(c.script, Script{Until(stalled)}))
				cfg.Security, cfg.User, cfg.Password = c.security, "ann", "secret"
				within(t, name, 30*time.Second, func() { refuse(t, cfg, delivery.KindTimeout, "127.0.0.1:25") })
				close(stalled)
			})
		})
	}
}

func TestConnectTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := transport.Config{Host: "192.0.2.1", Port: 587, Security: delivery.SecurityStartTLS,
			Timeouts: transport.Timeouts{Connect: 7 * time.Second},
			Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, errors.New("gave up")
			}}
		within(t, "connect", 7*time.Second, func() { refuse(t, c, delivery.KindTimeout, "192.0.2.1:587") })
	})
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stalled := make(chan struct{})
		cfg, _ := piped(t, Join(Opening("X"), Script{Expect("QUIT"), Until(stalled)}))
		s := dial(t, cfg)
		within(t, "close", 5*time.Second, func() {
			if err := s.Close(); !delivery.Is(err, delivery.KindTimeout) {
				t.Errorf("got %v", err)
			}
		})
		if err := s.Close(); err != nil {
			t.Errorf("twice: %v", err)
		}
		close(stalled)
	})
}

// TestGuardLeavesNothing: the goroutine that watches a long body ends with Send,
// however Send ends; a bubble does not.
func TestGuardLeavesNothing(t *testing.T) {
	for _, before := range []func(context.Context) error{
		nil,
		func(context.Context) error { return errors.New("no") },
		func(context.Context) error { time.Sleep(time.Hour); return nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			cfg, _ := piped(t, Join(Opening("X"), Message(), Message(), Script{Silence()}))
			s := dial(t, cfg)
			if r := Send(context.Background(), s, long(), before); r.Usable {
				send(s, mail())
			}
			synctest.Wait()
		})
	}
}
