package prepare_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func draft() delivery.Draft {
	return delivery.Draft{Label: "L", Audience: 1, Account: 1, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed},
		Content: delivery.Content{From: "Acme <news@acme.example>", Subject: "Hi {{ name }}", HTML: `<p>{{ name }} <a href="{{ unsubscribe_url }}">x</a></p>`}}
}

// source yields targets as the store does.
func source(ts []prepare.Target) prepare.Source {
	return func(ctx context.Context, fn func(prepare.Target) error) error {
		for _, t := range ts {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := fn(t); err != nil {
				return err
			}
		}
		return nil
	}
}

func run(t testing.TB, d delivery.Draft, ts []prepare.Target) (delivery.Plan, []prepare.Message) {
	t.Helper()
	var out []prepare.Message
	p, err := prepare.Run(t.Context(), prepare.Input{ID: 7, Draft: d, Account: delivery.Account{ID: 1, Connections: 4}, Columns: []string{"name"},
		Size: int64(len(ts)), By: "Marieke", Now: now, Workspace: "w", Source: source(ts),
		Sink: func(m prepare.Message) error { out = append(out, m); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	return p, out
}

func target(i int, address string) prepare.Target {
	return prepare.Target{Profile: int64(i), Address: address, Key: strings.ToLower(address), Fields: fmt.Sprintf(`{"name":"N%d"}`, i)}
}

func TestFirstRuleThatAppliesCounts(t *testing.T) {
	ts := []prepare.Target{
		{Profile: 1, Address: "", Fields: `{"name":"a"}`},
		{Profile: 2, Address: "  ", Denied: true, Fields: `{}`},
		{Profile: 3, Address: "no address", Quarantined: true, Fields: `{}`},
		target(4, "a@x.example"),
		target(5, "A@x.example"), // the same person in capitals
		target(6, "b@x.example"),
		target(7, "B@x.example"),
		target(8, "c@x.example"),
		target(9, "d@x.example"),
		target(10, "e@x.example"),
		target(11, "E@x.example"), // got it at the same mailbox
		target(12, "f@x.example"),
	}
	ts[9].Written, ts[10].Written, ts[11].Written = true, true, true
	ts[11].Quarantined = true
	ts[6].Denied = true // says no at b@, whoever else has it
	ts[7].Denied, ts[7].Quarantined = true, true
	ts[8].Quarantined = true
	p, ms := run(t, draft(), ts)
	want := []delivery.Nature{delivery.NatureMissing, delivery.NatureMissing, delivery.NatureInvalid, "", delivery.NatureDuplicate,
		delivery.NatureDenylist, delivery.NatureDenylist, delivery.NatureDenylist, delivery.NatureQuarantine, delivery.NatureWritten, delivery.NatureWritten, delivery.NatureQuarantine}
	for i, m := range ms {
		if m.Seq != int64(i+1) || m.Profile != int64(i+1) || m.Cause != want[i] {
			t.Errorf("row %d: %+v, want cause %q", i, m, want[i])
		}
	}
	counts := map[delivery.Nature]int64{}
	for _, c := range p.Causes {
		counts[c.Nature] = c.Count
	}
	if p.Targeted != 12 || counts[delivery.NatureWritten] != 2 || p.ToDeliver != 1 || len(p.Causes) != 6 || counts[delivery.NatureMissing] != 2 ||
		counts[delivery.NatureInvalid] != 1 || counts[delivery.NatureDenylist] != 3 || counts[delivery.NatureQuarantine] != 2 || counts[delivery.NatureDuplicate] != 1 {
		t.Errorf("plan %+v", p)
	}
}

// TestEveryTargetOnce: whatever the audience, every target becomes one row, in
// order, and the sums add up; nobody gets two messages.
func TestEveryTargetOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 1200).Draw(rt, "n")
		ts := make([]prepare.Target, n)
		for i := range ts {
			ts[i] = target(i, fmt.Sprintf("p%d@x.example", rapid.IntRange(0, max(1, n/2)).Draw(rt, "who")))
			ts[i].Denied = rapid.IntRange(0, 20).Draw(rt, "d") == 0
			ts[i].Quarantined = rapid.IntRange(0, 20).Draw(rt, "q") == 0
		}
		slices.SortStableFunc(ts, func(a, b prepare.Target) int { return strings.Compare(a.Key, b.Key) })
		p, ms := run(t, draft(), ts)
		if int(p.Targeted) != n || len(ms) != n {
			rt.Fatalf("%d rows, targeted %d of %d", len(ms), p.Targeted, n)
		}
		var excluded int64
		for _, c := range p.Causes {
			excluded += c.Count
		}
		if p.ToDeliver+excluded != p.Targeted {
			rt.Fatalf("%d + %d of %d", p.ToDeliver, excluded, p.Targeted)
		}
		gets := map[string]bool{}
		for i, m := range ms {
			if m.Seq != int64(i+1) || m.Profile != ts[i].Profile {
				rt.Fatalf("row %d is %+v", i, m)
			}
			if m.Cause == "" {
				if gets[m.Key] {
					rt.Fatalf("%s gets two", m.Key)
				}
				gets[m.Key] = true
			}
		}
	})
}

func TestTheHashNoticesRecipientsAndContent(t *testing.T) {
	ts := make([]prepare.Target, 700)
	for i := range ts {
		ts[i] = target(i, fmt.Sprintf("p%04d@x.example", i))
	}
	base, _ := run(t, draft(), ts)
	if again, _ := run(t, draft(), ts); again.Hash != base.Hash {
		t.Fatalf("the same preparation, another hash")
	}
	hashes := map[string]string{base.Hash: "base"}
	check := func(name string, p delivery.Plan) {
		t.Helper()
		if other, ok := hashes[p.Hash]; ok {
			t.Errorf("%s has the hash of %s", name, other)
		}
		hashes[p.Hash] = name
	}
	fewer, _ := run(t, draft(), ts[:699])
	check("one recipient less", fewer)
	other := slices.Clone(ts)
	other[500].Fields = `{"name":"Somebody else"}`
	changed, _ := run(t, draft(), other)
	check("another name", changed)
	other = slices.Clone(ts)
	other[500].Denied = true
	denied, _ := run(t, draft(), other)
	check("one excluded", denied)
	d := draft()
	d.Content.HTML += " "
	space, _ := run(t, d, ts)
	check("a space more", space)
}

// TestRenderedLaterIsWhatWasSealed renders through a press, at another date, and
// expects the sums of the plan.
func TestRenderedLaterIsWhatWasSealed(t *testing.T) {
	d := draft()
	d.Content.Text = "Today is {{ today }}, {{ name }}. {{ unsubscribe_url }}"
	ts := []prepare.Target{target(1, "a@x.example"), target(2, "b@x.example")}
	p, ms := run(t, d, ts)
	tmpl, fs := message.Compile(d.Content)
	if tmpl == nil {
		t.Fatal(fs)
	}
	press := prepare.NewPress(tmpl, 7, d, "w", p.At)
	var buf message.Buffer
	for _, m := range ms {
		got, err := press.Render(&buf, m.Seq, m.Address, m.Fields, now.Add(72*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Sum[:], m.Sum) {
			t.Errorf("%s renders to something else three days later", m.Address)
		}
		if err := message.Guard(got.Data, prepare.MaxSize); err != nil {
			t.Errorf("%s: %v", m.Address, err)
		}
	}
}

func TestRulesOnContent(t *testing.T) {
	ts := []prepare.Target{target(1, "a@x.example")}
	for _, c := range []struct {
		name string
		edit func(*delivery.Draft)
		want delivery.FindingCode
		bad  bool
	}{
		{"long subject", func(d *delivery.Draft) { d.Content.Subject = strings.Repeat("x", 151) }, delivery.FindSubjectLong, false},
		{"subject with a tab", func(d *delivery.Draft) { d.Content.Subject = "a\tb" }, delivery.FindSubjectCharacters, false},
		{"no way out in the text", func(d *delivery.Draft) { d.Content.Text = "Hi" }, delivery.FindNoUnsubscribe, false},
		{"mirror page", func(d *delivery.Draft) { d.Content.HTML += `<a href="{{ mirror_url }}">m</a>` }, delivery.FindMirror, true},
		{"a date gone by", func(d *delivery.Draft) {
			d.Schedule = delivery.Schedule{Mode: delivery.AtDate, Local: "2026-01-01T00:00:00", Zone: "UTC", At: now.Add(-time.Hour)}
		}, delivery.FindDateInPast, false},
		{"large", func(d *delivery.Draft) { d.Content.HTML += strings.Repeat("<p>word</p>", 12000) }, delivery.FindLarge, false},
		{"bad reply-to", func(d *delivery.Draft) { d.Content.ReplyTo = "x@" }, delivery.FindReplyToInvalid, true},
		{"tracking", func(d *delivery.Draft) { d.Tracking = true }, delivery.FindTrackingLater, false},
		{"a picture without a text", func(d *delivery.Draft) { d.Content.HTML += `<img src="https://a.example/b.png" width="1">` }, delivery.FindAltMissing, false},
		{"a link to nowhere", func(d *delivery.Draft) { d.Content.HTML += `<a href="shop">To the shop</a>` }, delivery.FindLinkRelative, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft()
			c.edit(&d)
			p, _ := run(t, d, ts)
			if !slices.ContainsFunc(p.Findings, func(f delivery.Finding) bool { return f.Code == c.want }) || p.Blocked() != c.bad {
				t.Errorf("blocked %v, findings %+v", p.Blocked(), p.Findings)
			}
		})
	}
	if p, _ := run(t, draft(), ts); len(p.Findings) != 0 {
		t.Errorf("nothing is wrong, and yet: %+v", p.Findings)
	}
	if p, _ := run(t, draft(), nil); len(p.Findings) != 1 || p.Findings[0].Code != delivery.FindTargetEmpty {
		t.Errorf("an empty target: %+v", p.Findings)
	}
	ts[0].Denied = true
	if p, _ := run(t, draft(), ts); len(p.Findings) != 1 || p.Findings[0].Code != delivery.FindNothingToSend {
		t.Errorf("nobody left: %+v", p.Findings)
	}
}

func TestWhatTheWireRefusesIsFoundNow(t *testing.T) {
	d := draft()
	d.Content.HTML = ""
	d.Content.Text = "{% if name == 'N1' %}Hello {{ unsubscribe_url }}{% endif %}"
	p, _ := run(t, d, []prepare.Target{target(1, "a@x.example"), target(2, "b@x.example")})
	if len(p.Findings) != 1 || p.Findings[0].Code != delivery.FindRender || p.Findings[0].Count != 1 || p.Findings[0].Detail != "b@x.example" {
		t.Errorf("an empty message for one of two: %+v", p.Findings)
	}
	d = draft()
	d.Content.From = "nobody"
	p, _ = run(t, d, []prepare.Target{target(1, "a@x.example")})
	if len(p.Findings) != 1 || p.Findings[0].Code != delivery.FindSenderInvalid {
		t.Errorf("no sender: %+v; one finding says it all", p.Findings)
	}
}

func TestWhoIsNewAndWhoHadMailLately(t *testing.T) {
	ts := []prepare.Target{target(1, "a@x.example"), target(2, "b@x.example"), target(3, "c@x.example"), target(4, "d@x.example")}
	ts[1].LastSent = now.Add(-71 * time.Hour)
	ts[2].LastSent = now.Add(-73 * time.Hour)
	ts[3].LastSent, ts[3].Denied = now, true // excluded: not written to
	if p, _ := run(t, draft(), ts); p.FirstTime != 1 || p.Lately != 1 {
		t.Errorf("first %d, lately %d", p.FirstTime, p.Lately)
	}
}

func TestStopAndErrorsEndAtOnce(t *testing.T) {
	ts := make([]prepare.Target, 100000)
	for i := range ts {
		ts[i] = target(i, fmt.Sprintf("p%06d@x.example", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	in := prepare.Input{ID: 1, Draft: draft(), Columns: []string{"name"}, Now: now, Source: source(ts), Sink: func(m prepare.Message) error {
		if m.Seq == 1000 {
			cancel()
		}
		return nil
	}}
	if _, err := prepare.Run(ctx, in); !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("disk full")
	in.Sink = func(m prepare.Message) error {
		if m.Seq == 1000 {
			return full
		}
		return nil
	}
	if _, err := prepare.Run(t.Context(), in); !errors.Is(err, full) {
		t.Errorf("a failing sink: %v", err)
	}
	in.Source = func(context.Context, func(prepare.Target) error) error { return full }
	if _, err := prepare.Run(t.Context(), in); !errors.Is(err, full) {
		t.Errorf("a failing source: %v", err)
	}
}

func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		a    delivery.Account
		n    int64
		want time.Duration
	}{
		{delivery.Account{Rate: 100, Connections: 4}, 1000, 10 * time.Second},
		{delivery.Account{Rate: 100, PerMinute: 60}, 60, 600 * time.Millisecond},       // within one window
		{delivery.Account{Rate: 100, PerMinute: 60}, 61, time.Minute},                  // one more waits for the next
		{delivery.Account{Rate: 100, PerDay: 500}, 1001, 48 * time.Hour},               // three days' worth
		{delivery.Account{Rate: 1, PerMinute: 600}, 1200, 1200 * time.Second},          // the speed is what binds
		{delivery.Account{Rate: 100, PerMinute: 60, PerHour: 100}, 201, 2 * time.Hour}, // the tightest limit
		{delivery.Account{}, 0, 0},
	} {
		if got := prepare.Estimate(c.a, c.n); got != c.want {
			t.Errorf("%+v, %d: %v, want %v", c.a, c.n, got, c.want)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	ts := make([]prepare.Target, b.N)
	for i := range ts {
		ts[i] = target(i, fmt.Sprintf("p%07d@x.example", i))
	}
	d := draft()
	d.Content.HTML = strings.Repeat(`<p>Dear {{ name | default: "friend" }}, a line of text that is about as long as lines are.</p>`+"\n", 100) +
		`<a href="{{ unsubscribe_url }}">x</a>`
	in := prepare.Input{ID: 1, Draft: d, Columns: []string{"name"}, Now: now, Source: source(ts), Sink: func(prepare.Message) error { return nil }}
	b.ResetTimer()
	if _, err := prepare.Run(b.Context(), in); err != nil {
		b.Fatal(err)
	}
}
