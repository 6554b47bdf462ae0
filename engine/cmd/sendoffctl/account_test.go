package main

import (
	"encoding/json"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// An edit changes what is given and nothing else.
func TestAccountEdit(t *testing.T) {
	work := delivery.Account{ID: 2, Name: "Work", Kind: delivery.AccountSMTP, Host: "smtp.gmail.com", Port: 587, Security: delivery.SecurityStartTLS,
		User: "news", PasswordEnv: "ACME", Connections: 4, PerHour: 1000, Pin: strings.Repeat("ab", 32)}
	for line, change := range map[string]func(*delivery.Account){
		"":             func(*delivery.Account) {},
		"--pin":        func(a *delivery.Account) { a.Pin = "" },
		"--pin AB:CD":  func(a *delivery.Account) { a.Pin = "AB:CD" }, // the engine judges it
		"--per-hour 0": func(a *delivery.Account) { a.PerHour = 0 },
		"--host h --port 465 --security tls": func(a *delivery.Account) {
			a.Host, a.Port, a.Security = "h", 465, delivery.SecurityTLS
		},
		"--oauth-command x": func(a *delivery.Account) {
			a.Auth, a.OAuth = delivery.AuthOAuth, delivery.OAuth{Command: "x"}
		},
		"--oauth-client id": func(a *delivery.Account) { // the relay is known
			a.Auth, a.OAuth = delivery.AuthOAuth, delivery.OAuth{Client: "id", Endpoint: "https://oauth2.googleapis.com/token", Scope: "https://mail.google.com/"}
		},
		"--oauth-client id --oauth-endpoint https://id.example/ --oauth-scope s": func(a *delivery.Account) {
			a.Auth, a.OAuth = delivery.AuthOAuth, delivery.OAuth{Client: "id", Endpoint: "https://id.example/", Scope: "s"}
		},
	} {
		f := &fake{accounts: []delivery.Account{work}}
		args := strings.Fields("account edit work " + line)
		if line == "--pin" {
			args = append(args, "")
		}
		want := work
		change(&want)
		if r := ctl(t, f, args...); r.status != 0 || f.account != want {
			t.Errorf("%s: status %d, %s\n%+v", line, r.status, r.err, f.account)
		}
	}
	oauth := work
	oauth.Auth, oauth.OAuth = delivery.AuthOAuth, delivery.OAuth{Command: "x"}
	f := &fake{accounts: []delivery.Account{oauth}}
	if ctl(t, f, "account", "edit", "work", "--password-env", "P"); f.account.Auth != delivery.AuthPassword || f.account.PasswordEnv != "P" {
		t.Errorf("back to a password: %+v", f.account)
	}
}

// A certificate that is not trusted is shown with the command that accepts it, as
// text and as JSON, and the trial has failed.
func TestAccountTestCertificate(t *testing.T) {
	bad := map[string]error{"tls": &delivery.Error{Kind: delivery.KindCertificate, Detail: "expired"}}
	pin := strings.Repeat("0a", 32)
	r := ctl(t, &fake{err: bad}, "account", "test", "work")
	if r.status != 1 || !strings.Contains(r.out, "FAILED") || !strings.Contains(r.out, `account edit "Work" --pin `+pin) || strings.Contains(r.out, "It works") ||
		!strings.Contains(r.err, "the clock of this computer") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
	}
	r = ctl(t, &fake{err: bad}, "account", "test", "work", "--json")
	var got struct {
		OK          bool
		Steps       []struct{ Step, Error string }
		Certificate struct{ Fingerprint string }
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || r.status != 1 || got.OK || len(got.Steps) != 2 || got.Steps[1].Error != "certificate" || got.Certificate.Fingerprint != pin {
		t.Errorf("status %d, %v\n%s%s", r.status, err, r.out, r.err)
	}
}
