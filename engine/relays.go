package engine

import (
	"cmp"
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/provider"
	"sendoff/engine/transport"
)

// trialTime is how long a trial connection may take in all.
const trialTime = 30 * time.Second

// keeper is a place for passwords that can be asked about and opened.
type keeper interface {
	Forget(delivery.Account) error
	State() delivery.Passwords
	Open(passphrase string) error
}

// Providers are the mail providers whose settings are known.
func (e *Engine) Providers() []provider.Provider { return provider.List() }

// LookUp finds the relay of an address. See provider.LookUp.
func (e *Engine) LookUp(ctx context.Context, address string) (provider.Found, error) {
	return provider.LookUp(ctx, net.DefaultResolver, strings.TrimSpace(address))
}

// AddAccount stores an SMTP relay and its password, or its delivery.OAuthSecret as
// text: in the keyring, or where there is none in the encrypted file. Needs the right Admin. KindPassphrase when
// that file is closed or not there yet. The training relay cannot be added: every
// workspace has it.
func (e *Engine) AddAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) (delivery.Account, error) {
	a.Kind = delivery.AccountSMTP
	if err := checkAccount("add_account", &a); err != nil {
		return a, err
	}
	a, err := e.store.AddAccount(ctx, who, a, func(a delivery.Account) error { return e.keep(a, password) })
	if err == nil {
		e.hub.Publish(event.Lists{})
	}
	return a, err
}

// keep stores a password, if there is one. An account that names a variable of
// the environment can do without a place to keep it.
func (e *Engine) keep(a delivery.Account, password string) error {
	if a.Auth == delivery.AuthOAuth {
		e.tokens.Forget(a)
		if password != "" {
			password = e.wholeSecret(a, password)
		}
	}
	if password == "" {
		return nil
	}
	if err := e.secrets.Set(a, password); err != nil && a.PasswordEnv == "" {
		return err
	}
	return nil
}

// wholeSecret completes what was typed of an OAuth secret with what is kept, and
// takes the refresh token that a trial may have got in its place.
func (e *Engine) wholeSecret(a delivery.Account, typed string) string {
	s := delivery.ParseOAuthSecret(typed)
	if s.Refresh == "" || s.Client == "" {
		if kept, err := e.secrets.Get(a); err == nil {
			k := delivery.ParseOAuthSecret(kept)
			s.Refresh, s.Client = cmp.Or(s.Refresh, k.Refresh), cmp.Or(s.Client, k.Client)
		}
	}
	return e.tokens.Latest(s).String()
}

// EditAccount replaces the settings of an account; an empty password keeps the
// one there is, and so does an empty part of an OAuth secret. Needs the right Admin. KindInUse when it is to lead elsewhere
// while a delivery goes through it. Of the training relay only the brand changes.
func (e *Engine) EditAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) error {
	if a.Kind != delivery.AccountSandbox {
		if err := checkAccount("edit_account", &a); err != nil {
			return err
		}
	} else if err := checkBrand("edit_account", &a.Brand); err != nil {
		return err
	}
	err := e.store.EditAccount(ctx, who, a, func(was delivery.Account) error {
		if password == "" && !was.Training() && was.Auth == a.Auth && (was.Host != a.Host || was.Port != a.Port || was.User != a.User) {
			// The password goes with the relay and the name; those changed.
			if old, err := e.secrets.Get(was); err == nil {
				password = old
			}
		}
		return e.keep(a, password)
	})
	if err == nil {
		e.hub.Publish(event.Lists{})
		e.mended()
	}
	return err
}

// DeleteAccount removes an account, and its password when no other one has the
// same. Needs the right Admin. KindInUse while a delivery that has not ended goes
// through it.
func (e *Engine) DeleteAccount(ctx context.Context, who access.Principal, id int64) error {
	signing, err := e.store.Signing(ctx, id)
	if err != nil {
		return err
	}
	was, shared, err := e.store.DeleteAccount(ctx, who, id)
	if err != nil {
		return err
	}
	e.dropKey(ctx, signing.DKIM)
	e.hub.Publish(event.Lists{})
	e.tokens.Forget(was)
	if k, ok := e.secrets.(keeper); ok && !shared {
		if err := k.Forget(was); err != nil {
			e.log.Warn("a password could not be removed", "error", err)
		}
	}
	return nil
}

// TestAccount connects as the account would and says how far it came; nothing is
// sent and nothing is stored. An empty password is looked up. The error of the
// last step is in the result, not returned.
func (e *Engine) TestAccount(ctx context.Context, a delivery.Account, password string, progress func(delivery.AccountStep)) (delivery.AccountTest, error) {
	var t delivery.AccountTest
	report := func(s delivery.AccountStep) {
		t.Steps = append(t.Steps, s)
		if progress != nil {
			progress(s)
		}
	}
	if !a.Training() {
		if err := checkAccount("test_account", &a); err != nil {
			return t, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	c, err := dialer{e: e}.config(a)
	if err != nil {
		return t, err
	}
	c.Password = password
	if tokens := a.Auth == delivery.AuthOAuth; a.User != "" && (tokens || password == "") {
		start := time.Now()
		if tokens {
			c.Password = ""
			if password != "" {
				password = e.wholeSecret(a, password)
			}
			c.Token, err = e.tokens.Try(ctx, a, password)
		} else {
			c.Password, err = e.secrets.Get(a)
		}
		report(delivery.AccountStep{Step: delivery.TestPassword, Took: time.Since(start), Err: err})
		if err != nil {
			return t, nil
		}
	}
	err = transport.Trial(ctx, c, a.Brand.Address, report)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return t, &delivery.Error{Op: "test_account", Kind: delivery.KindCancelled, Err: err}
	}
	return t, nil
}

// Passwords tells where passwords are kept on this computer.
func (e *Engine) Passwords(ctx context.Context) (delivery.Passwords, error) {
	if k, ok := e.secrets.(keeper); ok {
		return k.State(), nil
	}
	return delivery.Passwords{}, nil
}

// OpenPasswords opens the encrypted file, or makes it when there is none.
// KindPassphrase ("wrong"), KindInvalid (Field "passphrase") when a new one is too
// short.
func (e *Engine) OpenPasswords(ctx context.Context, passphrase string) error {
	k, ok := e.secrets.(keeper)
	if !ok {
		return &delivery.Error{Op: "passwords", Kind: delivery.KindLater, Detail: "file"}
	}
	if err := k.Open(passphrase); err != nil {
		return err
	}
	e.hub.Publish(event.Lists{})
	e.mended()
	return nil
}
