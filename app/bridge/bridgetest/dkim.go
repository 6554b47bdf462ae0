package bridgetest

import (
	"context"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// DKIM tells how an account signs.
func (e *Engine) DKIM(_ context.Context, account int64) (delivery.DKIMRecord, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rel().dkim[account], e.fail["dkim"]
}

// SetDKIM has an account sign. A key that says "bad" is none, one that says "weak"
// is short.
func (e *Engine) SetDKIM(_ context.Context, who access.Principal, account int64, d delivery.DKIM, key string) (delivery.DKIMRecord, error) {
	r, err := e.change("set_dkim", d.Domain, who)
	defer e.Hub.Publish(event.Lists{})
	defer e.mu.Unlock()
	bad := func(field, detail string) (delivery.DKIMRecord, error) {
		return delivery.DKIMRecord{}, &delivery.Error{Op: "dkim", Kind: delivery.KindInvalid, Field: "dkim." + field, Detail: detail}
	}
	out := delivery.DKIMRecord{DKIM: d, Name: d.Selector + "._domainkey." + d.Domain, Weak: strings.Contains(key, "weak"),
		Text: "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA" + strings.Repeat("kx7Qw2", 50) + "IDAQAB"}
	switch {
	case err != nil:
		return out, err
	case d == delivery.DKIM{}:
		delete(r.dkim, account)
		return delivery.DKIMRecord{}, nil
	case !strings.Contains(d.Domain, "."):
		return bad("domain", d.Domain)
	case d.Selector == "" || strings.Contains(d.Selector, " "):
		return bad("selector", d.Selector)
	case strings.Contains(key, "bad"):
		return bad("key", "no_pem")
	case !r.place.Keyring && !r.place.Open:
		return out, r.keep(account, "key")
	}
	if out.Algorithm == "" {
		out.Algorithm = delivery.DKIMRSA
	}
	out.Zone = out.Name + ". IN TXT ( \"" + out.Text + "\" )"
	if r.dkim == nil {
		r.dkim = map[int64]delivery.DKIMRecord{}
	}
	r.dkim[account] = out
	return out, nil
}
