package state_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// marked is a message about which Ann decided a minute ago.
func marked(s delivery.MessageState, how delivery.Decision) delivery.Row {
	return delivery.Row{State: s, Attempts: 1, Decided: delivery.Decided{Decision: how, By: "Ann", At: now.Add(-time.Minute), Attempt: 1}}
}

func TestScope(t *testing.T) {
	for _, c := range []struct {
		inDoubt, left  int64
		ticked, listed int
		narrowed       bool
		want           state.Scope
		n              int64
	}{
		{0, 0, 0, 0, false, state.ScopeNone, 0},
		{12, 0, 0, -1, false, state.ScopeUndecided, 12},
		{12, 0, 0, 12, false, state.ScopeUndecided, 12},
		{12, 5, 0, 12, false, state.ScopeUndecided, 7},
		{12, 12, 0, 12, false, state.ScopeAll, 12},
		{12, 5, 3, 12, false, state.ScopeTicked, 3},
		{12, 5, 0, 2, true, state.ScopeListed, 2},
		{12, 5, 0, 0, true, state.ScopeNone, 0},
	} {
		v := sample(delivery.Finished)
		v.Counters.InDoubt, v.Left = c.inDoubt, c.left
		if s, n := state.ScopeOf(v, c.ticked, c.listed, c.narrowed); s != c.want || n != c.n {
			t.Errorf("%+v: %v of %d", c, s, n)
		}
	}
}

func TestWhoMayDecide(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		c := words(t, lang)
		d := state.DoubtsOf(c, state.ScopeUndecided, 2, marieke, "")
		if len(d.Choices) != 3 || d.Why != "" || d.Choices[2].Decision != delivery.SendAgain || !strings.HasSuffix(d.Choices[2].Label, "…") {
			t.Errorf("%s: %+v", lang, d)
		}
		for _, d := range []state.Doubts{state.DoubtsOf(c, state.ScopeAll, 2, joris, ""), state.DoubtsOf(c, state.ScopeAll, 2, marieke, "locked")} {
			if len(d.Choices) != 0 || d.Why == "" {
				t.Errorf("%s: %+v", lang, d)
			}
		}
	}
}

// TestDoubtAsks: the list and the dashboard ask those who may decide, until all is
// decided.
func TestDoubtAsks(t *testing.T) {
	v := sample(delivery.Finished)
	v.Counters.InDoubt, v.Counters.Accepted = 3, v.Counters.Accepted-3
	v.Left = 1
	chips := func(d state.Dashboard) string {
		var ss []string
		for _, k := range d.Deployment.Chips {
			ss = append(ss, string(k.Tone)+" "+k.Text)
		}
		return strings.Join(ss, ", ")
	}
	d := dashboard(t, v, marieke)
	if d.Banner.Text != "2 messages are in doubt: nobody can know whether they arrived." || d.Banner.Action != "Decide" || chips(d) != "amber 2 in doubt – decide" {
		t.Errorf("%+v, %s", d.Banner, chips(d))
	}
	if k := state.CardOf(words(t, "en"), v, marieke, now); k.Banner != d.Banner.Text || k.Decide != "Decide" {
		t.Errorf("card %+v", k)
	}
	if d := dashboard(t, v, joris); d.Banner.Action != "" || chips(d) != "amber 3 in doubt" {
		t.Errorf("who may not decide: %+v, %s", d.Banner, chips(d))
	}
	if k := state.CardOf(words(t, "en"), v, joris, now); k.Decide != "" {
		t.Errorf("card %+v", k)
	}
	v.Left = 3
	if d := dashboard(t, v, marieke); d.Banner.Action != "" || chips(d) != "quiet 3 in doubt" {
		t.Errorf("all was left: %+v, %s", d.Banner, chips(d))
	}
}

// TestEvidence: the page of a message tells what a decision can be based on.
func TestEvidence(t *testing.T) {
	c := words(t, "en")
	m := delivery.Message{Row: marked(delivery.MsgInDoubt, delivery.Withdraw), Raw: make([]byte, 12345), MessageID: "<a@b>",
		Attempts: []delivery.Attempt{{Number: 1, At: now.Add(-time.Hour), State: delivery.MsgInDoubt, Nature: delivery.NatureLostReply, Fault: delivery.FaultNetwork}}}
	v := sample(delivery.Finished)
	v.Account = delivery.Account{ID: 2, Name: "Work", Kind: delivery.AccountSMTP, Host: "mx.example", Port: 587}
	facts := func() (out []string) {
		for _, f := range state.MessageOf(c, m, v, now).Facts[2:] {
			out = append(out, strings.TrimSpace(f.Label+": "+f.Value+" "+f.Note+" "+string(f.Link)))
		}
		return out
	}
	want := []string{"In doubt since: 08:30:00 Attempt 1", "Because: no answer to the whole message", "Relay: mx.example:587", "Size: 12,345 bytes", "Decision: none yet  doubt"}
	if got := facts(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	m.Row = marked(delivery.MsgAccepted, delivery.MarkSent)
	want[0], want[4] = "Was in doubt: 08:30:00 Attempt 1", "Decision: marked as sent by Ann, 09:29"
	if got := facts(); !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if k := state.MessageOf(c, m, v, now).Chip.Text; k != "Accepted, marked as sent by Ann" {
		t.Errorf("chip %q", k)
	}
	m.Attempts[0].State = delivery.MsgAccepted
	m.Row = delivery.Row{State: delivery.MsgAccepted, Code: 250}
	if got := facts(); len(got) != 0 {
		t.Errorf("never in doubt: %q", got)
	}
}

// TestTwoLists: a stop promises who got it and who did not; both open.
func TestTwoLists(t *testing.T) {
	v := sample(delivery.Stopped)
	v.Counters.InDoubt, v.Counters.Cancelled = 2, v.Counters.Cancelled-2
	d := dashboard(t, v, joris).Deployment
	var sum int64
	for i, want := range []string{"37 got it", "2,349 did not", "2 in doubt"} {
		if d.Chips[i].Text != want {
			t.Errorf("chip %q, want %q", d.Chips[i].Text, want)
		}
		at, ok := state.ChipPlace(d.Chips[i].Key)
		if !ok {
			t.Fatalf("%q opens nothing", want)
		}
		for _, s := range at.Full().States {
			sum += *v.Counters.Of(s)
		}
	}
	if sum != v.Counters.ToDeliver() || !strings.HasPrefix(d.Sentence, "37 got it, 2,349 did not.") {
		t.Errorf("the lists have %d of %d: %s", sum, v.Counters.ToDeliver(), d.Sentence)
	}
}

func TestLinksBothWays(t *testing.T) {
	v := sample(delivery.Finished)
	v.Followers = []delivery.Follower{{ID: 96, Label: "More", Mode: delivery.TopUp, State: delivery.Sending}}
	if f := dashboard(t, v, marieke).Facts; !slices.Contains(f, state.Fact{Label: "Followed by", Value: "DM96, a top-up: Sending", Opens: 96}) {
		t.Errorf("%+v", f)
	}
	w := sample(delivery.Editing)
	w.Audience, w.AudienceName = 0, ""
	w.Follows = delivery.Follow{Delivery: 95, Mode: delivery.Correction, Doubtful: true}
	w.Followed = &delivery.Follower{ID: 95, Label: "Summer time", Mode: delivery.Correction, State: delivery.Finished}
	d := dashboard(t, w, marieke)
	if !slices.Contains(d.Facts, state.Fact{Label: "Correction of", Value: "DM95 Summer time", Opens: 95}) {
		t.Errorf("%+v", d.Facts)
	}
	if !strings.HasPrefix(d.Banner.Text, "This is a copy of DM95 for the people who got it. Put right") {
		t.Errorf("a correction that corrects nothing yet: %+v", d.Banner)
	}
	if d.Audience.Main != "Those who got DM95 or may have got it" || !d.Corrects || actions(d) != "test prepare" || strings.Contains(d.Banner.Text, "audience") {
		t.Errorf("%+v, buttons %q, %+v", d.Audience, actions(d), d.Banner)
	}
	ready := w
	ready.State, ready.Plan = delivery.Ready, plan()
	if m, ok := state.ConfirmOf(words(t, "en"), state.Input{View: ready, Now: now}, "S", "a@b.example"); !ok ||
		!slices.ContainsFunc(m.Rows, func(r state.ConfirmRow) bool { return r.Value == "Those who got DM95 or may have got it" }) {
		t.Errorf("the confirm dialog does not say whom it is for: %+v", m.Rows)
	}
	w.Follows.Mode, w.Audience, w.AudienceName, w.Follows.Doubtful = delivery.TopUp, 1, "Forgotten", false
	if b := dashboard(t, w, marieke).Audience; !strings.HasSuffix(b.Note, "without all who got DM95") {
		t.Errorf("%+v", b)
	}
	if p := state.CorrectionPrefix(words(t, "en"), "nl"); p != "Correctie: " {
		t.Errorf("prefix %q", p)
	}
	if p := state.CorrectionPrefix(words(t, "nl"), "fr"); p != "Correctie: " {
		t.Errorf("prefix %q", p)
	}
	if n := len(dashboard(t, sample(delivery.Finished), joris).Buttons); n != 2 {
		t.Errorf("who prepares may follow up: %d buttons", n)
	}
}
