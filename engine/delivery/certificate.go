package delivery

import (
	"encoding/hex"
	"strings"
	"time"
)

// Certificate is what a relay showed of itself at the handshake.
type Certificate struct {
	Fingerprint string    `json:"fingerprint"` // SHA-256 of the whole certificate (DER): 64 hexadecimal digits in lower case
	Subject     string    `json:"subject"`     // as RFC 2253 writes it
	Issuer      string    `json:"issuer"`
	NotBefore   time.Time `json:"not_before"`
	NotAfter    time.Time `json:"not_after"`
}

// ParseFingerprint reads a fingerprint as people and programs write it: 32 bytes
// in hexadecimal, in either case, with or without colons, dashes and spaces
// between them. It returns the form that an Account keeps.
func ParseFingerprint(s string) (string, bool) {
	s = strings.ToLower(strings.NewReplacer(":", "", "-", "", " ", "").Replace(s))
	b, err := hex.DecodeString(s)
	return s, err == nil && len(b) == 32
}

// ShowFingerprint writes a fingerprint as openssl and browsers do, in pairs with
// colons, so that two can be held against each other.
func ShowFingerprint(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(s[i:min(i+2, len(s))]))
	}
	return b.String()
}
