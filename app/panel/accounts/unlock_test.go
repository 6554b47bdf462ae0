package accounts_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/accounts"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Without a keyring a passphrase is chosen on the way.
func TestNewPassphrase(t *testing.T) {
	e := admin()
	e.SetPasswords(delivery.Passwords{}, "")
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	fill(w, "accounts.password", "secret")
	w.Tap("Next")
	w.Tap("Add account")
	w.Want("Choose a passphrase", "it cannot be recovered")
	picture(w, "accounts-passphrase-new-en-light")
	w.Tap("Make the file")
	w.Want("Fill in the passphrase.")
	fill(w, "accounts.passphrase", "short", "accounts.passphrase_again", "short")
	w.Tap("Make the file")
	w.Want("At least 8 characters.")
	fill(w, "accounts.passphrase", "long enough", "accounts.passphrase_again", "long enouhg")
	w.Tap("Make the file")
	w.Want("These two are not the same.")
	// Giving up keeps the form.
	w.Key(fyne.KeyEscape)
	w.Want("Nothing is saved yet")
	w.Tap("Add account")
	fill(w, "accounts.passphrase", "long enough", "accounts.passphrase_again", "long enough")
	w.Tap("Make the file")
	if a := account(t, e, "Gmail"); e.Password(a.ID) != "secret" {
		t.Errorf("password %q", e.Password(a.ID))
	}
	if p, _ := e.Passwords(t.Context()); !p.File || !p.Open {
		t.Errorf("%+v", p)
	}
	w.Want("Passwords are kept in an encrypted file. It is open until you close Sendoff.")
}

func TestUnlock(t *testing.T) {
	locked := func() *bridgetest.Engine {
		e := admin()
		e.SetPasswords(delivery.Passwords{File: true}, "right one")
		return e
	}
	sheets(t, "locked", locked, func(w *paneltest.Window) { w.Want(w.Words.T("accounts.kept.locked")) })
	sheets(t, "unlock", locked, func(w *paneltest.Window) {
		accounts.Unlock(w.Env, func() {})
		w.Settle()
		fill(w, "accounts.passphrase", "wrong")
		w.Tap(w.Words.T("accounts.passphrase_ok"))
		w.Want(w.Words.T("accounts.wrong.passphrase"))
	})
	e := locked()
	w := open(t, e, usual)
	opened := 0
	accounts.Unlock(w.Env, func() { opened++ })
	w.Settle()
	fill(w, "accounts.passphrase", "right one")
	w.Key(fyne.KeyReturn)
	if opened != 1 || widgets.IsOpen(w.Window) {
		t.Errorf("opened %d times", opened)
	}
	accounts.Unlock(w.Env, func() { opened++ }) // it is open: nothing to ask
	w.Settle()
	if opened != 2 || widgets.IsOpen(w.Window) {
		t.Errorf("opened %d times", opened)
	}
	e.SetPasswords(delivery.Passwords{Keyring: true}, "")
	accounts.Unlock(w.Env, func() { opened++ })
	w.Settle()
	if opened != 3 || widgets.IsOpen(w.Window) {
		t.Errorf("with a keyring: opened %d times", opened)
	}
}
