package preview

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"

	"sendoff/engine/message"
)

// Reason is why somebody's message is worth a look.
type Reason string

// Reasons.
const (
	Missing     Reason = "missing_value"   // fields that are used are empty: those without a default first
	Longest     Reason = "longest_value"   // the most characters in the fields that are used
	RightToLeft Reason = "right_to_left"   // Hebrew, Arabic…
	Emoji       Reason = "emoji"           // characters of four bytes, or with an emoji's look
	IDN         Reason = "idn_address"     // an international domain
	Largest     Reason = "largest_message" // the most bytes
)

// Reasons lists them in the order in which they are shown.
func Reasons() []Reason {
	return []Reason{Missing, Longest, RightToLeft, Emoji, IDN, Largest}
}

// The same, as places in what a Chooser keeps.
const (
	missing = iota
	longest
	rightToLeft
	emojis
	idn
	reasons
)

// Risk is somebody worth a look. Fields lists the names of the fields that are the
// reason, in the order of their use. Size is the weight of the empty fields, or the
// number of characters or bytes, that it is chosen for.
type Risk struct {
	Reason  Reason
	Profile int64
	Address string
	Values  string // JSON object of the profile's fields
	Fields  []string
	Size    int64
}

// better reports whether r is chosen rather than o. Of equals the older profile is,
// so that the choice does not depend on who was seen first.
func (r Risk) better(o Risk) bool {
	return cmp.Or(cmp.Compare(r.Size, o.Size), cmp.Compare(o.Profile, r.Profile)) > 0
}

// Profile is somebody who gets a message. Its bytes are the caller's again after Add.
type Profile struct {
	ID      int64
	Address []byte // normalised: ASCII, with A-labels
	Values  []byte // JSON object of strings
}

// Bounds of what is kept.
const (
	maxFields = 64 // that are looked at
	maxKinds  = 64 // sets of filled-in fields, for the largest message
	maxTop    = 16 // estimates of the largest message besides
)

// Chooser chooses.
type Chooser struct {
	fields []field
	number map[string]int

	best  [reasons]Risk    // in the order of Reasons; Size 0: none
	kinds map[uint64]*Risk // by the fields that have a value, which conditions look at
	top   []Risk           // the largest estimates, the best first

	values  [maxFields][]byte // of the profile at hand
	decoded map[string]string
}

type field struct {
	name   string
	needed bool // has a use without a default
	uses   int
}

// NewChooser makes one for content that uses fields as message.Template.Fields lists
// them.
func NewChooser(uses []message.Field) *Chooser {
	c := &Chooser{number: map[string]int{}, kinds: map[uint64]*Risk{}}
	for _, u := range uses {
		if message.Special(u.Name) {
			continue
		}
		n, known := c.number[u.Name]
		if !known {
			if len(c.fields) == maxFields {
				continue
			}
			n = len(c.fields)
			c.number[u.Name] = n
			c.fields = append(c.fields, field{name: u.Name})
		}
		c.fields[n].uses++
		c.fields[n].needed = c.fields[n].needed || !u.Default
	}
	return c
}

// Add looks at one profile.
func (c *Chooser) Add(p Profile) {
	c.read(p.Values)
	var mask uint64
	var gaps, letters, rtl, emoji, size int64
	for i := range c.fields {
		v := trim(c.values[i])
		if len(v) == 0 {
			if gaps++; c.fields[i].needed {
				gaps += maxFields // a hole weighs more than any number of defaults
			}
			continue
		}
		mask |= 1 << i
		t := scan(v)
		letters += t.characters
		rtl += t.rightToLeft
		emoji += t.emoji
		size += t.encoded * int64(c.fields[i].uses)
	}
	c.offer(missing, p, gaps)
	c.offer(longest, p, letters)
	c.offer(rightToLeft, p, rtl)
	c.offer(emojis, p, emoji)
	if international(p.Address) {
		c.offer(idn, p, int64(len(p.Address)))
	}
	c.large(p, mask, size)
}

// offer keeps a profile if it is the best for a reason.
func (c *Chooser) offer(reason int, p Profile, size int64) {
	if old := &c.best[reason]; size > old.Size || size > 0 && size == old.Size && p.ID < old.Profile {
		*old = c.keep(Risk{Reason: Reasons()[reason], Profile: p.ID, Size: size}, p)
	}
}

// keep copies what the caller takes back.
func (c *Chooser) keep(r Risk, p Profile) Risk {
	r.Address, r.Values = string(p.Address), string(p.Values)
	for i, f := range c.fields {
		v := trim(c.values[i])
		t := scan(v)
		is := map[Reason]bool{Missing: len(v) == 0, RightToLeft: t.rightToLeft > 0, Emoji: t.emoji > 0}[r.Reason]
		if is {
			r.Fields = append(r.Fields, f.name)
		}
	}
	if r.Reason == Longest {
		longest := slices.MaxFunc(c.fields, func(a, b field) int {
			return cmp.Compare(scan(c.values[c.number[a.name]]).characters, scan(c.values[c.number[b.name]]).characters)
		})
		r.Fields = []string{longest.name}
	}
	return r
}

// large keeps candidates for the largest message: the largest estimates of all, and
// the largest one of each set of fields that have a value, since conditions add text
// by whether there is one.
func (c *Chooser) large(p Profile, mask uint64, size int64) {
	n := Risk{Reason: Largest, Profile: p.ID, Size: size}
	if old, ok := c.kinds[mask]; ok && n.better(*old) || !ok && len(c.kinds) < maxKinds {
		kept := c.keep(n, p)
		c.kinds[mask] = &kept
	}
	if len(c.top) == maxTop && !n.better(c.top[maxTop-1]) {
		return
	}
	c.rank(c.keep(n, p))
}

func (c *Chooser) rank(n Risk) {
	at, _ := slices.BinarySearchFunc(c.top, n, func(a, b Risk) int {
		if a.better(b) {
			return -1
		}
		return 1
	})
	c.top = slices.Insert(c.top, at, n)
	c.top = c.top[:min(len(c.top), maxTop)]
}

// Merge takes over what another chooser for the same content has seen.
func (c *Chooser) Merge(o *Chooser) {
	for i, n := range o.best {
		if n.Size > 0 && (c.best[i].Size == 0 || n.better(c.best[i])) {
			c.best[i] = n
		}
	}
	for mask, n := range o.kinds {
		if old, ok := c.kinds[mask]; ok && n.better(*old) || !ok && len(c.kinds) < maxKinds {
			c.kinds[mask] = n
		}
	}
	for _, n := range o.top {
		c.rank(n)
	}
}

// Risks lists who was chosen, in the order of Reasons, without the largest message.
// A reason that nobody gives is left out.
func (c *Chooser) Risks() (out []Risk) {
	for _, n := range c.best {
		if n.Size > 0 {
			out = append(out, n)
		}
	}
	return out
}

// Large lists the candidates for the largest message, in the order of their profiles
// and each once.
func (c *Chooser) Large() []Risk {
	out := slices.Clone(c.top)
	for _, n := range c.kinds {
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b Risk) int { return cmp.Compare(a.Profile, b.Profile) })
	return slices.CompactFunc(out, func(a, b Risk) bool { return a.Profile == b.Profile })
}

// read finds the values of the fields that are used in a JSON object of strings.
func (c *Chooser) read(values []byte) {
	clear(c.values[:len(c.fields)])
	if c.readPlain(values) {
		return
	}
	clear(c.values[:len(c.fields)])
	clear(c.decoded)
	if json.Unmarshal(values, &c.decoded) != nil {
		return // whoever renders it says so
	}
	for i, f := range c.fields {
		c.values[i] = []byte(c.decoded[f.name])
	}
}

// readPlain reads an object in which nothing is escaped, as nearly all are.
func (c *Chooser) readPlain(s []byte) bool {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return false
	}
	s = s[1 : len(s)-1]
	for len(s) > 0 {
		name, rest, ok := plainString(s)
		if !ok || len(rest) == 0 || rest[0] != ':' {
			return false
		}
		value, rest, ok := plainString(rest[1:])
		if !ok {
			return false
		}
		if n, ok := c.number[string(name)]; ok {
			c.values[n] = value
		}
		if len(rest) == 0 {
			return true
		}
		if rest[0] != ',' || len(rest) == 1 {
			return false
		}
		s = rest[1:]
	}
	return true
}

// international reports whether the domain of an address has an A-label.
func international(address []byte) bool {
	domain := address[bytes.LastIndexByte(address, '@')+1:]
	for len(domain) > 4 {
		if bytes.EqualFold(domain[:4], []byte("xn--")) {
			return true
		}
		dot := bytes.IndexByte(domain, '.')
		if dot < 0 {
			return false
		}
		domain = domain[dot+1:]
	}
	return false
}
