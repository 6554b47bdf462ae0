package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

const accountArgs = `[--security none|starttls|tls] [--user U] [--pin HEX]
            [--password-env VAR | --oauth-command "PROGRAM …" |
             --oauth-client ID --oauth-token-env VAR [--oauth-secret-env VAR]
             [--oauth-endpoint URL] [--oauth-scope S]]
            [--connections N] [--per-second N] [--per-minute N] [--per-hour N] [--per-day N]
            [--per-connection N] [--limit-domain DOMAIN=N/s|min|h|day|once,…]…`

func accountCommands() []command {
	return []command{
		{words: "account add", args: "NAME --host H --port P " + accountArgs,
			brief: "Adds an SMTP relay.\nThe password is read from the environment variable VAR when the relay is used; it is\n" +
				"never written down. none (no encryption) is for relays on this computer alone.\n" +
				"OAuth 2 takes access tokens from a program, which is run without a shell and prints\n" +
				"one, or gets them with the refresh token that is in VAR now: that, and the client's\n" +
				"secret, are kept in the keyring or the encrypted file, because they may be replaced.\n" +
				"Endpoint and scope of Google and Microsoft are known.\n" +
				"--limit-domain bounds what goes to the addresses of one domain, such as\n" +
				"gmail.com=20/min,2/once: once is how many are on their way at the same time.\n" +
				"--pin accepts exactly the certificate with that SHA-256 fingerprint, whatever else is\n" +
				"wrong with it; account test shows the fingerprint.",
			min: 1, max: 1, flags: accountAdd},
		{words: "account edit", args: "NAME [--host H] [--port P] " + accountArgs,
			brief: "Changes what is given of a relay and leaves the rest.\n--limit-domain replaces the limits of one domain; gmail.com= removes them.\n--pin \"\" has the certificate verified again. --password-env goes back to a password.",
			min:   1, max: 1, flags: accountEdit},
		{words: "account test", args: "NAME", brief: "Connects, logs in and shows the relay's certificate. No mail is sent.",
			min: 1, max: 1, flags: plain(accountTest)},
		{words: "account list", brief: "Lists the relays; the built-in training relay comes first.", flags: plain(accountList)},
	}
}

// accountFlags are the settings of an account on a command line.
type accountFlags struct {
	fs                  *flag.FlagSet
	account             delivery.Account
	security            string
	tokenEnv, secretEnv string
	domains             []delivery.DomainLimit
}

func newAccountFlags(fs *flag.FlagSet) *accountFlags {
	f := &accountFlags{fs: fs}
	a := &f.account
	fs.StringVar(&a.Host, "host", "", "")
	fs.IntVar(&a.Port, "port", 0, "")
	fs.StringVar(&f.security, "security", "", "")
	fs.StringVar(&a.User, "user", "", "")
	fs.StringVar(&a.PasswordEnv, "password-env", "", "")
	fs.StringVar(&a.Pin, "pin", "", "")
	fs.StringVar(&a.OAuth.Command, "oauth-command", "", "")
	fs.StringVar(&a.OAuth.Endpoint, "oauth-endpoint", "", "")
	fs.StringVar(&a.OAuth.Client, "oauth-client", "", "")
	fs.StringVar(&a.OAuth.Scope, "oauth-scope", "", "")
	fs.StringVar(&f.tokenEnv, "oauth-token-env", "", "")
	fs.StringVar(&f.secretEnv, "oauth-secret-env", "", "")
	fs.IntVar(&a.Connections, "connections", 0, "")
	fs.IntVar(&a.PerSecond, "per-second", 0, "")
	fs.IntVar(&a.PerMinute, "per-minute", 0, "")
	fs.IntVar(&a.PerConnection, "per-connection", 0, "")
	fs.IntVar(&a.PerHour, "per-hour", 0, "")
	fs.IntVar(&a.PerDay, "per-day", 0, "")
	fs.Func("limit-domain", "", func(s string) error {
		l, ok := delivery.ParseDomainLimit(s)
		if !ok {
			return fmt.Errorf("write it as gmail.com=20/min,500/day,2/once")
		}
		f.domains = append(f.domains, l)
		return nil
	})
	return f
}

// given reports whether one of the flags is on the command line.
func (f *accountFlags) given(names ...string) bool {
	found := false
	f.fs.Visit(func(g *flag.Flag) {
		for _, n := range names {
			found = found || g.Name == n
		}
	})
	return found
}

// onto puts what was given onto an account, and returns the secret to keep.
func (f *accountFlags) onto(to *delivery.Account, getenv func(string) string) (secret string, err error) {
	from := &f.account
	command, grant := f.given("oauth-command"), f.given("oauth-endpoint", "oauth-client", "oauth-scope", "oauth-token-env", "oauth-secret-env")
	switch s := f.security; {
	case s != "" && s != "none" && s != "starttls" && s != "tls":
		return "", usagef("--security is none, starttls or tls")
	case f.given("password-env") && (command || grant):
		return "", usagef("--password-env and --oauth-… are two ways to log in; give one")
	case command && grant:
		return "", usagef("--oauth-command prints tokens by itself; it goes without the other --oauth-…")
	}
	for name, set := range map[string]func(){
		"host": func() { to.Host = from.Host }, "port": func() { to.Port = from.Port },
		"security": func() { to.Security = delivery.Security(f.security) },
		"user":     func() { to.User = from.User }, "pin": func() { to.Pin = from.Pin },
		"password-env":   func() { to.PasswordEnv, to.Auth = from.PasswordEnv, delivery.AuthPassword },
		"oauth-endpoint": func() { to.OAuth.Endpoint = from.OAuth.Endpoint }, "oauth-client": func() { to.OAuth.Client = from.OAuth.Client },
		"oauth-scope": func() { to.OAuth.Scope = from.OAuth.Scope },
		"connections": func() { to.Connections = from.Connections }, "per-minute": func() { to.PerMinute = from.PerMinute },
		"per-second": func() { to.PerSecond = from.PerSecond }, "per-connection": func() { to.PerConnection = from.PerConnection },
		"per-hour": func() { to.PerHour = from.PerHour }, "per-day": func() { to.PerDay = from.PerDay },
	} {
		if f.given(name) {
			set()
		}
	}
	for _, l := range f.domains {
		to.DomainLimits = to.DomainLimits.With(l)
	}
	if command {
		to.Auth, to.OAuth = delivery.AuthOAuth, delivery.OAuth{Command: from.OAuth.Command}
	}
	if !grant {
		return "", nil
	}
	to.Auth, to.OAuth.Command = delivery.AuthOAuth, ""
	for _, p := range provider.List() {
		if strings.EqualFold(p.Host, to.Host) && to.OAuth.Endpoint == "" {
			to.OAuth.Endpoint, to.OAuth.Scope = p.OAuth.Endpoint, cmp.Or(to.OAuth.Scope, p.OAuth.Scope)
		}
	}
	var kept delivery.OAuthSecret
	for _, v := range []struct {
		name string
		to   *string
	}{{f.tokenEnv, &kept.Refresh}, {f.secretEnv, &kept.Client}} {
		if v.name == "" {
			continue
		}
		if *v.to = strings.TrimSpace(getenv(v.name)); *v.to == "" {
			return "", usagef("the variable %s is empty; it has to hold the value now", v.name)
		}
	}
	switch {
	case to.OAuth.Endpoint == "":
		return "", usagef("--oauth-endpoint is missing: the address that gives access tokens")
	case to.OAuth.Client == "":
		return "", usagef("--oauth-client is missing: the id of your application at the provider")
	}
	return kept.String(), nil
}

func accountAdd(fs *flag.FlagSet) action {
	f := newAccountFlags(fs)
	return func(ctx context.Context, a *app, args []string) error {
		acc := delivery.Account{Name: args[0]}
		if f.account.Host == "" {
			return usagef("--host is missing: the name or address of the relay")
		}
		secret, err := f.onto(&acc, a.getenv)
		switch {
		case err != nil:
			return err
		case acc.Auth == delivery.AuthOAuth && acc.User == "":
			return usagef("OAuth 2 needs --user: the name to log in with")
		case acc.Auth == delivery.AuthOAuth && acc.OAuth.Command == "" && delivery.ParseOAuthSecret(secret).Refresh == "":
			return usagef("--oauth-token-env is missing: the variable that holds the refresh token now")
		case acc.Auth == delivery.AuthPassword && acc.User != "" && acc.PasswordEnv == "":
			return usagef("--user needs --password-env: the variable that will hold the password, or a way with OAuth 2")
		case acc.User == "" && acc.PasswordEnv != "":
			return usagef("--password-env needs --user")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			added, err := e.AddAccount(ctx, who, acc, secret)
			if err != nil {
				return err
			}
			return a.account("Added", added)
		})
	}
}

func accountEdit(fs *flag.FlagSet) action {
	f := newAccountFlags(fs)
	return func(ctx context.Context, a *app, args []string) error {
		return a.change(ctx, func(e Engine, who access.Principal) error {
			acc, err := accountNamed(ctx, e, args[0])
			if err != nil {
				return err
			}
			secret, err := f.onto(&acc, a.getenv)
			if err != nil {
				return err
			}
			if err := e.EditAccount(ctx, who, acc, secret); err != nil {
				return err
			}
			if acc, err = accountNamed(ctx, e, acc.Name); err != nil {
				return err
			}
			return a.account("Changed", acc)
		})
	}
}

// account says what became of an account.
func (a *app) account(done string, acc delivery.Account) error {
	if a.json {
		return a.value(acc)
	}
	a.printf("%s the account %s: %s.\n", done, acc.Name, relay(acc))
	if v := acc.PasswordEnv; v != "" && a.getenv(v) == "" {
		a.printf("The variable %s is not set now; set it before sending.\n", v)
	}
	return nil
}

// accountNamed finds an account by its name, in any case.
func accountNamed(ctx context.Context, e Engine, name string) (delivery.Account, error) {
	as, err := e.Accounts(ctx)
	if err != nil {
		return delivery.Account{}, err
	}
	for _, acc := range as {
		if strings.EqualFold(acc.Name, name) {
			return acc, nil
		}
	}
	return delivery.Account{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "account", Detail: name}
}

// relay describes where an account leads.
func relay(a delivery.Account) string {
	if a.Training() {
		return "the training relay, nothing leaves this computer"
	}
	bits := []string{fmt.Sprintf("%s port %d", a.Host, a.Port)}
	switch a.Security {
	case delivery.SecurityNone:
		bits = append(bits, "not encrypted")
	case delivery.SecurityTLS:
		bits = append(bits, "TLS")
	default:
		bits = append(bits, "STARTTLS")
	}
	if a.Pin != "" {
		bits = append(bits, "one accepted certificate")
	}
	if a.User != "" {
		as := "as " + a.User
		if a.Auth == delivery.AuthOAuth {
			as += " with OAuth 2"
		}
		bits = append(bits, as)
	}
	bits = append(bits, plural(int64(a.Connections), "connection", "connections"))
	for _, l := range []struct {
		n    int
		unit string
	}{{a.PerSecond, "a second"}, {a.PerMinute, "a minute"}, {a.PerHour, "an hour"}, {a.PerDay, "a day"}, {a.PerConnection, "a connection"}} {
		if l.n > 0 {
			bits = append(bits, "at most "+number(int64(l.n))+" "+l.unit)
		}
	}
	for _, l := range a.DomainLimits.List() {
		bits = append(bits, l.String())
	}
	return strings.Join(bits, ", ")
}

func accountList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		as, err := e.Accounts(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(as), func(i int) any { return as[i] })
		}
		return a.table([]string{"NAME", "RELAY"}, len(as), func(i int) []string { return []string{as[i].Name, relay(as[i])} })
	})
}
