package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func workspaceCommands() []command {
	return []command{
		{words: "init", args: "[--sample]", brief: "Makes a new workspace.\n--sample adds a training audience of 10,000 generated profiles, a designed delivery\nand a second operator who may prepare but not start.",
			flags: func(fs *flag.FlagSet) action {
				sample := fs.Bool("sample", false, "")
				return func(ctx context.Context, a *app, _ []string) error { return a.init(ctx, *sample) }
			}},
		{words: "account add", args: "NAME --host H --port P [--security none|starttls|tls] [--user U --password-env VAR]\n            [--connections N] [--per-minute N] [--per-hour N] [--per-day N]",
			brief: "Adds an SMTP relay.\nThe password is read from the environment variable VAR when the relay is used; it is\nnever written down. none (no encryption) is for relays on this computer alone.",
			min:   1, max: 1, flags: accountAdd},
		{words: "account list", brief: "Lists the relays; the built-in training relay comes first.", flags: plain(accountList)},
		{words: "operator add", args: "NAME --rights start,prepare,export,admin", brief: "Adds a person with rights.",
			min: 1, max: 1, flags: operatorAdd},
		{words: "operator list", brief: "Lists who works here; the first one acts when --as is absent.", flags: plain(operatorList)},
	}
}

func (a *app) init(ctx context.Context, sample bool) error {
	return a.change(ctx, func(e Engine, _ access.Principal) error {
		var id delivery.ID
		if sample {
			var err error
			if id, err = e.AddSample(ctx); err != nil {
				return err
			}
		}
		os, err := e.Operators(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.value(map[string]any{"workspace": e.Dir(), "operators": os, "delivery": orNull(int64(id))})
		}
		a.printf("The workspace %s is ready; %s works in it.\n", e.Dir(), os[0].Name)
		if sample {
			a.printf("It has a training audience and the delivery %s. Next: sendoffctl delivery prepare %d\n", id, int64(id))
		}
		return nil
	})
}

func accountAdd(fs *flag.FlagSet) action {
	var acc delivery.Account
	var security string
	fs.StringVar(&acc.Host, "host", "", "")
	fs.IntVar(&acc.Port, "port", 0, "")
	fs.StringVar(&security, "security", "", "")
	fs.StringVar(&acc.User, "user", "", "")
	fs.StringVar(&acc.PasswordEnv, "password-env", "", "")
	fs.IntVar(&acc.Connections, "connections", 0, "")
	fs.IntVar(&acc.PerMinute, "per-minute", 0, "")
	fs.IntVar(&acc.PerHour, "per-hour", 0, "")
	fs.IntVar(&acc.PerDay, "per-day", 0, "")
	return func(ctx context.Context, a *app, args []string) error {
		acc.Name, acc.Security = args[0], delivery.Security(security)
		switch {
		case acc.Host == "":
			return usagef("--host is missing: the name or address of the relay")
		case acc.User != "" && acc.PasswordEnv == "":
			return usagef("--user needs --password-env: the variable that will hold the password")
		case acc.User == "" && acc.PasswordEnv != "":
			return usagef("--password-env needs --user")
		case security != "" && security != "none" && security != "starttls" && security != "tls":
			return usagef("--security is none, starttls or tls")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			added, err := e.AddAccount(ctx, who, acc, "")
			if err != nil {
				return err
			}
			if a.json {
				return a.value(added)
			}
			a.printf("Added the account %s: %s.\n", added.Name, relay(added))
			if v := added.PasswordEnv; v != "" && a.getenv(v) == "" {
				a.printf("The variable %s is not set now; set it before sending.\n", v)
			}
			return nil
		})
	}
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
	if a.User != "" {
		bits = append(bits, "as "+a.User)
	}
	bits = append(bits, plural(int64(a.Connections), "connection", "connections"))
	for _, l := range []struct {
		n    int
		unit string
	}{{a.PerMinute, "a minute"}, {a.PerHour, "an hour"}, {a.PerDay, "a day"}} {
		if l.n > 0 {
			bits = append(bits, "at most "+number(int64(l.n))+" "+l.unit)
		}
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

func operatorAdd(fs *flag.FlagSet) action {
	rights := fs.String("rights", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		rs, err := access.Parse(*rights)
		if err != nil || len(rs) == 0 {
			return usagef("--rights is a list of start, prepare, export and admin")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			o, err := e.AddOperator(ctx, who, args[0], rs)
			if err != nil {
				return err
			}
			if a.json {
				return a.value(o)
			}
			a.printf("Added %s, who may %s.\n", o.Name, mayDo(o.Rights))
			return nil
		})
	}
}

// mayDo says in words what rights allow.
func mayDo(rs access.Rights) string {
	var out []string
	for _, r := range rs {
		out = append(out, map[access.Right]string{access.Start: "start deliveries", access.Prepare: "prepare deliveries",
			access.Export: "export lists and logs", access.Admin: "manage operators and accounts"}[r])
	}
	if len(out) == 0 {
		return "look only"
	}
	return strings.Join(out, ", ")
}

func operatorList(ctx context.Context, a *app, _ []string) error {
	return a.look(ctx, func(e Engine) error {
		os, err := e.Operators(ctx)
		if err != nil {
			return err
		}
		if a.json {
			return a.list(len(os), func(i int) any { return os[i] })
		}
		return a.table([]string{"NAME", "MAY"}, len(os), func(i int) []string { return []string{os[i].Name, mayDo(os[i].Rights)} })
	})
}
