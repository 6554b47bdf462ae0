package transport

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

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

// handshake secures the connection and verifies the peer's certificate, or holds
// it against the pin.
func (s *Session) handshake(ctx context.Context) error {
	c := s.config
	t := &tls.Config{
		ServerName: c.Host,
		RootCAs:    c.RootCAs,
		MinVersion: tls.VersionTLS12,
	}
	if pin, ok := delivery.ParseFingerprint(c.Pin); ok {
		// Not skipped: VerifyConnection takes its place, and the peer still
		// proves that it has the certificate's key.
		t.InsecureSkipVerify = true
		t.VerifyConnection = func(state tls.ConnectionState) error { return pinned(state, pin) }
	}
	secured := tls.Client(s.wire.conn, t)
	if err := s.wire.conn.SetDeadline(time.Now().Add(c.Timeouts.Hello)); err != nil {
		return trouble(StageTLS, c.addr(), err)
	}
	if err := secured.HandshakeContext(ctx); err != nil {
		return tlsError(c, err)
	}
	s.wire.secure(secured)
	state := secured.ConnectionState()
	leaf := state.PeerCertificates[0]
	if c.shown != nil {
		c.shown(described(leaf))
	}
	s.reached(StageTLS, tls.VersionName(state.Version)+", "+leaf.Issuer.CommonName)
	return nil
}

// errPin says that the peer has another certificate than the pinned one.
type errPin struct{ leaf *x509.Certificate }

func (errPin) Error() string { return "the certificate is not the one that was accepted" }

// pinned holds the peer's own certificate against a pin. The pin is the digest of
// the whole certificate rather than of its key: it is what openssl, browsers and
// the relay's administrator show, so that a person can compare it, and a renewed
// certificate is looked at again.
func pinned(state tls.ConnectionState, pin string) error {
	leaf := state.PeerCertificates[0] // a server always shows one
	if fingerprint(leaf) != pin {
		return errPin{leaf}
	}
	return nil
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func described(c *x509.Certificate) delivery.Certificate {
	return delivery.Certificate{Fingerprint: fingerprint(c), Subject: clean(c.Subject.String()), Issuer: clean(c.Issuer.String()),
		NotBefore: c.NotBefore, NotAfter: c.NotAfter}
}

func tlsError(c Config, err error) error {
	e := trouble(StageTLS, c.addr(), err)
	var bad *tls.CertificateVerificationError
	var other errPin
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &bad):
		e.Kind, e.Detail = delivery.KindCertificate, certificateDetail(bad.Err)
		if len(bad.UnverifiedCertificates) > 0 {
			seen := described(bad.UnverifiedCertificates[0])
			e.Certificate = &seen
		}
	case errors.As(err, &other):
		seen := described(other.leaf)
		e.Kind, e.Detail, e.Certificate = delivery.KindCertificate, "pin", &seen
	case errors.As(err, &record):
		if string(record.RecordHeader[:3]) == "220" {
			e.Kind = delivery.KindTLS // a relay that greets in clear on this port
		}
	case errors.As(err, &op) && op.Op == "remote error", strings.HasPrefix(err.Error(), "tls: "):
		e.Kind = delivery.KindTLS // the two ends have no version or cipher in common
	}
	return e
}

// certificateDetail names what is wrong with a certificate.
func certificateDetail(err error) string {
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var broken x509.CertificateInvalidError
	switch {
	case errors.As(err, &host):
		return "wrong_host"
	case errors.As(err, &authority):
		return "unknown_authority"
	case errors.As(err, &broken) && broken.Reason == x509.Expired:
		if broken.Cert != nil && time.Now().Before(broken.Cert.NotBefore) {
			return "not_yet_valid" // or this machine's clock is wrong
		}
		return "expired"
	}
	return "invalid"
}
