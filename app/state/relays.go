package state

import (
	"slices"
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Shares are the weights that a relay can be given in the window, in their order;
// one that it has already is among them.
func Shares(has int) []int {
	out := []int{1, 2, 3, 4, 5, 10, 20}
	if has > 0 && !slices.Contains(out, has) {
		out = append(out, has)
		slices.Sort(out)
	}
	return out
}

// ShareWords name weights, and a spare behind them.
func ShareWords(c *text.Catalog, weights []int) []string {
	var out []string
	for _, w := range weights {
		out = append(out, c.N("edit.relay_share", int64(w)))
	}
	return append(out, c.T("edit.relay_spare"))
}

// RelayNames are the accounts of a delivery, in their order.
func RelayNames(c *text.Catalog, v delivery.View) string {
	if len(v.Relays) == 0 {
		return AccountName(c, v.Account)
	}
	names := make([]string, len(v.Accounts))
	for i, a := range v.Accounts {
		names[i] = AccountName(c, a)
	}
	return strings.Join(names, ", ")
}

// relaysRow says what is confirmed of several relays: who takes how much, and each
// one's limits.
func relaysRow(c *text.Catalog, v delivery.View) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.accounts"), Value: RelayNames(c, v)}
	var notes []string
	for i, x := range v.Relays[:min(len(v.Relays), len(v.Accounts))] {
		share := c.N("edit.relay_share", int64(x.Weight))
		if x.Spare {
			share = c.T("edit.relay_spare")
		}
		note := AccountName(c, v.Accounts[i]) + ": " + share
		if l := LimitWords(c, v.Accounts[i]); l != "" {
			note += ", " + l
		}
		notes = append(notes, note)
	}
	r.Note = strings.Join(notes, "; ")
	return r
}
