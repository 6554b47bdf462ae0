package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

// constants reads the values of a string type from the source, so that a new one
// without words fails here.
func constants(t *testing.T, file, typ string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../../delivery/"+file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range f.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if id, ok := v.Type.(*ast.Ident); !ok || id.Name != typ || len(v.Values) != 1 {
				continue
			}
			s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
	}
	if len(out) < 5 {
		t.Fatalf("found only %v", out)
	}
	return out
}

// TestEveryKindHasASentence: each kind of error names its cause, and its way out
// in a sentence of its own.
func TestEveryKindHasASentence(t *testing.T) {
	fallback := say(&delivery.Error{Kind: "no such kind"})
	seen := map[string]string{}
	for _, k := range constants(t, "errors.go", "Kind") {
		bare := say(&delivery.Error{Kind: delivery.Kind(k)})
		if bare == fallback && k != string(delivery.KindInternal) {
			t.Errorf("%s has no sentence", k)
		}
		if other, ok := seen[bare]; ok {
			t.Errorf("%s says the same as %s", k, other)
		}
		seen[bare] = k
		full := say(&delivery.Error{Kind: delivery.Kind(k), Field: "thing", File: "file.x", Line: 7, Column: 9, Detail: "the-detail", Err: errors.New("the-cause")})
		if !strings.HasSuffix(full, ".") {
			t.Errorf("%s: no sentence: %s", k, full)
		}
		switch delivery.Kind(k) {
		case delivery.KindCancelled, delivery.KindNewerSchema:
			continue // there is nothing to name
		}
		named := false
		for _, s := range []string{"thing", "file.x", "the-detail", "the-cause"} {
			named = named || strings.Contains(full, s)
		}
		if !named && k != string(delivery.KindState) && k != string(delivery.KindRight) {
			t.Errorf("%s names nothing: %s", k, full)
		}
		if strings.Contains(full, "%!") || strings.Contains(full, "..") {
			t.Errorf("%s: %s", k, full)
		}
	}
}

func TestEveryFindingHasASentence(t *testing.T) {
	for _, c := range constants(t, "finding.go", "FindingCode") {
		s := findingText(delivery.Finding{Code: delivery.FindingCode(c), Count: 2, Detail: "city"})
		if strings.HasPrefix(s, c) || !strings.HasSuffix(s, ".") {
			t.Errorf("%s: %q", c, s)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&delivery.Error{Kind: delivery.KindPassword, Field: "work", Detail: "ACME"}, "There is no password for the account “work”. Set the environment variable ACME and try again."},
		{&delivery.Error{Kind: delivery.KindNoFile, File: "/w/sendoff.db"}, "There is no workspace here: /w/sendoff.db does not exist. Make one with sendoffctl init, or name another folder with --workspace."},
		{&delivery.Error{Kind: delivery.KindSealBroken, Detail: "content,schedule"}, "It was edited since the preparation: content, schedule. Nothing was sent; prepare it again."},
		{&delivery.Error{Kind: delivery.KindStalePlan, Detail: "7f3a·c41e·09b2"}, "The plan is not the one that was seen (now 7f3a·c41e·09b2). Nothing was sent; look at the delivery again, then confirm."},
		{&delivery.Error{Kind: delivery.KindState, Detail: "finished"}, "That is not possible now: the delivery is finished. Duplicate it to send it again, correct it, or top it up."},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "schedule.zone", Detail: "Mars/Base"}, "The zone “Mars/Base” is not known. Write one as Europe/Amsterdam."},
		{&delivery.Error{Kind: delivery.KindUnreachable, Detail: "127.0.0.1:25", Err: errors.New("connection refused")}, "The relay does not answer: 127.0.0.1:25, connection refused. Check its host and port, and the network; no message failed by this."},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "attachment", File: "../x", Detail: "attachment_outside"}, "1 recipient has a path that leads out of the folder, for example “../x”. Correct the path or the data."},
		{&delivery.Error{Kind: delivery.KindInvalid, Field: "label"}, "The value of “label” is missing or cannot be. Fill it in."},
		{errors.New("boom"), "Something went wrong inside Sendoff: boom. Nothing is lost; please try again, and report it when it stays."},
	} {
		if got := say(c.err); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestEveryLogLineHasASentence(t *testing.T) {
	for _, code := range []string{"created", "edited", "prepare_started", "rule", "prepare_done", "prepare_failed", "prepare_stopped", "confirmed",
		"started", "paused", "paused_by_breaker", "resumed", "stopped", "hold", "database_locked", "woke", "recovered", "retrying", "finished", "stats", "doubt_resolved"} {
		s := logSentence(delivery.LogLine{Code: code, Params: map[string]string{"kind": "auth", "count": "7"}})
		if strings.HasPrefix(s, code) || strings.Contains(s, "=") {
			t.Errorf("%s: %s", code, s)
		}
	}
	if s := logSentence(delivery.LogLine{Code: "moon_landing", Params: map[string]string{"b": "2", "a": "1"}}); s != "moon_landing a=1 b=2" {
		t.Errorf("an unknown code says %q", s)
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := number(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
	for s, want := range map[string]string{"": "", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "a=b": "a=b", "\tx": "'\tx"} {
		if got := neutral(s); got != want {
			t.Errorf("%q becomes %q", s, got)
		}
	}
	c := delivery.Counters{Targeted: 10000, Accepted: 9996, Rejected: 4}
	if s := rateWords(kpi.Of(c).DeliveredRate, "sent"); s != "99.9 % of sent" {
		t.Errorf("almost all is %s", s)
	}
	if s := ledger(delivery.Counters{Targeted: 2, Accepted: 1}); !strings.Contains(s, "does not add up") {
		t.Error("a ledger that does not add up is not said to")
	}
}

// TestProgress: a terminal gets one line a second, a file one in ten.
func TestProgress(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var b strings.Builder
		r := (&app{err: &b, terminal: terminal}).progress()
		r.show(func() string { return "first long line" })
		r.show(func() string { return "too soon" })
		r.last = r.last.Add(-r.every)
		r.show(func() string { return "second" })
		r.end()
		want := "second\n"
		if terminal {
			want = "\rfirst long line\rsecond         \n"
		}
		if b.String() != want {
			t.Errorf("terminal %v: %q", terminal, b.String())
		}
		if want := map[bool]time.Duration{true: time.Second, false: 10 * time.Second}[terminal]; r.every != want {
			t.Errorf("terminal %v: every %v", terminal, r.every)
		}
	}
}

func TestFaultsAreSaidInWords(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"unknown_filter sort", "there is no filter “sort”"},
		{"unclosed_block if", "the block “if” is not closed by “endif”"},
		{"wrong_host, x509: certificate is valid for other.example", "it is for another host"},
		{"535 no", "535 no"}, // not a code of ours
	} {
		if got := fault(c.code); got != c.want {
			t.Errorf("%s: %s", c.code, got)
		}
	}
}

// TestReasonWords: every reason for which a row is refused has words of its own.
func TestReasonWords(t *testing.T) {
	seen := map[string]string{}
	for _, code := range audience.Reasons() {
		words := reasonWords(code)
		if words == code || seen[words] != "" {
			t.Errorf("%s: %q, as %s", code, words, seen[words])
		}
		seen[words] = code
	}
}
