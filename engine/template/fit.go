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
// A date is written in full, in the language of the content.
func Fit(t Template, fields []delivery.Field) Template {
	names := map[string]delivery.Field{}
	for wanted, others := range usual() {
		if f := fitting(wanted, others, fields); f.Name != "" && (f.Name != wanted || f.Type == delivery.FieldDate) {
			names[wanted] = f
		}
	}
	if len(names) == 0 {
		return t
	}
	t.Subject, t.Preheader = renamed(t.Subject, names), renamed(t.Preheader, names)
	t.Document.Blocks = fitBlocks(t.Document.Blocks, names)
	return t
}

// fitting is the field that stands for a wanted one; without a name when none does.
func fitting(wanted string, others []string, fields []delivery.Field) delivery.Field {
	for _, f := range fields {
		if f.Name == wanted {
			return f
		}
	}
	for _, other := range others {
		for _, f := range fields {
			if plain(f.Name) == other || plain(f.Label) == other {
				return f
			}
		}
	}
	return delivery.Field{}
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

func fitBlocks(bs []block.Block, names map[string]delivery.Field) []block.Block {
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
func renamed(text string, names map[string]delivery.Field) string {
	pieces, err := message.Pieces(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	for _, p := range pieces {
		if p.Liquid && p.Tag != "comment" {
			p.Source = dated(expression(p.Source, names), names)
		}
		b.WriteString(p.Source)
	}
	return b.String()
}

// dated has an object that shows a date write it in full.
func dated(object string, names map[string]delivery.Field) string {
	for _, f := range names {
		open := "{{ " + f.Name + " "
		if rest, ok := strings.CutPrefix(object, open); ok && f.Type == delivery.FieldDate && !strings.Contains(rest, "date:") {
			return open + `| date: "long" ` + rest
		}
	}
	return object
}

// expression gives the fields in an expression of Liquid other names: not what is
// quoted, a filter, or a property.
func expression(s string, names map[string]delivery.Field) string {
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
				b.WriteString(to.Name)
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
