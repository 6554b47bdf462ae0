package secret_test

import (
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/secret"
)

// The secrets of two accounts with one name at one relay, of which one logs in
// with a password and one with OAuth, are two.
func TestOAuthBesidePassword(t *testing.T) {
	s := secret.NewWith(&memory{}, environment(), time.Second, nil)
	password := delivery.Account{Host: "smtp.acme.example", Port: 587, User: "ann"}
	token := password
	token.Auth = delivery.AuthOAuth
	for a, p := range map[delivery.Account]string{password: "geheim", token: "{refresh}"} {
		if err := s.Set(a, p); err != nil {
			t.Fatal(err)
		}
	}
	for a, want := range map[delivery.Account]string{password: "geheim", token: "{refresh}"} {
		if got, err := s.Get(a); got != want || err != nil {
			t.Errorf("%q: %q, %v", a.Auth, got, err)
		}
	}
	if err := s.Forget(token); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Get(password); got != "geheim" {
		t.Errorf("the password went along: %q, %v", got, err)
	}
}

// On a server there is nobody to ask: the variable opens the file, and makes it,
// for writing as for reading.
func TestSetWithPassphraseFromEnvironment(t *testing.T) {
	dir := t.TempDir()
	a := delivery.Account{Host: "smtp.acme.example", Port: 587, User: "ann", Auth: delivery.AuthOAuth}
	for i, value := range []string{"first", "second"} {
		s := secret.NewWith(nil, environment(secret.Passphrase, "opensesame"), time.Second, secret.NewFile(dir, 2))
		if err := s.Set(a, value); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		s = secret.NewWith(nil, environment(secret.Passphrase, "opensesame"), time.Second, secret.NewFile(dir, 2))
		if got, err := s.Get(a); got != value || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	s := secret.NewWith(nil, environment(secret.Passphrase, "another one"), time.Second, secret.NewFile(dir, 2))
	if err := s.Set(a, "third"); !delivery.Is(err, delivery.KindPassphrase) {
		t.Errorf("a wrong passphrase: %v", err)
	}
	s = secret.NewWith(nil, environment(), time.Second, secret.NewFile(dir, 2))
	if err := s.Set(a, "third"); !delivery.Is(err, delivery.KindPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
}
