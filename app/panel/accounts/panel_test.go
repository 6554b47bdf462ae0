package accounts_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// many are accounts with everything that may be long.
func many() *bridgetest.Engine {
	e := admin()
	e.SetAccounts(delivery.Account{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4, Rate: 1240},
		bridgetest.SampleAccount(),
		delivery.Account{ID: 3, Name: "Marketing of the whole group, with a name that somebody kept adding words to until it was done", Kind: delivery.AccountSMTP,
			Provider: "m365", Host: "smtp.office365.com", Port: 587, Security: delivery.SecurityStartTLS,
			User:        "newsletter.department.of.the.northern.region@subsidiary.acme-garden-group.example",
			Connections: 256, PerMinute: 30, PerHour: 1000000, PerDay: 24000000, PasswordEnv: "SENDOFF_SMTP_PASSWORD",
			Brand: delivery.Brand{Name: "Acme Garden and Landscape Architects of the Northern Region", Address: "newsletter.department.of.the.northern.region@subsidiary.acme-garden-group.example",
				PostalAddress: "Acme Garden and Landscape Architects\nIndustrieterrein De Nieuwe Hoeve 1234\n3511 AB Utrecht"}},
		delivery.Account{ID: 4, Name: "Proton", Kind: delivery.AccountSMTP, Host: "127.0.0.1", Port: 1025, Security: delivery.SecurityNone, Connections: 1})
	return e
}

func TestCards(t *testing.T) {
	sheets(t, "list", admin, func(w *paneltest.Window) {
		if w.Title != w.Words.T("nav.accounts") {
			t.Errorf("title %q", w.Title)
		}
		w.Want(w.Words.T("accounts.training_note"), "smtp.acme.example", "Acme Garden", "news@acme.example", w.Words.T("accounts.kept.keyring"))
	})
	sheets(t, "many", many, func(w *paneltest.Window) { w.Want("Proton", "24") })
}

func TestNarrow(t *testing.T) {
	w := open(t, many(), paneltest.Options{Lang: "nl", W: 720, H: 900})
	w.NothingIsCut()
	picture(w, "accounts-narrow-nl-light")
	w = open(t, admin(), paneltest.Options{Lang: "en", W: 1600, H: 900})
	w.Picture("accounts-wide-en-light")
}

func TestEmpty(t *testing.T) {
	sheets(t, "empty", func() *bridgetest.Engine {
		e := admin()
		e.SetAccounts()
		e.SetPasswords(delivery.Passwords{}, "")
		return e
	}, func(w *paneltest.Window) { w.Want(w.Words.T("accounts.empty")) })
	e := admin()
	e.SetAccounts(delivery.Account{ID: 1, Kind: delivery.AccountSandbox, Connections: 4})
	w := open(t, e, usual)
	w.Want("To send for real")
}

func TestWhoMayNotFindsNoButton(t *testing.T) {
	for _, c := range []struct {
		name string
		e    func() *bridgetest.Engine
		why  string
	}{
		{"no right", func() *bridgetest.Engine { return bridgetest.New() }, "Changing accounts needs the right “Administration”."},
		{"read-only", func() *bridgetest.Engine {
			e := admin()
			e.SetReadOnly(&delivery.Error{Kind: delivery.KindNewerSchema})
			return e
		}, "Read-only: nothing can be changed here."},
	} {
		w := open(t, c.e(), usual)
		w.Want(c.why)
		for _, b := range []string{"Add account", "Edit", "More"} {
			if w.Button(b) != nil {
				t.Errorf("%s: there is %q", c.name, b)
			}
		}
		if w.Button("Test connection") == nil {
			t.Errorf("%s: nothing can be tested", c.name)
		}
	}
}

func TestKeyboard(t *testing.T) {
	w := open(t, admin(), usual)
	w.Screen.(interface{ Focus() }).Focus()
	w.Key(fyne.KeySpace)
	w.Want("What is your e-mail address?")
	w.Key(fyne.KeyEscape)
	if w.Says("What is your e-mail address?") {
		t.Error("Escape does not close the guide")
	}
	w = open(t, bridgetest.New(), usual)
	w.Screen.(interface{ Focus() }).Focus()
	w.Key(fyne.KeySpace)
	w.Want("The training relay on this computer.")
}

func menu(w *paneltest.Window, item string) {
	w.T.Helper()
	w.Tap(w.Words.T("common.more"))
	w.Choose(item)
}

func TestDelete(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	menu(w, "Delete…")
	w.Want("Delete this account?")
	picture(w, "accounts-delete-en-light")
	w.Tap("Cancel")
	if w.Says("Delete this account?") || len(e.Commands()) > 0 {
		t.Fatalf("cancelled: %q", e.Commands())
	}
	e.SetInUse(2, "DM12 Summer time")
	menu(w, "Delete…")
	w.Tap("Delete")
	if n := len(w.Toasts); n != 1 || w.Toasts[0] != "“Office” is used by DM12 Summer time. Choose another account there first, or wait until it has ended." {
		t.Errorf("told %q", w.Toasts)
	}
	account(t, e, "Office")
	e.SetInUse(2, "")
	menu(w, "Delete…")
	w.Tap("Delete")
	if w.Says("smtp.acme.example") || e.Password(2) != "" {
		t.Error("the account is still there")
	}
	if w.Toasts[1] != "“Office” is deleted." {
		t.Errorf("told %q", w.Toasts)
	}
}

// A list that cannot be read keeps what is shown, and what comes after closing is
// ignored.
func TestReading(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	e.Fail("accounts", &delivery.Error{Kind: delivery.KindIO, File: "x.db"})
	w.Screen.Reload()
	w.Settle()
	w.Want("Office")
	if len(w.Toasts) != 1 {
		t.Errorf("told %q", w.Toasts)
	}
	e.Fail("accounts", nil)
	w.Screen.Close()
	e.SetAccounts()
	w.Settle()
	w.Want("Office")
}

// Rights go with the person.
func TestAnotherPersonWorks(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	w.Env.Become(access.Operator{ID: 2, Name: "Joris"})
	w.Screen.Reload()
	w.Settle()
	if w.Button("Edit") != nil || w.Button("Add account") != nil {
		t.Error("Joris may change accounts")
	}
}
