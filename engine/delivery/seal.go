package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"strconv"
)

// sealVersion is hashed first, so that a change of the recipe changes every
// hash instead of comparing unlike things.
const sealVersion = "sendoff plan 1"

// Parts lists what a plan freezes, in the order it is hashed.
func Parts() []Part {
	return []Part{PartContent, PartAudience, PartAccount, PartSchedule, PartRecipients}
}

// PartHash is the hex SHA-256 of one part of a draft. PartRecipients has none:
// its hash comes from a RecipientSeal. a is the account; of a draft with several
// relays others are those of the second, third…
func PartHash(p Part, d Draft, a Account, others ...Account) string {
	var v any
	switch p {
	case PartContent:
		v = struct {
			Content
			Label    string // templates can say it
			Tracking bool
		}{d.Content, d.Label, d.Tracking}
	case PartAudience:
		v = d.Audience
		if d.Follows.Delivery != 0 { // so that the plans of all others keep their hash
			v = struct {
				Audience int64
				Follows  Follow
			}{d.Audience, d.Follows}
		}
		if d.Definition != "" { // of a rule; a list keeps the hash of old
			v = struct {
				Audience   int64
				Follows    Follow
				Definition string
			}{d.Audience, d.Follows, d.Definition}
		}
	case PartAccount:
		v = sealed(a)
		if len(d.Relays) > 0 { // so that the plans of all others keep their hash
			type via struct {
				Relay
				Sealed Account
			}
			list := make([]via, len(d.Relays))
			for i, r := range d.Relays {
				list[i].Relay = r
				if i == 0 {
					list[i].Sealed = sealed(a)
				} else if i <= len(others) {
					list[i].Sealed = sealed(others[i-1])
				}
			}
			v = list
		}
	case PartSchedule:
		s := d.Schedule
		if s.Mode != AtDate {
			s = Schedule{Mode: OnceConfirmed}
		}
		v = []string{string(s.Mode), s.Local, s.Zone}
	default:
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain values always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sealed is what a plan freezes of an account.
func sealed(a Account) Account {
	a.Rate = 0 // measured, not decided
	// Where the settings came from, what a new delivery begins with and how we
	// log in change no message and lead nowhere else.
	a.Provider, a.Brand = "", Brand{}
	a.Auth, a.OAuth, a.Pin = "", OAuth{}, ""
	return a
}

// Broken lists the parts of a plan that no longer match what is stored. A plan
// is whole as long as the list is empty.
func Broken(p *Plan, d Draft, a Account, others ...Account) []Part {
	var out []Part
	for _, part := range Parts() {
		if part != PartRecipients && p.Parts[part] != PartHash(part, d, a, others...) {
			out = append(out, part)
		}
	}
	return out
}

// SealHash is the plan's hash over its parts.
func SealHash(id ID, parts map[Part]string) string {
	h := sha256.New()
	field(h, sealVersion)
	field(h, id.String())
	for _, p := range Parts() {
		field(h, string(p))
		field(h, parts[p])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// field writes a string with its length, so that no two lists of fields hash
// alike.
func field(h hash.Hash, s string) {
	var b [20]byte
	h.Write(append(strconv.AppendInt(b[:0], int64(len(s)), 10), ':'))
	io.WriteString(h, s)
}

// RecipientSeal hashes the recipients of a plan one by one, in their order. The
// zero value is not usable; it belongs to one goroutine.
type RecipientSeal struct{ h hash.Hash }

// NewRecipientSeal begins an empty list.
func NewRecipientSeal() *RecipientSeal {
	s := &RecipientSeal{h: sha256.New()}
	field(s.h, sealVersion)
	return s
}

// Add appends a recipient: its address, its frozen fields and the sum of its
// rendered message; or, for an excluded one, the cause.
func (s *RecipientSeal) Add(address, fields string, sum []byte, cause Nature) {
	field(s.h, address)
	field(s.h, fields)
	field(s.h, string(sum))
	field(s.h, string(cause))
}

// Hash returns the hex SHA-256 of the list so far.
func (s *RecipientSeal) Hash() string { return hex.EncodeToString(s.h.Sum(nil)) }
