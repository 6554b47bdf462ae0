package bridgetest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/provider"
)

// relays are the accounts of a fake engine. Engine.mu guards them.
type relays struct {
	made       bool
	accounts   []delivery.Account
	secrets    map[int64]string
	inUse      map[int64]string // account to the delivery that uses it
	place      delivery.Passwords
	passphrase string
	steps      []delivery.AccountStep // of a trial; nil: all go well
	gate       chan struct{}          // a trial waits for it after its first step
	trials     []Trial
	cancelled  int // of the trials
	lookups    []string
	dkim       map[int64]delivery.DKIMRecord
}

// rel gives the accounts, made at the first use. The caller holds the lock.
func (e *Engine) rel() *relays {
	r := &e.relays
	if !r.made {
		r.made = true
		r.accounts = []delivery.Account{{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4}, SampleAccount()}
		r.secrets = map[int64]string{2: "correct horse"}
		r.inUse = map[int64]string{}
		r.place = delivery.Passwords{Keyring: true}
	}
	return r
}

// Accounts lists the training relay and a real one, and what was added.
func (e *Engine) Accounts(context.Context) ([]delivery.Account, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail["accounts"]; err != nil {
		return nil, err
	}
	return slices.Clone(e.rel().accounts), nil
}

// Providers lists five of them.
func (e *Engine) Providers() []provider.Provider {
	starttls := delivery.SecurityStartTLS
	return []provider.Provider{
		{ID: "gmail", Name: "Gmail", Host: "smtp.gmail.com", Port: 587, Security: starttls, User: provider.UserAddress, Connections: 2,
			PerDay: 500, Notes: []string{"app_password", "not_bulk"}, Domains: []string{"gmail.com", "googlemail.com"}},
		{ID: "m365", Name: "Microsoft 365", Host: "smtp.office365.com", Port: 587, Security: starttls, User: provider.UserAddress,
			Connections: 2, PerMinute: 30, PerDay: 10000, Notes: []string{"basic_auth_ends"}},
		{ID: "proton", Name: "Proton Mail Bridge", Host: "127.0.0.1", Port: 1025, Security: delivery.SecurityNone, User: provider.UserAddress,
			Connections: 1, Notes: []string{"bridge"}, Domains: []string{"proton.me"}},
		{ID: "transip", Name: "TransIP", Host: "smtp.transip.email", Port: 465, Security: delivery.SecurityTLS, User: provider.UserAddress, Connections: 2},
		{ID: "postmark", Name: "Postmark", Host: "smtp-broadcasts.postmarkapp.com", Port: 587, Security: starttls, User: provider.UserKey,
			Connections: 8, Notes: []string{"user_key", "api_key", "verify_sender"}},
	}
}

// LookUp knows the providers' own domains, a domain that publishes its relay
// (published.example) and one whose mail goes to Microsoft (acme.example).
func (e *Engine) LookUp(_ context.Context, address string) (provider.Found, error) {
	e.mu.Lock()
	e.rel().lookups = append(e.relays.lookups, address)
	err := e.fail["look_up"]
	e.mu.Unlock()
	if err != nil {
		return provider.Found{}, err
	}
	_, domain, ok := strings.Cut(address, "@")
	if !ok {
		return provider.Found{}, &delivery.Error{Op: "look_up", Kind: delivery.KindInvalid, Field: "account.brand.address", Detail: address}
	}
	for _, p := range e.Providers() {
		if slices.Contains(p.Domains, domain) {
			return provider.Found{Provider: p, By: provider.ByDomain}, nil
		}
	}
	switch domain {
	case "acme.example":
		return provider.Found{Provider: e.Providers()[1], By: provider.ByMX}, nil
	case "published.example":
		return provider.Found{By: provider.BySRV, Provider: provider.Provider{Name: domain, Host: "mail.published.example", Port: 465,
			Security: delivery.SecurityTLS, User: provider.UserAddress, Connections: 2}}, nil
	}
	return provider.Found{}, &delivery.Error{Op: "look_up", Kind: delivery.KindNotFound, Field: "provider", Detail: domain}
}

// TestAccount plays what SetTrial set.
func (e *Engine) TestAccount(ctx context.Context, a delivery.Account, password string, progress func(delivery.AccountStep)) (delivery.AccountTest, error) {
	e.mu.Lock()
	r := e.rel()
	r.trials = append(r.trials, Trial{a, password})
	steps, gate, err := r.steps, r.gate, e.fail["test_account"]
	e.mu.Unlock()
	if err != nil {
		return delivery.AccountTest{}, err
	}
	if steps == nil {
		steps = GoodTrial(a)
		if a.User != "" && (password == "" || a.Auth == delivery.AuthOAuth) {
			steps = slices.Insert(steps, 0, delivery.AccountStep{Step: delivery.TestPassword, Took: 3 * time.Millisecond})
		}
	}
	var t delivery.AccountTest
	for i, s := range steps {
		if i == 1 && gate != nil {
			select {
			case <-gate:
			case <-ctx.Done():
				e.mu.Lock()
				r.cancelled++
				e.mu.Unlock()
				return t, &delivery.Error{Op: "test_account", Kind: delivery.KindCancelled}
			}
		}
		t.Steps = append(t.Steps, s)
		progress(s)
		if s.Err != nil {
			break
		}
	}
	return t, nil
}

// change does what every change of an account begins with. It returns locked.
func (e *Engine) change(op, what string, who access.Principal) (*relays, error) {
	e.mu.Lock()
	e.commands = append(e.commands, op+" "+what)
	if err := e.fail[op]; err != nil {
		return e.rel(), err
	}
	if e.readOnly != nil {
		return e.rel(), &delivery.Error{Op: op, Kind: delivery.KindReadOnly}
	}
	return e.rel(), e.operator(who).Check(op, access.Admin)
}

// keep stores a password, as far as there is a place for it.
func (r *relays) keep(account int64, password string) error {
	switch {
	case password == "":
		return nil
	case r.place.Keyring, r.place.File && r.place.Open:
		r.secrets[account] = password
		return nil
	case r.place.File:
		return &delivery.Error{Op: "password", Kind: delivery.KindPassphrase, Detail: "locked"}
	}
	return &delivery.Error{Op: "password", Kind: delivery.KindPassphrase, Detail: "new"}
}

func (r *relays) named(a delivery.Account) bool {
	return slices.ContainsFunc(r.accounts, func(b delivery.Account) bool { return b.ID != a.ID && strings.EqualFold(a.Name, b.Name) })
}

// AddAccount stores one.
func (e *Engine) AddAccount(_ context.Context, who access.Principal, a delivery.Account, password string) (delivery.Account, error) {
	r, err := e.change("add_account", a.Name, who)
	defer e.Hub.Publish(event.Lists{})
	defer e.mu.Unlock()
	if err != nil {
		return a, err
	}
	a.Kind, a.ID = delivery.AccountSMTP, 1
	for _, b := range r.accounts {
		a.ID = max(a.ID, b.ID+1)
	}
	if r.named(a) {
		return a, &delivery.Error{Op: "add_account", Kind: delivery.KindExists, Field: "account", Detail: a.Name}
	}
	if err := r.keep(a.ID, password); err != nil {
		return a, err
	}
	r.accounts = append(r.accounts, a)
	return a, nil
}

// EditAccount replaces one; of the training relay only the brand.
func (e *Engine) EditAccount(_ context.Context, who access.Principal, a delivery.Account, password string) error {
	r, err := e.change("edit_account", a.Name, who)
	defer e.Hub.Publish(event.Lists{})
	defer e.mu.Unlock()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(r.accounts, func(b delivery.Account) bool { return b.ID == a.ID })
	if i < 0 {
		return &delivery.Error{Op: "edit_account", Kind: delivery.KindNotFound, Field: "account", Detail: a.Name}
	}
	if was := r.accounts[i]; was.Training() {
		was.Brand = a.Brand
		if was != a {
			return &delivery.Error{Op: "edit_account", Kind: delivery.KindInvalid, Field: "account.kind"}
		}
	}
	if r.named(a) {
		return &delivery.Error{Op: "edit_account", Kind: delivery.KindExists, Field: "account", Detail: a.Name}
	}
	if err := r.keep(a.ID, password); err != nil {
		return err
	}
	r.accounts[i] = a
	return nil
}

// DeleteAccount removes one that no delivery uses.
func (e *Engine) DeleteAccount(_ context.Context, who access.Principal, id int64) error {
	r, err := e.change("delete_account", strconv.FormatInt(id, 10), who)
	defer e.Hub.Publish(event.Lists{})
	defer e.mu.Unlock()
	if err != nil {
		return err
	}
	if by := r.inUse[id]; by != "" {
		return &delivery.Error{Op: "delete_account", Kind: delivery.KindInUse, Field: "account", Detail: by}
	}
	r.accounts = slices.DeleteFunc(r.accounts, func(a delivery.Account) bool { return a.ID == id })
	delete(r.secrets, id)
	return nil
}

// Passwords tells where they are kept.
func (e *Engine) Passwords(context.Context) (delivery.Passwords, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rel().place, e.fail["passwords"]
}

// OpenPasswords opens the file, or makes it.
func (e *Engine) OpenPasswords(_ context.Context, passphrase string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.rel()
	if err := e.fail["open_passwords"]; err != nil {
		return err
	}
	switch {
	case r.place.File && passphrase != r.passphrase:
		return &delivery.Error{Op: "open_passwords", Kind: delivery.KindPassphrase, Detail: "wrong"}
	case len(passphrase) < 8:
		return &delivery.Error{Op: "open_passwords", Kind: delivery.KindInvalid, Field: "passphrase"}
	}
	r.place.File, r.place.Open, r.passphrase = true, true, passphrase
	return nil
}
