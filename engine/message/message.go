package message

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"sendoff/engine/delivery"
)

// Bounds, in bytes.
const (
	MaxSource   = 1 << 20 // of one part's template
	MaxRendered = 4 << 20 // of one part for one recipient
)

// Names of the parts, as findings and fields carry them.
const (
	PartFrom      = "from"
	PartReplyTo   = "reply_to"
	PartSubject   = "subject"
	PartPreheader = "preheader"
	PartHTML      = "html"
	PartText      = "text"
)

// Names that are always available in a template. They win over a column of the
// same name.
const (
	NameUnsubscribe = "unsubscribe_url"
	NameMirror      = "mirror_url"
	NameEmail       = "recipient.email"
	NameLabel       = "delivery.label"
	NameToday       = "today" // 2006-01-02
	// Of the account that a delivery goes through; frozen in its plan.
	NameSender  = "sender.name"
	NameAddress = "sender.postal_address"
)

// Special reports whether name is available in every template, whatever the
// columns of the audience.
func Special(name string) bool {
	switch name {
	case NameUnsubscribe, NameMirror, NameEmail, NameLabel, NameToday, NameSender, NameAddress:
		return true
	}
	return false
}

// Field is one use of a merge field. Line and Column count from 1 within Part.
// Default says that this use copes with a missing value: it has a default, it is
// a condition, or it stands in an if on the same field.
type Field struct {
	Name    string
	Part    string
	Line    int
	Column  int
	Default bool
}

// Recipient is who a message is for. Address is a bare RFC 5321 mailbox. As is the
// address that templates see, where it is another one: a proof goes to one person
// and shows what another one gets.
type Recipient struct {
	Address string
	As      string // empty: Address
	Fields  map[string]string
	Files   []File // one for each attachment of the recipient's own; see Template.Paths
}

// Envelope is what a message has beside its content. All of it but MessageID
// and UnsubscribeMailto is the same for every message of a delivery.
type Envelope struct {
	Delivery          delivery.ID
	Label             string
	Date              time.Time // becomes the Date field
	MessageID         string    // with its angle brackets
	UnsubscribeMailto string    // a mailto URL; empty: no List-Unsubscribe field
	Today             time.Time // its calendar day, in its own zone, is "today"
}

// Message is a rendered message. Data ends its lines with CRLF and is not
// dot-stuffed; no line begins with a dot, so it need not be.
type Message struct {
	From    string   // envelope sender, a bare address
	To      string   // envelope recipient, a bare address
	Data    []byte   // valid until the Buffer is used again
	Sum     [32]byte // seals all of Data but its Date field; see Sealed
	Plain   bool     // CR and LF occur as CRLF only, NUL not at all, and no line begins with a dot
	Missing []string // merge fields that were needed and have no value
	Reading int      // bytes of Data without images and attachments
}

// Preview is a message as a person reads it. Missing is as in Message, and what the
// paths of the recipient's own files miss.
type Preview struct {
	From, Subject, Preheader, HTML, Text string

	Missing []string
}

// MessageID returns the Message-ID (RFC 5322 section 3.6.4) of a message. It is
// a function of its arguments and therefore the same at every attempt. It does
// not tell how many recipients a delivery has.
func MessageID(d delivery.ID, workspace string, recipient int64, domain string) string {
	return string(NewIDs(d, workspace, domain).Append(nil, recipient))
}

// IDs makes the Message-IDs of a delivery.
type IDs struct {
	seed []byte
	tail string
}

// NewIDs prepares for the Message-IDs of a delivery; see MessageID.
func NewIDs(d delivery.ID, workspace, domain string) IDs {
	a, err := asciiDomain(domain)
	if err != nil {
		a = "sendoff.invalid"
	}
	seed := append([]byte(workspace), 0)
	return IDs{append(strconv.AppendInt(seed, int64(d), 10), 0), "@" + a + ">"}
}

// Append appends the Message-ID of a recipient's message to dst. Between "<" and
// "@" it has TokenLen characters, all of them digits and small letters.
func (ids IDs) Append(dst []byte, recipient int64) []byte {
	var room [96]byte
	sum := sha256.Sum256(strconv.AppendInt(append(room[:0], ids.seed...), recipient, 10))
	dst = append(dst, '<')
	begin := len(dst)
	dst = base32.HexEncoding.AppendEncode(dst, sum[:20])
	for i := begin; i < len(dst); i++ {
		dst[i] |= 0x20 // small letters; digits have that bit
	}
	return append(dst, ids.tail...)
}

// TokenLen is how long the first part of a Message-ID is.
const TokenLen = 32

// asciiDomain returns the A-label form of a host name.
func asciiDomain(domain string) (string, error) {
	if domainName(domain) {
		return strings.ToLower(domain), nil
	}
	a, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return "", err
	}
	if !domainName(a) {
		return "", &delivery.Error{Kind: delivery.KindInvalid, Field: "domain", Detail: domain}
	}
	return a, nil
}

// domainName reports whether s is a host name in ASCII (RFC 1123 section 2.1).
func domainName(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && !alnum(c) {
				return false
			}
		}
	}
	return true
}

func alnum(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }
