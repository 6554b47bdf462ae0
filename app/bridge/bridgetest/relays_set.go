package bridgetest

import (
	"slices"
	"sync"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// Trial is a trial connection that was asked for.
type Trial struct {
	Account  delivery.Account
	Password string
}

// SampleAccount is a real relay with everything filled in.
func SampleAccount() delivery.Account {
	return delivery.Account{ID: 2, Name: "Office", Kind: delivery.AccountSMTP, Host: "smtp.acme.example", Port: 587,
		Security: delivery.SecurityStartTLS, User: "news@acme.example", Connections: 4, PerDay: 500, Rate: 26.4,
		Brand: delivery.Brand{Name: "Acme Garden", Address: "news@acme.example", PostalAddress: "Acme Garden\nDorpsstraat 1\n3511 AB Utrecht"}}
}

// SetAccounts replaces the accounts.
func (e *Engine) SetAccounts(as ...delivery.Account) {
	e.mu.Lock()
	e.rel().accounts = as
	e.mu.Unlock()
	e.Hub.Publish(event.Lists{})
}

// SetPasswords sets where passwords are kept, with the passphrase of the file.
func (e *Engine) SetPasswords(p delivery.Passwords, passphrase string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rel().place, e.relays.passphrase = p, passphrase
}

// SetInUse makes a delivery use an account.
func (e *Engine) SetInUse(account int64, by string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rel().inUse[account] = by
}

// SetTrial sets what trial connections find; without steps all go well.
func (e *Engine) SetTrial(steps ...delivery.AccountStep) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.rel().steps = steps
}

// HoldTrial makes trial connections wait after their first step until release is
// called.
func (e *Engine) HoldTrial() (release func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	gate := make(chan struct{})
	e.rel().gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// Trials lists the trial connections that were asked for.
func (e *Engine) Trials() []Trial {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.rel().trials)
}

// CancelledTrials is how many trial connections were cancelled on their way.
func (e *Engine) CancelledTrials() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rel().cancelled
}

// LookUps lists the addresses that were looked up.
func (e *Engine) LookUps() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.rel().lookups)
}

// Password is the one that is kept for an account.
func (e *Engine) Password(account int64) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rel().secrets[account]
}

// GoodTrial are the steps of a connection that goes well.
func GoodTrial(a delivery.Account) []delivery.AccountStep {
	steps := []delivery.AccountStep{
		{Step: delivery.TestResolve, Took: 12 * time.Millisecond, Detail: "192.0.2.25"},
		{Step: delivery.TestConnect, Took: 31 * time.Millisecond, Detail: "192.0.2.25:587"},
		{Step: delivery.TestHello, Took: 84 * time.Millisecond, Detail: "PIPELINING, SIZE 35882577, 8BITMIME, STARTTLS"},
	}
	if a.Security != delivery.SecurityNone {
		steps = append(steps, delivery.AccountStep{Step: delivery.TestTLS, Took: 140 * time.Millisecond, Detail: "TLS 1.3"})
	}
	if a.User != "" {
		steps = append(steps, delivery.AccountStep{Step: delivery.TestAuth, Took: 1240 * time.Millisecond, Detail: a.User})
	}
	if a.Brand.Address != "" {
		steps = append(steps, delivery.AccountStep{Step: delivery.TestSender, Took: 44 * time.Millisecond, Detail: a.Brand.Address})
	}
	return steps
}
