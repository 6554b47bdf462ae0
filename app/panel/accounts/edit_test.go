package accounts_test

import (
	"slices"
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// editOffice opens the second card.
func editOffice(w *paneltest.Window) { w.Tap(w.Words.T("common.edit")) }

func TestEditPictures(t *testing.T) {
	sheets(t, "edit", admin, editOffice)
	sheets(t, "editlimits", admin, func(w *paneltest.Window) { menu(w, w.Words.T("accounts.edit_limits")) })
	sheets(t, "editsender", admin, func(w *paneltest.Window) { menu(w, w.Words.T("accounts.edit_sender")) })
}

func TestEditLimitsAndUndo(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	menu(w, "Limits…")
	fill(w, "accounts.per_day", "2,000", "accounts.connections", "8")
	w.Tap("Save")
	want := bridgetest.SampleAccount()
	want.PerDay, want.Connections = 2000, 8
	if got := account(t, e, "Office"); got != want {
		t.Errorf("stored %+v", got)
	}
	if !slices.Equal(w.Toasts, []string{"“Office” is changed."}) || e.Password(2) != "correct horse" {
		t.Errorf("told %q, password %q", w.Toasts, e.Password(2))
	}
	w.Want("8 connections", "2,000 a day")
	w.Undo()
	if got := account(t, e, "Office"); got != bridgetest.SampleAccount() {
		t.Errorf("taken back: %+v", got)
	}
	w.Want("4 connections", "500 a day")
}

// A password that was replaced is gone for good, so nothing is offered to undo.
func TestEditPassword(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	if got := text(w, "accounts.password"); got != "" {
		t.Errorf("the password is shown: %q", got)
	}
	fill(w, "accounts.password", "new one")
	w.Tap("Save")
	if e.Password(2) != "new one" || len(w.Undos) != 0 || len(w.Toasts) != 1 {
		t.Errorf("password %q, %d undos, told %q", e.Password(2), len(w.Undos), w.Toasts)
	}
}

// Nothing changed: nothing is stored.
func TestEditNothing(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	w.Tap("Save")
	if len(e.Commands()) > 0 || widgets.IsOpen(w.Window) || len(w.Toasts) > 0 {
		t.Errorf("the engine was told %q", e.Commands())
	}
}

func TestEditRefusals(t *testing.T) {
	for _, c := range []struct {
		err  error
		says string
		form string // a field that is shown then
	}{
		{&delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: "Office"}, "Another account has this name already.", "accounts.host"},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "account.brand.reply_to", Detail: "x"}, "This is not an e-mail address.", "accounts.sender"},
		{&delivery.Error{Kind: delivery.KindInUse, Field: "account", Detail: "DM12 Summer time"}, "“Office” is sending DM12 Summer time.", "accounts.per_day"},
	} {
		e := admin()
		w := open(t, e, usual)
		menu(w, "Limits…")
		fill(w, "accounts.per_day", "20")
		e.Fail("edit_account", c.err)
		w.Tap("Save")
		w.Want(c.says)
		text(w, c.form)
		e.Fail("edit_account", nil)
		w.Tap("Save")
		if got := account(t, e, "Office"); got.PerDay != 20 {
			t.Errorf("%v: %+v", c.err, got)
		}
	}
}

// A problem on a tab that is out of sight brings it into sight.
func TestEditShowsTheTabOfAProblem(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	editOffice(w)
	press(w, "accounts.tab.sender")
	fill(w, "accounts.address", "nobody")
	press(w, "accounts.tab.connection")
	w.Tap("Save")
	w.Want("This is not an e-mail address.")
	fill(w, "accounts.address", "office@acme.example")
	w.Tap("Save")
	if got := account(t, e, "Office"); got.Brand.Address != "office@acme.example" {
		t.Errorf("%+v", got)
	}
}

// Of the training relay the sender alone can be changed.
func TestEditTraining(t *testing.T) {
	e := admin()
	e.SetAccounts(delivery.Account{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4, Rate: 3})
	w := open(t, e, usual)
	w.Tap("Edit")
	if len(paneltest.All[*widgets.Tabs](w)) != 0 || w.Says("Encryption") {
		t.Error("there is more than the sender")
	}
	picture(w, "accounts-edittraining-en-light")
	fill(w, "accounts.sender", "Acme", "accounts.address", "news@acme.example")
	w.Tap("Save")
	if got := account(t, e, "Training relay"); got.Brand.Name != "Acme" || got.Connections != 4 || got.Rate != 3 {
		t.Errorf("%+v", got)
	}
	w.Undo()
	if got := account(t, e, "Training relay"); got.Brand != (delivery.Brand{}) {
		t.Errorf("taken back: %+v", got)
	}
}

// A locked file asks for its passphrase on the way.
func TestEditPasswordOfALockedFile(t *testing.T) {
	e := admin()
	e.SetPasswords(delivery.Passwords{File: true}, "right one")
	w := open(t, e, usual)
	editOffice(w)
	fill(w, "accounts.password", "new one")
	w.Tap("Save")
	fill(w, "accounts.passphrase", "right one")
	w.Tap("Unlock")
	if e.Password(2) != "new one" || widgets.IsOpen(w.Window) {
		t.Errorf("password %q", e.Password(2))
	}
}
