package provider

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"sendoff/engine/delivery"
)

// Resolver asks the domain name system; *net.Resolver is one.
type Resolver interface {
	LookupSRV(ctx context.Context, service, proto, name string) (cname string, addrs []*net.SRV, err error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// patience is how long a look-up may take in all.
const patience = 5 * time.Second

// LookUp finds the relay of an address: by its domain, by what the domain
// publishes (RFC 6186; implicit TLS first, RFC 8314 section 5.1), by where the
// domain's mail goes. KindInvalid (Field "account.brand.address") when it is no
// address, KindNotFound when nothing tells.
func LookUp(ctx context.Context, r Resolver, address string) (Found, error) {
	domain, ok := domainOf(address)
	if !ok {
		return Found{}, &delivery.Error{Op: "look_up", Kind: delivery.KindInvalid, Field: "account.brand.address", Detail: address}
	}
	for _, p := range List() {
		if slices.Contains(p.Domains, domain) {
			return Found{p, ByDomain}, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if p, ok := published(ctx, r, domain); ok {
		return Found{p, BySRV}, nil
	}
	if p, ok := hosted(ctx, r, domain); ok {
		return Found{p, ByMX}, nil
	}
	return Found{}, &delivery.Error{Op: "look_up", Kind: delivery.KindNotFound, Field: "provider", Detail: domain}
}

// domainOf is the domain of an address in lower-case ASCII.
func domainOf(address string) (string, bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 || strings.ContainsAny(address, " \t\r\n<>,;\"") {
		return "", false
	}
	d, err := idna.Lookup.ToASCII(strings.TrimSuffix(address[at+1:], "."))
	if err != nil || len(d) > 253 || !strings.Contains(d, ".") {
		return "", false
	}
	return strings.ToLower(d), true
}

// published is the submission service that a domain announces.
func published(ctx context.Context, r Resolver, domain string) (Provider, bool) {
	for _, s := range []struct {
		name     string
		security delivery.Security
	}{{"submissions", delivery.SecurityTLS}, {"submission", delivery.SecurityStartTLS}} {
		_, found, err := r.LookupSRV(ctx, s.name, "tcp", domain)
		if err != nil || len(found) == 0 {
			continue
		}
		host := strings.ToLower(strings.TrimSuffix(found[0].Target, "."))
		if host == "" || found[0].Port == 0 {
			continue // "." says that there is no such service
		}
		for _, p := range List() {
			if p.Host == host && len(p.Notes) > 0 {
				return p, true
			}
		}
		return Provider{Name: domain, Host: host, Port: int(found[0].Port), Security: s.security, User: UserAddress, Connections: 2}, true
	}
	return Provider{}, false
}

// hosted is the known provider that takes a domain's mail.
func hosted(ctx context.Context, r Resolver, domain string) (Provider, bool) {
	mx, err := r.LookupMX(ctx, domain)
	if err != nil {
		return Provider{}, false
	}
	for _, m := range mx {
		host := strings.ToLower(strings.TrimSuffix(m.Host, "."))
		for _, p := range List() {
			if slices.ContainsFunc(p.MX, func(s string) bool { return host == s || strings.HasSuffix(host, "."+s) }) {
				return p, true
			}
		}
	}
	return Provider{}, false
}
