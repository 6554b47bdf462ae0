package rule_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/rule"
)

func TestConditions(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	// Half past midnight of 15 June in Amsterdam; the 14th in UTC.
	now := time.Date(2026, 6, 15, 0, 30, 0, 0, amsterdam)
	for _, c := range []struct {
		src     string
		yes, no []string
	}{
		{`x is "Zoë"`, []string{"Zoë", "zoË", "Zoe\u0308"}, []string{"Zoe", "", " Zoë"}},
		{`x is not "Utrecht"`, []string{"", "Zeist"}, []string{"UTRECHT"}},
		{`x contains "straße"`, []string{"Hauptstraße 1", "STRAẞE"}, []string{"strasse", ""}},
		{`x contains "ann"`, []string{"Ann", "JoANNa", "bann"}, []string{"an", "anx"}},
		{`x does not contain "ann"`, []string{"", "bob"}, []string{"Joanna"}},
		{`x starts with "van "`, []string{"Van Dam", "van "}, []string{"van", "Evan Dam"}},
		{`x ends with ".NL"`, []string{"a@b.nl"}, []string{"nl", "a.nl "}},
		{`x one of ("ÉÉN", "twee")`, []string{"één", "TWEE"}, []string{"", "een"}},
		{`x none of ("a")`, []string{"", "b"}, []string{"A"}},
		{`x is "ſ"`, []string{"s", "S"}, []string{"f"}},
		{`x is "i"`, []string{"I"}, []string{"ı", "İ"}},
		{`x is 7`, []string{"7", "007", "7.0", " 7 "}, []string{"7e0", "0x7", "seven", "", "7,0"}},
		{`x is not 7`, []string{"", "x", "8"}, []string{"7.00"}},
		{`x one of (1, 2.5)`, []string{"2.50"}, []string{"2"}},
		{`x > 5`, []string{"5.01"}, []string{"5", "", "many"}},
		{`x >= 5`, []string{"5"}, []string{"4.99"}},
		{`x < -1`, []string{"-1.5"}, []string{"-1", "inf", "-inf"}},
		{`x <= 0`, []string{"-0", "0"}, []string{"NaN"}},
		{`x between 5 and 1`, []string{"1", "5"}, []string{"0.99", "5.01"}},
		{`x on 2026-01-31`, []string{"2026-01-31", "2026-01-31T23:59:59Z", "2026-01-31 00:00"}, []string{"2026-02-01", "31-01-2026", "2026-01-312", ""}},
		{`x not on 2026-01-31`, []string{"", "2026-01-30"}, []string{"2026-01-31"}},
		{`x before 2024-03-01`, []string{"2024-02-29", "0001-01-01"}, []string{"2024-03-01", "2023-02-29", "2024-02-30", "2024-00-10"}},
		{`x after 1969-12-31`, []string{"1970-01-01", "9999-12-31"}, []string{"1969-12-31"}},
		{`x between 2026-01-01 and 2026-01-31`, []string{"2026-01-01", "2026-01-31"}, []string{"2025-12-31", "2026-02-01"}},
		{`x in the last 7 days`, []string{"2026-06-15", "2026-06-08"}, []string{"2026-06-16", "2026-06-07", ""}},
		{`x not in the last 7 days`, []string{"2026-06-16", "2026-06-07", "", "never"}, []string{"2026-06-15", "2026-06-08"}},
		{`x is yes`, []string{"yes", "Yes", "TRUE"}, []string{"no", "1", ""}},
		{`x is no`, []string{"no", "false"}, []string{"", "yes"}},
		{`x is not no`, []string{"", "yes"}, []string{"no"}},
		{`x is empty`, []string{""}, []string{" ", "x"}},
		{`x is not empty`, []string{"x"}, []string{""}},
	} {
		e, err := rule.Parse(c.src)
		if err != nil {
			t.Error(err)
			continue
		}
		test := rule.Test(e, now)
		for _, v := range c.yes {
			if !test(v) {
				t.Errorf("%s: not %q", c.src, v)
			}
		}
		for _, v := range c.no {
			if test(v) {
				t.Errorf("%s: %q as well", c.src, v)
			}
		}
	}
	if d := rule.DayText(time.Date(2026, 6, 14, 22, 15, 0, 0, time.UTC), now); d != "2026-06-15" {
		t.Errorf("added on %s", d)
	}
}

// TestDaysAreThoseOfTheCalendar: against the standard library.
func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "at"), 0).UTC()
		d, ok := rule.ParseDay(at.Format(time.DateOnly))
		want := int(at.Truncate(24*time.Hour).Unix() / 86400)
		if !ok || d != want {
			t.Fatalf("%s: %d, want %d", at.Format(time.DateOnly), d, want)
		}
		s := rapid.StringMatching(`[0-9]{4}-[0-9]{2}-[0-9]{2}`).Draw(t, "s")
		_, err := time.Parse(time.DateOnly, s)
		if _, ok := rule.ParseDay(s); ok != (err == nil && s[:4] != "0000") {
			t.Fatalf("%s: %v, %v", s, ok, err)
		}
	})
}
