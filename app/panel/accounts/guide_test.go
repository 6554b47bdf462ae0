package accounts_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/panel/accounts"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// guide opens it with an address typed and the second step shown.
func guide(w *paneltest.Window, address string) {
	w.T.Helper()
	w.Tap(w.Words.T("accounts.add"))
	fill(w, "accounts.which", address)
	w.Tap(w.Words.T("accounts.next"))
}

// text is what stands in a field.
func text(w *paneltest.Window, key string) string { return entry(w, w.Words.T(key)).Text() }

// press presses what is called so: a link, a tab.
func press(w *paneltest.Window, key string, pairs ...any) {
	w.T.Helper()
	var found fyne.Tappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(interface {
			fyne.Tappable
			AccessibilityLabel() string
		}); ok && k.AccessibilityLabel() == w.Words.T(key, pairs...) {
			found = k
		}
	})
	if found == nil {
		w.T.Fatalf("nothing is called %q", w.Words.T(key, pairs...))
	}
	found.Tapped(nil)
	w.Settle()
}

func TestGuidePictures(t *testing.T) {
	sheets(t, "guide1", admin, func(w *paneltest.Window) { w.Tap(w.Words.T("accounts.add")) })
	sheets(t, "guide1found", admin, func(w *paneltest.Window) {
		w.Tap(w.Words.T("accounts.add"))
		fill(w, "accounts.which", "ann@acme.example")
		w.Tap(w.Words.T("accounts.look_up"))
	})
	sheets(t, "guide2", admin, func(w *paneltest.Window) { guide(w, "ann@gmail.com") })
	sheets(t, "guide2wrong", admin, func(w *paneltest.Window) {
		guide(w, "ann@gmail.com")
		fill(w, "accounts.host", "ann@gmail.com", "accounts.port", "70000", "accounts.name", "")
		press(w, "accounts.limits_folded", "limits", w.Words.N("accounts.connections_n", 2)+", "+w.Words.T("accounts.per_day_n", "n", 500))
		fill(w, "accounts.per_day", "lots")
		w.Tap(w.Words.T("accounts.next"))
	})
	sheets(t, "guide3", admin, func(w *paneltest.Window) {
		guide(w, "ann@gmail.com")
		fill(w, "accounts.password", "secret")
		w.Tap(w.Words.T("accounts.next"))
		fill(w, "accounts.sender", "Acme Garden", "accounts.postal", "Acme Garden\nDorpsstraat 1\n3511 AB Utrecht")
	})
}

// The whole way, with nothing but an address, a password and a name.
func TestGuide(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	w.Want("Make an app password on the provider's site")
	for key, want := range map[string]string{"accounts.host": "smtp.gmail.com", "accounts.port": "587", "accounts.user": "ann@gmail.com", "accounts.name": "Gmail"} {
		if got := text(w, key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	fill(w, "accounts.password", "app password")
	w.Tap("Next")
	if got := text(w, "accounts.address"); got != "ann@gmail.com" {
		t.Errorf("the sender is %q", got)
	}
	fill(w, "accounts.sender", "Ann’s Garden", "accounts.postal", "Dorpsstraat 1\n3511 AB Utrecht\n")
	w.Want("Ann’s Garden", "<ann@gmail.com>")
	w.Tap("Add account")
	want := delivery.Account{ID: 3, Name: "Gmail", Kind: delivery.AccountSMTP, Provider: "gmail", Host: "smtp.gmail.com", Port: 587, Security: delivery.SecurityStartTLS,
		User: "ann@gmail.com", Connections: 2, PerDay: 500,
		Brand: delivery.Brand{Name: "Ann’s Garden", Address: "ann@gmail.com", PostalAddress: "Dorpsstraat 1\n3511 AB Utrecht"}}
	if got := account(t, e, "Gmail"); got != want {
		t.Errorf("stored %+v\nwant   %+v", got, want)
	}
	if e.Password(3) != "app password" {
		t.Errorf("the password is %q", e.Password(3))
	}
	if widgets.IsOpen(w.Window) || !slices.Equal(w.Toasts, []string{"“Gmail” is added."}) {
		t.Errorf("told %q", w.Toasts)
	}
	w.Want("Ann’s Garden")
}

func TestLookUp(t *testing.T) {
	for _, c := range []struct {
		address, said string
		asked         int
		host          string // on the second step; empty: it does not come
	}{
		{"ann@gmail.com", "Gmail: the address is theirs.", 1, "smtp.gmail.com"},
		{"ann@acme.example", "Microsoft 365: the mail of acme.example goes there.", 1, "smtp.office365.com"},
		{"ann@published.example", "published.example announces its mail server: mail.published.example.", 1, "mail.published.example"},
		{"ann@nowhere.example", "Nothing tells which mail server belongs to nowhere.example.", 1, ""},
		{"ann@", "This is not an e-mail address.", 0, ""},
		{"", "Fill in your e-mail address, or choose a provider.", 0, ""},
	} {
		e := admin()
		w := open(t, e, usual)
		w.Tap("Add account")
		fill(w, "accounts.which", c.address)
		w.Tap("Look up")
		w.Want(c.said)
		if n := len(e.LookUps()); n != c.asked {
			t.Errorf("%s: asked %d times", c.address, n)
		}
		if c.host != "" {
			w.Tap("Next")
			if got := text(w, "accounts.host"); got != c.host || len(e.LookUps()) != 1 {
				t.Errorf("%s: host %q, asked %v", c.address, got, e.LookUps())
			}
		}
	}
}

// Return looks up; an address that is changed afterwards is looked up anew; a
// look-up that fails leaves two other ways.
func TestLookUpAgain(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	w.Tap("Add account")
	fill(w, "accounts.which", "ann@gmail.com")
	w.Key(fyne.KeyReturn)
	w.Want("Gmail: the address is theirs.")
	fill(w, "accounts.which", "ann@published.example")
	if w.Says("Gmail: the address is theirs.") {
		t.Error("what was found for another address stays")
	}
	w.Tap("Next")
	if got := text(w, "accounts.host"); got != "mail.published.example" {
		t.Errorf("host %q", got)
	}
	w.Tap("Back")
	e.Fail("look_up", &delivery.Error{Kind: delivery.KindTimeout})
	fill(w, "accounts.which", "ann@gmail.com")
	w.Tap("Next")
	w.Want("The look-up did not work:")
	w.Tap("Choose a provider")
	w.Choose("Postmark")
	w.Tap("Next")
	if got, user := text(w, "accounts.host"), text(w, "accounts.user"); got != "smtp-broadcasts.postmarkapp.com" || user != "" {
		t.Errorf("host %q, user %q", got, user)
	}
	w.Want("The password is an API key")
}

func TestAnotherServer(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	w.Tap("Add account")
	press(w, "accounts.other")
	fill(w, "accounts.host", "127.0.0.1", "accounts.name", "Own server")
	w.Tap("STARTTLS")
	w.Choose("TLS")
	if got := text(w, "accounts.port"); got != "465" {
		t.Errorf("port %q", got)
	}
	w.Tap("TLS")
	w.Choose("None (this computer)")
	fill(w, "accounts.port", "2525")
	w.Tap("Next")
	w.Tap("Add account")
	want := delivery.Account{ID: 3, Name: "Own server", Kind: delivery.AccountSMTP, Host: "127.0.0.1", Port: 2525, Security: delivery.SecurityNone, Connections: 2}
	if got := account(t, e, "Own server"); got != want {
		t.Errorf("stored %+v", got)
	}
}

// What is typed stays when one goes back and forth.
func TestNothingTypedIsLost(t *testing.T) {
	w := open(t, admin(), usual)
	guide(w, "ann@gmail.com")
	fill(w, "accounts.password", "secret", "accounts.name", "Mine", "accounts.host", "smtp2.gmail.com")
	w.Tap("Next")
	fill(w, "accounts.sender", "Ann", "accounts.reply", "office@gmail.com")
	w.Tap("Back")
	w.Tap("Back")
	if got := text(w, "accounts.which"); got != "ann@gmail.com" {
		t.Errorf("address %q", got)
	}
	w.Tap("Next")
	if a, b, c := text(w, "accounts.password"), text(w, "accounts.name"), text(w, "accounts.host"); a != "secret" || b != "Mine" || c != "smtp2.gmail.com" {
		t.Errorf("%q, %q, %q", a, b, c)
	}
	w.Tap("Next")
	if a, b := text(w, "accounts.sender"), text(w, "accounts.reply"); a != "Ann" || b != "office@gmail.com" {
		t.Errorf("%q, %q", a, b)
	}
}

// What is wrong is told before the engine is asked, and goes when it is typed in.
func TestWrongInput(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	fill(w, "accounts.port", "0")
	w.Tap("Next")
	w.Want("A number from 1 to 65535.", "Fill in the password, or leave the user name empty too.")
	fill(w, "accounts.port", "25", "accounts.password", "x")
	if w.Says("A number from 1 to 65535.") {
		t.Error("the complaint stays")
	}
	w.Tap("Next")
	fill(w, "accounts.reply", "nobody")
	w.Tap("Add account")
	w.Want("This is not an e-mail address.")
	if len(e.Commands()) > 0 {
		t.Errorf("the engine was told %q", e.Commands())
	}
}

// What the engine refuses goes beside its field, on the step where that is.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		err   error
		says  string
		field string // a field of the step that must be shown
	}{
		{&delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: "Gmail"}, "Another account has this name already.", "accounts.name"},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "account.host", Detail: "x"}, "The host cannot be “x”.", "accounts.host"},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "account.brand.address", Detail: "x"}, "This is not an e-mail address.", "accounts.address"},
		{&delivery.Error{Kind: delivery.KindDiskFull, File: "x.db"}, "The disk is full", "accounts.sender"},
	} {
		e := admin()
		w := open(t, e, usual)
		guide(w, "ann@gmail.com")
		fill(w, "accounts.password", "secret")
		w.Tap("Next")
		fill(w, "accounts.sender", "Ann")
		e.Fail("add_account", c.err)
		w.Tap("Add account")
		w.Want(c.says)
		text(w, c.field)
		// Nothing is lost: once it can be stored, it is.
		e.Fail("add_account", nil)
		for w.Button("Next") != nil {
			w.Tap("Next")
		}
		w.Tap("Add account")
		if a := account(t, e, "Gmail"); a.Brand.Name != "Ann" || e.Password(a.ID) != "secret" {
			t.Errorf("%v: %+v", c.err, a)
		}
	}
}

// Closing while the engine works loses nothing that it has taken.
func TestClosedWhileItIsStored(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	fill(w, "accounts.password", "secret")
	w.Tap("Next")
	w.Button("Add account").Tapped(nil) // before its result comes
	widgets.Dismiss(w.Window)
	w.Settle()
	account(t, e, "Gmail")
	if !slices.Equal(w.Toasts, []string{"“Gmail” is added."}) {
		t.Errorf("told %q", w.Toasts)
	}
}

// Other screens open the guide too, and get what it made.
func TestAddFromElsewhere(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	var got delivery.Account
	accounts.Add(w.Env, func(a delivery.Account) { got = a })
	w.Settle()
	fill(w, "accounts.which", "ann@proton.me")
	w.Tap("Next")
	w.Want("The provider's bridge must run on this computer.")
	fill(w, "accounts.password", "secret")
	w.Tap("Next")
	w.Tap("Add account")
	if got.ID != 3 || got.Host != "127.0.0.1" || got.Security != delivery.SecurityNone {
		t.Errorf("%+v", got)
	}
	if strings.Contains(strings.Join(w.Toasts, ""), "secret") {
		t.Error("the password is told")
	}
}
