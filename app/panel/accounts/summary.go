package accounts

import (
	"strings"

	"sendoff/app/state"
)

// summarise says in the folded line what the limits are.
func (f *fields) summarise() {
	if f.fold == nil {
		return
	}
	c := f.env.Text
	a, _ := f.read()
	words := c.N("accounts.connections_n", int64(max(1, a.Connections)))
	if l := state.LimitWords(c, a); l != "" {
		words += ", " + l
	}
	f.fold.Set(c.T("accounts.limits_folded", "limits", words))
	f.foldLine.Refresh()
}

// sign shows the sender as a mailbox does.
func (f *fields) sign() {
	name, address := strings.TrimSpace(f.in[state.AccountFieldSender].Text()), strings.TrimSpace(f.in[state.AccountFieldAddress].Text())
	shown := name
	if shown == "" {
		shown = address
	}
	letter := "?"
	if r := []rune(shown); len(r) > 0 {
		letter = strings.ToUpper(string(r[:1]))
	}
	if shown == "" {
		shown = f.env.Text.T("accounts.preview_name")
	}
	if name != "" && address != "" {
		address = "<" + address + ">"
	} else {
		address = ""
	}
	f.from.letter.Set(letter)
	f.from.name.Set(shown)
	f.from.address.Set(address)
	f.from.line.Refresh()
}
