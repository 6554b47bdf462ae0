package audience

import (
	"bufio"
	"errors"
	"io"
	"mime/quotedprintable"
	"os"
	"slices"
	"strings"

	"github.com/emersion/go-vcard"
	"golang.org/x/text/encoding/charmap"

	"sendoff/engine/delivery"
)

// cardColumns are what is read of a card. A card is one person: the preferred
// address is the person's, others are fields.
var cardColumns = []string{"email", "first_name", "last_name", "name", "organization", "job_title", "phone", "street", "city",
	"region", "postal_code", "country", "birthday", "language", "zone", "url", "categories", "email_2", "email_3"}

// cardRows reads vCards 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350). Pictures, sounds
// and keys are passed over. A card is at most MaxRecord bytes without them, and so
// is a line.
type cardRows struct {
	*queue
	src    *source
	in     *bufio.Reader
	file   string
	line   int // of the text, read so far
	header bool
}

func newCards(f *os.File, file string, o Options) (*cardRows, error) {
	src, err := newSource(f, o.Encoding)
	if err != nil {
		return nil, wrapIO(file, err)
	}
	c := &cardRows{src: src, file: file, in: bufio.NewReaderSize(src, sniffSize)}
	c.queue = newQueue(c.row)
	if c.queue.err != nil && c.queue.err != io.EOF {
		return nil, c.queue.err
	}
	if len(c.queue.rows) == 1 {
		return nil, &delivery.Error{Op: op, Kind: delivery.KindEmptyFile, File: file}
	}
	return c, nil
}

func (c *cardRows) offset() int64 { return c.src.offset }

func (c *cardRows) close() error { return nil }

// row gives the names of the columns first, then one row for every card.
func (c *cardRows) row() (cellRow, error) {
	if !c.header {
		c.header = true
		return cellRow{line: 1, count: len(cardColumns), cells: slices.Clone(cardColumns)}, nil
	}
	text, line, err := c.card()
	if err != nil {
		return cellRow{}, err
	}
	r := cellRow{line: line, count: len(cardColumns)}
	card, err := vcard.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		r.cells = make([]string, len(cardColumns))
		r.flaw, r.at = ReasonCard, 0
		return r, nil
	}
	r.cells = cardCells(card)
	r.flaw, r.at = flawIn(r.cells, r.count)
	return r, nil
}

// card gathers the lines of the next card, each as version 3 writes it.
func (c *cardRows) card() (text string, line int, err error) {
	var b strings.Builder
	open, skip := false, false
	for {
		s, err := c.unfolded()
		if err == io.EOF && open {
			return "", 0, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.card", File: c.file, Line: line}
		}
		if err != nil {
			return "", 0, err
		}
		name := propertyName(s)
		switch {
		case name == "BEGIN" && strings.EqualFold(strings.TrimSpace(s[strings.IndexByte(s, ':')+1:]), "VCARD"):
			if open {
				return "", 0, &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "import.card", File: c.file, Line: line}
			}
			open, line = true, c.line
		case !open:
			continue
		case isPicture(name):
			skip = true
			continue
		case skip && name == "":
			continue // base64 of version 2.1, without folding
		}
		skip = false
		if b.Len()+len(s) > MaxRecord {
			return "", 0, &delivery.Error{Op: op, Kind: delivery.KindRecordTooLong, File: c.file, Line: line}
		}
		b.WriteString(modern(s) + "\r\n")
		if name == "END" {
			return b.String(), line, nil
		}
	}
}

// unfolded reads one line with its continuations: those that begin with a blank,
// and those that follow the "=" of quoted-printable.
func (c *cardRows) unfolded() (string, error) {
	s, err := c.physical()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(s)
	head, _, _ := strings.Cut(s, ":")
	quoted := strings.Contains(strings.ToUpper(head), "QUOTED-PRINTABLE")
	picture := isPicture(propertyName(s))
	for {
		soft := quoted && strings.HasSuffix(s, "=")
		next, err := c.in.Peek(1)
		if err != nil || !soft && next[0] != ' ' && next[0] != '\t' {
			return b.String(), nil
		}
		if s, err = c.physical(); err != nil {
			return "", err
		}
		if b.Len()+len(s) > MaxRecord && !picture {
			return "", &delivery.Error{Op: op, Kind: delivery.KindRecordTooLong, File: c.file, Line: c.line}
		}
		switch {
		case picture:
		case soft:
			b.WriteString("\r\n" + s)
		default:
			b.WriteString(s[1:])
		}
	}
}

// physical reads one line, without its end.
func (c *cardRows) physical() (string, error) {
	var b []byte
	for {
		part, err := c.in.ReadSlice('\n')
		b = append(b, part...)
		switch {
		case len(b) > MaxRecord:
			return "", &delivery.Error{Op: op, Kind: delivery.KindRecordTooLong, File: c.file, Line: c.line + 1}
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(b) == 0:
			return "", io.EOF
		case err != nil && err != io.EOF:
			return "", wrapIO(c.file, err)
		}
		c.line++
		return strings.TrimRight(string(b), "\r\n"), nil
	}
}

// propertyName is what stands before the parameters and the value, without its
// group; empty when the line is none.
func propertyName(s string) string {
	i := strings.IndexAny(s, ";:")
	if i < 0 {
		return ""
	}
	name := s[:i]
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 {
		name = name[dot+1:]
	}
	return strings.ToUpper(strings.TrimSpace(name))
}

// isPicture reports whether a property is passed over.
func isPicture(name string) bool {
	return slices.Contains([]string{"PHOTO", "LOGO", "SOUND", "KEY"}, name)
}

// modern writes a line of version 2.1 as later versions do: "TEL;HOME" has TYPE,
// and quoted-printable is text.
func modern(s string) string {
	head, value, ok := cutValue(s)
	if !ok {
		return s
	}
	parts := strings.Split(head, ";")
	out := parts[:1]
	quoted, charset := false, ""
	for _, p := range parts[1:] {
		key, v, named := strings.Cut(p, "=")
		if !named {
			key, v = "TYPE", p
		}
		switch upper := strings.ToUpper(strings.TrimSpace(v)); {
		case upper == "QUOTED-PRINTABLE":
			quoted = true
		case strings.EqualFold(key, "CHARSET"):
			charset = upper
		case !named && (upper == "BASE64" || upper == "8BIT" || upper == "7BIT"):
			out = append(out, "ENCODING="+upper)
		case strings.TrimSpace(p) != "":
			out = append(out, key+"="+v)
		}
	}
	if quoted {
		raw, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(value)))
		if err == nil {
			value = charsetText(raw, charset)
		}
	}
	return strings.Join(out, ";") + ":" + strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(value)
}

// cutValue cuts at the first colon that is not in quotes.
func cutValue(s string) (head, value string, ok bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ':' && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

func charsetText(raw []byte, charset string) string {
	switch charset {
	case "ISO-8859-1", "LATIN1", "WINDOWS-1252":
		if b, err := charmap.Windows1252.NewDecoder().Bytes(raw); err == nil {
			return string(b)
		}
	}
	return string(raw)
}

// cardCells picks the columns out of a card.
func cardCells(c vcard.Card) []string {
	at := map[string]string{}
	set := func(column, value string) {
		if value = strings.TrimSpace(value); value != "" && at[column] == "" {
			at[column] = value
		}
	}
	for i, e := range cardAddresses(c) {
		set([]string{"email", "email_2", "email_3"}[i], e)
	}
	if n := c.Name(); n != nil {
		set("first_name", n.GivenName)
		set("last_name", n.FamilyName)
	}
	set("name", c.PreferredValue(vcard.FieldFormattedName))
	set("organization", strings.Trim(strings.ReplaceAll(c.PreferredValue(vcard.FieldOrganization), ";", ", "), ", "))
	set("job_title", c.PreferredValue(vcard.FieldTitle))
	set("phone", strings.TrimPrefix(c.PreferredValue(vcard.FieldTelephone), "tel:"))
	if a := c.Address(); a != nil {
		set("street", strings.TrimSpace(a.StreetAddress+" "+a.ExtendedAddress))
		set("city", a.Locality)
		set("region", a.Region)
		set("postal_code", a.PostalCode)
		set("country", a.Country)
	}
	set("birthday", c.PreferredValue(vcard.FieldBirthday))
	set("language", c.PreferredValue(vcard.FieldLanguage))
	set("zone", c.PreferredValue(vcard.FieldTimezone))
	set("url", c.PreferredValue(vcard.FieldURL))
	set("categories", c.PreferredValue(vcard.FieldCategories))
	cells := make([]string, len(cardColumns))
	for i, name := range cardColumns {
		cells[i] = at[name]
	}
	return cells
}

// cardAddresses lists the addresses of a card, the preferred one first, at most
// three of them.
func cardAddresses(c vcard.Card) []string {
	var out []string
	add := func(s string) {
		s = strings.TrimSpace(s)
		if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
			s = s[7:]
		}
		if s != "" && len(out) < 3 && !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, s) }) {
			out = append(out, s)
		}
	}
	if f := c.Preferred(vcard.FieldEmail); f != nil {
		add(f.Value)
	}
	for _, f := range c[vcard.FieldEmail] {
		add(f.Value)
	}
	return out
}
