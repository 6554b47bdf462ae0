package attachment

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

func put(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func code(err error) delivery.FindingCode {
	var t *Trouble
	if errors.As(err, &t) {
		return t.Code
	}
	return ""
}

// Fault 103: neither "..", nor an absolute path, nor a link leads out of the folder.
func TestFault103PathsStayInside(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "files")
	put(t, filepath.Join(dir, "secret.txt"), []byte("secret"))
	put(t, filepath.Join(inside, "a", "1.pdf"), []byte("one"))
	put(t, filepath.Join(inside, "large"), make([]byte, delivery.MaxAsset+1))
	put(t, filepath.Join(inside, "whole"), make([]byte, delivery.MaxAsset))
	if runtime.GOOS != "windows" {
		for name, to := range map[string]string{"out": "../secret.txt", "abs": filepath.Join(dir, "secret.txt"), "up": "..", "in": "a/1.pdf", "nowhere": "none", "loop": "loop"} {
			if err := os.Symlink(to, filepath.Join(inside, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	ofPipe := delivery.FindAttachmentRead
	if !pipe(t, filepath.Join(inside, "pipe")) {
		ofPipe = delivery.FindAttachmentMissing
	}
	f, err := Open(inside)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, want := range map[string]delivery.FindingCode{
		"../secret.txt": delivery.FindAttachmentOutside, "a/../../secret.txt": delivery.FindAttachmentOutside, "/etc/passwd": delivery.FindAttachmentOutside,
		filepath.Join(dir, "secret.txt"): delivery.FindAttachmentOutside, `..\secret.txt`: delivery.FindAttachmentOutside, "": delivery.FindAttachmentOutside,
		".": delivery.FindAttachmentOutside, "a/..": delivery.FindAttachmentOutside, "a\x00": delivery.FindAttachmentOutside,
		"out": delivery.FindAttachmentOutside, "abs": delivery.FindAttachmentOutside, "up/secret.txt": delivery.FindAttachmentOutside,
		"nowhere": delivery.FindAttachmentMissing, "loop": delivery.FindAttachmentRead, "pipe": ofPipe,
		"none.pdf": delivery.FindAttachmentMissing, "a": delivery.FindAttachmentFolder, "large": delivery.FindAttachmentLarge,
		"a/1.pdf": "", "in": "", "whole": "", "a/../a/1.pdf": "",
	} {
		data, err := f.Read(name)
		if code(err) != want || (err == nil) != (want == "") {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
		if bytes.Contains(data, []byte("secret")) {
			t.Errorf("%q leads out", name)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("%v", err)
	}
	var none *Folder
	if _, err := none.Read("a"); code(err) != delivery.FindAttachmentMissing {
		t.Errorf("%v", err)
	}
}

func TestCopies(t *testing.T) {
	c := Copies{filepath.Join(t.TempDir(), "frozen", "DM1")}
	one, err := c.Put([]byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Put([]byte("one")); err != nil || again != one {
		t.Errorf("%s, %v", again, err)
	}
	two, err := c.Put([]byte("two"))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := c.Get(one); err != nil || string(data) != "one" {
		t.Errorf("%q, %v", data, err)
	}
	// A copy that was cut off by a crash is written again.
	put(t, filepath.Join(c.Dir, two), nil)
	if _, err := c.Get(two); !delivery.Is(err, delivery.KindDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := c.Put([]byte("two")); err != nil {
		t.Fatal(err)
	}
	if data, err := c.Get(two); err != nil || string(data) != "two" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := c.Get("../" + one); !delivery.Is(err, delivery.KindDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := c.Get(strings.Repeat("0", 64)); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("%v", err)
	}
	put(t, filepath.Join(c.Dir, "new-123"), []byte("left by a crash"))
	if err := c.Keep(map[string]bool{two: true}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(c.Dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != two {
		t.Errorf("%v, %v", entries, err)
	}
	if err := c.Keep(nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Dir); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	if err := c.Keep(nil); err != nil {
		t.Errorf("nothing to remove: %v", err)
	}
}
