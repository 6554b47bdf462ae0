package accounts_test

import (
	"strings"
	"testing"
	"time"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// fingerprint is the digest of a certificate that nobody vouches for.
var fingerprint = strings.Repeat("0123456789abcdef", 4)

// untrusted is a trial that ends with a certificate that does not verify.
func untrusted() []delivery.AccountStep {
	seen := &delivery.Certificate{Fingerprint: fingerprint, Subject: "CN=mail.acme.example,O=Acme Garden", Issuer: "CN=Acme internal authority,O=Acme Garden,C=NL",
		NotBefore: time.Date(2025, 1, 2, 12, 0, 0, 0, time.UTC), NotAfter: time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)}
	steps := failing(delivery.TestTLS, delivery.KindCertificate, "expired")
	last := &steps[len(steps)-1]
	last.Detail, last.Certificate = "", seen
	return steps
}

// way chooses how an account logs in.
func way(w *paneltest.Window, label string) {
	w.T.Helper()
	for _, now := range []string{"password", "oauth", "command"} {
		if name := w.Words.T("accounts.login." + now); w.Button(name) != nil {
			w.Tap(name)
			w.Choose(w.Words.T("accounts.login." + label))
			return
		}
	}
	w.T.Fatal("there is no choice of a way to log in")
}

func TestLoginPictures(t *testing.T) {
	sheets(t, "oauth", admin, func(w *paneltest.Window) { editOffice(w); way(w, "oauth") })
	sheets(t, "command", admin, func(w *paneltest.Window) { editOffice(w); way(w, "command") })
	sheets(t, "certificate", func() *bridgetest.Engine {
		e := admin()
		e.SetTrial(untrusted()...)
		return e
	}, testOffice)
	sheets(t, "pinned", func() *bridgetest.Engine {
		e := admin()
		a := bridgetest.SampleAccount()
		a.Pin, a.Auth, a.OAuth = fingerprint, delivery.AuthOAuth, delivery.OAuth{Command: "oama access news@acme.example"}
		e.SetAccounts(a)
		return e
	}, func(w *paneltest.Window) { w.Tap(w.Words.T("common.edit")) })
}

// The refresh token and the client's secret go where passwords go, and what is
// known of a provider is filled in.
func TestOAuthIsTyped(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	way(w, "oauth")
	if got := text(w, "accounts.endpoint"); got != "https://oauth2.googleapis.com/token" {
		t.Errorf("endpoint %q", got)
	}
	w.Tap("Test connection")
	w.Want("Fill in the client ID of your application.", "Fill in the refresh token.")
	fill(w, "accounts.client", " id-1 ", "accounts.client_secret", "hush", "accounts.refresh", " 1//r ")
	w.Tap("Test connection")
	w.Want("Get permission")
	secret := delivery.OAuthSecret{Refresh: "1//r", Client: "hush"}.String()
	if got := e.Trials(); len(got) != 1 || got[0].Password != secret || got[0].Account.Auth != delivery.AuthOAuth {
		t.Fatalf("%+v", got)
	}
	w.Tap("Close")
	w.Tap("Next")
	w.Tap("Add account")
	a := account(t, e, "Gmail")
	want := delivery.OAuth{Endpoint: "https://oauth2.googleapis.com/token", Client: "id-1", Scope: "https://mail.google.com/"}
	if a.Auth != delivery.AuthOAuth || a.OAuth != want || e.Password(a.ID) != secret {
		t.Errorf("%+v, secret %q", a, e.Password(a.ID))
	}
}

// A draft of the form has neither password nor token.
func TestDraftWithoutSecrets(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	way(w, "oauth")
	fill(w, "accounts.client", "id-1", "accounts.client_secret", "hush-hush", "accounts.refresh", "1//refresh")
	if kept := until(w, "account/2", "id-1"); strings.Contains(kept, "hush-hush") || strings.Contains(kept, "1//refresh") {
		t.Errorf("kept %s", kept)
	}
}

// From a password to a program and back.
func TestChangeOfLogin(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	way(w, "command")
	w.Tap("Save")
	w.Want("A program with its arguments; quotation marks in pairs.")
	fill(w, "accounts.command", "oama access news")
	w.Tap("Save")
	if a := account(t, e, "Office"); a.Auth != delivery.AuthOAuth || a.OAuth.Command != "oama access news" || e.Password(2) != "correct horse" {
		t.Errorf("%+v, secret %q", a, e.Password(2))
	}
	w.Want("with OAuth 2")
	editOffice(w)
	way(w, "password")
	w.Tap("Save")
	w.Want("Fill in the password, or leave the user name empty too.")
	fill(w, "accounts.password", "new one")
	w.Tap("Save")
	if a := account(t, e, "Office"); a != bridgetest.SampleAccount() || e.Password(2) != "new one" {
		t.Errorf("%+v, secret %q", a, e.Password(2))
	}
}

// A certificate that does not verify is shown, accepted after a question only,
// and kept for good with a way back.
func TestAcceptCertificate(t *testing.T) {
	e := admin()
	e.SetTrial(untrusted()...)
	w := open(t, e, usual)
	testOffice(w)
	w.Want("01:23:45:67:89:AB:CD:EF", "CN=Acme internal authority", "the clock of this computer", "Is its clock right?")
	if k := w.Button("Accept this certificate…").Kind(); k != widgets.Quiet {
		t.Errorf("a risky choice looks like the recommended one: kind %v", k)
	}
	w.Tap("Accept this certificate…")
	w.Want("Compare the fingerprint with the one that the administrator of smtp.acme.example, port 587 gives you.")
	w.Tap("Cancel")
	if a := account(t, e, "Office"); a.Pin != "" || len(e.Trials()) != 1 {
		t.Fatalf("it was taken for yes: %+v", a)
	}
	w.Tap("Accept this certificate…")
	e.SetTrial()
	w.Tap("Accept")
	w.Want("It works. This account can send.")
	if got := e.Trials(); len(got) != 2 || got[1].Account.Pin != fingerprint {
		t.Errorf("%+v", got)
	}
	if a := account(t, e, "Office"); a.Pin != fingerprint {
		t.Errorf("%+v", a)
	}
	w.Tap("Close")
	w.Want("one accepted certificate")
	w.Undo()
	if a := account(t, e, "Office"); a != bridgetest.SampleAccount() {
		t.Errorf("taken back: %+v", a)
	}
}

// Who may not change accounts is shown the certificate and offered nothing.
func TestCertificateWithoutTheRight(t *testing.T) {
	e := bridgetest.New()
	e.Grant(1, access.Prepare)
	e.SetTrial(untrusted()...)
	w := open(t, e, usual)
	testOffice(w)
	w.Want("01:23:45:67")
	if w.Button("Accept this certificate…") != nil {
		t.Error("it is offered")
	}
}

// In the form the certificate is part of what is typed until it is saved.
func TestAcceptWhileTyping(t *testing.T) {
	e := admin()
	e.SetTrial(untrusted()...)
	w := open(t, e, usual)
	editOffice(w)
	w.Tap("Test connection")
	w.Tap("Accept this certificate…")
	e.SetTrial()
	w.Tap("Accept")
	w.Tap("Close")
	w.Want("Only this certificate is accepted: 01:23:45:67:89:AB:CD:EF…")
	if a := account(t, e, "Office"); a.Pin != "" {
		t.Error("it was kept before it was saved")
	}
	w.Tap("Save")
	if a := account(t, e, "Office"); a.Pin != fingerprint {
		t.Errorf("%+v", a)
	}
	editOffice(w)
	press(w, "accounts.pin_forget")
	if w.Says("Only this certificate is accepted") {
		t.Error("the line stays")
	}
	w.Tap("Save")
	if a := account(t, e, "Office"); a.Pin != "" {
		t.Errorf("%+v", a)
	}
}
