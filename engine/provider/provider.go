// Package provider knows how to reach the relays of common mail providers, and
// finds the relay of an address by what its domain publishes.
//
// Everything here is safe for concurrent use. The look-up asks the network
// through the Resolver it is given and reads no clock.
package provider

import "sendoff/engine/delivery"

// Provider is a mail provider with the settings that it documents.
type Provider struct {
	ID          string // "gmail"
	Name        string // "Gmail"
	Host        string
	Port        int
	Security    delivery.Security
	User        User
	Connections int // at once
	PerSecond   int // messages; 0: none documented
	PerMinute   int
	PerHour     int
	PerDay      int

	// PerConnection is how many messages the provider takes on one connection;
	// 0: none documented.
	PerConnection int

	Notes   []string // codes of what a person must know first, such as "app_password"
	Domains []string // of addresses that are certainly the provider's
	MX      []string // suffixes of mail exchangers that give it away

	// OAuth is the token endpoint and the scope for sending, without a
	// client; empty where only passwords are known to work.
	OAuth delivery.OAuth
}

// User says what the name at log-in is.
type User string

// Users.
const (
	UserAddress User = "address" // the e-mail address
	UserName    User = "name"    // a name of its own
	UserKey     User = "key"     // a fixed word or key; see Notes
)

// Found is the relay of an address, and how it was found.
type Found struct {
	Provider Provider // ID is empty when it is none that we know
	By       By
}

// By is how a relay was found.
type By string

// Ways to find a relay, the surest first.
const (
	ByDomain By = "domain" // the address is at the provider's own domain
	BySRV    By = "srv"    // the domain publishes it, RFC 6186 and RFC 8314
	ByMX     By = "mx"     // the domain's mail goes to a provider we know
)
