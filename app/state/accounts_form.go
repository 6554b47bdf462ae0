package state

import (
	"strconv"
	"strings"
	"unicode"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

// AccountField is one input of an account's form.
type AccountField string

// Fields, those of the connection first, then limits, then the sender.
const (
	AccountFieldName        AccountField = "name"
	AccountFieldHost        AccountField = "host"
	AccountFieldPort        AccountField = "port"
	AccountFieldSecurity    AccountField = "security"
	AccountFieldUser        AccountField = "user"
	AccountFieldPassword    AccountField = "password"
	AccountFieldClient      AccountField = "client"
	AccountFieldSecret      AccountField = "client_secret"
	AccountFieldRefresh     AccountField = "refresh"
	AccountFieldScope       AccountField = "scope"
	AccountFieldEndpoint    AccountField = "endpoint"
	AccountFieldCommand     AccountField = "command"
	AccountFieldConnections AccountField = "connections"
	AccountFieldEach        AccountField = "per_connection"
	AccountFieldSecond      AccountField = "per_second"
	AccountFieldMinute      AccountField = "per_minute"
	AccountFieldHour        AccountField = "per_hour"
	AccountFieldDay         AccountField = "per_day"
	AccountFieldSender      AccountField = "sender"
	AccountFieldAddress     AccountField = "address"
	AccountFieldReply       AccountField = "reply_to"
	AccountFieldPostal      AccountField = "postal"
)

// AccountPart is a group of fields that stand together.
type AccountPart string

// Parts.
const (
	PartConnection AccountPart = "connection"
	PartLimits     AccountPart = "limits"
	PartSender     AccountPart = "sender"
)

// AccountParts lists them in their order.
func AccountParts() []AccountPart { return []AccountPart{PartConnection, PartLimits, PartSender} }

// Part is where a field stands.
func (f AccountField) Part() AccountPart {
	switch f {
	case AccountFieldConnections, AccountFieldEach, AccountFieldSecond, AccountFieldMinute, AccountFieldHour, AccountFieldDay:
		return PartLimits
	case AccountFieldSender, AccountFieldAddress, AccountFieldReply, AccountFieldPostal:
		return PartSender
	}
	return PartConnection
}

// AccountForm is an account as it is typed. Password, refresh token and client
// secret are not in it: nothing that is kept of a form may have one.
type AccountForm struct {
	Provider    string
	Name        string
	Host        string
	Port        string
	Security    delivery.Security
	User        string
	Login       Login
	Client      string
	Scope       string
	Endpoint    string
	Command     string
	Pin         string // the fingerprint that was accepted
	Connections string
	Each        string // messages on one connection
	PerSecond   string
	PerMinute   string
	PerHour     string
	PerDay      string
	Sender      string
	Address     string
	ReplyTo     string
	Postal      string
}

// Limits of what is typed.
const (
	maxAccountConnections = 256
	maxAccountLimit       = 1_000_000_000
	postalLines           = 6
)

// AccountFormOf is the form of an account that there is.
func AccountFormOf(a delivery.Account) AccountForm {
	return AccountForm{Provider: a.Provider, Name: a.Name, Host: a.Host, Port: digits(a.Port), Security: a.Security, User: a.User,
		Login: LoginOf(a), Client: a.OAuth.Client, Scope: a.OAuth.Scope, Endpoint: a.OAuth.Endpoint, Command: a.OAuth.Command, Pin: a.Pin,
		Connections: digits(a.Connections), Each: digits(a.PerConnection), PerSecond: digits(a.PerSecond), PerMinute: digits(a.PerMinute),
		PerHour: digits(a.PerHour), PerDay: digits(a.PerDay), Sender: a.Brand.Name, Address: a.Brand.Address, ReplyTo: a.Brand.ReplyTo, Postal: a.Brand.PostalAddress}
}

// Prefill is the form of a new account at a provider, for an address that may be
// empty.
func Prefill(p provider.Provider, address string) AccountForm {
	f := AccountForm{Provider: p.ID, Name: p.Name, Host: p.Host, Port: digits(p.Port), Security: p.Security, Connections: digits(p.Connections),
		Each: digits(p.PerConnection), PerSecond: digits(p.PerSecond), PerMinute: digits(p.PerMinute), PerHour: digits(p.PerHour), PerDay: digits(p.PerDay), Address: address,
		Endpoint: p.OAuth.Endpoint, Scope: p.OAuth.Scope}
	if p.User == provider.UserAddress {
		f.User = address
	}
	return f
}

// Blank is the form of a new account at a relay that nothing is known of, for an
// address that may be empty.
func Blank(address string) AccountForm {
	_, domain, _ := strings.Cut(address, "@")
	return AccountForm{Name: domain, Port: "587", Security: delivery.SecurityStartTLS, User: address, Connections: "2", Address: address}
}

// digits writes a number to be typed over; 0 is nothing.
func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Account reads the form into an account, which keeps what the form does not
// have. fresh says that no password is kept yet: then a user name needs the one
// that was typed. With OAuth 2 the password is a delivery.OAuthSecret as text.
func (f AccountForm) Account(c *text.Catalog, base delivery.Account, password string, fresh bool) (delivery.Account, Problems) {
	wrong := Problems{}
	bad := func(field AccountField, sentence string) {
		if wrong[field] == "" {
			wrong[field] = sentence
		}
	}
	a := base
	a.Provider, a.Name, a.User, a.Security = f.Provider, strings.TrimSpace(f.Name), strings.TrimSpace(f.User), f.Security
	if !a.Training() {
		a.Kind = delivery.AccountSMTP
		f.server(c, &a, bad)
		f.login(c, &a, password, fresh || LoginOf(base) != f.Login, bad)
		for _, n := range []struct {
			field   AccountField
			typed   string
			to      *int
			most    int
			needed  bool
			problem string
		}{
			{AccountFieldConnections, f.Connections, &a.Connections, maxAccountConnections, true, c.T("accounts.wrong.connections")},
			{AccountFieldEach, f.Each, &a.PerConnection, maxAccountLimit, false, c.T("accounts.wrong.limit")},
			{AccountFieldSecond, f.PerSecond, &a.PerSecond, maxAccountLimit, false, c.T("accounts.wrong.limit")},
			{AccountFieldMinute, f.PerMinute, &a.PerMinute, maxAccountLimit, false, c.T("accounts.wrong.limit")},
			{AccountFieldHour, f.PerHour, &a.PerHour, maxAccountLimit, false, c.T("accounts.wrong.limit")},
			{AccountFieldDay, f.PerDay, &a.PerDay, maxAccountLimit, false, c.T("accounts.wrong.limit")},
		} {
			v, ok := whole(n.typed, n.most)
			if empty := strings.TrimSpace(n.typed) == ""; empty && !n.needed {
				v, ok = 0, true
			}
			if !ok {
				bad(n.field, n.problem)
			}
			*n.to = v
		}
	}
	a.Brand = f.brand(c, bad)
	return a, wrong
}

// server reads name, host, port and encryption.
func (f AccountForm) server(c *text.Catalog, a *delivery.Account, bad func(AccountField, string)) {
	if a.Name == "" {
		bad(AccountFieldName, c.T("accounts.wrong.name_missing"))
	}
	a.Host = strings.TrimSpace(f.Host)
	switch {
	case a.Host == "":
		bad(AccountFieldHost, c.T("accounts.wrong.host_missing"))
	case strings.Contains(a.Host, "@"):
		bad(AccountFieldHost, c.T("accounts.wrong.host_address"))
	case !validHost(a.Host):
		bad(AccountFieldHost, c.T("accounts.wrong.host"))
	}
	port, ok := whole(f.Port, 65535)
	if !ok {
		bad(AccountFieldPort, c.T("accounts.wrong.port"))
	}
	a.Port = port
	if a.Security == delivery.SecurityNone && !Loopback(a.Host) {
		bad(AccountFieldSecurity, c.T("accounts.wrong.security"))
	}
}

// brand reads who writes.
func (f AccountForm) brand(c *text.Catalog, bad func(AccountField, string)) delivery.Brand {
	b := delivery.Brand{Name: strings.TrimSpace(f.Sender), Address: strings.TrimSpace(f.Address), ReplyTo: strings.TrimSpace(f.ReplyTo),
		PostalAddress: strings.Join(lines(f.Postal), "\n")}
	if strings.ContainsFunc(b.Name, unicode.IsControl) || strings.ContainsAny(b.Name, "<>") {
		bad(AccountFieldSender, c.T("accounts.wrong.sender"))
	}
	if b.Address == "" && (b.Name != "" || b.ReplyTo != "") {
		bad(AccountFieldAddress, c.T("accounts.wrong.address_missing"))
	}
	if b.Address != "" && !IsAddress(b.Address) {
		bad(AccountFieldAddress, c.T("accounts.wrong.address"))
	}
	if b.ReplyTo != "" && !IsAddress(b.ReplyTo) {
		bad(AccountFieldReply, c.T("accounts.wrong.address"))
	}
	if len(lines(b.PostalAddress)) > postalLines {
		bad(AccountFieldPostal, c.T("accounts.wrong.postal"))
	}
	return b
}
