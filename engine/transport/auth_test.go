package transport_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// encrypted is a configuration for a server that speaks TLS of one version from
// the first byte.
func encrypted(t *testing.T, version uint16, script Script) (transport.Config, *Server) {
	t.Helper()
	a := authority(t)
	server := certificate(t, a, "127.0.0.1", -time.Hour, time.Hour)
	server.MinVersion, server.MaxVersion = version, version
	c, srv := served(t, Join(Script{Secure(server)}, script))
	c.Security, c.RootCAs = delivery.SecurityTLS, a.Pool()
	return c, srv
}

// TestScram: the channel is bound where both ends can, and what cannot be bound
// is said honestly (RFC 5802 section 6).
func TestScram(t *testing.T) {
	right := Scram{User: "ann", Password: "secret"}
	stripped, lying, silent, greedy, weak := right, right, right, right, right
	stripped.Offered = true
	lying.Signature = base64.StdEncoding.EncodeToString(make([]byte, 32))
	silent.NoProof = true
	greedy.Iterations = 1 << 30
	weak.Iterations = 1000 // RFC 7677 section 4 has at least 4096
	wrong := Scram{User: "ann", Password: "other"}
	const (
		plain = "AUTH LOGIN PLAIN SCRAM-SHA-256"
		both  = plain + " SCRAM-SHA-256-PLUS"
	)
	for name, c := range map[string]struct {
		version uint16 // 0: loopback without TLS
		offer   string
		step    Step
		kind    delivery.Kind
		detail  string
	}{
		"plus":                  {tls.VersionTLS13, both, right.Step(true), "", ""},
		"plus before 1.3":       {tls.VersionTLS12, both, right.Step(true), "", ""},
		"lower case":            {tls.VersionTLS13, strings.ToLower(both), right.Step(true), "", ""},
		"not offered":           {tls.VersionTLS13, plain, right.Step(false), "", ""},
		"offer taken away":      {tls.VersionTLS13, plain, stripped.Step(false), delivery.KindAuth, "535 5.7.8 server-does-support-channel-binding"},
		"clear on this machine": {0, plain, right.Step(false), "", ""},
		"cannot bind":           {0, both, stripped.Step(false), "", ""}, // "n", not "y"
		"wrong password":        {tls.VersionTLS13, both, wrong.Step(true), delivery.KindAuth, "535 5.7.8 invalid-proof"},
		"wrong signature":       {tls.VersionTLS13, both, lying.Step(true), delivery.KindProtocol, ""},
		"no signature":          {tls.VersionTLS13, both, silent.Step(true), delivery.KindProtocol, "relay_unproved"},
		"too much work":         {tls.VersionTLS13, both, greedy.Step(true), delivery.KindProtocol, ""},
		"too little work":       {tls.VersionTLS13, both, weak.Step(true), delivery.KindProtocol, ""},
	} {
		t.Run(name, func(t *testing.T) {
			script := Join(Opening(c.offer), Script{c.step}, Farewell())
			cfg, srv := served(t, script)
			if c.version != 0 {
				_ = srv.Close()
				cfg, srv = encrypted(t, c.version, script)
			}
			cfg.User, cfg.Password = "ann", "secret"
			s, err := transport.Dial(context.Background(), cfg)
			if err == nil {
				_ = s.Close()
			}
			var e *delivery.Error
			if delivery.KindOf(err) != c.kind || c.detail != "" && (!errors.As(err, &e) || e.Detail != c.detail) {
				t.Errorf("got %v, want %q %q", err, c.kind, c.detail)
			}
			if err := srv.Close(); c.kind == "" && err != nil {
				t.Error(err)
			}
			attempts := 0
			for _, line := range srv.Peer(0).Commands() {
				if strings.HasPrefix(line, "AUTH") {
					attempts++
				}
			}
			if attempts != 1 {
				t.Errorf("%d attempts to log in", attempts)
			}
		})
	}
}

// TestToken: an account with a token says nothing but the token, waits for its
// challenge when the line would be too long (RFC 4954 section 4), and answers a
// refusal as the mechanism wants.
func TestToken(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	const token = "ya29.token-of-ann"
	long := strings.Repeat("eyJ0eXAi", 250)
	x := func(token string) string {
		return b64("user=ann=a,b@acme.example\x01auth=Bearer " + token + "\x01\x01")
	}
	// RFC 7628 section 4.1; "=" and "," are quoted in a saslname (RFC 5801).
	o := b64("n,a=ann=3Da=2Cb@acme.example,\x01host=127.0.0.1\x01port=2525\x01auth=Bearer " + token + "\x01\x01")
	nothing := func(p *Peer) error {
		err := Expect("")(p)
		if c := p.Commands(); err == nil && c[len(c)-1] != "" {
			return errors.New("not an empty line")
		}
		return err
	}
	refusal := "334 " + b64(`{"status":"401","schemes":"bearer","scope":"https://mail.example/"}`) + "\r\n"
	for name, c := range map[string]struct {
		offer  string
		token  string
		script Script
		kind   delivery.Kind
	}{
		"oauthbearer":         {"AUTH PLAIN SCRAM-SHA-256 XOAUTH2 OAUTHBEARER", token, Script{Expect("AUTH OAUTHBEARER " + o), Say("235 in\r\n")}, ""},
		"xoauth2":             {"AUTH LOGIN XOAUTH2", token, Script{Expect("AUTH XOAUTH2 " + x(token)), Say("235 in\r\n")}, ""},
		"long":                {"AUTH XOAUTH2", long, Script{Expect("AUTH XOAUTH2"), Say("334 \r\n"), Expect(x(long)), Say("235 in\r\n")}, ""},
		"oauthbearer refused": {"AUTH OAUTHBEARER", token, Script{Expect("AUTH OAUTHBEARER"), Say(refusal), Expect("AQ=="), Say("535 5.7.8 no\r\n")}, delivery.KindAuth},
		"xoauth2 refused":     {"AUTH XOAUTH2", token, Script{Expect("AUTH XOAUTH2"), Say(refusal), nothing, Say("535 5.7.8 " + token + "\r\n")}, delivery.KindAuth},
		"refused at once":     {"AUTH XOAUTH2", token, Script{Expect("AUTH XOAUTH2"), Say("535 5.7.3 " + x(token) + "\r\n")}, delivery.KindAuth},
		"long, refused":       {"AUTH XOAUTH2", long, Script{Expect("AUTH XOAUTH2"), Say("334 \r\n"), Expect(x(long)), Say("535 5.7.3 no\r\n")}, delivery.KindAuth},
		"hung up on":          {"AUTH XOAUTH2", token, Script{Expect("AUTH XOAUTH2"), Say(refusal), Hangup()}, delivery.KindAuth},
		"password wanted":     {"AUTH PLAIN LOGIN SCRAM-SHA-256", token, nil, delivery.KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			config, peer := piped(t, Join(Opening(c.offer), c.script))
			config.Port, config.User, config.Password, config.Token = 2525, "ann=a,b@acme.example", "never said", c.token
			s, err := transport.Dial(context.Background(), config)
			if err == nil {
				s.Abort()
			}
			if delivery.KindOf(err) != c.kind {
				t.Errorf("got %v, want %q", err, c.kind)
			}
			// The relay's own word is told once it came.
			var e *delivery.Error
			if word := map[string]string{"hung up on": "refused 401", "password wanted": "not_offered"}[name]; errors.As(err, &e) && word != e.Detail &&
				(word != "" || !strings.HasPrefix(e.Detail, "535 5.7.")) {
				t.Errorf("detail %q", e.Detail)
			}
			if err != nil && (strings.Contains(err.Error(), c.token) || strings.Contains(err.Error(), x(c.token))) {
				t.Errorf("the error tells the token: %v", err)
			}
			said := strings.Join(peer.Commands(), "\n")
			if strings.Contains(said, b64("never said")) || strings.Contains(said, "PLAIN") || c.script != nil && !strings.Contains(said, "AUTH ") {
				t.Errorf("said %q", said)
			}
			if i := slices.IndexFunc(peer.Commands(), func(l string) bool { return strings.HasPrefix(l, "AUTH") && len(l) > 510 }); i >= 0 {
				t.Error("a line over 512 octets")
			}
		})
	}
}
