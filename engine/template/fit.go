package template

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// usual are the names under which lists have what the templates ask for, best
// first, as plain writes them. A name of a whole person is none of them: “Dear
// Jan de Vries” is not what a template says.
func usual() map[string][]string {
	return map[string][]string{
		"first_name": {"firstname", "voornaam", "givenname", "roepnaam", "forename", "prenom", "vorname", "nombre", "fname",
			"voornamen", "firstnames", "contactvoornaam", "voornaamcontact", "contactfirstname"},
		"city": {"city", "plaats", "woonplaats", "stad", "town", "plaatsnaam", "ville", "ort", "stadt", "ciudad", "wohnort",
			"gemeente", "vestigingsplaats", "locality"},
		"appointment_date": {"appointmentdate", "dateofappointment", "afspraakdatum", "datumafspraak", "afspraakop", "appointment", "afspraak"},
		"appointment_time": {"appointmenttime", "timeofappointment", "afspraaktijd", "tijdafspraak", "tijdstipafspraak", "afspraaktijdstip"},
	}
}

// Fit has a template ask for the fields that a list has: where there is no
// first_name but a Voornaam, it says Voornaam, in the subject, the preheader and
// the document. What the list has under no usual name stays, and takes its default.
func Fit(t Template, fields []delivery.Field) Template {
	names := map[string]string{}
	for wanted, others := range usual() {
		if has := fitting(wanted, others, fields); has != "" && has != wanted {
			names[wanted] = has
		}
	}
	if len(names) == 0 {
		return t
	}
	t.Subject, t.Preheader = renamed(t.Subject, names), renamed(t.Preheader, names)
	t.Document.Blocks = fitBlocks(t.Document.Blocks, names)
	return t
}

// fitting is the field that stands for a wanted one; empty when none does.
func fitting(wanted string, others []string, fields []delivery.Field) string {
	for _, f := range fields {
		if f.Name == wanted {
			return wanted
		}
	}
	for _, other := range others {
		for _, f := range fields {
			if plain(f.Name) == other || plain(f.Label) == other {
				return f.Name
			}
		}
	}
	return ""
}

// plain is a name in its letters alone, in lower case and without accents.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
}

func fitBlocks(bs []block.Block, names map[string]string) []block.Block {
	bs = slices.Clone(bs)
	for i := range bs {
		b := &bs[i]
		for _, s := range []*string{&b.Text, &b.URL, &b.Alt, &b.Address, &b.Unsubscribe} {
			*s = renamed(*s, names)
		}
		b.If = expression(b.If, names)
		b.Columns = slices.Clone(b.Columns)
		for k := range b.Columns {
			b.Columns[k].Blocks = fitBlocks(b.Columns[k].Blocks, names)
		}
	}
	return bs
}

// renamed gives the fields in a text other names.
func renamed(text string, names map[string]string) string {
	pieces, err := message.Pieces(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.Liquid && p.Tag != "comment" {
			p.Source = expression(p.Source, names)
		}
		b.WriteString(p.Source)
	}
	return b.String()
}

// expression gives the fields in an expression of Liquid other names: not what is
// quoted, a filter, or a property.
func expression(s string, names map[string]string) string {
	var b strings.Builder
	before := byte(0) // the last byte that is no space
	for i := 0; i < len(s); {
		end := i + 1
		switch c := s[i]; {
		case c == '"' || c == '\'':
			if n := strings.IndexByte(s[i+1:], c); n >= 0 {
				end = i + n + 2
			}
		case letter(c):
			for end < len(s) && (letter(s[end]) || s[end] == '-' || s[end] >= '0' && s[end] <= '9') {
				end++
			}
			if to, ok := names[s[i:end]]; ok && before != '.' && before != '|' {
				b.WriteString(to)
				before, i = 'a', end
				continue
			}
		}
		b.WriteString(s[i:end])
		if s[end-1] != ' ' {
			before = s[end-1]
		}
		i = end
	}
	return b.String()
}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
