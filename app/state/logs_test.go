package state_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	engine "sendoff/engine/kpi"
)

func counters(t *rapid.T) delivery.Counters {
	var k delivery.Counters
	for _, s := range delivery.MessageStates() {
		*k.Of(s) = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 2000000)).Draw(t, s.String())
	}
	k.Targeted = k.Sum()
	return k
}

// The numbers a person reads add up to the first of them, in every language.
func TestTheLedgerAddsUp(t *testing.T) {
	number := regexp.MustCompile(`[0-9][0-9.,]*`)
	rapid.Check(t, func(r *rapid.T) {
		k := counters(r)
		for _, lang := range text.Languages() {
			line := state.LedgerOf(words(t, lang), k).String()
			var ns []int64
			for _, s := range number.FindAllString(line, -1) {
				n, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(s), 10, 64)
				if err != nil {
					r.Fatal(err)
				}
				ns = append(ns, n)
			}
			if len(ns) != 10 {
				r.Fatalf("%d figures in %q, want ten", len(ns), line)
			}
			var sum int64
			for _, n := range ns[1:] {
				sum += n
			}
			if sum != ns[0] || ns[0] != k.Targeted {
				r.Fatalf("%q does not add up", line)
			}
		}
	})
}

func TestLedgerReadsAsDesigned(t *testing.T) {
	k := delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 3381, Claimed: 16, Committing: 2, Accepted: 5992, Deferred: 118, Rejected: 276, InDoubt: 1}
	want := "10,000 targeted = 214 excluded + 3,381 pending + 16 claimed + 2 committing + 5,992 accepted + 118 deferred + 276 rejected + 1 in doubt + 0 cancelled"
	if got := state.LedgerOf(words(t, "en"), k).String(); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestParseLogPlace(t *testing.T) {
	deferred := []delivery.MessageState{delivery.MsgDeferred}
	for _, c := range []struct {
		tab, search string
		want        state.LogPlace
	}{
		{"", "", state.LogPlace{}},
		{"nonsense", "", state.LogPlace{}},
		{"log", "", state.LogPlace{Tab: state.TabLog}},
		{"sending", "ann@", state.LogPlace{Tab: state.TabSending, Query: delivery.LogQuery{Search: "ann@"}}},
		{"deferred", "", state.LogPlace{Tab: state.TabSending, Query: delivery.LogQuery{States: deferred}}},
		{"deferred", "x", state.LogPlace{Tab: state.TabSending, Query: delivery.LogQuery{States: deferred, Search: "x"}}},
		{"excluded", "", state.LogPlace{Tab: state.TabExclusions}},
		{"in_doubt", "", state.LogPlace{Tab: state.TabDoubt}},
		{"sending?desc=1&nature=refused&sort=at&state=deferred", "", state.LogPlace{Tab: state.TabSending,
			Query: delivery.LogQuery{States: deferred, Natures: []delivery.Nature{"refused"}, Sort: delivery.LogByDate, Desc: true}}},
		{"sending?state=%zz", "", state.LogPlace{Tab: state.TabSending}},
	} {
		got := state.ParseLogPlace(c.tab, c.search)
		if got.String() != c.want.String() || got.Tab != c.want.Tab || got.Query.Search != c.want.Query.Search {
			t.Errorf("%q: got %+v, want %+v", c.tab, got, c.want)
		}
		if back := state.ParseLogPlace(got.String(), c.search); back.String() != got.String() {
			t.Errorf("%q comes back as %q", got, back)
		}
	}
}

// What a tab asks the engine never leaves the tab.
func TestFullStaysInTheTab(t *testing.T) {
	one := func(s delivery.MessageState) []delivery.MessageState { return []delivery.MessageState{s} }
	for _, c := range []struct {
		place state.LogPlace
		want  []delivery.MessageState
	}{
		{state.LogPlace{Tab: state.TabSending}, delivery.MessageStates()[:8]},
		{state.LogPlace{Tab: state.TabSending, Query: delivery.LogQuery{States: one(delivery.MsgRejected)}}, one(delivery.MsgRejected)},
		{state.LogPlace{Tab: state.TabExclusions, Query: delivery.LogQuery{States: one(delivery.MsgRejected)}}, one(delivery.MsgExcluded)},
		{state.LogPlace{Tab: state.TabDoubt}, one(delivery.MsgInDoubt)},
	} {
		if got := c.place.Full().States; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.place, got, c.want)
		}
	}
}

func TestLogMoves(t *testing.T) {
	before := delivery.Counters{Targeted: 100, Excluded: 10, Pending: 50, Accepted: 40}
	sent, excluded := before, before
	sent.Pending, sent.Accepted = 49, 41
	excluded.Pending, excluded.Excluded = 49, 11
	states := func(ss ...delivery.MessageState) delivery.LogQuery { return delivery.LogQuery{States: ss} }
	all := state.LogPlace{Tab: state.TabSending}.Full()
	with := func(change func(*delivery.LogQuery)) delivery.LogQuery { q := all; change(&q); return q }
	for _, c := range []struct {
		name  string
		q     delivery.LogQuery
		after delivery.Counters
		want  bool
	}{
		{"at rest", states(delivery.MsgPending), before, false},
		{"all by number", all, sent, false},
		{"all by address", with(func(q *delivery.LogQuery) { q.Sort = delivery.LogByAddress }), sent, false},
		{"all by number, one is excluded", all, excluded, true},
		{"all by date", with(func(q *delivery.LogQuery) { q.Sort = delivery.LogByDate }), sent, true},
		{"a search reads replies", with(func(q *delivery.LogQuery) { q.Search = "x" }), sent, true},
		{"a nature", with(func(q *delivery.LogQuery) { q.Natures = []delivery.Nature{"refused"} }), sent, true},
		{"pending", states(delivery.MsgPending), sent, true},
		{"deferred: one may go and another come", states(delivery.MsgDeferred), sent, true},
		{"accepted", states(delivery.MsgAccepted), sent, true},
		{"rejected: nobody comes or goes", states(delivery.MsgRejected), sent, false},
		{"excluded", states(delivery.MsgExcluded), sent, false},
		{"excluded, one more", states(delivery.MsgExcluded), excluded, true},
	} {
		if got := state.LogMoves(c.q, before, c.after); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Every nature can be looked for: it is one of a failure or one of an exclusion.
func TestEveryNatureIsListed(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "../../engine/delivery/message.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := append(state.FailureNatures(), delivery.Causes()...)
	n := 0
	ast.Inspect(f, func(x ast.Node) bool {
		v, ok := x.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := v.Type.(*ast.Ident); !ok || id.Name != "Nature" {
			return true
		}
		code, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if n++; code != "" && !slices.Contains(listed, delivery.Nature(code)) {
			t.Errorf("%s is not listed", code)
		}
		return true
	})
	if n < 20 || n != len(listed)+1 {
		t.Errorf("%d natures in the source, %d listed", n, len(listed))
	}
}

func TestLogCells(t *testing.T) {
	en, nl := words(t, "en"), words(t, "nl")
	at := now.Add(-12 * time.Second)
	for _, c := range []struct {
		lang   *text.Catalog
		row    delivery.Row
		column string
		want   string
		tone   state.Tone
	}{
		{en, delivery.Row{At: at}, state.LogDate, "09:29:48", state.Quiet},
		{en, delivery.Row{At: at.AddDate(0, 0, -1)}, state.LogDate, "22 Nov 2026, 09:29", state.Quiet},
		{en, delivery.Row{}, state.LogDate, "–", state.Quiet},
		{en, delivery.Row{State: delivery.MsgAccepted}, state.LogStatus, "Accepted", state.Green},
		{nl, delivery.Row{State: delivery.MsgInDoubt}, state.LogStatus, "In twijfel", state.Amber},
		{en, delivery.Row{}, state.LogAddress, "no address", state.Quiet},
		{en, delivery.Row{}, state.LogNature, "", state.Quiet},
		{en, delivery.Row{Nature: delivery.NatureUserUnknown}, state.LogNature, "User unknown", state.Neutral},
		{en, delivery.Row{State: delivery.MsgRejected, Code: 550, Enhanced: "5.1.1", Reply: "No such mailbox"}, state.LogReason, "550 5.1.1 No such mailbox", state.Quiet},
		{en, delivery.Row{State: delivery.MsgAccepted, Code: 250, Reply: "two\r\nlines"}, state.LogReason, "250 two lines", state.Quiet},
		{en, delivery.Row{State: delivery.MsgDeferred, Code: 451, Enhanced: "4.7.1", Reply: "Greylisted", Attempts: 2, NextTry: now.Add(21 * time.Minute)},
			state.LogReason, "451 4.7.1 Greylisted · next try 09:51 (attempt 3)", state.Quiet},
		{en, delivery.Row{State: delivery.MsgDeferred, Attempts: 1, NextTry: now.Add(21 * time.Minute)}, state.LogReason, "next try 09:51 (attempt 2)", state.Quiet},
		{en, delivery.Row{State: delivery.MsgRejected, Nature: delivery.NatureExpired, Code: 452, Reply: "Over quota", Attempts: 12},
			state.LogReason, "452 Over quota · given up after 12 attempts", state.Quiet},
		{en, delivery.Row{State: delivery.MsgInDoubt, Fault: delivery.FaultNetwork}, state.LogReason, "no answer to the whole message", state.Quiet},
		{en, delivery.Row{State: delivery.MsgInDoubt}, state.LogReason, "Sendoff ended before the answer", state.Quiet},
		{en, delivery.Row{State: delivery.MsgInDoubt, Fault: delivery.FaultRelay, Reply: "OK then"}, state.LogReason, "OK then · not an answer that can be understood", state.Quiet},
		{en, marked(delivery.MsgAccepted, delivery.MarkSent), state.LogReason, "marked as sent by Ann, 09:29", state.Quiet},
		{nl, marked(delivery.MsgAccepted, delivery.MarkSent), state.LogReason, "als verzonden aangemerkt door Ann, 09:29", state.Quiet},
		{en, marked(delivery.MsgPending, delivery.SendAgain), state.LogReason, "sent again by Ann, 09:29", state.Quiet},
		{en, marked(delivery.MsgInDoubt, delivery.Leave), state.LogDecided, "left so by Ann, 09:29", state.Quiet},
		{en, marked(delivery.MsgInDoubt, delivery.Withdraw), state.LogDecided, "waits for you", state.Amber},
		{en, marked(delivery.MsgInDoubt, delivery.SendAgain), state.LogDecided, "waits for you", state.Amber},
		{en, delivery.Row{State: delivery.MsgAccepted, Code: 250}, state.LogDecided, "", state.Quiet},
		{en, delivery.Row{State: delivery.MsgPending}, state.LogReason, "", state.Quiet},
		{nl, delivery.Row{Attempts: 1200}, state.LogAttempts, "1.200", state.Quiet},
		{en, delivery.Row{Seq: 9786}, state.LogNumber, "9,786", state.Quiet},
	} {
		got, tone := state.LogCell(c.lang, c.row, c.column, now)
		if got != c.want || tone != c.tone {
			t.Errorf("%s: %q %q, want %q %q", c.column, got, tone, c.want, c.tone)
		}
	}
}

// A file has the words of the window and times as times.
func TestLogExport(t *testing.T) {
	c := words(t, "nl")
	r := delivery.Row{Seq: 7, State: delivery.MsgDeferred, Address: "a@b.example", Nature: delivery.NatureGreylisted, Code: 451, Enhanced: "4.7.1", Reply: "later",
		Attempts: 2, At: now, NextTry: now.Add(time.Hour)}
	want := []any{int64(7), now, "Uitgesteld", "a@b.example", "Op de grijze lijst", "451 4.7.1 later", int64(2), now.Add(time.Hour)}
	if got := state.LogExportRow(c, r); !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	r.State, r.Nature, r.At = delivery.MsgAccepted, delivery.NatureNone, time.Time{}
	if got := state.LogExportRow(c, r); got[1] != "" || got[4] != "" || got[7] != "" {
		t.Errorf("nothing is written as %v", got)
	}
	if h := state.LogExportHeader(c); len(h) != len(want) || h[1] != "Datum" {
		t.Errorf("header %v", h)
	}
}

func TestCauses(t *testing.T) {
	c := words(t, "en")
	v := sample(delivery.Sending)
	counts, known := state.CausesKnown(v)
	if !known {
		t.Fatal("the plan has all of them")
	}
	lead, rows := state.CausesOf(c, v.Counters, counts)
	if want := "214 of 10,000 targeted people are not written to (2.1\u00a0%)."; lead != want {
		t.Errorf("got %q, want %q", lead, want)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.Name+" "+r.Count+" "+r.Share)
	}
	want := []string{"Address not specified 0 0\u00a0%", "Address invalid 13 0.1\u00a0%", "Address on denylist 140 1.4\u00a0%", "Quarantined address 0 0\u00a0%", "Duplicate 61 0.6\u00a0%"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	v.Counters.Excluded++
	if _, known := state.CausesKnown(v); known {
		t.Error("somebody was excluded since the plan, so the log must be asked")
	}
	if counts, known := state.CausesKnown(sample(delivery.Editing)); !known || len(counts) != len(delivery.Causes()) {
		t.Errorf("without a plan: %v, %v", counts, known)
	}
}

func TestLogEvents(t *testing.T) {
	c := words(t, "en")
	lines := []delivery.LogLine{
		{At: now.AddDate(0, 0, -1), Severity: delivery.SeverityInfo, Code: "created", By: "Marieke"},
		{At: now.Add(-time.Minute), Severity: delivery.SeverityWarning, Code: "retrying", Params: map[string]string{"deferred": "118"}},
		{At: now, Severity: delivery.SeverityError, Code: "prepare_failed", Params: map[string]string{"errors": "2"}},
	}
	for f, want := range map[state.LogFilter][]string{
		state.LogEverything: {"09:30:00\tError\tPreparation failed: 2 errors.", "09:29:00\tWarning\tFirst attempts done, 118 deferred.",
			"22 Nov 2026, 09:30\tInformation\tCreated.\tMarieke"},
		state.LogWarnings: {"09:30:00\tError\tPreparation failed: 2 errors.", "09:29:00\tWarning\tFirst attempts done, 118 deferred."},
		state.LogErrors:   {"09:30:00\tError\tPreparation failed: 2 errors."},
	} {
		var got []string
		for _, e := range state.LogEvents(c, lines, f, now) {
			got = append(got, e.String())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q\nwant %q", f, got, want)
		}
	}
}

func TestRecount(t *testing.T) {
	c := words(t, "en")
	k := sample(delivery.Finished).Counters
	m := state.RecountOf(c, engine.Recount{Stored: k, Counted: k})
	if m.Tone != state.Green || m.Lead != "Recounted from the sending log: nothing differs." || len(m.Lines) != 1 || !strings.HasPrefix(m.Lines[0].Text, "10,000 targeted = 214 excluded + ") {
		t.Errorf("%+v", m)
	}
	m = state.RecountOf(c, engine.Recount{Counted: k, Differences: []engine.Difference{{Name: "targeted", Stored: 1, Counted: 2}, {Name: "in_doubt", Stored: 3, Counted: 0}}})
	if m.Tone != state.Amber || len(m.Lines) != 3 || m.Lines[0].Text != "targeted: 1 was stored, 2 counted" || m.Lines[1].Text != "in doubt: 3 was stored, 0 counted" {
		t.Errorf("%+v", m)
	}
}

func TestChipsOpenTheirRows(t *testing.T) {
	v := sample(delivery.Sending)
	for k, want := range map[state.ChipKey][]delivery.MessageState{
		state.ChipDeferred: {delivery.MsgDeferred}, state.ChipInDoubt: {delivery.MsgInDoubt},
		state.ChipPending: {delivery.MsgPending, delivery.MsgClaimed, delivery.MsgCommitting, delivery.MsgDeferred}} {
		at, ok := state.ChipPlace(k)
		if got := at.Full().States; !ok || !slices.Equal(got, want) {
			t.Errorf("%s: %v", k, got)
		}
		var n int64
		for _, s := range at.Full().States {
			n += *v.Counters.Of(s)
		}
		if k == state.ChipPending && n != v.Counters.Open() {
			t.Errorf("%d rows, the chip says %d", n, v.Counters.Open())
		}
	}
	if _, ok := state.ChipPlace(state.ChipFindings); ok {
		t.Error("findings are no messages")
	}
}
