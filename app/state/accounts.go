package state

import (
	"cmp"
	"net"
	"slices"
	"strconv"
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

// AccountCard is one account on the page of accounts.
type AccountCard struct {
	ID       int64
	Name     string
	Training bool
	Server   string // provider, host, port and encryption in words
	Facts    []AccountFact
}

// AccountFact is one column of a card: a muted label over one or two lines.
type AccountFact struct {
	Label string
	Value string
	Note  string
}

// AccountCards are the cards of accounts: the training relay first, the others
// by name. Columns keep their order and number, so that cards align.
func AccountCards(c *text.Catalog, as []delivery.Account, known []provider.Provider) []AccountCard {
	as = slices.Clone(as)
	slices.SortStableFunc(as, func(a, b delivery.Account) int {
		if a.Training() != b.Training() {
			if a.Training() {
				return -1
			}
			return 1
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	out := make([]AccountCard, len(as))
	for i, a := range as {
		out[i] = accountCard(c, a, known)
	}
	return out
}

func accountCard(c *text.Catalog, a delivery.Account, known []provider.Provider) AccountCard {
	k := AccountCard{ID: a.ID, Name: AccountName(c, a), Training: a.Training(), Server: accountServer(c, a, known)}
	user := AccountFact{Label: c.T("accounts.user"), Value: a.User}
	switch {
	case a.Training():
		user.Value = c.T("accounts.user_training")
	case a.User == "":
		user.Value = c.T("accounts.user_none")
	case a.Auth == delivery.AuthOAuth:
		user.Note = c.T("accounts.with_oauth")
	case a.PasswordEnv != "":
		user.Note = c.T("accounts.password_env", "name", a.PasswordEnv)
	}
	sender := AccountFact{Label: c.T("fact.sender"), Value: a.Brand.Name, Note: a.Brand.Address}
	switch {
	case sender.Value == "" && sender.Note == "":
		sender.Value = c.T("accounts.sender_none")
	case sender.Value == "":
		sender.Value, sender.Note = sender.Note, ""
	}
	if p := strings.Join(lines(a.Brand.PostalAddress), ", "); p != "" {
		sender.Note = strings.TrimPrefix(sender.Note+"\n"+p, "\n")
	}
	limits := AccountFact{Label: c.T("accounts.limits"), Value: c.N("accounts.connections_n", int64(max(1, a.Connections))), Note: LimitWords(c, a)}
	if limits.Note == "" {
		limits.Note = c.T("accounts.no_limit")
	}
	rate := AccountFact{}
	if a.Rate > 0 {
		rate = AccountFact{Label: c.T("accounts.rate"), Value: c.ShortRate(a.Rate), Note: c.T("accounts.rate_note")}
	}
	k.Facts = []AccountFact{user, sender, limits, rate}
	return k
}

// accountServer says where an account delivers: "Gmail · smtp.gmail.com, port 587
// · encrypted with STARTTLS".
func accountServer(c *text.Catalog, a delivery.Account, known []provider.Provider) string {
	if a.Training() {
		return c.T("accounts.training_note")
	}
	var parts []string
	for _, p := range known {
		if p.ID == a.Provider && p.ID != "" && p.Name != a.Name {
			parts = append(parts, p.Name)
		}
	}
	parts = append(parts, ServerWords(c, a))
	if s := a.Security; s != "" {
		parts = append(parts, c.T("accounts.encrypted."+string(s)))
	}
	if a.Pin != "" {
		parts = append(parts, c.T("accounts.pinned"))
	}
	return strings.Join(parts, " · ")
}

// ServerWords is host and port.
func ServerWords(c *text.Catalog, a delivery.Account) string {
	return c.T("accounts.server", "host", a.Host, "port", strconv.Itoa(a.Port))
}

// AccountName is how an account is called: the training relay has a name of ours
// in every language, all others the one they were given.
func AccountName(c *text.Catalog, a delivery.Account) string {
	if a.Training() {
		return c.T("fact.training_relay")
	}
	return a.Name
}

// Address is the way a relay is named to a person.
func Address(a delivery.Account) string {
	if a.Host == "" {
		return ""
	}
	return a.Host + ":" + strconv.Itoa(a.Port)
}

// LimitWords are the limits on messages: "30 a minute, 500 a day, 50 a
// connection". It is empty without any.
func LimitWords(c *text.Catalog, a delivery.Account) string {
	var parts []string
	for _, l := range []struct {
		n     int
		words string
	}{{a.PerSecond, c.T("accounts.per_second_n", "n", a.PerSecond)}, {a.PerMinute, c.T("accounts.per_minute_n", "n", a.PerMinute)},
		{a.PerHour, c.T("accounts.per_hour_n", "n", a.PerHour)}, {a.PerDay, c.T("accounts.per_day_n", "n", a.PerDay)},
		{a.PerConnection, c.T("accounts.per_connection_n", "n", a.PerConnection)}} {
		if l.n > 0 {
			parts = append(parts, l.words)
		}
	}
	return strings.Join(parts, ", ")
}

// PasswordPlace says where passwords are kept. Locked is set when they cannot be
// read until the passphrase is given.
func PasswordPlace(c *text.Catalog, p delivery.Passwords) (sentence string, locked bool) {
	switch {
	case p.File && !p.Open:
		return c.T("accounts.kept.locked"), true
	case p.Keyring && p.File:
		return c.T("accounts.kept.both"), false
	case p.Keyring:
		return c.T("accounts.kept.keyring"), false
	case p.File:
		return c.T("accounts.kept.open"), false
	}
	return c.T("accounts.kept.nowhere"), false
}

// LookedUp says how the relay of an address was found.
func LookedUp(c *text.Catalog, f provider.Found, address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return c.T("accounts.found."+string(f.By), "provider", f.Provider.Name, "domain", domain, "host", f.Provider.Host)
}

// Loopback reports whether a host is certainly this computer.
func Loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback() || ip == nil && strings.EqualFold(host, "localhost")
}

// lines are the lines of a text that say something.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
