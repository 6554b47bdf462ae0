package main

import (
	"context"
	"flag"
	"os"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func dkimCommands() []command {
	return []command{
		{words: "account dkim", args: "NAME [--domain D --selector S [--algorithm rsa|ed25519] [--key FILE] | --off]",
			brief: "Has the messages of a relay signed (DKIM), and prints the DNS record to publish.\nWithout options it shows the record again. The private key is made, or read from FILE\n" +
				"(PEM), and kept with the passwords; a key that is kept for this domain and selector\ngoes on. rsa, with 2048 bits, is what every receiver knows; ed25519 is much faster, and\n" +
				"large receivers pass it over. A relay that changes what it sends on (its Message-ID,\nits Date) breaks signatures: leave the signing to such a relay.",
			min: 1, max: 1, flags: accountDKIM},
	}
}

func accountDKIM(fs *flag.FlagSet) action {
	domain := fs.String("domain", "", "")
	selector := fs.String("selector", "", "")
	algorithm := fs.String("algorithm", "", "")
	file := fs.String("key", "", "")
	off := fs.Bool("off", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		d := delivery.DKIM{Domain: *domain, Selector: *selector, Algorithm: delivery.DKIMAlgorithm(*algorithm)}
		set := d != (delivery.DKIM{}) || *file != ""
		switch {
		case *off && set:
			return usagef("--off stands alone")
		case set && (d.Domain == "" || d.Selector == ""):
			return usagef("--domain and --selector go together: the key is published at SELECTOR._domainkey.DOMAIN")
		case d.Algorithm != "" && d.Algorithm != delivery.DKIMRSA && d.Algorithm != delivery.DKIMEd25519:
			return usagef("--algorithm is rsa or ed25519")
		case d.Algorithm != "" && *file != "":
			return usagef("--algorithm is for a new key; the one in %s has its own", *file)
		case !set && !*off:
			return a.look(ctx, func(e Engine) error {
				acc, err := accountNamed(ctx, e, args[0])
				if err != nil {
					return err
				}
				r, err := e.DKIM(ctx, acc.ID)
				if err != nil {
					return err
				}
				return a.dkim(acc.Name, r)
			})
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			acc, err := accountNamed(ctx, e, args[0])
			if err != nil {
				return err
			}
			var key string
			if *file != "" {
				path := a.path(*file)
				b, err := os.ReadFile(path)
				if err != nil {
					return &delivery.Error{Op: "dkim", Kind: delivery.FileKind(err), File: path, Err: err}
				}
				key = string(b)
			}
			r, err := e.SetDKIM(ctx, who, acc.ID, d, key)
			if err != nil {
				return err
			}
			return a.dkim(acc.Name, r)
		})
	}
}

// dkim says how an account signs.
func (a *app) dkim(name string, r delivery.DKIMRecord) error {
	if a.json {
		if !r.On() {
			return a.value(nil)
		}
		return a.value(r)
	}
	if !r.On() {
		a.printf("The messages of %s are not signed here.\n", name)
		return nil
	}
	a.printf("The messages of %s are signed by %s (%s).\nPublish this TXT record before you send:\n\n%s\n\n", name, r.Domain, r.Algorithm, r.Zone)
	if r.Weak {
		a.printf("The key is shorter than 2048 bits; some receivers take it for none.\n")
	}
	a.printf("For DMARC the sender's address must be at %s too.\n", r.Domain)
	return nil
}

// sayKey is the sentence for a file that has no private key for signing.
func sayKey(detail string) string {
	switch code, _, _ := strings.Cut(detail, " "); code {
	case "no_pem":
		return "There is no private key in the file. It begins with “-----BEGIN PRIVATE KEY-----”."
	case "encrypted":
		return "The private key is locked with a passphrase. Export it without one; Sendoff keeps it with the passwords."
	case "damaged":
		return "The private key is damaged. Export it again."
	case "rsa_bits":
		return "The RSA key is shorter than 1024 bits or longer than 4096. Use another."
	}
	return "The private key is neither RSA nor Ed25519. Use another."
}
