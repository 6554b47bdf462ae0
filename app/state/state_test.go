package state_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

var now = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

func words(t testing.TB, lang string) *text.Catalog {
	t.Helper()
	c, err := text.Load(translations.FS, lang, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var (
	marieke = access.Operator{ID: 1, Name: "Marieke", Rights: access.Rights{access.Start, access.Prepare}}
	joris   = access.Operator{ID: 2, Name: "Joris", Rights: access.Rights{access.Prepare}}
)

// sample is a delivery in a state, as the engine would hand it over.
func sample(s delivery.State) delivery.View {
	v := delivery.View{
		Delivery: delivery.Delivery{
			ID: 95, State: s, Created: now.Add(-time.Hour), CreatedBy: "Marieke",
			Draft: delivery.Draft{Label: "Summer time", Audience: 1, Account: 1,
				Content:  delivery.Content{From: "Acme Garden <news@acme.example>", Subject: "Your garden in June", HTML: "<p>Hello</p>"},
				Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}},
		},
		AudienceName: "Customers in the Netherlands", AudienceSize: 10000, AudienceFrom: now.AddDate(0, 0, -3),
		Account: delivery.Account{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4},
	}
	if s != delivery.Editing && s != delivery.Preparing {
		v.Plan = plan()
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 9786}
	}
	if s.Sealed() && s != delivery.Expired && s != delivery.Skipped {
		v.Confirmation = &delivery.Confirmation{By: "Marieke", At: now.Add(-20 * time.Minute), Plan: v.Plan.Hash}
	}
	switch s {
	case delivery.Sending, delivery.Retrying, delivery.Paused:
		v.Started = now.Add(-19 * time.Minute)
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 3503, Accepted: 5992, Deferred: 118, Rejected: 173}
	case delivery.Finished:
		v.Started, v.Finished = now.Add(-20*time.Minute), now.Add(-20*time.Minute+372*time.Second)
		v.Counters = delivery.Counters{Targeted: 10000, Excluded: 214, Accepted: 9502, Rejected: 284}
	case delivery.Stopped, delivery.Failed:
		v.Started, v.Finished = now.Add(-20*time.Minute), now.Add(-10*time.Minute)
		v.Counters = delivery.Counters{Targeted: 2388, Accepted: 37, Cancelled: 2351}
	}
	v.Status = delivery.Status{ID: v.ID, State: s, Counters: v.Counters}
	return v
}

func plan() *delivery.Plan {
	return &delivery.Plan{Hash: "7f3ac41e09b2" + strings.Repeat("0", 52), At: now.Add(-time.Minute), By: "Marieke",
		Targeted: 10000, ToDeliver: 9786, FirstTime: 312, Lately: 1204, Estimate: 6 * time.Minute,
		Causes: []delivery.Cause{{Nature: delivery.NatureMissing, Count: 0}, {Nature: delivery.NatureInvalid, Count: 13},
			{Nature: delivery.NatureDenylist, Count: 140}, {Nature: delivery.NatureQuarantine, Count: 0}, {Nature: delivery.NatureDuplicate, Count: 61}},
		Findings: []delivery.Finding{{Code: delivery.FindNoUnsubscribe, Severity: delivery.SeverityWarning, Part: "text"},
			{Code: delivery.FindLarge, Severity: delivery.SeverityWarning}}}
}

// allowed is what the engine lets an operator do.
func allowed(s delivery.State, o access.Operator) []delivery.Action {
	var out []delivery.Action
	for _, a := range delivery.Possible(s) {
		switch a {
		case delivery.Edit, delivery.Prepare, delivery.StopPreparation:
			if o.Rights.Has(access.Prepare) {
				out = append(out, a)
			}
		case delivery.Confirm, delivery.Pause, delivery.Resume, delivery.Stop:
			if o.Rights.Has(access.Start) {
				out = append(out, a)
			}
		}
	}
	return out
}

func dashboard(t testing.TB, v delivery.View, o access.Operator) state.Dashboard {
	return state.Of(words(t, "en"), state.Input{View: v, Operator: o, Allowed: allowed(v.State, o), Now: now})
}

func actions(d state.Dashboard) string {
	var ss []string
	for _, b := range d.Buttons {
		ss = append(ss, string(b.Action))
	}
	return strings.Join(ss, " ")
}

func TestEveryState(t *testing.T) {
	for _, c := range []struct {
		state    delivery.State
		tile     string
		tone     state.Tone
		buttons  string
		headline string
		sentence string
	}{
		{delivery.Editing, "EMAIL · EDITING", state.Quiet, "test prepare", "", ""},
		{delivery.Preparing, "EMAIL · PREPARING", state.Blue, "stop_preparation", "Preparing send…", "Computing the target and the messages. Nothing is sent."},
		{delivery.PreparationFailed, "EMAIL · NOT PREPARED", state.Red, "test prepare", "Preparation failed.", "Correct what is listed here and prepare again. Nothing was sent."},
		{delivery.Ready, "EMAIL · READY", state.Blue, "test prepare confirm", "Send preparation completed.", "Confirm to start sending."},
		{delivery.Confirmed, "EMAIL · CONFIRMED", state.Blue, "test pause stop", "Confirmed", "Leaves as soon as the relay answers."},
		{delivery.Sending, "EMAIL · SENDING", state.Blue, "pause stop", "Sending", "Send is being processed."},
		{delivery.Paused, "EMAIL · PAUSED", state.Amber, "resume stop", "Paused", "Nothing leaves until you resume."},
		{delivery.Retrying, "EMAIL · RETRYING", state.Blue, "pause stop", "Sending (retry)", "All first attempts are done. The rest is tried again."},
		{delivery.Finished, "EMAIL · FINISHED", state.Green, "correct top_up", "Finished sending", "All messages have been processed. 6 min 12 s, 26 per second."},
		{delivery.Stopped, "EMAIL · STOPPED", state.Red, "correct top_up", "Stopped", "37 got it, 2,351 did not. Stopped at 09:20."},
		{delivery.Failed, "EMAIL · FAILED", state.Red, "correct top_up", "Sending failed", "It could not go on. 37 got it, 2,351 did not."},
		{delivery.Expired, "EMAIL · EXPIRED", state.Amber, "", "Expired", "It was never confirmed within its validity. Nothing was sent."},
		{delivery.Skipped, "EMAIL · SKIPPED", state.Quiet, "", "Skipped", "This run was skipped. Nothing was sent."},
	} {
		t.Run(string(c.state), func(t *testing.T) {
			d := dashboard(t, sample(c.state), marieke)
			if d.Tile.Text != c.tile || d.Tile.Tone != c.tone {
				t.Errorf("tile %q %q, want %q %q", d.Tile.Text, d.Tile.Tone, c.tile, c.tone)
			}
			if got := actions(d); got != c.buttons {
				t.Errorf("buttons %q, want %q", got, c.buttons)
			}
			if c.headline == "" {
				if d.Deployment != nil {
					t.Error("a deployment block before any preparation")
				}
				return
			}
			if d.Deployment == nil || d.Deployment.Headline != c.headline || d.Deployment.Sentence != c.sentence {
				t.Errorf("deployment %+v, want %q, %q", d.Deployment, c.headline, c.sentence)
			}
		})
	}
	if len(delivery.States()) != 13 {
		t.Error("a state was added: give it a row here")
	}
}

// No state of any operator shows two filled buttons, a sentence with a hole, or
// Confirm to somebody who may not.
func TestNeverInAnyState(t *testing.T) {
	for _, lang := range text.Languages() {
		c := words(t, lang)
		for _, s := range delivery.States() {
			for _, o := range []access.Operator{marieke, joris, {Name: "Guest"}} {
				for _, broken := range [][]delivery.Part{nil, {delivery.PartSchedule}} {
					v := sample(s)
					v.Broken = broken
					d := state.Of(c, state.Input{View: v, Operator: o, Allowed: allowed(s, o), Now: now})
					filled := 0
					for _, b := range d.Buttons {
						if b.Weight == state.Primary {
							filled++
						}
						if b.Action == delivery.Confirm && (!o.Rights.Has(access.Start) || broken != nil || s != delivery.Ready) {
							t.Errorf("%s: Confirm is shown to %s, broken %v", s, o.Name, broken)
						}
					}
					if filled > 1 {
						t.Errorf("%s: %d filled buttons", s, filled)
					}
					for _, sentence := range sentences(d) {
						if strings.ContainsAny(sentence, "{}") || strings.Contains(sentence, "headline.") || strings.Contains(sentence, "state.") {
							t.Errorf("%s %s: %q", lang, s, sentence)
						}
					}
				}
			}
		}
	}
}

func sentences(d state.Dashboard) []string {
	out := []string{d.Tile.Text, d.Why, d.Banner.Text, d.Audience.Main, d.Audience.Note, d.Schedule.Main, d.Schedule.Note}
	for _, f := range d.Facts {
		out = append(out, f.Label, f.Value)
	}
	if p := d.Deployment; p != nil {
		out = append(out, p.Headline, p.Sentence, p.Detail)
		for _, k := range p.KPIs {
			out = append(out, k.Label, k.Value, k.Note, k.Tip)
		}
		for _, k := range p.Chips {
			out = append(out, k.Text)
		}
	}
	return out
}

func TestBrokenSeal(t *testing.T) {
	for _, s := range []delivery.State{delivery.Ready, delivery.Editing} {
		v := sample(s)
		v.Plan = plan()
		v.Broken = []delivery.Part{delivery.PartSchedule}
		d := dashboard(t, v, marieke)
		if want := "The sending cannot be confirmed because the schedule has changed. Please prepare again."; d.Deployment.Sentence != want || d.Deployment.SentenceTone != state.Amber {
			t.Errorf("%s: %q (%s), want %q", s, d.Deployment.Sentence, d.Deployment.SentenceTone, want)
		}
		if got := actions(d); got != "test prepare" {
			t.Errorf("%s: buttons %q, want no confirm", s, got)
		}
		v.Broken = []delivery.Part{delivery.PartContent, delivery.PartSchedule}
		if got, want := dashboard(t, v, marieke).Deployment.Sentence, "The sending cannot be confirmed because the content and the schedule have changed. Please prepare again."; got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

func TestWithoutTheRight(t *testing.T) {
	d := dashboard(t, sample(delivery.Ready), joris)
	if d.Banner.Text != "Your permissions do not allow you to confirm a delivery." || d.Banner.Tone != state.Blue {
		t.Errorf("banner %+v", d.Banner)
	}
	if got := actions(d); got != "test prepare" {
		t.Errorf("buttons %q, want no confirm", got)
	}
	if d := dashboard(t, sample(delivery.Sending), joris); actions(d) != "" || d.Why == "" {
		t.Errorf("sending: buttons %q, why %q", actions(d), d.Why)
	}
}

func TestErrorsBlock(t *testing.T) {
	v := sample(delivery.Ready)
	v.Plan.Findings = append(v.Plan.Findings, delivery.Finding{Code: delivery.FindTemplate, Severity: delivery.SeverityError,
		Part: "html", Line: 3, Column: 14, Detail: "unknown tag"})
	d := dashboard(t, v, marieke)
	if strings.Contains(actions(d), "confirm") {
		t.Error("Confirm is shown although an error blocks")
	}
	want := "HTML, line 3, column 14: The template cannot be read: unknown tag. Correct it there."
	if f := d.Deployment.Findings; len(f) != 3 || f[0].Text != want || f[0].Tone != state.Red {
		t.Errorf("findings %+v, want the error first: %q", f, want)
	}
}

func TestLiveFigures(t *testing.T) {
	v := sample(delivery.Sending)
	v = state.Live(v, delivery.Status{ID: v.ID, State: delivery.Sending, Rate: 26, ETA: now.Add(28 * time.Minute),
		NextTry: now.Add(21 * time.Minute), Counters: delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 3502, Accepted: 5992, Deferred: 118, Rejected: 173, InDoubt: 1}})
	p := dashboard(t, v, marieke).Deployment
	if want := "26 messages per second · done at about 09:58"; p.Sentence != want {
		t.Errorf("sentence %q, want %q", p.Sentence, want)
	}
	var chips []string
	for _, k := range p.Chips {
		chips = append(chips, k.Text)
	}
	if want := []string{"118 deferred, next try 09:51", "1 in doubt – decide"}; !slices.Equal(chips, want) {
		t.Errorf("chips %q, want %q", chips, want)
	}
	want := map[string][2]string{"to_deliver": {"9,786", ""}, "sent": {"6,165", "63\u00a0%"}, "delivered": {"97.2\u00a0%", "5,992"},
		"errors": {"2.8\u00a0%", "173"}, "open_rate": {"–", "no tracking"}, "click_rate": {"–", "no tracking"}}
	for _, k := range p.KPIs {
		if w := want[k.Key]; k.Value != w[0] || k.Note != w[1] {
			t.Errorf("%s reads %q, %q; want %q", k.Key, k.Value, k.Note, w)
		}
		delete(want, k.Key)
	}
	if len(want) > 0 {
		t.Errorf("missing tiles %v", want)
	}
	other := state.Live(v, delivery.Status{ID: 7, State: delivery.Finished})
	if other.State != delivery.Sending {
		t.Error("the status of another delivery was taken")
	}
}

func TestHold(t *testing.T) {
	v := sample(delivery.Sending)
	v.Status.Hold = &delivery.Hold{Kind: delivery.KindUnreachable, Detail: "smtp.x.example:587", Until: now.Add(time.Minute)}
	p := dashboard(t, v, marieke).Deployment
	want := "The relay smtp.x.example:587 does not answer. Check host and port, or your network; nothing was lost and sending goes on by itself. Next try at 09:31."
	if p.Sentence != want || p.SentenceTone != state.Amber {
		t.Errorf("%q (%s), want %q", p.Sentence, p.SentenceTone, want)
	}
}

// One person is not several, in Dutch either.
func TestStoppedAfterOne(t *testing.T) {
	v := sample(delivery.Stopped)
	v.Counters = delivery.Counters{Targeted: 10, Accepted: 1, Cancelled: 9}
	for lang, want := range map[string]string{"nl": "1 kreeg het, 9 niet.", "en": "1 got it, 9 did not."} {
		p := state.Of(words(t, lang), state.Input{View: v, Operator: marieke, Now: now}).Deployment
		if !strings.HasPrefix(p.Sentence, want) || p.Detail == "" {
			t.Errorf("%q, %q", p.Sentence, p.Detail)
		}
	}
}

// While a delivery is sent there is always a word about when.
func TestWhen(t *testing.T) {
	limit := func(d time.Duration) *delivery.Hold {
		return &delivery.Hold{Kind: delivery.KindLimit, Detail: "30/min", Until: now.Add(d)}
	}
	const reason = "The account's own limit is reached (30/min). Sending goes on by itself when it allows the next message."
	for _, c := range []struct {
		s    delivery.Status
		want string
	}{
		{delivery.Status{Hold: limit(45 * time.Second), ETA: now.Add(2 * time.Hour)}, reason + " Next message at 09:30:45, done at about 11:30."},
		{delivery.Status{Hold: limit(20 * time.Hour), ETA: now.Add(48 * time.Hour)}, reason + " Next message at 24 Nov 2026, 05:30, done at about 25 Nov 2026, 09:30."},
		{delivery.Status{Hold: limit(time.Minute)}, reason + " Next message at 09:31."},
		{delivery.Status{ETA: now.Add(time.Hour)}, "Send is being processed · done at about 10:30"},
		{delivery.Status{}, "Send is being processed.\nWhen it will be done is known once the first messages have left."},
	} {
		v := sample(delivery.Sending)
		v.Status = c.s
		if p := dashboard(t, v, marieke).Deployment; strings.TrimSpace(p.Sentence+"\n"+p.Detail) != c.want {
			t.Errorf("%q, %q, want %q", p.Sentence, p.Detail, c.want)
		}
	}
}

func TestMissingParts(t *testing.T) {
	v := sample(delivery.Editing)
	v.Audience, v.Content.Subject = 0, ""
	d := dashboard(t, v, marieke)
	if want := "Still missing: an audience and a subject."; d.Banner.Text != want {
		t.Errorf("banner %q, want %q", d.Banner.Text, want)
	}
	if actions(d) != "test" || d.Why == "" {
		t.Errorf("buttons %q, why %q: Prepare needs an audience", actions(d), d.Why)
	}
}

func TestPlanTiles(t *testing.T) {
	p := dashboard(t, sample(delivery.Ready), marieke).Deployment
	if got, want := p.KPIs[1].Note, "97.9\u00a0% of targeted"; got != want {
		t.Errorf("note %q, want %q", got, want)
	}
	if got, want := p.KPIs[2].Note, "denylist 140 · duplicates 61 · invalid 13"; got != want {
		t.Errorf("causes %q, want %q", got, want)
	}
	if got, want := p.Detail, "2 warnings · 214 excluded"; got != want {
		t.Errorf("detail %q, want %q", got, want)
	}
}

func TestConfirm(t *testing.T) {
	c := words(t, "en")
	v := sample(delivery.Ready)
	v.Plan.Usual = 2410
	m, ok := state.ConfirmOf(c, state.Input{View: v, Now: now}, "Ann, your garden in June", "ann@post.example")
	if !ok || m.Hash != v.Plan.Hash || m.OK != "OK, send 9,786 messages" || m.Plan != "plan 7f3a·c41e·09b2" {
		t.Errorf("%v %+v", ok, m)
	}
	want := map[string][2]string{
		"Messages":      {"9,786", "214 excluded: 140 denylist, 61 duplicates, 13 invalid"},
		"Audience":      {"Customers in the Netherlands", "312 people get mail from you for the first time"},
		"Mailed lately": {"1,204 people", "had a message from you in the last 3 days"},
		"Subject":       {"Ann, your garden in June", "as ann@post.example gets it"},
		"Sender":        {"Acme Garden <news@acme.example>", ""},
		"Account":       {"Training relay", "nothing leaves this computer, no limit, 4 connections"},
		"Leaves":        {"now, done at about 09:36", "takes about 6 min"},
		"Proof":         {"No proof of this content was sent", ""},
		"Findings":      {"2 warnings", "Text: There is no link to unsubscribe. Add an address with unsubscribe_url in it."},
		"Compared":      {"4.1 × your usual delivery", "median of the last ten: 2,410"},
	}
	for _, r := range m.Rows {
		if w := want[r.Label]; r.Value != w[0] || r.Note != w[1] {
			t.Errorf("%s: %q, %q; want %q", r.Label, r.Value, r.Note, w)
		}
		delete(want, r.Label)
	}
	if len(want) > 0 {
		t.Errorf("missing rows %v", want)
	}
	if m.Gate.Text == "" || m.Gate.Number != 9786 {
		t.Errorf("gate %+v", m.Gate)
	}
	v.Schedule = delivery.Schedule{Mode: delivery.AtDate, Zone: "Europe/Amsterdam", At: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)}
	m, _ = state.ConfirmOf(c, state.Input{View: v, Now: now}, "Ann, your garden in June", "ann@post.example")
	if m.OK != "OK, schedule 9,786 messages" || m.Lead != "Messages leave on 1 Dec 2026, 09:00 (Europe/Amsterdam). This is what leaves:" {
		t.Errorf("scheduled: %q, %q", m.OK, m.Lead)
	}
	v.Plan.Usual = 9000
	if m, _ = state.ConfirmOf(c, state.Input{View: v, Now: now}, "Ann, your garden in June", "ann@post.example"); m.Gate.Text != "" {
		t.Error("a usual size asks for the number")
	}
	v.Plan = nil
	if _, ok := state.ConfirmOf(c, state.Input{View: v, Now: now}, "Ann, your garden in June", "ann@post.example"); ok {
		t.Error("a delivery without a plan can be confirmed")
	}
}

func TestHome(t *testing.T) {
	c := words(t, "en")
	older, newer := sample(delivery.Ready), sample(delivery.Sending)
	older.ID, older.Created, newer.ID = 3, now.Add(-48*time.Hour), 4
	cards := state.Home(c, []delivery.View{older, newer}, state.HomeQuery{}, marieke, now)
	if len(cards) != 2 || cards[0].ID != 4 || cards[0].Chip.Text != "Sending · 63\u00a0%" {
		t.Fatalf("%+v", cards)
	}
	if cards[1].Banner == "" || cards[1].Chip.Tone != state.Amber {
		t.Errorf("what waits on a person does not say so: %+v", cards[1])
	}
	if cards[0].Delete || !cards[1].Delete {
		t.Error("only what is not being sent can be deleted")
	}
	if got := state.CardOf(c, older, joris, now); got.Banner != "" {
		t.Errorf("somebody who cannot confirm is asked to: %q", got.Banner)
	}
}

// The curve ends where the ledger does, whatever the points were.
func TestCurveAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := now.Add(-24 * time.Hour)
		var points []delivery.Point
		var accepted, failed int64
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			at = at.Add(time.Duration(rapid.IntRange(1, 900).Draw(t, "gap")) * time.Second)
			p := delivery.Point{At: at, Accepted: rapid.Int64Range(0, 5000).Draw(t, "a"), Failed: rapid.Int64Range(0, 50).Draw(t, "f")}
			accepted, failed = accepted+p.Accepted, failed+p.Failed
			points = append(points, p)
		}
		c := state.CurveOf(points, rapid.Bool().Draw(t, "live"), now)
		n := len(c.At)
		if n == 0 || n > 240 || len(c.Rate) != n || len(c.Accepted) != n || len(c.Failed) != n {
			t.Fatalf("%d instants, %d rates", n, len(c.Rate))
		}
		if c.Accepted[n-1] != float64(accepted) || c.Failed[n-1] != float64(failed) {
			t.Fatalf("ends at %v, %v; want %d, %d", c.Accepted[n-1], c.Failed[n-1], accepted, failed)
		}
		if !slices.IsSorted(c.Accepted) || !slices.IsSorted(c.Failed) {
			t.Fatal("a total goes down")
		}
	})
	if c := state.CurveOf(nil, true, now); len(c.At) != 0 {
		t.Error("a curve out of nothing")
	}
}
