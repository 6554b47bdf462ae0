package state_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/resources/translations"
)

// rendered is what one person gets of a text.
func rendered(t interface{ Fatalf(string, ...any) }, text string, fields map[string]string) (string, []string, bool) {
	k, findings := message.Compile(delivery.Content{From: "a@b.example", Subject: "s", Text: text})
	if k == nil {
		t.Fatalf("%q does not compile: %v", text, findings)
		return "", nil, false
	}
	p, err := k.Preview(message.Recipient{Address: "anna@post.example", Fields: fields}, message.Envelope{Today: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	copes := true
	for _, f := range k.Fields() {
		copes = copes && f.Default
	}
	return p.Text, p.Missing, copes
}

func TestTags(t *testing.T) {
	for _, c := range []struct {
		tag         state.Tag
		want        string
		value, says string
	}{
		{state.Tag{Field: "first_name"}, `{{ first_name }}`, "Anna", "Anna"},
		{state.Tag{Field: "first_name", Default: "you"}, `{{ first_name | default: "you" }}`, "", "you"},
		{state.Tag{Field: "first_name", Default: `say "hi"`}, `{{ first_name | default: 'say "hi"' }}`, "", `say "hi"`},
		{state.Tag{Field: "first_name", Default: `'a' "b" \c`}, `{{ first_name | default: "'a' \"b\" \\c" }}`, "", `'a' "b" \c`},
		{state.Tag{Field: "city", Format: state.UpperFormat}, `{{ city | upcase }}`, "Utrecht", "UTRECHT"},
		{state.Tag{Field: "born", Format: state.DateFormat, Arg: "%d-%m-%Y", Default: "?"}, `{{ born | date: "%d-%m-%Y" | default: "?" }}`, "1990-03-09", "09-03-1990"},
		{state.Tag{Field: "born", Format: state.DateFormat, Arg: "%d-%m-%Y", Default: "?"}, `{{ born | date: "%d-%m-%Y" | default: "?" }}`, "", "?"},
	} {
		got := c.tag.Liquid()
		if got != c.want {
			t.Errorf("%+v is %s, want %s", c.tag, got, c.want)
		}
		if says, _, copes := rendered(t, got, map[string]string{c.tag.Field: c.value}); says != c.says || copes != (c.tag.Default != "") {
			t.Errorf("%s of %q says %q, want %q; copes with a missing value: %t", got, c.value, says, c.says, copes)
		}
	}
}

// How a value is written follows the language of the content (CLDR).
func TestTagsOfALanguage(t *testing.T) {
	en := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
	for _, c := range []struct {
		tag             state.Tag
		value, language string
		says            string
	}{
		{state.Tag{Field: "x", Format: state.NumberFormat, Default: "0"}, "1234567.5", "nl", "1.234.567,5"},
		{state.Tag{Field: "x", Format: state.NumberFormat, Arg: "0"}, "1234567.2", "en", "1,234,567"},
		{state.Tag{Field: "x", Format: state.NumberFormat, Arg: "2"}, "12", "de", "12,00"},
		{state.Tag{Field: "x", Format: state.MoneyFormat, Arg: "EUR"}, "1234.5", "nl", "€ 1.234,50"},
		{state.Tag{Field: "x", Format: state.MoneyFormat, Arg: "EUR"}, "1234.5", "en", "€1,234.50"},
		{state.Tag{Field: "x", Format: state.DateFormat, Arg: "long"}, "2026-06-01", "nl", "1 juni 2026"},
		{state.Tag{Field: "x", Format: state.DateFormat, Arg: "full"}, "2026-06-01", "nl", "maandag 1 juni 2026"},
		{state.Tag{Field: "x", Format: state.DateFormat, Arg: "%B"}, "2026-06-01", "fr", "juin"},
		{state.Tag{Field: "x", Format: state.NumberFormat, Default: "none"}, "", "nl", "none"},
	} {
		k, findings := message.Compile(delivery.Content{Text: c.tag.Liquid(), Language: c.language})
		if k == nil {
			t.Errorf("%s: %v", c.tag.Liquid(), findings)
			continue
		}
		p, err := k.Preview(message.Recipient{Fields: map[string]string{"x": c.value}}, message.Envelope{})
		if got := en.Replace(p.Text); err != nil || got != c.says {
			t.Errorf("%s of %q in %s is %q, want %q (%v)", c.tag.Liquid(), c.value, c.language, got, c.says, err)
		}
	}
}

// Every format that is offered compiles, for every type of field.
func TestFormatsOffered(t *testing.T) {
	c, err := text.Load(translations.FS, "en", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range delivery.FieldTypes() {
		for _, x := range state.FormatChoices(c, of) {
			tag := state.Tag{Field: "x", Format: x.Format, Arg: x.Arg, Default: "-"}
			if k, findings := message.Compile(delivery.Content{Text: tag.Liquid()}); k == nil {
				t.Errorf("%s of a %s: %v", tag.Liquid(), of, findings)
			}
		}
	}
	for _, s := range state.Specials(c) {
		if !message.Special(s.Name) {
			t.Errorf("%s is not there for everybody", s.Name)
		}
	}
}

// Whatever a person types as default or as value, it is that and nothing else.
func TestTagsHoldWhatIsTyped(t *testing.T) {
	typed := rapid.StringOf(rapid.SampledFrom([]rune(`ab '"\{}%|:é🎉<&`)))
	rapid.Check(t, func(t *rapid.T) {
		s := typed.Draw(t, "typed")
		if says, _, _ := rendered(t, "["+state.Tag{Field: "x", Default: s}.Liquid()+"]", nil); says != "["+s+"]" && s != "" {
			t.Fatalf("the default %q is %q", s, says)
		}
		before, behind := state.Around(state.Condition(delivery.Field{Name: "x"}, message.TestIs, s), true)
		says, missing, _ := rendered(t, before+"yes"+behind, map[string]string{"x": s})
		if trimmed := len(s) > 0 && (s[0] == ' ' || s[len(s)-1] == ' '); says != "yes" && !trimmed {
			t.Fatalf("%s is %q for %q", before, says, s)
		}
		if len(missing) > 0 {
			t.Fatalf("a condition misses %v", missing)
		}
	})
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name   string
		of     message.Condition
		before string
		yes    []string // values for which it holds
		no     []string
	}{
		{"is", state.Condition(delivery.Field{Name: "city"}, message.TestIs, "Utrecht"), `{% if city == "Utrecht" %}`, []string{"Utrecht"}, []string{"Delft", ""}},
		{"is not", state.Condition(delivery.Field{Name: "city"}, message.TestIsNot, "Utrecht"), `{% if city != "Utrecht" %}`, []string{"Delft", ""}, []string{"Utrecht"}},
		{"contains", state.Condition(delivery.Field{Name: "city"}, message.TestContains, "dam"), `{% if city contains "dam" %}`, []string{"Rotterdam"}, []string{"Delft", ""}},
		{"more", state.Condition(delivery.Field{Name: "age", Type: delivery.FieldNumber}, message.TestMore, "17"), `{% if age > 17 %}`, []string{"18", "100"}, []string{"17", "9", ""}},
		{"less", state.Condition(delivery.Field{Name: "age", Type: delivery.FieldNumber}, message.TestLess, "17.5"), `{% if age != "" and age < 17.5 %}`, []string{"17", "9"}, []string{"18", "100", ""}},
		{"later", state.Condition(delivery.Field{Name: "since", Type: delivery.FieldDate}, message.TestMore, "2024-01-31"), `{% if since > "2024-01-31" %}`, []string{"2024-02-01", "2026-01-01"}, []string{"2023-12-31", ""}},
		{"filled", state.Condition(delivery.Field{Name: "city"}, message.TestFilled, ""), `{% if city %}`, []string{"x"}, []string{""}},
		{"empty", state.Condition(delivery.Field{Name: "city"}, message.TestEmpty, ""), `{% if city == "" %}`, []string{""}, []string{"x"}},
	} {
		before, behind := state.Around(c.of, true)
		if before != c.before {
			t.Errorf("%s: %s, want %s", c.name, before, c.before)
		}
		text := before + "yes{% else %}no{% endif %}"
		if behind != "{% else %}{% endif %}" {
			t.Errorf("%s: behind stands %s", c.name, behind)
		}
		for want, values := range map[string][]string{"yes": c.yes, "no": c.no} {
			for _, v := range values {
				if got, _, _ := rendered(t, text, map[string]string{c.of.Field: v}); got != want {
					t.Errorf("%s for %q: %s, want %s", c.name, v, got, want)
				}
			}
		}
	}
}
