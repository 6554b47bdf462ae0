package dkim

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"sendoff/engine/delivery"
)

// Sizes of RSA keys, in bits. A verifier must not take fewer than MinRSA and
// need not take more than MaxRSA (RFC 8301 section 3.2); below GoodRSA a key is
// weak.
const (
	MinRSA  = 1024
	GoodRSA = 2048
	MaxRSA  = 4096
)

// Generate makes a private key and returns it as PEM (PKCS#8). An RSA key has
// 2048 bits, which fits into a DNS answer and a keyring. KindInvalid (Field
// "dkim.algorithm") for an algorithm that is none.
func Generate(a delivery.DKIMAlgorithm) (string, error) {
	var key any
	var err error
	switch a {
	case delivery.DKIMEd25519:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	case delivery.DKIMRSA:
		key, err = rsa.GenerateKey(rand.Reader, GoodRSA)
	default:
		return "", invalid("algorithm", string(a))
	}
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// readKey reads a private key from PEM: PKCS#8, or PKCS#1 for RSA. What stands
// before it in the file, such as a certificate, is passed over.
func readKey(text string) (crypto.Signer, error) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, invalid("key", "no_pem")
		}
		var key any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			if block.Headers["DEK-Info"] != "" {
				return nil, invalid("key", "encrypted")
			}
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, invalid("key", "encrypted")
		default:
			continue
		}
		if err != nil {
			// The parser's own words may repeat what it read; they stay here.
			return nil, invalid("key", "damaged")
		}
		switch k := key.(type) {
		case ed25519.PrivateKey:
			return k, nil
		case *rsa.PrivateKey:
			if bits := k.N.BitLen(); bits < MinRSA || bits > MaxRSA {
				return nil, invalid("key", "rsa_bits "+strconv.Itoa(bits))
			}
			return k, nil
		}
		return nil, invalid("key", "kind")
	}
}

// Algorithm is that of the key.
func (s *Signer) Algorithm() delivery.DKIMAlgorithm {
	if _, ok := s.key.(ed25519.PrivateKey); ok {
		return delivery.DKIMEd25519
	}
	return delivery.DKIMRSA
}

// Weak reports whether the key is an RSA key of fewer than GoodRSA bits, which
// some receivers count as none.
func (s *Signer) Weak() bool {
	k, ok := s.key.(*rsa.PrivateKey)
	return ok && k.N.BitLen() < GoodRSA
}

// Name is the DNS name of the record.
func (s *Signer) Name() string { return RecordName(s.domain, s.selector) }

// RecordName is the DNS name of the record of a domain and a selector.
func RecordName(domain, selector string) string { return selector + "._domainkey." + domain }

// Record is the text of the TXT record to publish at Name (RFC 6376 section
// 3.6.1, RFC 8463 section 4.2). A TXT record is a row of strings of 255 octets at
// most; most providers divide it by themselves, and Describe shows how.
func (s *Signer) Record() (string, error) {
	if k, ok := s.key.(ed25519.PrivateKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(k.Public().(ed25519.PublicKey)), nil
	}
	der, err := x509.MarshalPKIXPublicKey(s.key.Public())
	if err != nil {
		return "", err
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), nil
}

// Describe is everything that one publishes of a key with this record.
func Describe(d delivery.DKIM, record string) (delivery.DKIMRecord, error) {
	const most = 255 // octets of one string, RFC 1035 section 3.3
	out := delivery.DKIMRecord{DKIM: d, Name: RecordName(d.Domain, d.Selector), Text: record}
	zone := out.Name + ". IN TXT ("
	for rest := record; rest != ""; {
		n := min(most, len(rest))
		zone += ` "` + rest[:n] + `"`
		rest = rest[n:]
	}
	out.Zone = zone + " )"
	if d.Algorithm == delivery.DKIMRSA {
		_, p, _ := strings.Cut(record, "p=")
		der, err := base64.StdEncoding.DecodeString(p)
		if err != nil {
			return out, invalid("key", "damaged")
		}
		key, err := x509.ParsePKIXPublicKey(der)
		if k, ok := key.(*rsa.PublicKey); err == nil && ok {
			out.Weak = k.N.BitLen() < GoodRSA
		}
	}
	return out, nil
}

// CheckNames reads a domain and a selector as a person writes them and returns
// them as they are signed: A-labels in small letters, no dot at the end.
// KindInvalid, Field "dkim.domain" or "dkim.selector".
func CheckNames(domain, selector string) (d, s string, err error) {
	if d = ascii(domain); d == "" || !strings.Contains(d, ".") {
		return "", "", invalid("domain", domain)
	}
	if s = ascii(selector); s == "" {
		return "", "", invalid("selector", selector)
	}
	if len(s)+len("._domainkey.")+len(d) > 253 {
		return "", "", invalid("selector", selector)
	}
	return d, s, nil
}

// ascii returns a host name with A-labels, or "".
func ascii(name string) string {
	name = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
	if !hostName(name) {
		a, err := idna.Lookup.ToASCII(name)
		if err != nil || !hostName(a) {
			return ""
		}
		name = a
	}
	return name
}

// hostName reports whether s is labels of letters, digits and hyphens: what
// RFC 6376 section 3.1 allows in d= and s=.
func hostName(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
				return false
			}
		}
	}
	return true
}

func invalid(field, detail string) error {
	return &delivery.Error{Op: "dkim", Kind: delivery.KindInvalid, Field: "dkim." + field, Detail: detail}
}
