package transport_test

import (
	"crypto/tls"
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// TestTrial names the step that failed, and tries nothing after it.
func TestTrial(t *testing.T) {
	ca, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	server := func(host string) *tls.Config {
		c, err := ca.Server(host, time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	login := Script{Expect("AUTH PLAIN"), Say("235 2.7.0 ok\r\n")}
	sender := Script{Expect("MAIL FROM:<news@acme.example>"), Say("250 ok\r\n"), Expect("RSET"), Say("250 ok\r\n")}
	hello := Script{Say("220 relay\r\n"), Expect("EHLO")}
	upgrade := func(c *tls.Config) Script {
		return Join(hello, Script{Say("250-relay\r\n250 STARTTLS\r\n"), Expect("STARTTLS"), Say("220 go\r\n"), Secure(c), Expect("EHLO"), Say("250-relay\r\n250 AUTH PLAIN\r\n")})
	}
	all := []delivery.TestStep{delivery.TestConnect, delivery.TestHello, delivery.TestTLS, delivery.TestAuth, delivery.TestSender}
	for _, c := range []struct {
		name     string
		script   Script
		security delivery.Security
		user     string
		steps    []delivery.TestStep
		kind     delivery.Kind // of the last step; empty: all is well
	}{
		{"all is well", Join(upgrade(server("127.0.0.1")), login, sender, Farewell()), delivery.SecurityStartTLS, "u", all, ""},
		{"greeting", Script{Say("554 go away\r\n")}, delivery.SecurityNone, "", []delivery.TestStep{delivery.TestConnect, delivery.TestHello}, delivery.KindRelay},
		{"no STARTTLS", Join(hello, Script{Say("250 relay\r\n")}), delivery.SecurityStartTLS, "", []delivery.TestStep{delivery.TestConnect, delivery.TestHello, delivery.TestTLS}, delivery.KindTLS},
		{"wrong host", upgrade(server("other.example")), delivery.SecurityStartTLS, "", []delivery.TestStep{delivery.TestConnect, delivery.TestHello, delivery.TestTLS}, delivery.KindCertificate},
		{"password", Join(upgrade(server("127.0.0.1")), Script{Expect("AUTH PLAIN"), Say("535 5.7.8 no\r\n")}), delivery.SecurityStartTLS, "u", all[:4], delivery.KindAuth},
		{"sender", Join(upgrade(server("127.0.0.1")), login, Script{Expect("MAIL"), Say("550 5.7.1 not yours\r\n")}), delivery.SecurityStartTLS, "u", all, delivery.KindSenderRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, _ := served(t, c.script)
			config.Security, config.User, config.Password, config.RootCAs = c.security, c.user, "p", ca.Pool()
			var steps []delivery.TestStep
			var last error
			err := transport.Trial(t.Context(), config, "news@acme.example", func(s delivery.AccountStep) {
				if last != nil {
					t.Error("a step after the one that failed")
				}
				steps, last = append(steps, s.Step), s.Err
			})
			if !slices.Equal(steps, c.steps) {
				t.Errorf("steps %v, want %v", steps, c.steps)
			}
			if c.kind == "" && (err != nil || last != nil) || c.kind != "" && (!delivery.Is(err, c.kind) || !delivery.Is(last, c.kind)) {
				t.Errorf("%v, last %v; want %q", err, last, c.kind)
			}
		})
	}
	var steps []delivery.TestStep
	err = transport.Trial(t.Context(), transport.Config{Host: "nobody.invalid", Port: 25, Security: delivery.SecurityTLS}, "", func(s delivery.AccountStep) { steps = append(steps, s.Step) })
	if err == nil || !slices.Equal(steps, []delivery.TestStep{delivery.TestResolve}) {
		t.Errorf("a name that is not there: %v, %v", steps, err)
	}
}
