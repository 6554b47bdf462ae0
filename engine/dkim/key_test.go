package dkim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// The key pairs of RFC 8463 appendix A.2 and the private key of RFC 6376's
// example, whose records the RFCs print.
const (
	// "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=" behind the fixed octets of PKCS#8 (RFC 8410).
	rfc8463Key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n"
	rfc8463TXT = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
)

func TestRecordOfRFC8463(t *testing.T) {
	s, err := New(rfc8463Key, "football.example.com", "brisbane")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Record(); err != nil || got != rfc8463TXT {
		t.Errorf("%q, %v; want %q", got, err, rfc8463TXT)
	}
	if s.Name() != "brisbane._domainkey.football.example.com" || s.Algorithm() != delivery.DKIMEd25519 || s.Weak() {
		t.Errorf("%s %s %v", s.Name(), s.Algorithm(), s.Weak())
	}
	d := delivery.DKIM{Domain: "football.example.com", Selector: "brisbane", Algorithm: delivery.DKIMEd25519}
	if got, err := Describe(d, rfc8463TXT); err != nil || got.DKIM != d || got.Text != rfc8463TXT || got.Name != s.Name() || got.Weak || got.Zone != `brisbane._domainkey.football.example.com. IN TXT ( "`+rfc8463TXT+`" )` {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestKeys(t *testing.T) {
	pkcs1 := func(bits int) string {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)}))
	}
	made, err := Generate(delivery.DKIMRSA)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key, detail string
		weak        bool
	}{
		"ours":                 {made, "", false},
		"of 1024 bits":         {pkcs1(1024), "", true},
		"of 2048 bits":         {pkcs1(2048), "", false},
		"behind a certificate": {"subject=x\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + made, "", false},
		"nothing":              {"", "no_pem", false},
		"a password":           {"hunter2", "no_pem", false},
		"a certificate alone":  {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no_pem", false},
		"with a passphrase":    {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "encrypted", false},
		"with an old one":      {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", "encrypted", false},
		"damaged":              {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "damaged", false},
		"of another kind": {"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\nOF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n-----END PRIVATE KEY-----\n",
			"kind", false},
	} {
		s, err := New(c.key, "acme.example", "s1")
		var e *delivery.Error
		switch {
		case c.detail == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.detail == "" && (s.Weak() != c.weak || weak(t, s) != c.weak):
			t.Errorf("%s: weak %v, %v", name, s.Weak(), weak(t, s))
		case c.detail != "" && (!errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != "dkim.key" || e.Detail != c.detail):
			t.Errorf("%s: %v, want %s", name, err, c.detail)
		}
	}
	if _, err := Generate("dsa"); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("dsa: %v", err)
	}
}

// weak is what the record tells of the key.
func weak(t *testing.T, s *Signer) bool {
	t.Helper()
	record, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	d, err := Describe(delivery.DKIM{Domain: "acme.example", Selector: "s1", Algorithm: s.Algorithm()}, record)
	if err != nil {
		t.Fatal(err)
	}
	return d.Weak
}

func TestTooShortIsRefused(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0") // to make one at all
	k, err := rsa.GenerateKey(rand.Reader, 768)
	if err != nil {
		t.Skip(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(k)}))
	if _, err := New(text, "acme.example", "s1"); !delivery.Is(err, delivery.KindInvalid) || !strings.Contains(err.Error(), "rsa_bits 768") {
		t.Errorf("%v", err)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ domain, selector, d, s, field string }{
		{"acme.example", "s1", "acme.example", "s1", ""},
		{" Acme.Example. ", "S1", "acme.example", "s1", ""},
		{"bücher.example", "2026.news", "xn--bcher-kva.example", "2026.news", ""},
		{"", "s1", "", "", "dkim.domain"},
		{"localhost", "s1", "", "", "dkim.domain"},
		{"acme.example; x=y", "s1", "", "", "dkim.domain"},
		{"acme.example\r\nBcc: x", "s1", "", "", "dkim.domain"},
		{"acme..example", "s1", "", "", "dkim.domain"},
		{"news@acme.example", "s1", "", "", "dkim.domain"},
		{"acme.example", "", "", "", "dkim.selector"},
		{"acme.example", "s 1", "", "", "dkim.selector"},
		{"acme.example", "s;b=", "", "", "dkim.selector"},
		{"acme.example", "-s", "", "", "dkim.selector"},
		{"acme.example", strings.Repeat("s", 64), "", "", "dkim.selector"},
		{strings.Repeat("a.", 115) + "example", "s.t.u.v.w.x.y", "", "", "dkim.selector"},
	} {
		d, s, err := CheckNames(c.domain, c.selector)
		var e *delivery.Error
		if errors.As(err, &e); d != c.d || s != c.s || (c.field == "") != (err == nil) || c.field != "" && e.Field != c.field {
			t.Errorf("%q, %q: %q, %q, %v", c.domain, c.selector, d, s, err)
		}
	}
}

// TestAKeyIsNotPrinted: whatever prints a Signer or its errors.
func TestAKeyIsNotPrinted(t *testing.T) {
	s, err := New(rfc8463Key, "football.example.com", "brisbane")
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, s); got != "brisbane._domainkey.football.example.com" {
			t.Errorf("%s prints %s", verb, got)
		}
	}
	_, err = New("-----BEGIN PRIVATE KEY-----\nbW9zdCBzZWNyZXQ=\n-----END PRIVATE KEY-----\n", "a.example", "s")
	if err == nil || strings.Contains(err.Error(), "secret") || errors.Unwrap(err) != nil {
		t.Errorf("%v", err)
	}
}

func TestZoneLineDivides(t *testing.T) {
	s := signer(t, delivery.DKIMRSA)
	record, _ := s.Record()
	d, err := Describe(delivery.DKIM{Domain: "acme.example", Selector: "rsa", Algorithm: delivery.DKIMRSA}, record)
	if err != nil {
		t.Fatal(err)
	}
	line := d.Zone
	parts := strings.Split(line, `"`)
	var joined string
	for i := 1; i < len(parts); i += 2 {
		if joined += parts[i]; len(parts[i]) > 255 {
			t.Errorf("a string of %d octets", len(parts[i]))
		}
	}
	if joined != record || len(parts) != 5 {
		t.Errorf("%s\n%s", line, record)
	}
}
