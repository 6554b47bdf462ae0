package text_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/rule/ruletest"
)

func TestRulesAsSentences(t *testing.T) {
	names := text.RuleNames{Fields: []delivery.Field{{Name: "first_name", Label: "Voornaam"}, {Name: "vat", Label: "BTW"}},
		Deliveries: func(id delivery.ID) string {
			if id == 12 {
				return "Summer time"
			}
			return ""
		}}
	for _, c := range []struct{ rule, en, nl string }{
		{`everyone`, `Everybody.`, `Iedereen.`},
		{`city is "Utrecht" and not in audience "Staff"`, `People who live in “Utrecht” and who are not in “Staff”.`,
			`Personen die in “Utrecht” wonen en die niet in “Staff” zitten.`},
		{`city one of ("Ede", "Zeist", "Delft")`, `People who live in “Ede”, “Zeist” or “Delft”.`, `Personen die in “Ede”, “Zeist” of “Delft” wonen.`},
		{`city contains "dam"`, `People whose city contains “dam”.`, `Personen bij wie city “dam” bevat.`},
		{`first_name starts with "Jo" and vat is empty`, `People whose voornaam starts with “Jo” and whose BTW is not known.`,
			`Personen bij wie voornaam met “Jo” begint en bij wie BTW onbekend is.`},
		{`age >= 18 and (member is yes or did not get delivery DM12)`,
			`People whose age is at least 18 and (whose member is yes or who did not get “Summer time” (DM12)).`,
			`Personen bij wie age minstens 18 is en (bij wie member ja is of die “Summer time” (DM12) niet kregen).`},
		{`got delivery DM3`, `People who got DM3.`, `Personen die DM3 kregen.`},
		{`not (age > 1234.5 or age < 2)`, `People who are not among those whose age is more than 1,234.5 or whose age is less than 2.`,
			`Personen die niet horen bij degenen bij wie age meer dan 1.234,5 is of bij wie age minder dan 2 is.`},
		{`city is "Ede" or not (city contains "dam") or not (age > 3)`, `People who live in “Ede”, whose city does not contain “dam” or (who are not among those whose age is more than 3).`,
			`Personen die in “Ede” wonen, bij wie city niet “dam” bevat of (die niet horen bij degenen bij wie age meer dan 3 is).`},
		{`added in the last 30 days`, `People who were added in the last 30 days.`, `Personen die in de laatste 30 dagen zijn toegevoegd.`},
		{`joined in the last 1 days`, `People whose joined is today or yesterday.`, `Personen bij wie joined vandaag of gisteren is.`},
		{`joined not in the last 7 days`, `People whose joined is not in the last 7 days, or not known.`, `Personen bij wie joined niet in de laatste 7 dagen ligt, of onbekend is.`},
		{`joined between 2026-01-31 and 2026-03-01`, `People whose joined is from 31 Jan 2026 to 1 Mar 2026.`, `Personen bij wie joined van 31 jan 2026 tot en met 1 mrt 2026 is.`},
		{`email ends with "@acme.example"`, `People whose e-mail address ends with “@acme.example”.`, `Personen bij wie e-mailadres op “@acme.example” eindigt.`},
		{`in audience "All" and random part 51 to 100 of 100 seed 7`, `People who are in “All” and who are in random part 51–100 of 100.`,
			`Personen die in “All” zitten en die in willekeurig deel 51–100 van 100 zitten.`},
	} {
		for lang, want := range map[string]string{"en": c.en, "nl": c.nl} {
			if got := load(t, lang).RuleText(c.rule, names); got != want {
				t.Errorf("%s: %s\nwant %s", c.rule, got, want)
			}
		}
	}
	if got := load(t, "en").RuleText("city is", names); got != "city is" {
		t.Errorf("%q", got)
	}
}

// TestEveryRuleHasASentence: no placeholder and no key is left.
func TestEveryRuleHasASentence(t *testing.T) {
	en, nl := load(t, "en"), load(t, "nl")
	rapid.Check(t, func(t *rapid.T) {
		w := ruletest.World{Fields: []string{"city", "age"}, Texts: []string{"Ede"}, Audiences: []rule.Ref{{Name: "A"}}, Deliveries: []delivery.ID{1},
			Today: time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)}
		e := w.Expr(t, 4)
		for _, c := range []*text.Catalog{en, nl} {
			if s := c.Rule(e, text.RuleNames{}); strings.ContainsAny(s, "{}_") || strings.Contains(s, "rule.") {
				t.Fatalf("%s: %s", e, s)
			}
		}
	})
}
