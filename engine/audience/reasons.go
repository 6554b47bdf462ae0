package audience

import "sendoff/engine/delivery"

// Reasons why an address is refused: the Detail of ParseAddress's error and
// the Reason of a Reject.
const (
	ReasonEmpty        = "empty"          // nothing but white space
	ReasonNoAt         = "no_at"          // no @ outside quotes
	ReasonSeveral      = "several"        // more than one @: several addresses in one place
	ReasonControl      = "control"        // a control character, line ends included
	ReasonSpace        = "space"          // white space inside the address, quoted or not
	ReasonAngle        = "angle"          // < or >: a display name, or an attack on the envelope
	ReasonMailto       = "mailto"         // a link, not an address
	ReasonLocal        = "local"          // the part before the @ is no dot-atom and no quoted string (RFC 5321 §4.1.2)
	ReasonLocalTooLong = "local_too_long" // more than 64 octets before the @ (RFC 5321 §4.5.3.1.1)
	ReasonSMTPUTF8     = "smtputf8"       // characters before the @ that need SMTPUTF8 (RFC 6531)
	ReasonDomain       = "domain"         // labels that are no letters, digits and inner hyphens (RFC 5321 §4.1.2)
	ReasonLabelTooLong = "label_too_long" // more than 63 octets between two dots (RFC 1035 §2.3.4)
	ReasonDotless      = "dotless"        // one label only: no host of the internet takes mail there (RFC 7085)
	ReasonNumericTLD   = "numeric_tld"    // the last label is a number: an IP address without brackets
	ReasonLiteral      = "literal"        // an [address literal]: legal, and refused for campaigns
	ReasonIDN          = "idn"            // the international domain has no A-label form (RFC 5891 §5)
	ReasonTooLong      = "too_long"       // more than 254 octets in all (RFC 5321 §4.5.3.1.3 less the brackets)
)

// Reasons why a whole row is refused, whatever its address.
const (
	ReasonEncoding       = "encoding"         // bytes that the file's encoding does not know; Detail: the column
	ReasonNUL            = "nul"              // a NUL byte; Detail: the column
	ReasonFieldTooLong   = "field_too_long"   // more than MaxField bytes; Detail: the column
	ReasonTooManyFields  = "too_many_fields"  // more fields than the file has columns; Detail: "have>columns"
	ReasonTooManyColumns = "too_many_columns" // more than MaxColumns fields; Detail: how many
	ReasonCard           = "card"             // a vCard that cannot be read
)

// Reasons lists every code, addresses first, so that a front end can check that
// it has words for each of them.
func Reasons() []string {
	return []string{
		ReasonEmpty, ReasonNoAt, ReasonSeveral, ReasonControl, ReasonSpace, ReasonAngle, ReasonMailto,
		ReasonLocal, ReasonLocalTooLong, ReasonSMTPUTF8, ReasonDomain, ReasonLabelTooLong, ReasonDotless,
		ReasonNumericTLD, ReasonLiteral, ReasonIDN, ReasonTooLong,
		ReasonEncoding, ReasonNUL, ReasonFieldTooLong, ReasonTooManyFields, ReasonTooManyColumns, ReasonCard,
	}
}

// Reject is a row that cannot be used. Reading goes on after it.
type Reject struct {
	Line   int      // physical line of the file at which the row began, from 1
	Reason string   // one of Reasons
	Detail string   // what the reason says it is; for an address, the text that was refused
	Record []string // the row as read, valid UTF-8, at most MaxColumns fields
}

// Error gives a terse text for logs.
func (r *Reject) Error() string {
	return (&delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: r.Reason, Line: r.Line, Detail: r.Detail}).Error()
}
