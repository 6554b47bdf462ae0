package text_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

func load(t testing.TB, lang string) *text.Catalog {
	t.Helper()
	c, err := text.Load(translations.FS, lang, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNumbers(t *testing.T) {
	en, nl := load(t, "en"), load(t, "nl")
	for _, c := range []struct{ got, want string }{
		{en.Number(0), "0"}, {en.Number(999), "999"}, {en.Number(1000), "1,000"},
		{en.Number(10000), "10,000"}, {en.Number(1234567), "1,234,567"}, {en.Number(-4321), "-4,321"},
		{nl.Number(10000), "10.000"}, {nl.Number(-1234567), "-1.234.567"},
		{en.Decimal(1234.56, 1), "1,234.6"}, {nl.Decimal(1234.56, 1), "1.234,6"}, {en.Decimal(-0.25, 2), "-0.25"},
		{en.Percent(972, 1000), "97.2\u00a0%"}, {nl.Percent(972, 1000), "97,2\u00a0%"},
		{en.Percent(1, 1), "100\u00a0%"}, {en.Percent(0, 5), "0\u00a0%"}, {en.Percent(0, 0), "–"},
		{en.Percent(9999, 10000), "99.9\u00a0%"}, {en.Percent(1, 1000000), "0.1\u00a0%"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestPercentNeverLies(t *testing.T) {
	en := load(t, "en")
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 1<<40).Draw(t, "den")
		num := rapid.Int64Range(0, den).Draw(t, "num")
		got := en.Percent(num, den)
		if (got == "100\u00a0%") != (num == den) || (got == "0\u00a0%") != (num == 0) {
			t.Fatalf("%d of %d reads %q", num, den, got)
		}
	})
}

func TestDates(t *testing.T) {
	ams, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	en, err := text.Load(translations.FS, "en", ams)
	if err != nil {
		t.Fatal(err)
	}
	nl, err := text.Load(translations.FS, "nl", ams)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 8, 5, 9, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{en.DateTime(at), "1 Mar 2026, 09:05"}, {nl.DateTime(at), "1 mrt 2026, 09:05"},
		{en.Clock(at), "09:05"}, {en.ClockSeconds(at), "09:05:09"}, {en.Date(time.Time{}), "–"},
		{en.DateTimeIn(at, time.UTC), "1 Mar 2026, 08:05"},
		{en.When(at, at.Add(time.Hour)), "09:05"},
		{en.When(at, at.AddDate(1, 0, 0)), "1 Mar 2026, 09:05"},
		{en.Duration(372 * time.Second), "6 min 12 s"}, {en.Duration(time.Minute), "1 min"},
		{en.Duration(3900 * time.Second), "1 h 5 min"}, {nl.Duration(3900 * time.Second), "1 u 5 min"},
		{en.Duration(4 * time.Second), "4 s"}, {en.Duration(300 * time.Millisecond), "less than a second"},
		{en.Rate(26.4), "26 messages per second"}, {en.Rate(1), "1 message per second"},
		{en.Rate(0.25), "15 messages per minute"}, {nl.Rate(1200), "1.200 berichten per seconde"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		wanted string
		env    []string
		want   string
		bad    bool
	}{
		{"", nil, "en", false},
		{"", []string{"nl_NL.UTF-8"}, "nl", false},
		{"", []string{"", "", "nl_BE"}, "nl", false},
		{"", []string{"C.UTF-8", "nl_NL"}, "en", false},
		{"en", []string{"nl_NL.UTF-8"}, "en", false},
		{"NL", nil, "nl", false},
		{"fr", nil, "en", true},
	} {
		got, err := text.Choose(c.wanted, c.env...)
		if got != c.want || (err != nil) != c.bad {
			t.Errorf("Choose(%q, %q) = %q, %v; want %q", c.wanted, c.env, got, err, c.want)
		}
	}
}

func TestPlaceholdersAreFilledOnce(t *testing.T) {
	en := load(t, "en")
	if got, want := en.T("home.delete_sentence", "label", "{label} {n}"), "“{label} {n}” and its logs go for good."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := en.N("detail.warnings", 1), "1 warning"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := en.List([]string{"a", "b", "c"}), "a, b and c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every code the engine can hand over has a sentence without a hole in it.
func TestEveryCodeHasASentence(t *testing.T) {
	for _, lang := range text.Languages() {
		c := load(t, lang)
		check := func(kind, code, got string) {
			t.Helper()
			if got == "" || strings.ContainsAny(got, "{}") || strings.Contains(got, "."+code) || got == code {
				t.Errorf("%s: %s %q reads %q", lang, kind, code, got)
			}
		}
		for _, s := range delivery.States() {
			check("state", string(s), c.State(s))
		}
		for _, s := range delivery.MessageStates() {
			if got := c.Message(s); got == "message."+s.String() {
				t.Errorf("%s: message state %q has no word", lang, s)
			}
		}
		for _, a := range []delivery.Action{delivery.Edit, delivery.Prepare, delivery.StopPreparation,
			delivery.Confirm, delivery.Pause, delivery.Resume, delivery.Stop} {
			check("action", string(a), c.Action(a))
		}
		for _, r := range access.All() {
			check("right", string(r), c.Right(r))
		}
		for _, k := range constants(t, "../../engine/delivery", "Kind") {
			check("kind", k, c.Error(&delivery.Error{Kind: delivery.Kind(k), Field: "host", File: "f.csv",
				Line: 3, Column: 4, Detail: "schedule"}))
		}
		for _, f := range constants(t, "../../engine/delivery", "FindingCode") {
			check("finding", f, c.Finding(delivery.Finding{Code: delivery.FindingCode(f), Part: "html",
				Line: 3, Column: 4, Count: 2, Detail: detailOf(f)}))
		}
		for _, n := range constants(t, "../../engine/delivery", "Nature") {
			if got := c.Nature(delivery.Nature(n)); strings.HasPrefix(got, "nature.") || got == "" {
				t.Errorf("%s: nature %q reads %q", lang, n, got)
			}
		}
		for _, n := range delivery.Causes() {
			if !c.Has("cause." + string(n)) {
				t.Errorf("%s: cause %q has no short word", lang, n)
			}
		}
		for _, p := range delivery.Parts() {
			check("part", string(p), c.Parts([]delivery.Part{p}))
		}
	}
}

// The codes and their parameters are those a delivery's log is written with.
func TestLogLines(t *testing.T) {
	lines := []delivery.LogLine{
		{Code: "created"}, {Code: "edited", Params: map[string]string{"parts": "content,schedule"}},
		{Code: "prepare_started"}, {Code: "rule", Params: map[string]string{"nature": "duplicate", "count": "61"}},
		{Code: "prepare_done", Params: map[string]string{"targeted": "10000", "to_deliver": "9786", "plan": strings.Repeat("ab", 32), "warnings": "2", "seconds": "1.5"}},
		{Code: "prepare_failed", Params: map[string]string{"errors": "2"}}, {Code: "prepare_stopped"},
		{Code: "confirmed", Params: map[string]string{"plan": strings.Repeat("ab", 32), "count": "9786"}},
		{Code: "started", Params: map[string]string{"account": "sandbox"}}, {Code: "paused"},
		{Code: "paused_by_breaker", Params: map[string]string{"kind": "auth", "detail": "x"}}, {Code: "resumed"},
		{Code: "stopped", Params: map[string]string{"got": "37", "not": "2351"}},
		{Code: "hold", Params: map[string]string{"kind": "unreachable", "detail": "smtp.x.example:587", "until": "2026-11-23T09:51:00Z"}},
		{Code: "recovered", Params: map[string]string{"in_doubt": "2", "released": "16"}},
		{Code: "retrying", Params: map[string]string{"deferred": "118"}},
		{Code: "finished", Params: map[string]string{"accepted": "9502", "rejected": "284", "in_doubt": "0", "seconds": "372"}},
		{Code: "stats", Params: map[string]string{"differences": "0"}},
	}
	for _, lang := range text.Languages() {
		c := load(t, lang)
		for _, l := range lines {
			if got := c.LogLine(l); strings.ContainsAny(got, "{}") || got == l.Code || strings.Contains(got, "log.") {
				t.Errorf("%s: line %q reads %q", lang, l.Code, got)
			}
		}
	}
	en := load(t, "en")
	if got, want := en.LogLine(lines[4]), "Preparation completed in 1.5 s: 10,000 targeted, 9,786 to deliver, 2 warnings. Plan abab·abab·abab."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := en.LogLine(lines[13]), "Waiting until 09:51. The relay smtp.x.example:587 does not answer. Check host and port, or your network; nothing was lost and sending goes on by itself."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestErrors(t *testing.T) {
	en := load(t, "en")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{errors.New("boom"), "Something went wrong inside Sendoff: boom. Nothing was sent by it; please try again, and report it if it stays."},
		{context.Canceled, "It was cancelled. Nothing was changed."},
		{&delivery.Error{Kind: delivery.KindSealBroken, Detail: "schedule"}, "The sending cannot be confirmed because the schedule has changed since the preparation. Please prepare again."},
		{&delivery.Error{Kind: delivery.KindSealBroken, Detail: "content, schedule"}, "The sending cannot be confirmed because the content and the schedule have changed since the preparation. Please prepare again."},
		{&delivery.Error{Kind: delivery.KindRight, Detail: "start"}, "You need the right “Start deliveries” for this. Ask somebody who has it, or an administrator."},
		{&delivery.Error{Kind: delivery.KindState, Op: "confirm", Detail: "sending"}, "This is not possible now: the delivery is “Sending”. Nothing was changed."},
	} {
		if got := en.Error(c.err); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
	}
}

func TestCausesOfABrokenTemplateAreWords(t *testing.T) {
	for _, lang := range text.Languages() {
		c, err := text.Load(translations.FS, lang, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		for _, detail := range []string{"unclosed_object", "unclosed_block if", "unknown_filter sort", "unexpected x", "value_as_scheme", "filter_missing"} {
			code, arg, _ := strings.Cut(detail, " ")
			got := c.Finding(delivery.Finding{Code: delivery.FindTemplate, Part: "html", Line: 2, Column: 3, Detail: detail})
			if strings.Contains(got, code) || !strings.Contains(got, arg) || strings.Contains(got, "{arg}") {
				t.Errorf("%s, %s: %s", lang, detail, got)
			}
		}
	}
}
