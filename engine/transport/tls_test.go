package transport_test

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// The numbers are those of the fault table in reference/reliability.md.

// noSecret fails when a peer was told anything of a log-in.
func noSecret(t *testing.T, srv *Server) {
	t.Helper()
	_ = srv.Close()
	for _, line := range srv.Peer(0).Commands() {
		if strings.HasPrefix(strings.ToUpper(line), "AUTH") || strings.Contains(line, "secret") {
			t.Errorf("said %q", line)
		}
	}
}

// withLogin gives a configuration every kind of credential.
func withLogin(c transport.Config) []transport.Config {
	password, token := c, c
	password.User, password.Password = "ann", "secret"
	token.User, token.Token = "ann", "secret-token"
	return []transport.Config{password, token}
}

func TestFault46StrippedStartTLS(t *testing.T) {
	everything := []string{"PIPELINING", "AUTH PLAIN LOGIN SCRAM-SHA-256 SCRAM-SHA-256-PLUS XOAUTH2 OAUTHBEARER"}
	for name, c := range map[string]struct {
		script Script
		detail string
	}{
		"stripped":        {Join(Opening(everything...), Script{Silence()}), "not_offered"},
		"misspelt":        {Join(Opening(append(everything, "XXXXXXXX", "XSTARTTLS")...), Script{Silence()}), "not_offered"},
		"no extensions":   {Script{Say("220 a\r\n"), Expect("EHLO"), Say("502 no\r\n"), Expect("HELO"), Say("250 a\r\n"), Silence()}, "not_offered"},
		"refused for now": {Join(Opening(append(everything, "STARTTLS")...), Script{Expect("STARTTLS"), Say("454 4.7.0 later\r\n"), Silence()}), "454 4.7.0 later"},
		"refused":         {Join(Opening(append(everything, "STARTTLS")...), Script{Expect("STARTTLS"), Say("501 5.5.4 no\r\n"), Silence()}), "501 5.5.4 no"},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range withLogin(transport.Config{}) {
				c2, srv := served(t, c.script)
				c2.Security = delivery.SecurityStartTLS
				refuse(t, withLogin(c2)[i], delivery.KindTLS, c.detail)
				noSecret(t, srv)
			}
		})
	}
}

// 530 and 538 ask for encryption that the session has not: it is the account's
// to mend, and the password is not said again.
func TestFault46TLSRequired(t *testing.T) {
	for _, reply := range []string{"530 5.7.0 Must issue a STARTTLS command first", "538 5.7.11 Encryption required"} {
		c, srv := served(t, Join(Opening("AUTH PLAIN"), Script{Expect("AUTH PLAIN"), Say(reply + "\r\n")}))
		c.User, c.Password = "ann", "secret"
		refuse(t, c, delivery.KindAuth, reply)
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	}
}

// shown is the certificate of a server as the handshake shows it.
func shown(c *tls.Config) string {
	sum := sha256.Sum256(c.Certificates[0].Certificate[0])
	return hex.EncodeToString(sum[:])
}

// TestFault47Certificate: a certificate that does not verify is told with what a
// person needs to judge it, and nothing is said to its owner.
func TestFault47Certificate(t *testing.T) {
	a, other := authority(t), authority(t)
	day := 24 * time.Hour
	for detail, server := range map[string]*tls.Config{
		"wrong_host":        certificate(t, a, "mail.example", -day, day),
		"expired":           certificate(t, a, "127.0.0.1", -day, -time.Hour),
		"unknown_authority": certificate(t, other, "127.0.0.1", -day, day),
	} {
		t.Run(detail, func(t *testing.T) {
			for i := range withLogin(transport.Config{}) {
				c, srv := served(t, Script{Secure(server), Silence()})
				c.Security, c.RootCAs = delivery.SecurityTLS, a.Pool()
				_, err := transport.Dial(context.Background(), withLogin(c)[i])
				var e *delivery.Error
				if !errors.As(err, &e) || e.Kind != delivery.KindCertificate || e.Detail != detail {
					t.Fatalf("got %v", err)
				}
				if s := e.Certificate; s == nil || s.Fingerprint != shown(server) || s.Issuer != "CN=test authority" || !s.NotAfter.After(s.NotBefore) {
					t.Errorf("certificate %+v", s)
				}
				noSecret(t, srv)
			}
		})
	}
}

// TestFault47Pin: with a pin the connection stands exactly when the certificate
// is the one that was accepted, whatever else is wrong with it.
func TestFault47Pin(t *testing.T) {
	a := authority(t)
	day := 24 * time.Hour
	good := certificate(t, a, "127.0.0.1", -day, day)
	wrong := strings.Repeat("ab", 32)
	servers := map[string]*tls.Config{
		"good":     good,
		"host":     certificate(t, a, "mail.example", -day, day),
		"expired":  certificate(t, a, "127.0.0.1", -2*day, -day),
		"early":    certificate(t, a, "127.0.0.1", day, 2*day),
		"stranger": certificate(t, authority(t), "mail.example", -2*day, -day),
	}
	for name, server := range servers {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			server := server.Clone()
			server.MinVersion, server.MaxVersion = version, version
			for pin, ok := range map[string]bool{shown(server): true, delivery.ShowFingerprint(shown(server)): true, wrong: false} {
				t.Run(name+"/"+tls.VersionName(version), func(t *testing.T) {
					c, srv := served(t, Join(Script{Secure(server)}, Opening("AUTH PLAIN"), Script{Expect("AUTH PLAIN"), Say("235 in\r\n")}, Farewell()))
					c.Security, c.RootCAs, c.User, c.Password, c.Pin = delivery.SecurityTLS, a.Pool(), "ann", "secret", pin
					s, err := transport.Dial(context.Background(), c)
					if ok {
						if err != nil {
							t.Fatal(err)
						}
						_ = s.Close()
						if err := srv.Close(); err != nil {
							t.Error(err)
						}
						return
					}
					var e *delivery.Error
					if !errors.As(err, &e) || e.Kind != delivery.KindCertificate || e.Detail != "pin" || e.Certificate == nil || e.Certificate.Fingerprint != shown(server) {
						t.Errorf("got %v", err)
					}
					noSecret(t, srv)
				})
			}
		}
	}
	// Another certificate with the same key is another certificate.
	for _, pin := range []string{"ab", wrong[:62], wrong + "00", strings.Repeat("zz", 32)} {
		c := transport.Config{Host: "127.0.0.1", Port: 1, Security: delivery.SecurityTLS, Pin: pin}
		refuse(t, c, delivery.KindInvalid, pin)
	}
}

// Whatever comes before the handshake in clear, with the go-ahead or after it, is
// not used (RFC 3207 section 6).
func TestFault61PlaintextBeforeTLS(t *testing.T) {
	a := authority(t)
	server := certificate(t, a, "127.0.0.1", -time.Hour, time.Hour)
	for name, after := range map[string]Script{
		"with the go-ahead":       {Say("220 go\r\n250 AUTH PLAIN\r\n"), Secure(server), Silence()},
		"half a line":             {Say("220 go\r\n2"), Secure(server), Silence()},
		"a line end":              {Say("220 go\r\n\r\n"), Secure(server), Silence()},
		"after it":                {Say("220 go\r\n"), Say("250-a\r\n250 AUTH PLAIN\r\n"), Secure(server), Silence()},
		"an answer to come":       {Say("220 go\r\n"), Say("235 2.7.0 in\r\n"), Secure(server), Silence()},
		"a go-ahead in two lines": {Say("220-go\r\n220 on\r\n250 AUTH PLAIN\r\n"), Secure(server), Silence()},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range withLogin(transport.Config{}) {
				c, srv := served(t, Join(Opening("STARTTLS", "AUTH PLAIN"), Script{Expect("STARTTLS")}, after))
				c.Security, c.RootCAs = delivery.SecurityStartTLS, a.Pool()
				refuse(t, withLogin(c)[i], delivery.KindProtocol, "")
				noSecret(t, srv)
			}
		})
	}
}

// What the relay said in clear about itself is forgotten (RFC 3207 section 4.2).
func TestFault61ClearExtensionsForgotten(t *testing.T) {
	a := authority(t)
	server := certificate(t, a, "127.0.0.1", -time.Hour, time.Hour)
	c, srv := served(t, Join(Opening("starttls", "SIZE 7", "AUTH PLAIN"), Script{Expect("STARTTLS"), Say("220 go\r\n"), Secure(server),
		Expect("EHLO"), Say(Hello("auth LOGIN"))}, Script{Expect("AUTH LOGIN"), Say("334 \r\n"), Expect("YW5u"), Say("334 \r\n"), Expect("c2VjcmV0"), Say("235 in\r\n")}, Farewell()))
	c.Security, c.RootCAs, c.User, c.Password = delivery.SecurityStartTLS, a.Pool(), "ann", "secret"
	s := dial(t, c)
	if s.MaxSize() != 0 {
		t.Errorf("size %d", s.MaxSize())
	}
	_ = s.Close()
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}

// TestFault48Keywords: keywords in any case, with tabs and empty lines between.
func TestFault48Keywords(t *testing.T) {
	for _, offer := range []string{"auth plain", "Auth\tPlain", "AUTH=plain", "aUtH  login\tpLaIn "} {
		c, srv := served(t, Join(Opening("", "x-a\tb", offer, ""), Script{Expect("AUTH PLAIN "), Say("235 in\r\n")}, Farewell()))
		c.User, c.Password = "ann", "secret"
		_ = dial(t, c).Close()
		if err := srv.Close(); err != nil {
			t.Errorf("%q: %v", offer, err)
		}
	}
}

// TestFault58Portal: what answers is a captive portal, on either port.
func TestFault58Portal(t *testing.T) {
	for security, script := range map[delivery.Security]Script{
		delivery.SecurityStartTLS: {Say("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n")},
		delivery.SecurityTLS:      {Say("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"), Silence()},
	} {
		for i := range withLogin(transport.Config{}) {
			c, srv := served(t, script)
			c.Security = security
			refuse(t, withLogin(c)[i], delivery.KindProtocol, "")
			noSecret(t, srv)
		}
	}
}

// TestFault72Clock: what a wrong clock of ours looks like has a code of its own,
// for which the front ends speak of the clock.
func TestFault72Clock(t *testing.T) {
	a := authority(t)
	for detail, span := range map[string][2]time.Duration{"expired": {-48 * time.Hour, -24 * time.Hour}, "not_yet_valid": {24 * time.Hour, 48 * time.Hour}} {
		c, srv := served(t, Script{Secure(certificate(t, a, "127.0.0.1", span[0], span[1])), Silence()})
		c.Security, c.RootCAs = delivery.SecurityTLS, a.Pool()
		refuse(t, c, delivery.KindCertificate, detail)
		noSecret(t, srv)
	}
}

// TestFault100Echo: no mechanism's secret comes back in an error, however the
// relay echoes it.
func TestFault100Echo(t *testing.T) {
	echo := func(p *Peer) error {
		c := p.Commands()
		last := c[len(c)-1]
		words := strings.Fields(last)
		return Say("535 5.7.8 no " + last + " and " + words[len(words)-1] + " secret-word\r\n")(p)
	}
	const secret = "secret-word"
	for _, c := range []struct {
		offer  string
		token  bool
		script Script
	}{
		{"AUTH PLAIN", false, Script{Expect("AUTH"), echo}},
		{"AUTH LOGIN", false, Script{Expect("AUTH"), Say("334 \r\n"), Expect(""), Say("334 \r\n"), Expect(""), echo}},
		{"AUTH SCRAM-SHA-256", false, Script{Expect("AUTH"), echo}},
		{"AUTH XOAUTH2", true, Script{Expect("AUTH"), echo}},
		{"AUTH OAUTHBEARER", true, Script{Expect("AUTH"), echo}},
	} {
		cfg, srv := served(t, Join(Opening(c.offer), c.script))
		cfg.User, cfg.Password = "ann@acme.example", secret
		if c.token {
			cfg.Password, cfg.Token = "", secret
		}
		_, err := transport.Dial(context.Background(), cfg)
		if !delivery.Is(err, delivery.KindAuth) {
			t.Errorf("%s: %v", c.offer, err)
			continue
		}
		commands := srv.Peer(0).Commands()
		words := strings.Fields(commands[len(commands)-1])
		if said := err.Error(); strings.Contains(said, secret) || strings.Contains(said, words[len(words)-1]) || !strings.Contains(said, "[redacted]") {
			t.Errorf("%s: %s", c.offer, said)
		}
		_ = srv.Close()
	}
}
