package provider_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

// zone is a domain name system of a few names.
type zone struct {
	srv map[string]*net.SRV
	mx  map[string]string
}

func (z zone) LookupSRV(_ context.Context, service, proto, name string) (string, []*net.SRV, error) {
	if s := z.srv["_"+service+"._"+proto+"."+name]; s != nil {
		return name, []*net.SRV{s}, nil
	}
	return "", nil, errors.New("no such host")
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if h := z.mx[name]; h != "" {
		return []*net.MX{{Host: h, Pref: 10}}, nil
	}
	return nil, errors.New("no such host")
}

func TestLookUp(t *testing.T) {
	z := zone{
		srv: map[string]*net.SRV{
			"_submissions._tcp.both.example":          {Target: "mail.both.example.", Port: 465},
			"_submission._tcp.both.example":           {Target: "other.both.example.", Port: 587},
			"_submissions._tcp.none.example":          {Target: ".", Port: 0},
			"_submission._tcp.none.example":           {Target: "smtp.none.example.", Port: 2587},
			"_submission._tcp.fm.example":             {Target: "SMTP.fastmail.com.", Port: 587},
			"_submissions._tcp.xn--bcher-kva.example": {Target: "mail.books.example.", Port: 465},
		},
		mx: map[string]string{"acme.example": "aspmx.l.google.com.", "firm.example": "firm-example.mail.protection.outlook.com.",
			"trap.example": "notgoogle.com.", "both.example": "aspmx.l.google.com."},
	}
	for _, c := range []struct {
		address, id, host string
		port              int
		security          delivery.Security
		by                provider.By
	}{
		{"ann@gmail.com", "gmail", "smtp.gmail.com", 587, delivery.SecurityStartTLS, provider.ByDomain},
		{"Ann@HotMail.NL", "outlook", "smtp-mail.outlook.com", 587, delivery.SecurityStartTLS, provider.ByDomain},
		{"ann@acme.example", "workspace", "smtp.gmail.com", 587, delivery.SecurityStartTLS, provider.ByMX},
		{"ann@firm.example", "m365", "smtp.office365.com", 587, delivery.SecurityStartTLS, provider.ByMX},
		{"ann@both.example", "", "mail.both.example", 465, delivery.SecurityTLS, provider.BySRV},
		{"ann@none.example", "", "smtp.none.example", 2587, delivery.SecurityStartTLS, provider.BySRV},
		{"ann@fm.example", "fastmail", "smtp.fastmail.com", 587, delivery.SecurityStartTLS, provider.BySRV},
		{"ann@bücher.example", "", "mail.books.example", 465, delivery.SecurityTLS, provider.BySRV},
	} {
		f, err := provider.LookUp(t.Context(), z, c.address)
		if err != nil {
			t.Errorf("%s: %v", c.address, err)
			continue
		}
		p := f.Provider
		if p.ID != c.id || p.Host != c.host || p.Port != c.port || p.Security != c.security || f.By != c.by {
			t.Errorf("%s: %+v by %s", c.address, p, f.By)
		}
	}
	for address, want := range map[string]delivery.Kind{"ann@trap.example": delivery.KindNotFound, "ann@unknown.example": delivery.KindNotFound,
		"ann": delivery.KindInvalid, "@gmail.com": delivery.KindInvalid, "ann@": delivery.KindInvalid, "a b@gmail.com": delivery.KindInvalid,
		"ann@localhost": delivery.KindInvalid, "": delivery.KindInvalid} {
		if _, err := provider.LookUp(t.Context(), z, address); !delivery.Is(err, want) {
			t.Errorf("%q: %v, want %s", address, err, want)
		}
	}
}

// Every entry can be used as it stands.
func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range provider.List() {
		if seen[p.ID] || p.ID == "" || p.Name == "" || p.Host == "" || strings.ToLower(p.Host) != p.Host {
			t.Errorf("%+v", p)
		}
		seen[p.ID] = true
		want := map[delivery.Security]int{delivery.SecurityStartTLS: 587, delivery.SecurityTLS: 465, delivery.SecurityNone: 1025}[p.Security]
		if p.Port != want || p.Connections < 1 || p.User == "" {
			t.Errorf("%s: port %d, %d connections, user %q", p.ID, p.Port, p.Connections, p.User)
		}
		if p.Security == delivery.SecurityNone && !net.ParseIP(p.Host).IsLoopback() {
			t.Errorf("%s would be reached without encryption", p.ID)
		}
		if o := p.OAuth; o != (delivery.OAuth{}) && (!strings.HasPrefix(o.Endpoint, "https://") || o.Scope == "" || o.Client != "" || o.Command != "") {
			t.Errorf("%s: %+v", p.ID, o)
		}
		if got, ok := provider.ByID(p.ID); !ok || got.Name != p.Name {
			t.Errorf("%s is not found by its id", p.ID)
		}
	}
	// As developers.google.com/gmail/imap/xoauth2-protocol and
	// learn.microsoft.com/exchange/client-developer/legacy-protocols have it.
	for id, want := range map[string][2]string{
		"gmail":     {"https://oauth2.googleapis.com/token", "https://mail.google.com/"},
		"workspace": {"https://oauth2.googleapis.com/token", "https://mail.google.com/"},
		"m365":      {"https://login.microsoftonline.com/common/oauth2/v2.0/token", "https://outlook.office.com/SMTP.Send offline_access"},
		"outlook":   {"https://login.microsoftonline.com/common/oauth2/v2.0/token", "https://outlook.office.com/SMTP.Send offline_access"},
	} {
		if p, _ := provider.ByID(id); p.OAuth.Endpoint != want[0] || p.OAuth.Scope != want[1] {
			t.Errorf("%s: %+v", id, p.OAuth)
		}
	}
	// As docs.sendgrid.com/for-developers/sending-email/integrating-with-the-smtp-api
	// and docs.aws.amazon.com/ses/latest/dg/request-production-access.html have it.
	if p, _ := provider.ByID("sendgrid"); p.PerConnection != 5000 || p.PerSecond != 0 {
		t.Errorf("SendGrid: %d a connection, %d a second", p.PerConnection, p.PerSecond)
	}
	if p, _ := provider.ByID("ses"); p.PerSecond != 1 || p.PerDay != 200 || !slices.Contains(p.Notes, provider.NoteSandbox) {
		t.Errorf("Amazon SES: %d a second, %d a day, %v", p.PerSecond, p.PerDay, p.Notes)
	}
	if _, ok := provider.ByID(""); ok {
		t.Error("nothing is a provider")
	}
}

func FuzzLookUp(f *testing.F) {
	for _, s := range []string{"ann@gmail.com", "a@b@c.example", "ann@xn--", "ann@" + strings.Repeat("a.", 200) + "b", "ann@\xff.example", "ann@[127.0.0.1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found, err := provider.LookUp(t.Context(), zone{}, s)
		if err == nil && found.By != provider.ByDomain {
			t.Errorf("%q was found by %s without a network", s, found.By)
		}
		if err != nil && !delivery.Is(err, delivery.KindInvalid) && !delivery.Is(err, delivery.KindNotFound) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
