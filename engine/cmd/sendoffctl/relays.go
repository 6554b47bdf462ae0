package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

const relayArgs = `[--account NAME[:WEIGHT]…] [--spare NAME[:WEIGHT]…]`

// relayFlags name the relays of a delivery on a command line.
type relayFlags struct{ given []relayName }

// relayName is one relay by its account's name.
type relayName struct {
	name   string
	weight int
	spare  bool
}

func newRelayFlags(fs *flag.FlagSet) *relayFlags {
	f := &relayFlags{}
	fs.Func("account", "", func(s string) error { return f.add(s, false) })
	fs.Func("spare", "", func(s string) error { return f.add(s, true) })
	return f
}

// add reads NAME or NAME:WEIGHT. A name may hold colons: only a number behind the
// last one is a weight.
func (f *relayFlags) add(s string, spare bool) error {
	r := relayName{name: strings.TrimSpace(s), weight: 1, spare: spare}
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		if n, err := strconv.Atoi(s[i+1:]); err == nil {
			if n < 1 || n > delivery.MaxWeight {
				return fmt.Errorf("the weight is from 1 to %d", delivery.MaxWeight)
			}
			r.name, r.weight = strings.TrimSpace(s[:i]), n
		}
	}
	if r.name == "" {
		return fmt.Errorf("it needs the name of an account")
	}
	f.given = append(f.given, r)
	return nil
}

// onto puts the relays that were given into a draft; none given leave it alone.
func (f *relayFlags) onto(ctx context.Context, e Engine, d *delivery.Draft) error {
	if len(f.given) == 0 {
		return nil
	}
	return setRelays(ctx, e, d, f.given)
}

func setRelays(ctx context.Context, e Engine, d *delivery.Draft, names []relayName) error {
	var list []delivery.Relay
	for _, r := range names {
		id, err := findAccount(ctx, e, r.name)
		if err != nil {
			return err
		}
		list = append(list, delivery.Relay{Account: id, Weight: r.weight, Spare: r.spare})
	}
	if len(list) == 1 && list[0].Spare {
		return usagef("a spare needs an --account beside it: the relay that it stands in for")
	}
	d.SetVia(list)
	return nil
}

func deliveryRelays(fs *flag.FlagSet) action {
	f := newRelayFlags(fs)
	return func(ctx context.Context, a *app, args []string) error {
		if len(f.given) == 0 {
			return usagef("--account is missing: the name of a relay")
		}
		return a.deliveryCommand(ctx, args[0], func(e Engine, who access.Principal, id delivery.ID) error {
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			d := v.Draft
			if err := f.onto(ctx, e, &d); err != nil {
				return err
			}
			return e.EditDelivery(ctx, who, id, d)
		}, func(v delivery.View) {
			a.printf("%s goes through %s.\n", v.ID, relaysWords(v))
			if len(v.Broken) > 0 {
				a.printf("Its plan no longer holds (%s). Next: sendoffctl delivery prepare %d\n", partWords(v.Broken), int64(v.ID))
			}
		})
	}
}

// relaysWords name the relays of a delivery with their shares.
func relaysWords(v delivery.View) string {
	if len(v.Relays) == 0 {
		return v.Account.Name
	}
	var words []string
	for i, r := range v.Relays {
		words = append(words, v.Accounts[i].Name+" ("+shareWords(r)+")")
	}
	return strings.Join(words, ", ")
}

func shareWords(r delivery.Relay) string {
	if r.Spare {
		if r.Weight == 1 {
			return "spare"
		}
		return "spare, weight " + strconv.Itoa(r.Weight)
	}
	return "weight " + strconv.Itoa(r.Weight)
}

// relayView is one of several relays, for machines.
type relayView struct {
	Account string `json:"account"`
	Weight  int    `json:"weight"`
	Spare   bool   `json:"spare"`
}

// relayViews lists the relays of a delivery, one or several.
func relayViews(v delivery.View) []relayView {
	out := []relayView{}
	for i, r := range v.Relays {
		out = append(out, relayView{v.Accounts[i].Name, r.Weight, r.Spare})
	}
	if len(v.Relays) == 0 && v.Account.Name != "" {
		out = append(out, relayView{v.Account.Name, 1, false})
	}
	return out
}
