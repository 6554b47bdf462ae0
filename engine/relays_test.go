package engine_test

import (
	"slices"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// safe is a place for passwords in memory.
type safe map[string]string

func (s safe) Set(a delivery.Account, p string) error { s[a.User+"@"+a.Host] = p; return nil }
func (s safe) Get(a delivery.Account) (string, error) {
	if p, ok := s[a.User+"@"+a.Host]; ok {
		return p, nil
	}
	return "", &delivery.Error{Kind: delivery.KindPassword}
}
func (s safe) Forget(a delivery.Account) error { delete(s, a.User+"@"+a.Host); return nil }
func (s safe) State() delivery.Passwords       { return delivery.Passwords{Keyring: true} }
func (s safe) Open(string) error               { return nil }

type office struct {
	*engine.Engine
	t    *testing.T
	who  access.Principal
	safe safe
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, safe: safe{}, who: access.Principal{Operator: 1}}
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", TrainingLatency: -1, Secrets: o.safe})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	o.Engine = e
	return o
}

func (o *office) add(name string) delivery.Account {
	o.t.Helper()
	a, err := o.AddAccount(o.t.Context(), o.who, delivery.Account{Name: name, Host: "smtp.acme.example", User: "news", PerDay: 500,
		Brand: delivery.Brand{Name: "Acme, Garden", Address: "news@ACME.example", PostalAddress: "Dorpsstraat 1\nUtrecht"}}, "s3cret")
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) names() []string {
	as, err := o.Accounts(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	var out []string
	for _, a := range as {
		out = append(out, a.Name)
	}
	return out
}

func TestAccounts(t *testing.T) {
	o := newOffice(t)
	a := o.add("Office")
	if a.Brand.Address != "news@acme.example" || a.Brand.From() != `"Acme, Garden" <news@acme.example>` || a.Port != 587 {
		t.Errorf("%+v", a)
	}
	a.PerDay, a.Brand.Name = 1000, "Acme"
	if err := o.EditAccount(t.Context(), o.who, a, ""); err != nil {
		t.Fatal(err)
	}
	a.Host = "smtp2.acme.example"
	if err := o.EditAccount(t.Context(), o.who, a, ""); err != nil {
		t.Fatal(err)
	}
	if p, err := o.safe.Get(a); err != nil || p != "s3cret" {
		t.Errorf("the password did not move along: %q, %v", p, err)
	}
	as, _ := o.Accounts(t.Context())
	if got := as[1]; got.PerDay != 1000 || got.Brand.Name != "Acme" || got.Host != "smtp2.acme.example" {
		t.Errorf("%+v", got)
	}
	for field, change := range map[string]func(*delivery.Account){
		"account.brand.address":  func(a *delivery.Account) { a.Brand.Address = "nobody" },
		"account.brand.reply_to": func(a *delivery.Account) { a.Brand.ReplyTo = "a@b@c" },
		"account.port":           func(a *delivery.Account) { a.Port = 70000 },
		"account.name":           func(a *delivery.Account) { a.Name = " " },
		"account.security":       func(a *delivery.Account) { a.Security = delivery.SecurityNone },
	} {
		b := a
		change(&b)
		if err := o.EditAccount(t.Context(), o.who, b, ""); !delivery.Is(err, delivery.KindInvalid) || err.(*delivery.Error).Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	joris, err := o.AddOperator(t.Context(), o.who, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.EditAccount(t.Context(), access.Principal{Operator: joris.ID}, a, ""); !delivery.Is(err, delivery.KindRight) {
		t.Errorf("without the right: %v", err)
	}
	training := as[0]
	training.Host, training.Brand.Name = "smtp.evil.example", "Trainer"
	if err := o.EditAccount(t.Context(), o.who, training, ""); err != nil {
		t.Fatal(err)
	}
	if as, _ = o.Accounts(t.Context()); as[0].Host != "" || as[0].Brand.Name != "Trainer" {
		t.Errorf("the training relay: %+v", as[0])
	}
	if err := o.DeleteAccount(t.Context(), o.who, training.ID); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("the training relay was deleted: %v", err)
	}
}

// An account goes for good when nothing names it, is offered no more when only
// ended deliveries do, and stays while one is to be sent through it.
func TestDeleteAccount(t *testing.T) {
	o := newOffice(t)
	free, used := o.add("Free"), o.add("Used")
	if err := o.DeleteAccount(t.Context(), o.who, free.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.safe.Get(free); err != nil {
		t.Error("another account has the same password, and it is gone")
	}
	id, err := o.CreateDelivery(t.Context(), o.who, delivery.Draft{Label: "Autumn", Account: used.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.DeleteAccount(t.Context(), o.who, used.ID); !delivery.Is(err, delivery.KindInUse) || err.(*delivery.Error).Detail != "DM1 Autumn" {
		t.Errorf("an account in use: %v", err)
	}
	if err := o.DeleteDelivery(t.Context(), o.who, id); err != nil {
		t.Fatal(err)
	}
	if err := o.DeleteAccount(t.Context(), o.who, used.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.names(); !slices.Equal(got, []string{"sandbox"}) || len(o.safe) != 0 {
		t.Errorf("left %v, passwords %v", got, o.safe)
	}
	if err := o.DeleteAccount(t.Context(), o.who, used.ID); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
}

// The training relay can be tested like any other.
func TestTestAccount(t *testing.T) {
	o := newOffice(t)
	as, err := o.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var told int
	got, err := o.TestAccount(t.Context(), as[0], "", func(delivery.AccountStep) { told++ })
	if err != nil || !got.OK() || told != len(got.Steps) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = o.TestAccount(t.Context(), delivery.Account{Name: "x", Host: "127.0.0.1", Port: 1, Security: delivery.SecurityNone, User: "u"}, "", nil)
	if err != nil || got.OK() || len(got.Steps) != 1 || got.Steps[0].Step != delivery.TestPassword {
		t.Errorf("no password: %+v, %v", got, err)
	}
	got, err = o.TestAccount(t.Context(), delivery.Account{Name: "x", Host: "127.0.0.1", Port: 1, Security: delivery.SecurityNone}, "", nil)
	if err != nil || got.OK() || got.Steps[0].Step != delivery.TestConnect || !delivery.Is(got.Steps[0].Err, delivery.KindUnreachable) {
		t.Errorf("nobody there: %+v, %v", got, err)
	}
}
