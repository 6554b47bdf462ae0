package accounts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// signature opens the dialog from the menu of the real account.
func signature(w *paneltest.Window) {
	w.T.Helper()
	menu(w, w.Words.T("dkim.open"))
}

func signed(t *testing.T, e *bridgetest.Engine) delivery.DKIMRecord {
	t.Helper()
	r, err := e.DKIM(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSignature(t *testing.T) {
	sheets(t, "dkim", admin, func(w *paneltest.Window) {
		signature(w)
		w.Want(w.Words.T("dkim.off"), w.Words.T("dkim.note"))
		fill(w, "dkim.selector", "news2026")
		w.Tap(w.Words.T("dkim.generate"))
		w.Want(w.Words.T("dkim.on", "domain", "acme.example"), "news2026._domainkey.acme.example", w.Words.T("dkim.publish", "domain", "acme.example"))
	})
	e := admin()
	w := open(t, e, usual)
	signature(w)
	if got := entry(w, "Domain").Text(); got != "acme.example" {
		t.Errorf("it suggests %q, and the sender is at acme.example", got)
	}
	w.Tap("Generate")
	w.Want("A selector is one word")
	fill(w, "dkim.domain", "", "dkim.selector", "s1")
	w.Tap("Generate")
	w.Want("This is not a domain.")
	if signed(t, e).On() {
		t.Error("it signs without a domain")
	}
	fill(w, "dkim.domain", "acme.example")
	w.Tap("Generate")
	r := signed(t, e)
	if r.Name != "s1._domainkey.acme.example" || r.Algorithm != delivery.DKIMRSA {
		t.Errorf("%+v", r)
	}
	copied := ""
	w.Env.Copy = func(s string) { copied = s }
	w.Tap("Copy the text")
	if copied != r.Text {
		t.Errorf("copied %q", copied)
	}
	w.Tap("Copy the name")
	if copied != r.Name {
		t.Errorf("copied %q", copied)
	}
	// It is there when one comes back, and it can be ended.
	w.Key(fyne.KeyEscape)
	signature(w)
	w.Want("Signed by acme.example", r.Name)
	w.Tap("Stop signing")
	if signed(t, e).On() || w.Says(r.Name) {
		t.Error("it still signs")
	}
	w.Want("Not signed by Sendoff")
}

func TestSignatureByAFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"good.pem": "a good weak key", "bad.pem": "a bad key", "empty.pem": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e := admin()
	w := open(t, e, usual)
	take := ""
	w.Env.Pick = func(_ string, extensions []string, then func(string)) {
		if !strings.Contains(strings.Join(extensions, " "), ".pem") {
			t.Errorf("offers %q", extensions)
		}
		then(filepath.Join(dir, take))
	}
	signature(w)
	fill(w, "dkim.selector", "s1")
	for _, c := range []struct{ file, says string }{{"bad.pem", "There is no private key in this file."}, {"empty.pem", "There is no private key in this file."}, {"none.pem", "none.pem"},
		{"good.pem", "shorter than 2,048 bits"}} {
		take = c.file
		w.Tap("Use a key file…")
		w.Want(c.says)
		if signed(t, e).On() != (c.file == "good.pem") {
			t.Errorf("%s: %+v", c.file, signed(t, e))
		}
	}
}

// Without a keyring the key needs a passphrase, as a password does.
func TestSignatureNeedsAPlace(t *testing.T) {
	e := admin()
	e.SetPasswords(delivery.Passwords{}, "")
	w := open(t, e, usual)
	signature(w)
	fill(w, "dkim.selector", "s1")
	w.Tap("Generate")
	w.Want("Choose a passphrase")
	w.Key(fyne.KeyEscape)
	w.Want("Nothing is saved yet")
	w.Tap("Generate")
	fill(w, "accounts.passphrase", "long enough", "accounts.passphrase_again", "long enough")
	w.Tap("Make the file")
	if !signed(t, e).On() {
		t.Error("it does not sign")
	}
	w.Key(fyne.KeyEscape)
	if widgets.IsOpen(w.Window) {
		t.Error("Escape does not close it")
	}
}
