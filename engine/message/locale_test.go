package message

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// said is what a template says with the value v, on both paths, in HTML and in a
// subject.
func said(t fataler, lang, template, v string) string {
	var out string
	for i, fast := range []bool{true, false} {
		tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: "x " + template, Text: template, Language: lang}, Resources{}, fast)
		if tpl == nil {
			t.Fatalf("%s: %+v", template, findings)
		}
		p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"v": v}}, envelope())
		if err != nil {
			t.Fatalf("%s: %v", template, err)
		}
		if i > 0 && p.Text != out {
			t.Fatalf("%s with %q: spliced %q, engine %q", template, v, out, p.Text)
		}
		out = p.Text
	}
	return out
}

// Expected values are those of Unicode CLDR 48, as browsers show them
// (Intl.NumberFormat and Intl.DateTimeFormat).
func TestLocaleFilters(t *testing.T) {
	for _, c := range []struct{ lang, template, v, want string }{
		{"nl", `{{ v | number: 2 }}`, "1234.5", "1.234,50"},
		{"en", `{{ v | number: 2 }}`, "1234.5", "1,234.50"},
		{"de", `{{ v | number: 0 }}`, "1234567.5", "1.234.568"},
		{"fr", `{{ v | number: 1 }}`, "1234.55", "1\u202f234,6"},
		{"es", `{{ v | number }}`, "1234.5", "1234,5"}, // groups begin at five digits
		{"es", `{{ v | number }}`, "12345.5", "12.345,5"},
		{"pl", `{{ v | number }}`, "1234", "1234"},
		{"de-CH", `{{ v | number: 2 }}`, "1234.5", "1'234.50"},
		{"sv", `{{ v | number }}`, "-1234", "−1\u00a0234"},
		{"nl", `{{ v | money: "EUR" }}`, "1234.5", "€\u00a01.234,50"},
		{"nl", `{{ v | money: "EUR" }}`, "-1234.5", "€\u00a0-1.234,50"},
		{"nl-BE", `{{ v | money: "EUR" }}`, "1234.5", "€\u00a01.234,50"},
		{"de", `{{ v | money: "EUR" }}`, "1234.5", "1.234,50\u00a0€"},
		{"de-AT", `{{ v | money: "EUR" }}`, "1234.5", "€\u00a01.234,50"},
		{"en", `{{ v | money: "EUR" }}`, "1234.5", "€1,234.50"},
		{"en", `{{ v | money: "USD" }}`, "-0.004", "$0.00"},
		{"en", `{{ v | money: "USD" }}`, "-0.5", "-$0.50"},
		{"en", `{{ v | money: "CHF" }}`, "1234.5", "CHF\u00a01,234.50"},
		{"en", `{{ v | money: "JPY" }}`, "1234.5", "¥1,235"},
		{"fr", `{{ v | money: "EUR", 0 }}`, "1234.5", "1\u202f235\u00a0€"},
		{"es", `{{ v | money: "EUR" }}`, "1234.5", "1234,50\u00a0€"},
		{"nl", `{{ v | date: "%e %B %Y" }}`, "2026-12-31", "31 december 2026"},
		{"nl", `{{ v | date: "%A %-d %b" }}`, "2026-03-02", "maandag 2 mrt"},
		{"de", `{{ v | date: "%e. %B %Y" }}`, "2026-03-12", "12. März 2026"},
		{"fr", `{{ v | date: "%A %e %B %Y" }}`, "2026-08-10", "lundi 10 août 2026"},
		{"es", `{{ v | date: "long" }}`, "2026-12-31", "31 de diciembre de 2026"},
		{"en", `{{ v | date: "long" }}`, "2026-12-31", "December 31, 2026"},
		{"en-GB", `{{ v | date: "long" }}`, "2026-12-31", "31 December 2026"},
		{"nl", `{{ v | date: "full" }}`, "2026-12-31", "donderdag 31 december 2026"},
		{"nl", `{{ v | date: "short" }}`, "2026-12-31", "31-12-2026"},
		{"pl", `{{ v | date: "long" }}`, "2026-12-31", "31 grudnia 2026"},
		{"hu", `{{ v | date: "long" }}`, "2026-12-31", "2026. december 31."},
		{"de-AT", `{{ v | date: "full" }}`, "2026-01-02", "Freitag, 2. Jänner 2026"},
		{"de-AT", `{{ v | date: "%-d. %b" }}`, "2026-01-02", "2. Jän."},
		{"en-GB", `{{ v | date: "medium" }}`, "2026-09-03", "3 Sept 2026"},
		{"en-AU", `{{ v | date: "medium" }}`, "2026-06-07", "7 June 2026"},
		{"es-MX", `{{ v | date: "medium" }}`, "2026-09-03", "3 sep 2026"},
		{"fr-CA", `{{ v | date: "medium" }}`, "2026-07-01", "1 juill. 2026"},
		{"fi", `{{ v | date: "full" }}`, "2026-01-02", "perjantai 2. tammikuuta 2026"},
		{"fr-CH", `{{ v | number: 2 }}`, "12345.5", "12\u202f345,50"},
		{"fr-CH", `{{ v | money: "CHF" }}`, "-12345.5", "-12\u202f345.50\u00a0CHF"},
		{"hu", `{{ v | money: "HUF" }}`, "12345.5", "12\u00a0346\u00a0Ft"},
		{"en", `{{ v | money: "RSD" }}`, "1234.5", "RSD\u00a01,234.50"},
		{"no", `{{ v | date: "%B" }}`, "2026-12-31", "desember"},
		{"", `{{ v | date: "%B" }}`, "2026-12-31", "December"},
		{"tlh", `{{ v | date: "%B" }} {{ "1234" | number }}`, "2026-12-31", "December 1,234"},
		// What is none stays as it is, and an empty value is an empty value.
		{"nl", `{{ v | number: 2 }}`, "many", "many"},
		{"nl", `{{ v | money: "EUR" }}`, "1.234,50", "1.234,50"},
		{"nl", `{{ v | date: "long" }}`, "soon", "soon"},
		{"nl", `{{ v | money: "EUR" | default: "free" }}`, "", "free"},
		{"nl", `{{ v | default: "0" | money: "EUR" }}`, "", "€\u00a00,00"},
		{"nl", `{{ v | times: 2 | money: "EUR" }}`, "617.25", "€\u00a01.234,50"},
		// As a person rounds, not as a float does.
		{"en", `{{ v | number: 2 }}`, "1.005", "1.01"},
		{"en", `{{ v | number: 2 }}`, "0.995", "1.00"},
		{"en", `{{ v | number: 0 }}`, "999999.5", "1,000,000"},
		{"en", `{{ v | number: 0 }}`, "-0.4", "0"},
		{"en", `{{ v | number }}`, "1e3", "1,000"},
		{"en", `{{ v | number: 3 }}`, ".5", "0.500"},
		{"en", `{{ v | number }}`, "12345678901234567890.123456789", "12,345,678,901,234,567,890.123456789"},
	} {
		if got := said(t, c.lang, c.template, c.v); got != c.want {
			t.Errorf("%s: %s with %q: %q, want %q", c.lang, c.template, c.v, got, c.want)
		}
	}
}

func TestLanguageOfHTML(t *testing.T) {
	for html, want := range map[string]string{
		`<!doctype html><html lang="nl"><body>`: "nl", `<HTML xmlns:v='x' xml:lang="de" Lang='fr-BE'>`: "fr-BE", `<html lang=nl-NL>`: "nl-NL",
		`<html xml:lang="de">`: "", `<p lang="nl">`: "", `<html hreflang="de" lang = "es">`: "es", `<html lang>`: "", "<html": "", `<html><p lang="nl">`: "",
		`<html data-lang="de" lang="it">`: "it",
	} {
		if got := languageOf("", html); got != want {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
	if got := said(t, "", "{{ v | number }}", "1234.5"); got != "1,234.5" {
		t.Errorf("%q", got)
	}
	tpl := compile(t, delivery.Content{Subject: "x", HTML: `<html lang="nl"><body>{{ v | date: "%B" }}</body></html>`})
	if p, err := tpl.Preview(Recipient{Address: "a@b.example", Fields: map[string]string{"v": "2026-05-01"}}, envelope()); err != nil || !strings.Contains(p.HTML, ">mei<") {
		t.Errorf("%q, %v", p.HTML, err)
	}
	if got := Language(delivery.Content{Language: "nl-be", HTML: `<html lang="de">`}); got != "nl-BE" {
		t.Errorf("%q", got)
	}
}

func TestLocaleFilterFaults(t *testing.T) {
	for template, want := range map[string]string{
		`{{ v | money }}`: "filter_arguments money", `{{ v | money: "EURO" }}`: "currency EURO", `{{ v | money: v }}`: "currency v", `{{ v | money: "xx1" }}`: "currency xx1",
		`{{ v | number: v }}`: "decimal_places", `{{ v | number: 11 }}`: "decimal_places", `{{ v | number: -1 }}`: "decimal_places", `{{ v | number: 1.5 }}`: "decimal_places",
		`{{ v | number: 1, 2 }}`: "filter_arguments number", `{{ v | date: "%Q" }}`: "date_format",
	} {
		tpl, findings := Compile(delivery.Content{From: "a@b.example", Subject: "x", Text: template})
		if tpl != nil || len(findings) != 1 || findings[0].Detail != want || findings[0].Column < 4 {
			t.Errorf("%s: %+v, want %s", template, findings, want)
		}
	}
}

// Rounding is that of exact arithmetic, and what is formatted reads back.
func TestNumbersRoundExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.StringMatching(`-?[0-9]{1,20}(\.[0-9]{1,12})?`).Draw(t, "v")
		n := rapid.IntRange(0, 10).Draw(t, "places")
		lang := rapid.SampledFrom([]string{"nl", "en", "fr", "de-CH", "es", "sv"}).Draw(t, "lang")
		l := localeOf(lang)
		got := l.number(n)(v)
		plain := strings.NewReplacer(l.group, "", l.minus, "-", l.decimal, ".").Replace(got)
		if l.group == "." {
			plain = strings.NewReplacer(".", "", l.minus, "-", ",", ".").Replace(got)
		}
		r, ok := new(big.Rat).SetString(plain)
		want, _ := new(big.Rat).SetString(v)
		if !ok {
			t.Fatalf("%s %q: %q", lang, v, got)
		}
		// FloatString rounds halves away from zero (math/big).
		if w, _ := new(big.Rat).SetString(want.FloatString(n)); r.Cmp(w) != 0 {
			t.Fatalf("%s %q to %d: %q, want %s", lang, v, n, got, want.FloatString(n))
		}
	})
}

// FuzzLocale has both paths agree, in every language and whatever the value.
func FuzzLocale(f *testing.F) {
	for _, v := range []string{"1234.5", "-0.5", "1e308", "1e-300", "2026-12-31", "31-12-2026", "", "½", "1.234,50", "0x10", "٣", "+.5.", "-", strings.Repeat("9", 500)} {
		f.Add("nl", "EUR", v)
	}
	f.Add("zh-Hant-TW", "XXX", "5")
	f.Fuzz(func(t *testing.T, lang, code, v string) {
		template := `{{ v | number: 2 }} {{ v | number }} {{ v | date: "full" }} {{ v | date: "%e %b %A %p" }}`
		if len(code) == 3 && strings.Trim(strings.ToUpper(code), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			money := `{{ v | money: "` + code + `" }}`
			if tpl, _ := Compile(delivery.Content{From: "a@b.example", Subject: "x", Text: money}); tpl != nil {
				template += money
			}
		}
		out := said(t, lang, template, v)
		if len(out) > 20*len(v)+4000 {
			t.Fatalf("%d bytes of %d", len(out), len(v))
		}
	})
}
