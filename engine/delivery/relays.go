package delivery

import (
	"reflect"
	"slices"
)

// Bounds of the relays of one delivery.
const (
	MaxRelays = 16
	MaxWeight = 1000
)

// Relay is one of the accounts that a delivery goes through. Among those that can
// be reached and have not hit their limits, messages are divided by weight; a spare
// takes some only while that is none of the others.
type Relay struct {
	Account int64 `json:"account"`
	Weight  int   `json:"weight"` // 1 to MaxWeight
	Spare   bool  `json:"spare,omitempty"`
}

// Via lists the relays of a delivery in their order; none when none is chosen.
func (d Draft) Via() []Relay {
	switch {
	case len(d.Relays) > 0:
		return d.Relays
	case d.Account != 0:
		return []Relay{{Account: d.Account, Weight: 1}}
	}
	return nil
}

// SetVia names the relays of a delivery, none, one or several. Spares come last,
// whatever their place in the list.
func (d *Draft) SetVia(relays []Relay) {
	relays = slices.Clone(relays)
	slices.SortStableFunc(relays, func(a, b Relay) int {
		switch {
		case a.Spare == b.Spare:
			return 0
		case b.Spare:
			return -1
		}
		return 1
	})
	d.Account, d.Relays = 0, nil
	if len(relays) > 0 {
		d.Account = relays[0].Account
	}
	if len(relays) > 1 {
		d.Relays = relays
	}
}

// CheckRelays holds the relays to their rules: Account is the first, each account
// is there once, the first is no spare. The error is of KindInvalid with Field
// "relays" and Detail "number", "first", "twice", "weight" or "spare".
func (d Draft) CheckRelays() error {
	bad := func(detail string) error {
		return &Error{Op: "edit", Kind: KindInvalid, Field: "relays", Detail: detail}
	}
	switch n := len(d.Relays); {
	case n == 0:
		return nil
	case n == 1 || n > MaxRelays:
		return bad("number")
	case d.Relays[0].Account != d.Account:
		return bad("first")
	case d.Relays[0].Spare:
		return bad("spare")
	}
	seen := map[int64]bool{}
	for _, r := range d.Relays {
		switch {
		case r.Account == 0 || seen[r.Account]:
			return bad("twice")
		case r.Weight < 1 || r.Weight > MaxWeight:
			return bad("weight")
		}
		seen[r.Account] = true
	}
	return nil
}

// Equal reports whether two drafts say the same.
func (d Draft) Equal(o Draft) bool {
	if !slices.Equal(d.Relays, o.Relays) || !d.Content.Equal(o.Content) {
		return false
	}
	d.Relays, o.Relays = nil, nil
	d.Content, o.Content = Content{}, Content{}
	return reflect.DeepEqual(d, o)
}

// TakenBy is the account that took a message last; zero when none has.
func (v View) TakenBy(r Row) Account {
	switch {
	case r.Account != 0:
		for _, a := range v.Accounts {
			if a.ID == r.Account {
				return a
			}
		}
		return Account{}
	case r.Attempts == 0:
		return Account{}
	case len(v.Relays) > 0:
		return Account{} // not noted
	}
	return v.Account
}
