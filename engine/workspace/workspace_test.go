package workspace_test

import (
	"os"
	"path/filepath"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/workspace"
)

func TestFault30OneHolderAndRaise(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?c")
	if err := workspace.Create(dir); err != nil {
		t.Fatal(err)
	}
	raised := make(chan struct{}, 1)
	f, err := workspace.Hold(dir, func() { raised <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := workspace.Hold(dir, nil); !delivery.Is(err, delivery.KindLocked) {
		t.Fatalf("second holder: %v, want locked", err)
	}
	if err := workspace.Raise(dir); err != nil {
		t.Fatal(err)
	}
	<-raised
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := workspace.Raise(dir); !delivery.Is(err, delivery.KindNotFound) {
		t.Fatalf("raise without a holder: %v, want not_found", err)
	}
	f, err = workspace.Hold(dir, nil)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	f.Close()
}

func TestRaiseNeedsTheSecret(t *testing.T) {
	dir := t.TempDir()
	raised := make(chan struct{}, 1)
	f, err := workspace.Hold(dir, func() { raised <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	front := filepath.Join(dir, "sendoff.front")
	b, err := os.ReadFile(front)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-2] ^= 1
	if err := os.WriteFile(front, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := workspace.Raise(dir); err == nil {
		t.Fatal("a wrong secret was accepted")
	}
	if err := os.WriteFile(front, []byte("192.0.2.1:25 x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := workspace.Raise(dir); !delivery.Is(err, delivery.KindNotFound) {
		t.Fatalf("an address elsewhere: %v, want not_found without a dial", err)
	}
	if len(raised) != 0 {
		t.Fatal("raised all the same")
	}
}

func TestCreateRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := workspace.Create(file); err == nil {
		t.Fatal("a file was taken for a folder")
	}
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o500); err != nil {
		t.Fatal(err)
	}
	if err := workspace.Create(filepath.Join(closed, "w")); !delivery.Is(err, delivery.KindPermission) {
		t.Fatalf("got %v, want permission", err)
	}
}
