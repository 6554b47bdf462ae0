package engine

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/provider"
	"sendoff/engine/transport"
)

// Bounds of an account.
const (
	defaultConnections = 4
	maxConnections     = 256
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

// AddAccount stores an SMTP relay and its password: in the keyring, or where
// there is none in the encrypted file. Needs the right Admin. KindPassphrase when
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
	if password == "" {
		return nil
	}
	if err := e.secrets.Set(a, password); err != nil && a.PasswordEnv == "" {
		return err
	}
	return nil
}

// EditAccount replaces the settings of an account; an empty password keeps the
// one there is. Needs the right Admin. KindInUse when it is to lead elsewhere
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
		if password == "" && !was.Training() && (was.Host != a.Host || was.Port != a.Port || was.User != a.User) {
			// The password goes with the relay and the name; those changed.
			if old, err := e.secrets.Get(was); err == nil {
				password = old
			}
		}
		return e.keep(a, password)
	})
	if err == nil {
		e.hub.Publish(event.Lists{})
	}
	return err
}

// DeleteAccount removes an account, and its password when no other one has the
// same. Needs the right Admin. KindInUse while a delivery that has not ended goes
// through it.
func (e *Engine) DeleteAccount(ctx context.Context, who access.Principal, id int64) error {
	was, shared, err := e.store.DeleteAccount(ctx, who, id)
	if err != nil {
		return err
	}
	e.hub.Publish(event.Lists{})
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
	if a.User != "" && password == "" {
		start := time.Now()
		p, err := e.secrets.Get(a)
		report(delivery.AccountStep{Step: delivery.TestPassword, Took: time.Since(start), Err: err})
		if err != nil {
			return t, nil
		}
		password = p
	}
	c, err := dialer{e}.config(a)
	if err != nil {
		return t, err
	}
	c.Password = password
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
	e.kick()
	return nil
}

func checkAccount(op string, a *delivery.Account) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account." + field, Detail: detail}
	}
	a.Name, a.Host, a.User = strings.TrimSpace(a.Name), strings.TrimSpace(a.Host), strings.TrimSpace(a.User)
	if a.Name == "" {
		return bad("name", "")
	}
	if a.Host == "" || strings.ContainsAny(a.Host, " \t\r\n/@") {
		return bad("host", a.Host)
	}
	if a.Security == "" {
		a.Security = delivery.SecurityStartTLS
	}
	switch a.Security {
	case delivery.SecurityTLS, delivery.SecurityStartTLS:
	case delivery.SecurityNone:
		// What can be told without a look-up is told now; the connection
		// checks again what it really reached.
		if ip := net.ParseIP(a.Host); ip != nil && !ip.IsLoopback() || ip == nil && !strings.EqualFold(a.Host, "localhost") {
			return bad("security", a.Host)
		}
	default:
		return bad("security", string(a.Security))
	}
	if a.Port == 0 {
		a.Port = map[delivery.Security]int{delivery.SecurityNone: 25, delivery.SecurityStartTLS: 587, delivery.SecurityTLS: 465}[a.Security]
	}
	if a.Port < 1 || a.Port > 65535 {
		return bad("port", "")
	}
	if a.Connections == 0 {
		a.Connections = defaultConnections
	}
	if a.Connections < 1 || a.Connections > maxConnections {
		return bad("connections", "")
	}
	if a.PerMinute < 0 || a.PerHour < 0 || a.PerDay < 0 {
		return bad("limit", "")
	}
	return checkBrand(op, &a.Brand)
}

// checkBrand normalises who writes. Everything may be empty.
func checkBrand(op string, b *delivery.Brand) error {
	b.Name, b.PostalAddress = strings.TrimSpace(b.Name), strings.TrimSpace(b.PostalAddress)
	for _, f := range []struct {
		field   string
		address *string
	}{{"address", &b.Address}, {"reply_to", &b.ReplyTo}} {
		if *f.address = strings.TrimSpace(*f.address); *f.address == "" {
			continue
		}
		a, err := audience.ParseAddress(*f.address)
		if err != nil {
			return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account.brand." + f.field, Detail: *f.address}
		}
		*f.address = a.Normal
	}
	return nil
}
