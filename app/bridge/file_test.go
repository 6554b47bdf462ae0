package bridge_test

import (
	"os"
	"path/filepath"
	"testing"

	"sendoff/app/bridge"
	"sendoff/engine/delivery"
)

// A file is there whole, for its owner alone, in the place of what was there;
// what cannot be written leaves nothing behind.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.eml")
	if err := os.WriteFile(path, []byte("a longer text that was there before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := bridge.WriteFile(path, []byte("Subject: x\r\n")); err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(path)
	i, err := os.Stat(path)
	if err != nil || string(b) != "Subject: x\r\n" || i.Mode().Perm() != 0o600 {
		t.Errorf("%q, mode %v, %v", b, i.Mode(), err)
	}
	if err := bridge.WriteFile(filepath.Join(dir, "no", "a.eml"), nil); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "taken"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := bridge.WriteFile(filepath.Join(dir, "taken"), []byte("x")); err == nil {
		t.Error("a folder was replaced")
	}
	if es, _ := os.ReadDir(dir); len(es) != 2 {
		t.Errorf("left behind: %v", es)
	}
}
