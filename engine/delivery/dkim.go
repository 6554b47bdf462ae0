package delivery

// DKIMAlgorithm is how an account signs its messages.
type DKIMAlgorithm string

// Algorithms. Every receiver verifies RSA; ed25519 is shorter and forty times
// as fast, and large receivers pass it over (RFC 8463 section 6 asks for both).
const (
	DKIMRSA     DKIMAlgorithm = "rsa"     // rsa-sha256
	DKIMEd25519 DKIMAlgorithm = "ed25519" // ed25519-sha256
)

// DKIM is how the messages of an account are signed. The private key is kept
// where the passwords are.
type DKIM struct {
	Domain    string        `json:"domain"` // A-labels
	Selector  string        `json:"selector"`
	Algorithm DKIMAlgorithm `json:"algorithm"`
}

// On reports whether messages are signed.
func (d DKIM) On() bool { return d.Domain != "" }

// DKIMRecord is what to publish in the DNS, so that receivers find the public
// half of a key.
type DKIMRecord struct {
	DKIM
	Name string `json:"name"` // of the TXT record
	Text string `json:"text"`
	Zone string `json:"zone"` // both as a line of a zone file
	Weak bool   `json:"weak"` // the key is shorter than receivers like
}
