package transport

import (
	"context"
	"encoding/base64"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"

	"sendoff/engine/delivery"
)

// extensions are what the relay offers, as far as we use it.
type extensions struct {
	startTLS   bool
	pipelining bool     // RFC 2920
	chunking   bool     // RFC 3030
	size       int64    // RFC 1870; 0: no limit known
	sized      bool     // SIZE is advertised
	auth       []string // mechanisms in upper case
}

// add takes one line of an EHLO reply. Keywords are case-insensitive (RFC 5321
// section 4.1.1.1), unknown ones and empty lines are passed over.
func (x *extensions) add(line string) {
	// Old relays write AUTH=LOGIN.
	if len(line) > 5 && strings.EqualFold(line[:5], "AUTH=") {
		line = "AUTH " + line[5:]
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	switch strings.ToUpper(words[0]) {
	case "STARTTLS":
		x.startTLS = true
	case "PIPELINING":
		x.pipelining = true
	case "CHUNKING":
		x.chunking = true
	case "SIZE":
		x.sized = true
		if len(words) > 1 {
			if n, err := strconv.ParseInt(words[1], 10, 64); err == nil && n > 0 {
				x.size = n
			}
		}
	case "AUTH":
		for _, m := range words[1:] {
			x.auth = append(x.auth, strings.ToUpper(m))
		}
	}
}

// String gives the reply as people read it in logs and sentences.
func (r Reply) String() string {
	if r.Code == 0 {
		return ""
	}
	s := strconv.Itoa(r.Code)
	for _, t := range []string{r.Enhanced, r.Text} {
		if t != "" {
			s += " " + t
		}
	}
	return s
}

// hello introduces us and learns what the relay can do.
func (s *Session) hello() error {
	c := s.config
	name := c.HelloName
	if name == "" {
		name = literal(s.wire.conn.LocalAddr())
	}
	s.ext = extensions{}
	if _, err := s.wire.write([]byte("EHLO "+name+"\r\n"), c.Timeouts.Hello); err != nil {
		return trouble(StageHello, c.addr(), err)
	}
	r, lines, err := s.wire.readLines(c.Timeouts.Hello)
	if err != nil {
		return trouble(StageHello, c.addr(), err)
	}
	if r.Code/100 == 5 {
		// A relay older than RFC 1869, or one that says so.
		if r, err = s.wire.command("HELO "+name, c.Timeouts.Hello); err != nil {
			return trouble(StageHello, c.addr(), err)
		}
		lines = nil
	}
	if err := s.expect(StageHello, r); err != nil {
		return err
	}
	for i, line := range lines {
		if i > 0 { // the first is a greeting
			s.ext.add(line)
		}
	}
	return nil
}

// literal is the address literal of our end (RFC 5321 section 4.1.3).
func literal(a net.Addr) string {
	if t, ok := a.(*net.TCPAddr); ok {
		if v4 := t.IP.To4(); v4 != nil {
			return "[" + v4.String() + "]"
		}
		return "[IPv6:" + t.IP.String() + "]"
	}
	return "localhost"
}

// startTLS asks for TLS and secures the connection (RFC 3207). Without it there
// is no session: the account says that it is required.
func (s *Session) startTLS(ctx context.Context) error {
	c := s.config
	if !s.ext.startTLS {
		return &delivery.Error{Op: StageTLS.String(), Kind: delivery.KindTLS, Detail: "not_offered"}
	}
	r, err := s.wire.command("STARTTLS", c.Timeouts.Hello)
	if err != nil {
		return trouble(StageTLS, c.addr(), err)
	}
	if err := s.expect(StageTLS, r); err != nil {
		return err
	}
	if s.wire.r.Buffered() > 0 {
		// Somebody speaks in clear into what should be the handshake.
		return &delivery.Error{Op: StageTLS.String(), Kind: delivery.KindProtocol, Detail: "plaintext_before_tls"}
	}
	return s.handshake(ctx)
}

// loginPrompt is what sasl.NewLoginClient wants to be asked.
const loginPrompt = "Password:"

// authenticate logs in, once (RFC 4954). The connection is secured or local by
// now: Dial refuses every other one before it says a word.
func (s *Session) authenticate() error {
	c := s.config
	s.wire.hide(c.User, c.Password)
	var client sasl.Client
	switch {
	case slices.Contains(s.ext.auth, sasl.Plain):
		client = sasl.NewPlainClient("", c.User, c.Password)
	case slices.Contains(s.ext.auth, sasl.Login):
		client = sasl.NewLoginClient(c.User, c.Password)
	default:
		return &delivery.Error{Op: StageAuth.String(), Kind: delivery.KindAuth, Detail: "not_offered"}
	}
	mechanism, initial, err := client.Start()
	if err != nil {
		return &delivery.Error{Op: StageAuth.String(), Kind: delivery.KindAuth, Err: err}
	}
	command := "AUTH " + mechanism
	login := mechanism == sasl.Login
	if !login {
		command += " " + base64.StdEncoding.EncodeToString(initial)
	}
	r, err := s.wire.command(command, c.Timeouts.Hello)
	// Two challenges are the most that either mechanism has.
	for step := 0; err == nil && r.Code == 334; step++ {
		answer := initial
		if !login || step > 0 {
			challenge := []byte(r.Text)
			if login {
				// Relays word it as they like; it always is the password.
				challenge = []byte(loginPrompt)
			}
			answer, err = client.Next(challenge)
		}
		if err != nil || step > 1 {
			return &delivery.Error{Op: StageAuth.String(), Kind: delivery.KindProtocol, Err: err}
		}
		r, err = s.wire.command(base64.StdEncoding.EncodeToString(answer), c.Timeouts.Hello)
	}
	if err != nil {
		return trouble(StageAuth, c.addr(), err)
	}
	return s.expect(StageAuth, r)
}
