package state_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

func TestLoginForm(t *testing.T) {
	base := state.AccountForm{Name: "n", Host: "smtp.acme.example", Port: "587", Security: delivery.SecurityStartTLS, User: "ann", Connections: "1"}
	oauth, command := base, base
	oauth.Login, oauth.Client, oauth.Scope, oauth.Endpoint = state.LoginOAuth, " id ", " a  b ", "https://id.example/token"
	command.Login, command.Command = state.LoginCommand, " oama access ann "
	refresh := delivery.OAuthSecret{Refresh: "r"}.String()
	kept := delivery.Account{ID: 7, Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: "https://id.example/", Client: "x"}, PasswordEnv: "OLD"}
	for _, c := range []struct {
		name   string
		form   state.AccountForm
		change func(*state.AccountForm)
		base   delivery.Account
		secret string
		fresh  bool
		want   delivery.OAuth
		wrong  []state.AccountField
	}{
		{"oauth", oauth, nil, delivery.Account{}, refresh, true, delivery.OAuth{Client: "id", Scope: "a b", Endpoint: "https://id.example/token"}, nil},
		{"the token is kept", oauth, nil, kept, "", false, delivery.OAuth{Client: "id", Scope: "a b", Endpoint: "https://id.example/token"}, nil},
		{"no token yet", oauth, nil, delivery.Account{}, "", true, delivery.OAuth{}, []state.AccountField{"refresh"}},
		{"a password is kept, no token", oauth, nil, delivery.Account{ID: 7}, "", false, delivery.OAuth{}, []state.AccountField{"refresh"}},
		{"a client secret is no token", oauth, nil, delivery.Account{}, delivery.OAuthSecret{Client: "c"}.String(), true, delivery.OAuth{}, []state.AccountField{"refresh"}},
		{"nothing else", oauth, func(f *state.AccountForm) { f.Client, f.Endpoint, f.User = " ", "http://id.example", "" }, delivery.Account{}, refresh, true, delivery.OAuth{},
			[]state.AccountField{"client", "endpoint", "user"}},
		{"command", command, nil, delivery.Account{}, "", true, delivery.OAuth{Command: "oama access ann"}, nil},
		{"open quotation", command, func(f *state.AccountForm) { f.Command = `oama "` }, delivery.Account{}, "", true, delivery.OAuth{}, []state.AccountField{"command"}},
		{"no command", command, func(f *state.AccountForm) { f.Command = " " }, delivery.Account{}, "", true, delivery.OAuth{}, []state.AccountField{"command"}},
		{"password", base, nil, delivery.Account{}, "p", true, delivery.OAuth{}, nil},
		{"a token is kept, no password", base, nil, kept, "", false, delivery.OAuth{}, nil}, // the variable has it
	} {
		f := c.form
		if c.change != nil {
			c.change(&f)
		}
		a, problems := f.Account(words(t, "en"), c.base, c.secret, c.fresh)
		var wrong []state.AccountField
		for k := range problems {
			wrong = append(wrong, k)
		}
		slices.Sort(wrong)
		if !slices.Equal(wrong, c.wrong) {
			t.Errorf("%s: wrong %v, want %v", c.name, wrong, c.wrong)
		}
		if len(c.wrong) == 0 && (a.OAuth != c.want || (a.Auth == delivery.AuthOAuth) != (c.want != delivery.OAuth{}) || a.Auth == delivery.AuthOAuth && a.PasswordEnv != "") {
			t.Errorf("%s: %+v", c.name, a)
		}
		if len(c.wrong) == 0 && state.LoginOf(a) != f.Login {
			t.Errorf("%s: it became %q", c.name, state.LoginOf(a))
		}
	}
	f := base
	f.Pin = strings.Repeat("ab", 32)
	if a, _ := f.Account(words(t, "en"), delivery.Account{}, "p", true); a.Pin != f.Pin {
		t.Error("the pin is lost")
	}
	f.Security, f.Host = delivery.SecurityNone, "127.0.0.1"
	if a, _ := f.Account(words(t, "en"), delivery.Account{}, "p", true); a.Pin != "" {
		t.Error("a pin without encryption")
	}
	p, _ := provider.ByID("m365")
	if f := state.Prefill(p, "ann@acme.example"); f.Login != state.LoginPassword || f.Endpoint != p.OAuth.Endpoint || f.Scope != p.OAuth.Scope {
		t.Errorf("%+v", f)
	}
}

func TestCertificateRows(t *testing.T) {
	from, to := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	s := delivery.Certificate{Fingerprint: strings.Repeat("0123456789abcdef", 4), Subject: "CN=mail", Issuer: "CN=ca", NotBefore: from, NotAfter: to}
	for _, lang := range text.Languages() {
		for now, note := range map[time.Time]bool{from.Add(-time.Hour): true, from: false, to: false, to.Add(time.Hour): true} {
			rows := state.CertificateRows(words(t, lang), s, now)
			if got := strings.ReplaceAll(rows[0].Value, "\n", ":"); got != delivery.ShowFingerprint(s.Fingerprint) {
				t.Errorf("fingerprint %q", got)
			}
			if rows[1].Value != "CN=mail" || rows[2].Value != "CN=ca" || !strings.Contains(rows[3].Value, "2026") || (rows[3].Note != "") != note {
				t.Errorf("%s at %s: %+v", lang, now, rows)
			}
		}
	}
}

// An account that logs in with OAuth hears of permissions, not of passwords.
func TestOAuthTrial(t *testing.T) {
	a := delivery.Account{Kind: delivery.AccountSMTP, Host: "127.0.0.1", User: "ann", Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: "https://id.example/"}}
	for _, lang := range text.Languages() {
		c := words(t, lang)
		for _, k := range []delivery.Kind{delivery.KindAuth, delivery.KindPassword, delivery.KindToken} {
			s := state.TrialSentence(c, a, nil, &delivery.Error{Kind: k, Detail: "endpoint_refused invalid_grant gone"})
			for _, bad := range []string{"{", "password", "wachtwoord", "resume", "hervat", "accounts.", "endpoint_"} {
				if s == "" || strings.Contains(s, bad) {
					t.Errorf("%s, %s: %q", lang, k, s)
				}
			}
			if k == delivery.KindToken && !strings.Contains(s, "“invalid_grant gone”") {
				t.Errorf("%s: %q", lang, s)
			}
		}
	}
	lines := state.Trial(words(t, "en"), a, true, nil, false)
	if lines[0].Name != "Get permission" {
		t.Errorf("%+v", lines)
	}
	for kind, want := range map[delivery.Kind]state.AccountField{delivery.KindAuth: "refresh", delivery.KindToken: "refresh", delivery.KindTLS: "port"} {
		if got := state.TrialField(a, &delivery.Error{Kind: kind}); got != want {
			t.Errorf("%s leads to %s, want %s", kind, got, want)
		}
	}
	a.OAuth = delivery.OAuth{Command: "x"}
	if got := state.TrialField(a, &delivery.Error{Kind: delivery.KindToken}); got != "command" {
		t.Errorf("a command leads to %s", got)
	}
	f, _, ok := state.AccountProblem(words(t, "en"), &delivery.Error{Kind: delivery.KindInvalid, Field: "account.oauth.endpoint"})
	if !ok || f != state.AccountFieldEndpoint || f.Part() != state.PartConnection {
		t.Errorf("%q, %v", f, ok)
	}
}
