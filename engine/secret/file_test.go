package secret_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/secret"
)

// cheap is a work factor for tests; the real one takes a second.
const cheap = 2

func TestFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, secret.FileName)
	s := secret.NewWith(nil, environment(), time.Second, secret.NewFile(dir, cheap))
	want := func(err error, kind delivery.Kind, detail string) {
		t.Helper()
		if !delivery.Is(err, kind) || detail != "" && detail != err.(*delivery.Error).Detail {
			t.Errorf("%v, want %s %q", err, kind, detail)
		}
	}
	want(s.Set(relay, "s3cret-pass"), delivery.KindPassphrase, "new")
	want(s.Open("short"), delivery.KindInvalid, "")
	if p := s.State(); p.Keyring || p.File || p.Open {
		t.Errorf("%+v before there is a file", p)
	}
	if err := s.Open("correct horse"); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(relay, "s3cret-pass"); err != nil {
		t.Fatal(err)
	}
	if p := s.State(); !p.File || !p.Open {
		t.Errorf("%+v", p)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, mode %v", err, info.Mode())
	}
	b, err := os.ReadFile(path)
	if err != nil || bytes.Contains(b, []byte("s3cret")) || bytes.Contains(b, []byte("correct")) || bytes.Contains(b, []byte(relay.Host)) {
		t.Errorf("the file tells: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("left %v", left)
	}

	// Another start of the program.
	s = secret.NewWith(nil, environment(), time.Second, secret.NewFile(dir, cheap))
	_, err = s.Get(relay)
	want(err, delivery.KindPassphrase, "locked")
	want(s.Set(relay, "x"), delivery.KindPassphrase, "locked")
	want(s.Open("wrong horse"), delivery.KindPassphrase, "wrong")
	if err := s.Open("correct horse"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Get(relay); err != nil || p != "s3cret-pass" {
		t.Errorf("%q, %v", p, err)
	}
	if err := s.Forget(relay); err != nil {
		t.Error(err)
	}
	_, err = s.Get(relay)
	want(err, delivery.KindPassword, "")

	// Where nobody can be asked, a variable opens it.
	if err := s.Set(relay, "again"); err != nil {
		t.Fatal(err)
	}
	s = secret.NewWith(nil, environment(secret.Passphrase, "correct horse"), time.Second, secret.NewFile(dir, cheap))
	if p, err := s.Get(relay); err != nil || p != "again" {
		t.Errorf("%q, %v", p, err)
	}

	// What is damaged is not overwritten.
	for name, bad := range map[string][]byte{"cut": b[:len(b)/2], "empty": {}, "no age": []byte("passwords"), "flipped": flip(b)} {
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		s = secret.NewWith(nil, environment(), time.Second, secret.NewFile(dir, cheap))
		if err := s.Open("correct horse"); !delivery.Is(err, delivery.KindDamaged) && !delivery.Is(err, delivery.KindPassphrase) {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := os.ReadFile(path); !bytes.Equal(now, bad) {
			t.Errorf("%s: the file was changed", name)
		}
	}
}

func flip(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)-3] ^= 1
	return c
}

// The keyring comes before the file.
func TestKeyringFirst(t *testing.T) {
	ring := &memory{}
	s := secret.NewWith(ring, environment(), time.Second, secret.NewFile(t.TempDir(), cheap))
	if err := s.Set(relay, "in the ring"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Get(relay); err != nil || p != "in the ring" {
		t.Errorf("%q, %v", p, err)
	}
	if exists := s.State().File; exists {
		t.Error("a file was made although there is a keyring")
	}
	if err := s.Forget(relay); err != nil || len(ring.m) != 0 {
		t.Errorf("%v, %v", ring.m, err)
	}
}
