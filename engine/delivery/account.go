package delivery

import (
	"encoding/json"
	"strings"
	"time"
)

// AccountTest is what a trial connection to a relay found: every step that was
// tried, in order, the failed one last.
type AccountTest struct {
	Steps []AccountStep
}

// OK reports whether the relay would take a message.
func (t AccountTest) OK() bool {
	for _, s := range t.Steps {
		if s.Err != nil {
			return false
		}
	}
	return len(t.Steps) > 0
}

// AccountStep is one step of a trial connection.
type AccountStep struct {
	Step   TestStep
	Took   time.Duration
	Detail string // what was found: an address, a TLS version, a greeting
	Err    error  // an *Error, or nil

	// Certificate is the relay's, with TestTLS: the one that was accepted or,
	// with an Err, the one that was not.
	Certificate *Certificate
}

// TestStep names a step of a trial connection.
type TestStep string

// Steps in the order they happen. A step that the settings do not need is left
// out.
const (
	TestPassword TestStep = "password" // finding it, or getting an access token
	TestResolve  TestStep = "resolve"  // the host's addresses
	TestConnect  TestStep = "connect"  // TCP
	TestTLS      TestStep = "tls"      // the handshake and the certificate
	TestHello    TestStep = "hello"    // greeting and EHLO; Detail: the extensions
	TestAuth     TestStep = "auth"     // name and password
	TestSender   TestStep = "sender"   // MAIL FROM the brand's address, then RSET; only with a brand
)

// Passwords tells where passwords of accounts are kept on this computer.
type Passwords struct {
	Keyring bool // the system's keyring answers
	File    bool // the encrypted file exists
	Open    bool // and its passphrase was given
}

// OAuthSecret is what an OAuth account keeps where a password would be. Either may
// be missing.
type OAuthSecret struct {
	Refresh string `json:"refresh_token,omitempty"`
	Client  string `json:"client_secret,omitempty"`
}

// ParseOAuthSecret reads what String wrote; anything else is a refresh token.
func ParseOAuthSecret(s string) OAuthSecret {
	var o OAuthSecret
	if !strings.HasPrefix(s, "{") || json.Unmarshal([]byte(s), &o) != nil {
		return OAuthSecret{Refresh: strings.TrimSpace(s)}
	}
	return o
}

// String is the secret as one text, empty when there is nothing to keep.
func (o OAuthSecret) String() string {
	if o == (OAuthSecret{}) {
		return ""
	}
	b, _ := json.Marshal(o) // plain strings
	return string(b)
}

// Draft of a form: what was typed and not saved.
type FormDraft struct {
	Value string // the form's own
	At    time.Time
}

// From is the mailbox for the From field of a new delivery (RFC 5322, with
// letters of any script as a person writes them), empty without an address.
func (b Brand) From() string {
	if b.Address == "" {
		return ""
	}
	if b.Name == "" {
		return b.Address
	}
	name := b.Name
	if strings.ContainsAny(name, `()<>[]:;@\,."`) {
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return name + " <" + b.Address + ">"
}

// Sender is what messages can say of the account that they go through.
type Sender struct {
	Name          string `json:"name,omitempty"`
	PostalAddress string `json:"postal_address,omitempty"`
}

// Sender is what templates can say of a brand.
func (b Brand) Sender() Sender { return Sender{Name: b.Name, PostalAddress: b.PostalAddress} }
