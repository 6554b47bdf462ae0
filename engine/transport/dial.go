package transport

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"sendoff/engine/delivery"
)

// Dial connects to a relay: greeting, EHLO (HELO where that is refused), TLS as
// configured, AUTH when there is a user. The error is a *delivery.Error:
//
//	KindInvalid      the configuration cannot be; Field names it
//	KindUnreachable  Detail is host:port
//	KindTimeout      Detail is host:port
//	KindProtocol     the peer does not speak SMTP, or spoke before the handshake
//	KindRelay        the relay refuses us; Detail is its reply
//	KindTLS          encryption is required and not to be had
//	KindCertificate  Detail is wrong_host, expired, not_yet_valid,
//	                 unknown_authority, invalid or, with a pin, pin;
//	                 Certificate is the one that was seen
//	KindAuth         name, password or token refused; Detail is the relay's
//	                 reply, or not_offered
//	KindCancelled    ctx ended
//
// Nothing is tried twice, so that a wrong password costs one attempt.
func Dial(ctx context.Context, c Config) (*Session, error) {
	return dial(ctx, c, func(Stage, string) {})
}

// dial is Dial that tells each stage as it is reached, with what was found.
func dial(ctx context.Context, c Config, reached func(Stage, string)) (*Session, error) {
	c.Timeouts = c.Timeouts.orDefault()
	if c.MaxMessages == 0 {
		c.MaxMessages = DefaultMaxMessages
	}
	if c.Trust == 0 {
		c.Trust = DefaultTrust
	}
	if err := check(c); err != nil {
		return nil, err
	}
	conn, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Session{config: c, wire: newWire(conn), reached: reached}
	reached(StageConnect, conn.RemoteAddr().String())
	release := s.wire.guard(ctx)
	err = s.open(ctx)
	if release() {
		err = errors.Join(ctx.Err(), err)
	}
	if err != nil {
		s.Abort()
		if ctx.Err() != nil {
			return nil, trouble(StageConnect, c.addr(), ctx.Err())
		}
		return nil, err
	}
	return s, nil
}

func (c Config) addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

func invalid(field, detail string) *delivery.Error {
	return &delivery.Error{Op: "dial", Kind: delivery.KindInvalid, Field: field, Detail: detail}
}

func check(c Config) error {
	switch {
	case c.Host == "" || !printable(c.Host):
		return invalid("host", c.Host)
	case c.Port < 1 || c.Port > 65535:
		return invalid("port", strconv.Itoa(c.Port))
	case !printable(c.HelloName):
		return invalid("hello name", "")
	case c.Token != "" && !printable(c.Token):
		return invalid("token", "")
	}
	if c.Pin != "" {
		if _, ok := delivery.ParseFingerprint(c.Pin); !ok {
			return invalid("pin", c.Pin)
		}
	}
	switch c.Security {
	case delivery.SecurityTLS, delivery.SecurityStartTLS:
		return nil
	case delivery.SecurityNone:
		// A literal is judged here; a name when it has been looked up, and
		// the connection when it stands.
		if a, err := netip.ParseAddr(c.Host); err == nil && !a.Unmap().IsLoopback() {
			return invalid("security", string(c.Security))
		}
		return nil
	}
	return invalid("security", string(c.Security))
}

// printable reports whether s could be one word of a command line.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

func connect(ctx context.Context, c Config) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeouts.Connect)
	defer cancel()
	targets := []string{c.addr()}
	dial := c.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
		if c.Security == delivery.SecurityNone {
			var err error
			if targets, err = loopbackOnly(ctx, c); err != nil {
				return nil, err
			}
		}
	}
	var conn net.Conn
	var err error
	for _, target := range targets {
		if conn, err = dial(ctx, "tcp", target); err == nil {
			break
		}
	}
	if err != nil {
		if ctx.Err() != nil {
			err = errors.Join(ctx.Err(), err)
		}
		return nil, trouble(StageConnect, c.addr(), err)
	}
	if c.Security == delivery.SecurityNone && !local(conn.RemoteAddr()) {
		_ = conn.Close()
		return nil, invalid("security", string(c.Security))
	}
	return conn, nil
}

// loopbackOnly looks a name up once and returns the addresses to dial, so that
// what was checked is what is dialled.
func loopbackOnly(ctx context.Context, c Config) ([]string, error) {
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", c.Host)
	if err != nil {
		return nil, trouble(StageConnect, c.addr(), err)
	}
	var targets []string
	for _, a := range addrs {
		if !a.Unmap().IsLoopback() {
			return nil, invalid("security", string(c.Security))
		}
		targets = append(targets, net.JoinHostPort(a.Unmap().String(), strconv.Itoa(c.Port)))
	}
	return targets, nil
}

// local reports whether a peer is on this machine.
func local(a net.Addr) bool {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	default:
		return a.Network() == "unix" || a.Network() == "pipe"
	}
}

// open brings a fresh connection to the point where it takes messages.
func (s *Session) open(ctx context.Context) error {
	c := s.config
	if c.Security == delivery.SecurityTLS {
		if err := s.handshake(ctx); err != nil {
			return err
		}
	}
	r, err := s.wire.read(c.Timeouts.Hello)
	if err != nil {
		return trouble(StageGreeting, c.addr(), err)
	}
	if err := s.expect(StageGreeting, r); err != nil {
		return err
	}
	if err := s.hello(); err != nil {
		return err
	}
	s.reached(StageHello, r.Text)
	if c.Security == delivery.SecurityStartTLS {
		if err := s.startTLS(ctx); err != nil {
			return err
		}
		// RFC 3207 section 4.2: forget what was said in clear.
		if err := s.hello(); err != nil {
			return err
		}
	}
	if c.User == "" {
		return nil
	}
	return s.authenticate()
}

// expect turns a refusal during the opening into an error.
func (s *Session) expect(stage Stage, r Reply) error {
	v := Judge(stage, r)
	if v.Outcome == Continue {
		return nil
	}
	return &delivery.Error{Op: stage.String(), Kind: v.Kind, Detail: r.String()}
}
