package transport_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

func refuse(t *testing.T, c transport.Config, kind delivery.Kind, detail string) {
	t.Helper()
	s, err := transport.Dial(context.Background(), c)
	if err == nil {
		s.Abort()
		t.Fatal("dialled")
	}
	var e *delivery.Error
	if !errors.As(err, &e) || e.Kind != kind || detail != "" && e.Detail != detail {
		t.Errorf("got %v, want %s %q", err, kind, detail)
	}
}

func TestDialPlain(t *testing.T) {
	c, srv := served(t, Join(Opening("SIZE 1000", "8BITMIME"), Farewell()))
	s := dial(t, c)
	if s.MaxSize() != 1000 {
		t.Errorf("size %d", s.MaxSize())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	if got := srv.Peer(0).Commands(); got[0] != "EHLO [127.0.0.1]" {
		t.Errorf("said %q", got)
	}
	if r := send(s, mail()); r.Outcome != transport.Again || r.Usable {
		t.Errorf("a closed session: %+v", r)
	}
}

// TestExtensionsInAnyCase: keywords are case-insensitive, lines may be empty or
// have tabs, and there may be many (RFC 5321 section 4.1.1.1).
func TestExtensionsInAnyCase(t *testing.T) {
	ext := []string{"", "x-tab\tone", "siZe\t2000", "pipelining", "auth=login"}
	for range 100 {
		ext = append(ext, "X-FILLER")
	}
	c, srv := served(t, Join(Opening(append(ext, "auth plain")...), Script{
		Expect("AUTH PLAIN "), Say("235 2.7.0 welcome\r\n"),
		// All three at once, or this would hang.
		Expect("MAIL FROM:<news@acme.example> SIZE=25"), Expect("RCPT TO:<ann@mail.example>"), Expect("DATA"),
		Say("250 OK\r\n250 OK\r\n354 go\r\n"), Body(), Say("250 OK\r\n"),
	}, Farewell()))
	c.User, c.Password = "ann", "secret"
	s := dial(t, c)
	if s.MaxSize() != 2000 {
		t.Errorf("size %d", s.MaxSize())
	}
	if r := send(s, mail()); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

func TestHelo(t *testing.T) {
	c, srv := served(t, Join(Script{Say("220 old\r\n"), Expect("EHLO"), Say("502 what?\r\n"), Expect("HELO me.example"), Say("250 hello\r\n")}, Message(), Farewell()))
	c.HelloName = "me.example"
	s := dial(t, c)
	if r := send(s, mail()); r.Outcome != transport.Accepted {
		t.Errorf("%+v", r)
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

func TestPlaintextStaysHere(t *testing.T) {
	elsewhere := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 25}
	used := false
	pipe := func(remote net.Addr) func(context.Context, string, string) (net.Conn, error) {
		return func(context.Context, string, string) (net.Conn, error) {
			used = true
			ours, theirs := net.Pipe()
			go func() { _ = NewPeer(theirs).Play(Script{Silence()}) }()
			return placed{ours, remote}, nil
		}
	}
	base := transport.Config{Port: 25, Security: delivery.SecurityNone, User: "ann", Password: "secret"}
	for name, c := range map[string]struct {
		host   string
		remote net.Addr
		dialed bool
	}{
		"literal":           {"192.0.2.1", elsewhere, false},
		"unspecified":       {"0.0.0.0", elsewhere, false},
		"literal 6":         {"2001:db8::1", elsewhere, false},
		"mapped":            {"::ffff:192.0.2.1", elsewhere, false},
		"name led astray":   {"localhost", elsewhere, true},
		"loopback rerouted": {"127.0.0.1", elsewhere, true},
	} {
		t.Run(name, func(t *testing.T) {
			used = false
			cfg := base
			cfg.Host, cfg.Dial = c.host, pipe(c.remote)
			_, err := transport.Dial(context.Background(), cfg)
			var e *delivery.Error
			if !errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != "security" {
				t.Errorf("got %v", err)
			}
			if used != c.dialed {
				t.Errorf("dialled: %v", used)
			}
		})
	}
	for _, c := range []transport.Config{
		{Host: "127.0.0.1", Port: 25, Security: "maybe"},
		{Host: "127.0.0.1", Port: 25},
		{Host: "127.0.0.1", Security: delivery.SecurityNone},
		{Host: "127.0.0.1", Port: 70000, Security: delivery.SecurityNone},
		{Port: 25, Security: delivery.SecurityNone},
		{Host: "127.0.0.1\r\nQUIT", Port: 25, Security: delivery.SecurityTLS},
		{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone, HelloName: "a\r\nMAIL FROM:<>"},
	} {
		refuse(t, c, delivery.KindInvalid, "")
	}
	// Names of this machine are looked up and let through.
	c, srv := served(t, Join(Opening("X"), Farewell()))
	c.Host = "localhost"
	s := dial(t, c)
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

// placed is a connection with a peer of a given address.
type placed struct {
	net.Conn
	remote net.Addr
}

func (p placed) RemoteAddr() net.Addr { return p.remote }

func TestDialFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	refuse(t, transport.Config{Host: "127.0.0.1", Port: port, Security: delivery.SecurityNone}, delivery.KindUnreachable, l.Addr().String())

	for name, c := range map[string]struct {
		script Script
		kind   delivery.Kind
		detail string
	}{
		"no service":     {Script{Say("554 5.3.2 not for you\r\n")}, delivery.KindRelay, "554 5.3.2 not for you"},
		"too many":       {Script{Say("421 4.7.0 come back\r\n")}, delivery.KindRelay, "421 4.7.0 come back"},
		"captive portal": {Script{Say("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n")}, delivery.KindProtocol, ""},
		"hello refused":  {Script{Say("220 a\r\n"), Expect("EHLO"), Say("550 no\r\n"), Expect("HELO"), Say("550 5.7.1 go away\r\n")}, delivery.KindRelay, "550 5.7.1 go away"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, srv := served(t, c.script)
			refuse(t, cfg, c.kind, c.detail)
			_ = srv.Close()
		})
	}
}

func TestDialCancelled(t *testing.T) {
	c, srv := served(t, Script{Silence()})
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := transport.Dial(ctx, c)
	if !delivery.Is(err, delivery.KindCancelled) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// Only because the socket was closed can the server end now.
	_ = srv.Close()
}

func authority(t *testing.T) *Authority {
	t.Helper()
	a, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func certificate(t *testing.T, a *Authority, host string, begin, end time.Duration) *tls.Config {
	t.Helper()
	now := time.Now()
	c, err := a.Server(host, now.Add(begin), now.Add(end))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTLS(t *testing.T) {
	a, other := authority(t), authority(t)
	day := 24 * time.Hour
	good := certificate(t, a, "127.0.0.1", -day, day)
	for name, c := range map[string]struct {
		server *tls.Config
		detail string
	}{
		"good":      {good, ""},
		"host":      {certificate(t, a, "mail.example", -day, day), "wrong_host"},
		"expired":   {certificate(t, a, "127.0.0.1", -day, -time.Hour), "expired"},
		"early":     {certificate(t, a, "127.0.0.1", time.Hour, day), "not_yet_valid"},
		"authority": {certificate(t, other, "127.0.0.1", -day, day), "unknown_authority"},
	} {
		for _, security := range []delivery.Security{delivery.SecurityTLS, delivery.SecurityStartTLS} {
			t.Run(name+"/"+string(security), func(t *testing.T) {
				inside := Join(Opening("AUTH PLAIN"), Script{Expect("AUTH PLAIN "), Say("235 ok\r\n")}, Message(), Farewell())
				script := Join(Script{Secure(c.server)}, inside)
				if security == delivery.SecurityStartTLS {
					// After the handshake there is no second greeting.
					script = Join(Opening("starttls"), Script{Expect("STARTTLS"), Say("220 go\r\n"), Secure(c.server)}, inside[1:])
				}
				cfg, srv := served(t, script)
				cfg.Security, cfg.RootCAs, cfg.User, cfg.Password = security, a.Pool(), "ann", "secret"
				if c.detail != "" {
					refuse(t, cfg, delivery.KindCertificate, c.detail)
					_ = srv.Close()
					for _, line := range srv.Peer(0).Commands() {
						if strings.HasPrefix(line, "AUTH") {
							t.Errorf("said %q to an unverified peer", line)
						}
					}
					return
				}
				s := dial(t, cfg)
				if r := send(s, mail()); r.Outcome != transport.Accepted {
					t.Errorf("%+v", r)
				}
				_ = s.Close()
				if err := srv.Close(); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

func TestNoDowngrade(t *testing.T) {
	a := authority(t)
	server := certificate(t, a, "127.0.0.1", -time.Hour, time.Hour)
	base := transport.Config{RootCAs: a.Pool(), User: "ann", Password: "secret"}
	for name, c := range map[string]struct {
		security delivery.Security
		script   Script
		kind     delivery.Kind
		detail   string
	}{
		"stripped":               {delivery.SecurityStartTLS, Join(Opening("AUTH PLAIN"), Script{Silence()}), delivery.KindTLS, "not_offered"},
		"stripped, HELO":         {delivery.SecurityStartTLS, Script{Say("220 a\r\n"), Expect("EHLO"), Say("500 no\r\n"), Expect("HELO"), Say("250 a\r\n"), Silence()}, delivery.KindTLS, "not_offered"},
		"refused":                {delivery.SecurityStartTLS, Join(Opening("STARTTLS"), Script{Expect("STARTTLS"), Say("454 4.7.0 not now\r\n"), Silence()}), delivery.KindTLS, "454 4.7.0 not now"},
		"injected":               {delivery.SecurityStartTLS, Join(Opening("STARTTLS"), Script{Expect("STARTTLS"), Say("220 go\r\n250 AUTH PLAIN\r\n"), Silence()}), delivery.KindProtocol, "plaintext_before_tls"},
		"injected late":          {delivery.SecurityStartTLS, Join(Opening("STARTTLS"), Script{Expect("STARTTLS"), Say("220 go\r\n"), Wait(20 * time.Millisecond), Say("250 AUTH PLAIN\r\n"), Secure(server), Silence()}), delivery.KindProtocol, ""},
		"clear on the TLS port":  {delivery.SecurityTLS, Script{Say("220 relay ESMTP\r\n"), Silence()}, delivery.KindTLS, ""},
		"portal on the TLS port": {delivery.SecurityTLS, Script{Say("HTTP/1.1 400 Bad Request\r\n\r\n"), Silence()}, delivery.KindProtocol, ""},
		"old TLS":                {delivery.SecurityTLS, Script{Secure(&tls.Config{Certificates: server.Certificates, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})}, delivery.KindTLS, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, srv := served(t, c.script)
			base := base
			base.Host, base.Port, base.Security = cfg.Host, cfg.Port, c.security
			refuse(t, base, c.kind, c.detail)
			_ = srv.Close()
			for _, line := range srv.Peer(0).Commands() {
				if strings.HasPrefix(line, "AUTH") || strings.Contains(line, "secret") {
					t.Errorf("said %q", line)
				}
			}
		})
	}
}

func TestAuth(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	const password = "pa ss\u00f6wort"
	plain := "AUTH PLAIN " + b64("\x00ann\x00"+password)
	for name, c := range map[string]struct {
		offer  string
		script Script
		kind   delivery.Kind // empty: let in
	}{
		"plain":          {"AUTH LOGIN PLAIN", Script{Expect(plain), Say("235 2.7.0 in\r\n")}, ""},
		"login":          {"AUTH CRAM-MD5 LOGIN", Script{Expect("AUTH LOGIN"), Say("334 VXNlcm5hbWU6\r\n"), Expect(b64("ann")), Say("334 UGFzc3dvcmQ6\r\n"), Expect(b64(password)), Say("235 in\r\n")}, ""},
		"login, its way": {"AUTH LOGIN", Script{Expect("AUTH LOGIN"), Say("334 " + b64("name, please") + "\r\n"), Expect(b64("ann")), Say("334 \r\n"), Expect(b64(password)), Say("235 in\r\n")}, ""},
		"refused":        {"AUTH PLAIN", Script{Expect(plain), Say("535 5.7.8 " + plain[5:] + " or " + password + "\r\n")}, delivery.KindAuth},
		"odd refusal":    {"AUTH PLAIN", Script{Expect(plain), Say("550 5.7.30 basic\r\n")}, delivery.KindAuth},
		"not offered":    {"AUTH CRAM-MD5", nil, delivery.KindAuth},
		"none offered":   {"X", nil, delivery.KindAuth},
		"not now":        {"AUTH PLAIN", Script{Expect(plain), Say("454 4.7.0 later\r\n")}, delivery.KindRelay},
		"curious":        {"AUTH PLAIN", Script{Expect(plain), Say("334 more\r\n")}, delivery.KindProtocol},
		"insatiable":     {"AUTH LOGIN", Script{Expect("AUTH LOGIN"), Say("334 a\r\n"), Expect(b64("ann")), Say("334 b\r\n"), Expect(b64(password)), Say("334 c\r\n")}, delivery.KindProtocol},
		"wrong success":  {"AUTH PLAIN", Script{Expect(plain), Say("354 in\r\n")}, delivery.KindProtocol},
		"hung up":        {"AUTH PLAIN", Script{Expect(plain), Say("535 5.7.8 par"), Hangup()}, delivery.KindUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, srv := served(t, Join(Opening(c.offer), c.script))
			cfg.User, cfg.Password = "ann", password
			s, err := transport.Dial(context.Background(), cfg)
			if err == nil {
				s.Abort()
			}
			if delivery.KindOf(err) != c.kind {
				t.Errorf("got %v, want %q", err, c.kind)
			}
			if err != nil && (strings.Contains(err.Error(), password) || strings.Contains(err.Error(), plain[11:])) {
				t.Errorf("the error tells the password: %v", err)
			}
			if err := srv.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRedaction: a relay that echoes what it was told does not get the password
// into a verdict either.
func TestRedaction(t *testing.T) {
	// A text is cut after 1,000 bytes, here in the middle of the password.
	far := strings.Repeat("x", 990-len("ann may not with "))
	for _, c := range []struct{ password, filler string }{{"geheim123", ""}, {"xy", ""}, {"geheim1234567890", far}} {
		password := c.password
		c, srv := served(t, Join(Opening("AUTH PLAIN"), Script{Expect("AUTH"), Say("235 in\r\n"),
			Expect("MAIL"), Say("550-5.1.8 ann may not with\r\n550 5.1.8 " + c.filler + password + " or " + base64.StdEncoding.EncodeToString([]byte(password)) + "\r\n")}))
		c.User, c.Password = "ann", password
		r := send(dial(t, c), mail())
		if r.Reply.Code != 550 || strings.Contains(r.Reply.Text, password[:2]) || !strings.Contains(r.Reply.Text, "[redacted") ||
			strings.Contains(r.Reply.Text, base64.StdEncoding.EncodeToString([]byte(password))) {
			t.Errorf("%q", r.Reply.Text)
		}
		if len(password) < 4 && r.Reply.Text != "[redacted]" {
			t.Errorf("%q: a password that short takes the text with it", r.Reply.Text)
		}
		_ = srv.Close()
	}
}

// TestNamesElsewhere: a name is looked up before it is dialled, and one that
// leads elsewhere is refused.
func TestNamesElsewhere(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(context.Background(), "ip", name)
	if err != nil || !slices.ContainsFunc(addrs, func(a netip.Addr) bool { return !a.Unmap().IsLoopback() }) {
		t.Skip("this machine has no name for an address that is not loopback")
	}
	refuse(t, transport.Config{Host: name, Port: 9, Security: delivery.SecurityNone}, delivery.KindInvalid, "none")
}
