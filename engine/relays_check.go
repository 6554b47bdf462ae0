package engine

import (
	"net"
	"strings"

	"golang.org/x/net/idna"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/oauth"
)

// Bounds of an account.
const (
	defaultConnections = 4
	maxConnections     = 256
)

// checkAccount normalises an account and refuses what cannot be.
func checkAccount(op string, a *delivery.Account) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account." + field, Detail: detail}
	}
	a.Name, a.Host, a.User = strings.TrimSpace(a.Name), strings.TrimSpace(a.Host), strings.TrimSpace(a.User)
	if a.Name == "" {
		return bad("name", "")
	}
	if a.Host == "" || strings.ContainsAny(a.Host, " \t\r\n/@") {
		return bad("host", a.Host)
	}
	if a.Security == "" {
		a.Security = delivery.SecurityStartTLS
	}
	switch a.Security {
	case delivery.SecurityTLS, delivery.SecurityStartTLS:
	case delivery.SecurityNone:
		// What can be told without a look-up is told now; the connection
		// checks again what it really reached.
		if ip := net.ParseIP(a.Host); ip != nil && !ip.IsLoopback() || ip == nil && !strings.EqualFold(a.Host, "localhost") {
			return bad("security", a.Host)
		}
	default:
		return bad("security", string(a.Security))
	}
	if a.Port == 0 {
		a.Port = map[delivery.Security]int{delivery.SecurityNone: 25, delivery.SecurityStartTLS: 587, delivery.SecurityTLS: 465}[a.Security]
	}
	if a.Port < 1 || a.Port > 65535 {
		return bad("port", "")
	}
	if a.Connections == 0 {
		a.Connections = defaultConnections
	}
	if a.Connections < 1 || a.Connections > maxConnections {
		return bad("connections", "")
	}
	if a.PerSecond < 0 || a.PerConnection < 0 || a.PerMinute < 0 || a.PerHour < 0 || a.PerDay < 0 {
		return bad("limit", "")
	}
	var domains delivery.DomainLimits
	for _, l := range a.DomainLimits.List() {
		d, err := idna.Lookup.ToASCII(l.Domain)
		if err != nil {
			return bad("domain_limits", l.Domain)
		}
		l.Domain = strings.ToLower(d)
		domains = domains.With(l)
	}
	a.DomainLimits = domains
	if err := checkLogin(op, a); err != nil {
		return err
	}
	return checkBrand(op, &a.Brand)
}

// checkLogin normalises how an account logs in, and what it accepts as the relay's
// certificate.
func checkLogin(op string, a *delivery.Account) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account." + field, Detail: detail}
	}
	if a.Pin != "" {
		pin, ok := delivery.ParseFingerprint(a.Pin)
		if !ok || a.Security == delivery.SecurityNone {
			return bad("pin", a.Pin)
		}
		a.Pin = pin
	}
	o := &a.OAuth
	for _, s := range []*string{&o.Command, &o.Endpoint, &o.Client, &o.Scope} {
		*s = strings.TrimSpace(*s)
	}
	switch {
	case a.Auth == delivery.AuthPassword:
		*o = delivery.OAuth{}
	case a.Auth != delivery.AuthOAuth:
		return bad("auth", string(a.Auth))
	case a.User == "":
		return bad("user", "")
	case o.Command != "":
		if _, ok := oauth.Words(o.Command); !ok {
			return bad("oauth.command", o.Command)
		}
		*o, a.PasswordEnv = delivery.OAuth{Command: o.Command}, ""
	case !oauth.EndpointOK(o.Endpoint):
		return bad("oauth.endpoint", o.Endpoint)
	case o.Client == "":
		return bad("oauth.client", "")
	default:
		a.PasswordEnv = "" // a variable could not keep a rotated refresh token
	}
	return nil
}

// checkBrand normalises who writes. Everything may be empty.
func checkBrand(op string, b *delivery.Brand) error {
	b.Name, b.PostalAddress = strings.TrimSpace(b.Name), strings.TrimSpace(b.PostalAddress)
	for _, f := range []struct {
		field   string
		address *string
	}{{"address", &b.Address}, {"reply_to", &b.ReplyTo}} {
		if *f.address = strings.TrimSpace(*f.address); *f.address == "" {
			continue
		}
		a, err := audience.ParseAddress(*f.address)
		if err != nil {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account.brand." + f.field, Detail: *f.address}
		}
		*f.address = a.Normal
	}
	return nil
}
