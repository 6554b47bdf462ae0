package accounts_test

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// failing is a trial that fails at a step.
func failing(at delivery.TestStep, kind delivery.Kind, detail string) []delivery.AccountStep {
	steps := bridgetest.GoodTrial(bridgetest.SampleAccount())
	i := slices.IndexFunc(steps, func(s delivery.AccountStep) bool { return s.Step == at })
	steps[i].Err, steps[i].Detail = &delivery.Error{Kind: kind, Detail: detail}, detail
	return steps[:i+1]
}

// test presses the button of the second card.
func testOffice(w *paneltest.Window) { w.Tap(w.Words.T("accounts.test")) }

func TestTrialPictures(t *testing.T) {
	sheets(t, "trial", admin, func(w *paneltest.Window) { testOffice(w) })
	sheets(t, "trialfailed", func() *bridgetest.Engine {
		e := admin()
		e.SetTrial(failing(delivery.TestAuth, delivery.KindAuth, "535 5.7.8 Username and Password not accepted. For more information, go to the help of the provider")...)
		return e
	}, func(w *paneltest.Window) { testOffice(w) })
	sheets(t, "trialruns", func() *bridgetest.Engine {
		e := admin()
		t.Cleanup(e.HoldTrial())
		return e
	}, func(w *paneltest.Window) { testOffice(w) })
}

// The card tests what is stored, with the password that is kept, and changes
// nothing.
func TestStoredAccount(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	testOffice(w)
	w.Want("smtp.acme.example, port 587. No mail is sent.", "Find the server", "192.0.2.25", "12 ms", "TLS 1.3", "Log in", "1.2 s", "Accept the sender",
		"It works. This account can send.")
	if got := e.Trials(); len(got) != 1 || got[0].Account != bridgetest.SampleAccount() || got[0].Password != "" {
		t.Errorf("%+v", got)
	}
	if len(e.Commands()) > 0 {
		t.Errorf("a test changed something: %q", e.Commands())
	}
	w.Tap("Close")
	if widgets.IsOpen(w.Window) {
		t.Error("it stays open")
	}
}

func TestFailedTrial(t *testing.T) {
	for _, c := range []struct {
		step   delivery.TestStep
		kind   delivery.Kind
		detail string
		says   string
	}{
		{delivery.TestResolve, delivery.KindUnreachable, "no such host", "There is no server named smtp.acme.example."},
		{delivery.TestConnect, delivery.KindUnreachable, "", "There is no answer from smtp.acme.example, port 587."},
		{delivery.TestTLS, delivery.KindTLS, "", "There is no encryption on this port."},
		{delivery.TestTLS, delivery.KindCertificate, "expired", "The certificate of the relay cannot be trusted"},
		{delivery.TestHello, delivery.KindRelay, "554 no service", "The mail server refuses us: 554 no service."},
		{delivery.TestAuth, delivery.KindAuth, "535 no", "The user name or the password is not accepted."},
		{delivery.TestSender, delivery.KindSenderRefused, "550 no", "The mail server refuses the sender news@acme.example: 550 no."},
	} {
		e := admin()
		e.SetTrial(failing(c.step, c.kind, c.detail)...)
		w := open(t, e, usual)
		testOffice(w)
		w.Want(c.says)
		if w.Says("It works.") {
			t.Errorf("%s: it says that it works", c.kind)
		}
	}
}

// While it runs it can be cancelled, and nothing comes of it later.
func TestCancelTrial(t *testing.T) {
	e := admin()
	release := e.HoldTrial()
	w := open(t, e, usual)
	testOffice(w)
	w.Want("Get the password", "3 ms", "Accept the sender")
	if w.Says("It works.") || w.Button("Close") != nil {
		t.Error("it has ended already")
	}
	w.Key(fyne.KeyEscape)
	if n := e.CancelledTrials(); n != 1 {
		t.Errorf("%d trials were cancelled", n)
	}
	release()
	w.Settle()
	if widgets.IsOpen(w.Window) || len(w.Toasts) > 0 {
		t.Errorf("told %q", w.Toasts)
	}
}

// In the guide what is typed is tried, password included; what failed is said
// beside the button, and the field that mends it has the keyboard.
func TestTrialOfWhatIsTyped(t *testing.T) {
	e := admin()
	w := open(t, e, usual)
	guide(w, "ann@gmail.com")
	w.Tap("Test connection")
	w.Want("Fill in the password, or leave the user name empty too.")
	if n := len(e.Trials()); n != 0 {
		t.Fatalf("%d trials of a form with a gap", n)
	}
	fill(w, "accounts.password", "typed")
	e.SetTrial(failing(delivery.TestAuth, delivery.KindAuth, "535 no")...)
	w.Tap("Test connection")
	got := e.Trials()
	if len(got) != 1 || got[0].Password != "typed" || got[0].Account.Host != "smtp.gmail.com" || got[0].Account.Brand.Address != "ann@gmail.com" {
		t.Fatalf("%+v", got)
	}
	w.Tap("Close")
	w.Want("The test failed at “Log in”.")
	if w.Window.Canvas().Focused() != entry(w, "Password").Target() {
		t.Error("the password does not have the keyboard")
	}
	picture(w, "accounts-guide2tested-en-light")
	e.SetTrial()
	fill(w, "accounts.password", "typed better")
	if w.Says("The test failed at") {
		t.Error("an old failure stays")
	}
	w.Tap("Test connection")
	w.Tap("Close")
	w.Want("Tested: it works.")
	if len(e.Commands()) > 0 {
		t.Errorf("a test changed something: %q", e.Commands())
	}
}

// Where the passwords are locked the test asks for the passphrase and goes on.
func TestTrialUnlocks(t *testing.T) {
	e := admin()
	e.SetPasswords(delivery.Passwords{File: true}, "right one")
	e.SetTrial(delivery.AccountStep{Step: delivery.TestPassword, Took: time.Millisecond, Err: &delivery.Error{Kind: delivery.KindPassphrase, Detail: "locked"}})
	w := open(t, e, usual)
	testOffice(w)
	w.Want("Get the password", "The encrypted file with your passwords is locked. Unlock it, and the test goes on.")
	picture(w, "accounts-triallocked-en-light")
	w.Tap("Unlock passwords…")
	e.SetTrial()
	fill(w, "accounts.passphrase", "right one")
	w.Tap("Unlock")
	w.Want("It works. This account can send.")
	if w.Button("Unlock passwords…") != nil {
		t.Error("it still asks for the passphrase")
	}
}
