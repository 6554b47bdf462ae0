package audience

import (
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"sendoff/engine/delivery"
	"sendoff/engine/schedule"
)

// TestValues: what people and their programs write, and the one form that it is
// kept in. "" means that it does not fit.
func TestValues(t *testing.T) {
	for _, c := range []struct{ kind, value, want string }{
		{"number:comma", "1.234,56", "1234.56"},
		{"number:point", "1,234.56", "1234.56"},
		{"number:comma", "1234,5", "1234.5"},
		{"number:comma", "€ 1.234,50", "1234.5"},
		{"number:comma", "1 234 567,8", "1234567.8"},
		{"number:point", "1'234.5", "1234.5"},
		{"number:point", "$1,000,000", "1000000"},
		{"number:point", "EUR 12.00", "12"},
		{"number:point", "(12.50)", "-12.5"},
		{"number:comma", "12,50-", "-12.5"},
		{"number:comma", "−3", "-3"},
		{"number:point", "-0.00", "0"},
		{"number:point", "007", "7"},
		{"number:point", ".5", "0.5"},
		{"number:point", "1.5E-3", "0.0015"},
		{"number:point", "9007199254740993", "9007199254740993"}, // more than a float64 holds
		{"number:comma", "1.23,4", ""},
		{"number:point", "1,23", ""},
		{"number:point", "1.2.3", ""},
		{"number:point", "12%", ""},
		{"number:point", "twelve", ""},
		{"number:point", "-", ""},
		{"number:point", "1e999", ""},
		{"date:dmy", "31-12-2026", "2026-12-31"},
		{"date:dmy", "1/2/2026", "2026-02-01"},
		{"date:dmy", "01.02.26", "2026-02-01"},
		{"date:dmy", "5-5-30", "1930-05-05"},
		{"date:mdy", "12/31/2026", "2026-12-31"},
		{"date:mdy", "1/2/2026", "2026-01-02"},
		{"date:dmy", "2026-12-31", "2026-12-31"}, // nothing else it could be
		{"date:ymd", "2026/1/2", "2026-01-02"},
		{"date:ymd", "20261231", "2026-12-31"},
		{"date:ymd", "2026-12-31T23:59:59Z", "2026-12-31"},
		{"date:dmy", "31-12-2026 10:05", "2026-12-31"},
		{"date", "31 december 2026", "2026-12-31"},
		{"date", "1 mrt 2026", "2026-03-01"},
		{"date", "Dec 31, 2026", "2026-12-31"},
		{"date", "29 feb 2024", "2024-02-29"},
		{"date:serial", "46387", "2026-12-31"}, // =DATE(2026,12,31) in Excel
		{"date:serial", "46387.75", "2026-12-31"},
		{"date:serial", "25569", "1970-01-01"}, // the day by which Excel's days are known
		{"date:dmy", "29-02-2026", ""},
		{"date:mdy", "31/12/2026", ""},
		{"date", "01-02-2026", ""}, // nobody said in which order
		{"date:dmy", "soon", ""},
		{"date:dmy", "0-0-0", ""},
		{"bool", "Ja", "yes"}, {"bool", "nee", "no"}, {"bool", "TRUE", "yes"}, {"bool", "0", "no"}, {"bool", "Waar", "yes"}, {"bool", "maybe", ""},
		{"language", "nl", "nl"}, {"language", "nl_BE", "nl-BE"}, {"language", "Dutch", "nl"}, {"language", "Nederlands", "nl"}, {"language", "Français", "fr"}, {"language", "frans", "fr"}, {"language", "??", ""},
		{"zone", "Europe/Amsterdam", "Europe/Amsterdam"}, {"zone", "europe/amsterdam", "Europe/Amsterdam"}, {"zone", "America/New York", "America/New_York"},
		{"zone", "CET", ""}, {"zone", "../../etc/passwd", ""}, {"zone", "Mars/Base", ""},
		{"country", "NL", "NL"}, {"country", "nld", "NL"}, {"country", "Nederland", "NL"}, {"country", "The Netherlands", "NL"}, {"country", "België", "BE"}, {"country", "Belgie", "BE"},
		{"country", "Duitsland", "DE"}, {"country", "UK", "GB"}, {"country", "Verenigd Koninkrijk", "GB"}, {"country", "United States", "US"}, {"country", "Verenigde Staten", "US"}, {"country", "Atlantis", ""},
	} {
		typ, err := ParseType(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		convert, err := typ.converter()
		if err != nil {
			t.Fatal(err)
		}
		got, ok := convert(c.value)
		if !ok {
			got = ""
		}
		if got != c.want {
			t.Errorf("%s of %q is %q, want %q", c.kind, c.value, got, c.want)
		}
	}
	for _, bad := range []string{"text:x", "number:dmy", "date:point", "bool:nl", "money", "country:2"} {
		if _, err := ParseType(bad); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("type %q: %v", bad, err)
		}
	}
}

// TestGuess: a type is told by all values of a column, and what can be read in two
// ways is said to be.
func TestGuess(t *testing.T) {
	g := newGuesser()
	for _, c := range []struct {
		header    string
		values    []string
		want      string
		ambiguous bool
	}{
		{"Datum", []string{"01-02-2026", "13-02-2026", "03-04-2026"}, "date:dmy", false},
		{"Date", []string{"01/02/2026", "02/13/2026"}, "date:mdy", false},
		{"Datum", []string{"01-02-2026", "03-04-2026"}, "date:dmy", true},
		{"since", []string{"2026-01-02", "2025-12-31"}, "date:ymd", false},
		{"Bedrag", []string{"1.234,56", "12,50"}, "number:comma", false},
		{"Amount", []string{"1,234.56", "12.50"}, "number:point", false},
		{"Bedrag", []string{"1.234", "2.500"}, "number:comma", true},
		{"Amount", []string{"1,234", "2,500"}, "number:point", true},
		{"Bedrag", []string{"1.234", "2.500,10"}, "number:comma", false},
		{"Points", []string{"12", "7", "130"}, "number:point", false},
		{"Telefoon", []string{"0612345678", "0687654321"}, "text", false},
		{"Postcode", []string{"1012", "3511"}, "text", false},
		{"Actief", []string{"ja", "nee", "ja"}, "bool", false},
		{"Newsletter", []string{"1", "0"}, "bool", false},
		{"Seats", []string{"1", "1"}, "number:point", false},
		{"Taal", []string{"nl", "en", "fr"}, "language", false},
		{"Land", []string{"NL", "België", "Duitsland"}, "country", false},
		{"Zone", []string{"Europe/Amsterdam", "UTC"}, "zone", false},
		{"Naam", []string{"Anna", "Zoë"}, "text", false},
		{"Leeg", nil, "text", false},
	} {
		got, ambiguous := g.guess(c.header, c.values)
		if got.String() != c.want || ambiguous != c.ambiguous {
			t.Errorf("%s %v: %s, ambiguous %v; want %s, %v", c.header, c.values, got, ambiguous, c.want, c.ambiguous)
		}
	}
}

// FuzzTypes: whatever is written in a cell, what comes out is of the form that
// the type promises, and reading it again changes nothing.
func FuzzTypes(f *testing.F) {
	for _, s := range []string{"1.234,56", "31-12-2026", "46387", "ja", "nl_BE", "Europe/Amsterdam", "Nederland", "(€ 5)", "１２", "\x00", "1e-20"} {
		f.Add(s)
	}
	var all []Type
	for _, k := range delivery.FieldTypes() {
		all = append(all, Type{Kind: k})
		for _, format := range Formats(k) {
			all = append(all, Type{k, format})
		}
	}
	converters := make([]func(string) (string, bool), len(all))
	for i, typ := range all {
		converters[i], _ = typ.converter()
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i, typ := range all {
			if converters[i] == nil {
				continue
			}
			v, ok := converters[i](s)
			if !ok {
				continue
			}
			good := utf8.ValidString(v)
			switch typ.Kind {
			case delivery.FieldNumber:
				again, ok := parseNumber(v, '.')
				good = ok && again == v
			case delivery.FieldDate:
				_, err := time.Parse("2006-01-02", v)
				good = err == nil
			case delivery.FieldBool:
				good = v == "yes" || v == "no"
			case delivery.FieldLanguage:
				tag, err := language.Parse(v)
				good = err == nil && tag.String() == v
			case delivery.FieldZone:
				_, err := schedule.Load(v)
				good = err == nil
			case delivery.FieldCountry:
				r, err := language.ParseRegion(v)
				good = err == nil && len(v) == 2 && r.IsCountry()
			}
			if !good {
				t.Fatalf("%s of %q is %q", typ, s, v)
			}
		}
	})
}
