package text_test

import (
	"strings"
	"testing"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// What is wrong with a key is said, not shown as a code.
func TestFaultsOfKeys(t *testing.T) {
	for _, lang := range text.Languages() {
		c := load(t, lang)
		seen := map[string]bool{}
		for _, e := range []*delivery.Error{
			{Kind: delivery.KindInvalid, Field: "dkim.domain", Detail: "x y"},
			{Kind: delivery.KindInvalid, Field: "dkim.selector", Detail: "x y"},
			{Kind: delivery.KindInvalid, Field: "dkim.algorithm", Detail: "rsa"},
			{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "no_pem"},
			{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "encrypted"},
			{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "damaged"},
			{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "kind"},
			{Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "rsa_bits 512"},
			{Kind: delivery.KindSigning, Detail: "s1._domainkey.acme.example"},
		} {
			s := c.Error(e)
			if seen[s] || strings.ContainsAny(s, "{}_") && e.Kind != delivery.KindSigning || strings.Contains(s, "dkim.") {
				t.Errorf("%s: %v: %s", lang, e, s)
			}
			seen[s] = true
		}
	}
}
