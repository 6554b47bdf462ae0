package enginetest

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strings"
)

// Scram is the server's side of SCRAM-SHA-256, written from RFC 5802, RFC 7677
// and RFC 9266 without the library that the client uses. What it does wrong on
// purpose is for tests of the client.
type Scram struct {
	User, Password string

	// Offered says that SCRAM-SHA-256-PLUS was offered, whatever the client
	// saw: the flag "y" then means that somebody took it away.
	Offered bool

	Iterations int    // asked for; 0: 4096
	NoProof    bool   // let the client in without showing that the password is known
	Signature  string // instead of the right one, in base64

	salt, nonce string // 0: fixed ones
}

// Step expects AUTH with SCRAM-SHA-256 or, with plus, SCRAM-SHA-256-PLUS. It lets
// the right password in, and ends the script with an error on anything that a
// client must not do.
func (s Scram) Step(plus bool) Step {
	name := "SCRAM-SHA-256"
	if plus {
		name += "-PLUS"
	}
	if s.Iterations == 0 {
		s.Iterations = 4096
	}
	if s.salt == "" {
		s.salt, s.nonce = "MDEyMzQ1Njc4OWFiY2RlZg==", "srvnonce"
	}
	return func(p *Peer) error {
		first, err := p.response("AUTH " + name + " ")
		if err != nil {
			return err
		}
		parts := strings.SplitN(first, ",", 3)
		if len(parts) != 3 {
			return fmt.Errorf("client first %q", first)
		}
		flag, bare := parts[0], parts[2]
		bound, refusal, err := s.bound(p, flag, plus)
		if err != nil {
			return err
		}
		if refusal != "" {
			return p.refuse(refusal)
		}
		user, nonce, ok := strings.Cut(strings.TrimPrefix(bare, "n="), ",r=")
		if !ok || user != s.User {
			return fmt.Errorf("client first %q", first)
		}
		all := nonce + s.nonce
		challenge := fmt.Sprintf("r=%s,s=%s,i=%d", all, s.salt, s.Iterations)
		if err := p.challenge(challenge); err != nil {
			return err
		}
		final, err := p.response("")
		if err != nil {
			return err
		}
		without, proof, ok := strings.Cut(final, ",p=")
		binding := base64.StdEncoding.EncodeToString(append([]byte(flag+","+parts[1]+","), bound...))
		if !ok || without != "c="+binding+",r="+all {
			if plus {
				return p.refuse("channel-bindings-dont-match")
			}
			return fmt.Errorf("client final %q", final)
		}
		want, signature, err := s.sign(bare + "," + challenge + "," + without)
		if err != nil {
			return err
		}
		if proof != want {
			return p.refuse("invalid-proof")
		}
		if s.Signature != "" {
			signature = s.Signature
		}
		if !s.NoProof {
			if err := p.challenge("v=" + signature); err != nil {
				return err
			}
			if answer, err := p.response(""); err != nil || answer != "" {
				return fmt.Errorf("after the signature: %q, %v", answer, err)
			}
		}
		return Say("235 2.7.0 in\r\n")(p)
	}
}

// bound is what the client's flag binds.
func (s Scram) bound(p *Peer, flag string, plus bool) (data []byte, refusal string, err error) {
	secured, encrypted := p.Conn.(*tls.Conn)
	switch {
	case plus && flag == "p=tls-exporter" && encrypted:
		cs := secured.ConnectionState()
		data, err = cs.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
		return data, "", err
	case plus && flag == "p=tls-unique" && encrypted:
		return secured.ConnectionState().TLSUnique, "", nil
	case plus:
		return nil, "unsupported-channel-binding-type", nil
	case flag == "y" && s.Offered:
		return nil, "server-does-support-channel-binding", nil
	case flag == "y" && encrypted, flag == "n":
		return nil, "", nil
	}
	return nil, "", fmt.Errorf("flag %q", flag)
}

// sign gives the client's proof and the server's signature (RFC 5802 section 3).
func (s Scram) sign(message string) (proof, signature string, err error) {
	salt, err := base64.StdEncoding.DecodeString(s.salt)
	if err != nil {
		return "", "", err
	}
	salted, err := pbkdf2.Key(sha256.New, s.Password, salt, s.Iterations, sha256.Size)
	if err != nil {
		return "", "", err
	}
	mac := func(key []byte, text string) []byte {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	key := mac(salted, "Client Key")
	stored := sha256.Sum256(key)
	for i, b := range mac(stored[:], message) {
		key[i] ^= b
	}
	b64 := base64.StdEncoding.EncodeToString
	return b64(key), b64(mac(mac(salted, "Server Key"), message)), nil
}

// challenge says 334 with a text.
func (p *Peer) challenge(text string) error {
	return Say("334 " + base64.StdEncoding.EncodeToString([]byte(text)) + "\r\n")(p)
}

// response reads a line that begins with prefix and decodes the rest.
func (p *Peer) response(prefix string) (string, error) {
	if err := Expect(prefix)(p); err != nil {
		return "", err
	}
	c := p.Commands()
	b, err := base64.StdEncoding.DecodeString(c[len(c)-1][len(prefix):])
	return string(bytes.TrimSpace(b)), err
}

// refuse says no as RFC 5802 section 7 has it.
func (p *Peer) refuse(reason string) error {
	if err := p.challenge("e=" + reason); err != nil {
		return err
	}
	if _, err := p.response(""); err != nil {
		return err
	}
	return Say("535 5.7.8 " + reason + "\r\n")(p)
}
