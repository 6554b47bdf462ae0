package accounts_test

import (
	"strings"
	"testing"

	"sendoff/app/panel/paneltest"
	"sendoff/widgets"
)

// until waits until a form is kept.
func until(w *paneltest.Window, key, part string) string {
	w.T.Helper()
	value := ""
	w.UI.Until(w.T, "the draft", func() bool {
		d, err := w.Engine.Draft(w.T.Context(), key)
		if err != nil {
			w.T.Fatal(err)
		}
		value = d.Value
		return strings.Contains(value, part)
	})
	return value
}

// A guide that was left when the window closed goes on where it was, without the
// password.
func TestGuideGoesOn(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	fill(w, "accounts.password", "hush hush", "accounts.name", "Mine")
	w.Tap("Next")
	fill(w, "accounts.sender", "Ann")
	if kept := until(w, "account/new", "Ann\""); strings.Contains(kept, "hush") {
		t.Errorf("the password is kept: %s", kept)
	}

	again := open(t, e, usual)
	again.Tap("Add account")
	if got := text(again, "accounts.sender"); got != "Ann" {
		t.Errorf("sender %q", got)
	}
	again.Tap("Back")
	again.Want("Make an app password")
	if a, b := text(again, "accounts.name"), text(again, "accounts.password"); a != "Mine" || b != "" {
		t.Errorf("name %q, password %q", a, b)
	}
	again.Tap("Back")
	if got := text(again, "accounts.which"); got != "ann@gmail.com" {
		t.Errorf("address %q", got)
	}
	again.Tap("Next")
	if got := text(again, "accounts.name"); got != "Mine" {
		t.Errorf("looked up once more, the name is %q", got)
	}
	// Called off, nothing stays of it.
	again.Tap("Cancel")
	if d, _ := e.Draft(t.Context(), "account/new"); d.Value != "" {
		t.Errorf("kept %q", d.Value)
	}
}

func TestEditGoesOn(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	fill(w, "accounts.password", "hush hush", "accounts.host", "smtp2.acme.example")
	if kept := until(w, "account/2", "smtp2"); strings.Contains(kept, "hush") {
		t.Errorf("the password is kept: %s", kept)
	}
	again := open(t, e, usual)
	editOffice(again)
	if got := text(again, "accounts.host"); got != "smtp2.acme.example" {
		t.Errorf("host %q", got)
	}
	again.Tap("Save")
	if d, _ := e.Draft(t.Context(), "account/2"); d.Value != "" || widgets.IsOpen(again.Window) {
		t.Errorf("kept %q", d.Value)
	}
	if got := account(t, e, "Office"); got.Host != "smtp2.acme.example" || e.Password(2) != "correct horse" {
		t.Errorf("%+v", got)
	}
}
