package transport

import (
	"context"
	"crypto/x509"
	"net"
	"time"

	"sendoff/engine/delivery"
)

// Config says how to reach a relay.
type Config struct {
	Host     string
	Port     int
	Security delivery.Security // SecurityNone is refused unless the peer is on this machine
	User     string            // empty: no AUTH
	Password string

	// Token is an OAuth 2 access token. With one the password is not used.
	Token string

	// Pin is the fingerprint of the only certificate to accept, as
	// delivery.ParseFingerprint reads it. It takes the place of all
	// verification: host name, validity and authority do not matter then.
	// Empty: the certificate is verified.
	Pin string

	// HelloName is what EHLO says; empty: the address literal of our end of
	// the connection, as RFC 5321 section 4.1.1.1 has it for a host without
	// a name of its own.
	HelloName string

	// RootCAs are the authorities to trust; nil: the system's.
	RootCAs *x509.CertPool

	// Timeouts; a field that is zero has its default.
	Timeouts Timeouts

	// MaxMessages is how many transactions a session takes: 0 means
	// DefaultMaxMessages, a negative number no limit.
	MaxMessages int

	// Trust is how many messages in a row a relay must have taken before a
	// window of them is on the way: 0 means DefaultTrust, a negative number
	// at once.
	Trust int

	// Dial opens the connection; nil: a net.Dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	// shown is told the certificate once it is accepted.
	shown func(delivery.Certificate)
}

// DefaultMaxMessages is what common relays take on one connection before they
// answer 421.
const DefaultMaxMessages = 100

// DefaultTrust is a few: the common limits of errors a connection are higher.
const DefaultTrust = 10

// Timeouts bound the wait for each reply. A deadline covers the whole reply, so
// that a peer that drips one byte a second does not stretch it.
type Timeouts struct {
	Connect time.Duration // until TCP stands
	Hello   time.Duration // greeting, EHLO, STARTTLS, the handshake and each step of AUTH
	Mail    time.Duration // MAIL FROM and RSET
	Rcpt    time.Duration
	Data    time.Duration // until 354
	Block   time.Duration // each write of at most 64 KiB of the body
	Dot     time.Duration // the final reply
	Quit    time.Duration // all of Close
}

// DefaultTimeouts are those of RFC 5321 section 4.5.3.2, except that a person at
// a desk does not wait five minutes for a greeting.
func DefaultTimeouts() Timeouts {
	return Timeouts{
		Connect: 30 * time.Second,
		Hello:   30 * time.Second,
		Mail:    5 * time.Minute,
		Rcpt:    5 * time.Minute,
		Data:    2 * time.Minute,
		Block:   3 * time.Minute,
		Dot:     10 * time.Minute,
		Quit:    5 * time.Second,
	}
}

func (t Timeouts) orDefault() Timeouts {
	d := DefaultTimeouts()
	for _, f := range []struct{ have, def *time.Duration }{
		{&t.Connect, &d.Connect}, {&t.Hello, &d.Hello}, {&t.Mail, &d.Mail}, {&t.Rcpt, &d.Rcpt},
		{&t.Data, &d.Data}, {&t.Block, &d.Block}, {&t.Dot, &d.Dot}, {&t.Quit, &d.Quit},
	} {
		if *f.have <= 0 {
			*f.have = *f.def
		}
	}
	return t
}
