package delivery_test

import (
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

func TestFingerprint(t *testing.T) {
	plain := strings.Repeat("0a", 31) + "ff"
	for _, s := range []string{plain, strings.ToUpper(plain), delivery.ShowFingerprint(plain), " " + strings.Repeat("0A ", 31) + "FF", strings.Repeat("0a-", 31) + "ff"} {
		if got, ok := delivery.ParseFingerprint(s); got != plain || !ok {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	}
	if s := delivery.ShowFingerprint(plain); s != strings.Repeat("0A:", 31)+"FF" {
		t.Error(s)
	}
	for _, s := range []string{"", "0a", plain[1:], plain + "0", plain + "00", strings.Repeat("zz", 32), strings.Repeat("0a", 20)} {
		if got, ok := delivery.ParseFingerprint(s); ok {
			t.Errorf("%q: %q", s, got)
		}
	}
}

func TestOAuthSecret(t *testing.T) {
	for _, o := range []delivery.OAuthSecret{{}, {Refresh: "1//a"}, {Client: "c"}, {Refresh: `{"x"`, Client: "\n"}} {
		if got := delivery.ParseOAuthSecret(o.String()); got != o {
			t.Errorf("%+v came back as %+v", o, got)
		}
	}
	for s, want := range map[string]string{" 1//abc\n": "1//abc", "{broken": "{broken", "": ""} {
		if got := delivery.ParseOAuthSecret(s); got.Refresh != want || got.Client != "" {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

// How an account logs in changes neither what a plan seals nor, as long as it is
// empty, the hash of plans from before there was a choice.
func TestLoginIsNotSealed(t *testing.T) {
	a := delivery.Account{ID: 2, Name: "work", Kind: delivery.AccountSMTP, Host: "mail.acme.example", Port: 587, Security: delivery.SecurityStartTLS, User: "news", Connections: 4}
	before := delivery.PartHash(delivery.PartAccount, delivery.Draft{}, a)
	b := a
	b.Auth, b.OAuth, b.Pin = delivery.AuthOAuth, delivery.OAuth{Command: "x"}, strings.Repeat("ab", 32)
	if delivery.PartHash(delivery.PartAccount, delivery.Draft{}, b) != before {
		t.Error("the login is sealed")
	}
	b = a
	b.User = "other"
	if delivery.PartHash(delivery.PartAccount, delivery.Draft{}, b) == before {
		t.Error("the user is not")
	}
}
