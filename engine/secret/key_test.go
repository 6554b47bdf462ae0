package secret_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/secret"
)

const (
	keyName = "s1._domainkey.acme.example"
	keyText = "-----BEGIN PRIVATE KEY-----\nbW9zdCBzZWNyZXQ=\n-----END PRIVATE KEY-----\n"
)

func TestKeysInTheKeyring(t *testing.T) {
	ring := &memory{}
	s := secret.NewWith(ring, environment(), time.Second, secret.NewFile(t.TempDir(), 1))
	if _, err := s.Key(keyName); !delivery.Is(err, delivery.KindSigning) {
		t.Errorf("before: %v", err)
	}
	if err := s.SetKey(keyName, keyText); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Key(keyName); err != nil || got != keyText {
		t.Errorf("%q, %v", got, err)
	}
	if err := s.Set(relay, "password"); err != nil {
		t.Fatal(err)
	}
	if err := s.SetKey(keyName, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(keyName); !delivery.Is(err, delivery.KindSigning) {
		t.Errorf("after: %v", err)
	}
	if p, err := s.Get(relay); err != nil || p != "password" {
		t.Errorf("the password went with the key: %q, %v", p, err)
	}
}

// small is a keyring with no room for a key, as that of Windows has for long ones.
type small struct{ memory }

func (*small) Set(string, string, string) error { return errors.New("too big") }

func TestKeysInTheFile(t *testing.T) {
	dir := t.TempDir()
	s := secret.NewWith(&small{}, environment(), time.Second, secret.NewFile(dir, 1))
	if err := s.SetKey(keyName, keyText); !delivery.Is(err, delivery.KindPassphrase) {
		t.Errorf("without a file: %v", err)
	}
	// A server has its passphrase in the environment, and nobody to ask.
	s = secret.NewWith(&small{}, environment(secret.Passphrase, "correct horse"), time.Second, secret.NewFile(dir, 1))
	if err := s.SetKey(keyName, keyText); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, secret.FileName))
	if err != nil || strings.Contains(string(b), "c2VjcmV0") || strings.Contains(string(b), keyName) {
		t.Errorf("the file says %q, %v", b, err)
	}
	locked := secret.NewWith(nil, environment(), time.Second, secret.NewFile(dir, 1))
	if _, err := locked.Key(keyName); !delivery.Is(err, delivery.KindPassphrase) {
		t.Errorf("locked: %v", err)
	}
	again := secret.NewWith(nil, environment(secret.Passphrase, "correct horse"), time.Second, secret.NewFile(dir, 1))
	if got, err := again.Key(keyName); err != nil || got != keyText {
		t.Errorf("%q, %v", got, err)
	}
	if err := again.SetKey(keyName, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := again.Key(keyName); !delivery.Is(err, delivery.KindSigning) || strings.Contains(err.Error(), "BEGIN") {
		t.Errorf("after: %v", err)
	}
	wrong := secret.NewWith(nil, environment(secret.Passphrase, "wrong horse"), time.Second, secret.NewFile(dir, 1))
	if err := wrong.SetKey(keyName, keyText); !delivery.Is(err, delivery.KindPassphrase) {
		t.Errorf("with the wrong passphrase: %v", err)
	}
}
