package transport

import (
	"cmp"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"sendoff/engine/delivery"
)

// Bounds of AUTH.
const (
	// maxCommand is the longest command line with its CRLF (RFC 5321 section
	// 4.5.3.1.4); an initial response that does not fit waits for its
	// challenge (RFC 4954 section 4).
	maxCommand = 512
	// maxChallenges is how often a relay may ask; no mechanism of ours needs
	// more than three.
	maxChallenges = 3
)

// prover is a mechanism with which the relay proves itself too.
type prover interface {
	// proved is nil once it has.
	proved() error
}

// refuser is a mechanism in which the relay can say no by a challenge.
type refuser interface {
	// refusal is what it gave as the reason; empty when it did not.
	refusal() string
}

// authenticate logs in, once (RFC 4954). A refusal is never followed by another
// try, nor by a weaker mechanism: relays lock accounts out for that, and whoever
// stands in between would choose the mechanism.
func (s *Session) authenticate() error {
	c := s.config
	secured, encrypted := s.wire.conn.(*tls.Conn)
	if !encrypted && !local(s.wire.raw.RemoteAddr()) {
		return invalid("security", string(c.Security)) // Dial refuses it before it says a word
	}
	s.wire.hide(c.User, cmp.Or(c.Token, c.Password))
	var state *tls.ConnectionState
	if encrypted {
		cs := secured.ConnectionState()
		state = &cs
	}
	client := mechanism(c, s.ext.auth, state)
	if client == nil {
		return authError(delivery.KindAuth, "not_offered", nil)
	}
	name, err := s.converse(client)
	if err != nil {
		return err
	}
	s.reached(StageAuth, c.User+", "+name)
	return nil
}

// mechanism is the best that both ends have: with a token OAUTHBEARER (RFC 7628)
// and XOAUTH2, else SCRAM-SHA-256-PLUS and SCRAM-SHA-256 (RFC 7677), PLAIN (RFC
// 4616) and LOGIN; nil when there is none. state is nil without TLS.
func mechanism(c Config, offered []string, state *tls.ConnectionState) sasl.Client {
	has := func(m string) bool { return slices.Contains(offered, m) }
	if c.Token != "" {
		switch {
		case has(sasl.OAuthBearer):
			return &bearer{name: sasl.OAuthBearer, config: c}
		case has(xoauth2):
			return &bearer{name: xoauth2, config: c}
		}
		return nil
	}
	bound, can := binding(state)
	switch {
	case has(scramPlus) && can:
		return newScram(c, scramPlus, bound, false)
	case has(scramSHA256):
		// When we could have bound the channel, the relay did not offer it, and
		// we say so. One that did offer it then knows that somebody took its
		// offer away (RFC 5802 section 6).
		return newScram(c, scramSHA256, none, can)
	case has(sasl.Plain):
		return sasl.NewPlainClient("", c.User, c.Password)
	case has(sasl.Login):
		return &login{answers: []string{c.User, c.Password}}
	}
	return nil
}

// converse carries out one mechanism and tells its name.
func (s *Session) converse(client sasl.Client) (name string, err error) {
	name, initial, err := client.Start()
	if err != nil {
		return name, authError(delivery.KindAuth, "", err)
	}
	command := "AUTH " + name
	if initial != nil {
		if encoded := s.encode(initial); len(command)+1+len(encoded)+2 <= maxCommand {
			command, initial = command+" "+encoded, nil
		}
	}
	r, challenge, err := s.ask(command)
	for n := 0; err == nil && r.Code == 334; n++ {
		answer := initial
		var failed error
		switch {
		case n == maxChallenges:
			failed = errors.New("one challenge too many")
		case initial != nil:
			initial = nil
		default:
			answer, failed = client.Next(challenge)
		}
		if failed != nil {
			// The relay is told that it is off (RFC 4954 section 4). Its
			// answer changes nothing.
			_, _ = s.wire.write([]byte("*\r\n"), s.config.Timeouts.Hello)
			return name, authError(delivery.KindProtocol, "", failed)
		}
		r, challenge, err = s.ask(s.encode(answer))
	}
	if err != nil {
		if no, ok := client.(refuser); ok && no.refusal() != "" {
			return name, authError(delivery.KindAuth, no.refusal(), err)
		}
		return name, trouble(StageAuth, s.config.addr(), err)
	}
	if err := s.expect(StageAuth, r); err != nil {
		return name, err
	}
	if p, ok := client.(prover); ok {
		if err := p.proved(); err != nil {
			return name, authError(delivery.KindProtocol, "relay_unproved", err)
		}
	}
	return name, nil
}

// encode is a response as it goes over the wire, which a relay that echoes it
// does not get into a log.
func (s *Session) encode(response []byte) string {
	encoded := base64.StdEncoding.EncodeToString(response)
	if len(encoded) > 8 { // shorter ones are no secret, or wire.hide knows them
		s.wire.secrets = append(s.wire.secrets, encoded)
	}
	return encoded
}

// ask sends a line of AUTH and reads the answer. A challenge is what the relay
// wrote, nil when it is not base64; it never goes through redaction, which could
// change it.
func (s *Session) ask(line string) (r Reply, challenge []byte, err error) {
	if _, err := s.wire.write([]byte(line+"\r\n"), s.config.Timeouts.Hello); err != nil {
		return Reply{}, nil, err
	}
	r, lines, err := s.wire.readLines(s.config.Timeouts.Hello)
	if err != nil {
		return Reply{}, nil, err
	}
	if r.Code == 334 {
		challenge, err := base64.StdEncoding.DecodeString(lines[0])
		if err != nil {
			challenge = nil
		}
		return r, challenge, nil
	}
	for i, l := range lines {
		enhanced, rest := cutEnhanced(l)
		if i == 0 {
			r.Enhanced = enhanced
		}
		lines[i] = rest
	}
	r.Text = s.wire.presentable(strings.TrimSpace(strings.Join(lines, " ")))
	return r, nil, nil
}

func authError(kind delivery.Kind, detail string, err error) error {
	return &delivery.Error{Op: StageAuth.String(), Kind: kind, Detail: detail, Err: err}
}
