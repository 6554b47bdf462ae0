package state_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// proven is a delivery with a proof of its content and an earlier one of another.
func proven() delivery.View {
	v := delivery.View{Delivery: delivery.Delivery{ID: 3, State: delivery.Ready, Draft: delivery.Draft{Account: 1, Audience: 1,
		Content: delivery.Content{Subject: "Hello", HTML: "<p>x</p>"}}}, Account: delivery.Account{ID: 1, Kind: delivery.AccountSMTP}}
	v.Plan = &delivery.Plan{Hash: strings.Repeat("a", 64), ToDeliver: 5, Parts: map[delivery.Part]string{delivery.PartContent: v.ContentHash()}}
	v.Proofs = []delivery.Proof{
		{Number: 2, At: now, By: "Marieke", Content: v.ContentHash(), Messages: []delivery.ProofMessage{
			{Address: "a@acme.example", As: "eva@post.example", Outcome: delivery.ProofAccepted, Code: 250, Reply: "ok"},
			{Address: "b@acme.example", Outcome: delivery.ProofRefused, Code: 550, Enhanced: "5.1.1", Reply: "Who?"},
			{Address: "c@acme.example", Outcome: delivery.ProofInDoubt},
			{Address: "d@acme.example", Outcome: delivery.ProofNotSent, Kind: delivery.KindTimeout}}},
		{Number: 1, At: now.Add(-time.Hour), By: "Joris", Content: "another", Messages: []delivery.ProofMessage{{Address: "a@acme.example", Outcome: delivery.ProofAccepted}}},
	}
	return v
}

func TestProofLines(t *testing.T) {
	c := words(t, "en")
	ls := state.ProofLines(c, proven())
	if len(ls) != 2 || ls[0].Main != "Proof 2 of this content" || ls[1].Main != "Proof 1 of an earlier content" {
		t.Fatalf("%+v", ls)
	}
	if ls[0].Note != "1 accepted, 1 refused, 1 in doubt, 1 not sent · 23 Nov 2026, 09:30 · Marieke" || ls[0].Tone != state.Amber || ls[1].Tone != state.Quiet {
		t.Errorf("%+v", ls[0])
	}
	want := []string{"a@acme.example (shows eva@post.example): accepted", "b@acme.example: refused. 550 5.1.1 Who?", "c@acme.example: in doubt: it may have arrived"}
	if !slices.Equal(ls[0].Lines[:3], want) || !strings.HasPrefix(ls[0].Lines[3], "d@acme.example: not sent. ") {
		t.Errorf("%q", ls[0].Lines)
	}
}

// The confirm dialog says of what leaves whether it was tried out, not of what is being
// edited meanwhile.
func TestProofRow(t *testing.T) {
	c := words(t, "en")
	v := proven()
	r := proofRow(t, c, v)
	if r.Value != "Proof 2 of this content was sent to 1 address" || !strings.Contains(r.Note, "1 refused") || len(r.Lines) != 4 || r.Tone != state.Neutral {
		t.Errorf("%+v", r)
	}
	v.Proofs[0].Messages = v.Proofs[0].Messages[:1]
	if r = proofRow(t, c, v); r.Note != "on 23 Nov 2026, 09:30" {
		t.Errorf("%+v", r)
	}
	v.Proofs[0].Messages[0].Outcome = delivery.ProofInDoubt
	if r = proofRow(t, c, v); r.Value != "No proof of this content was sent" || r.Tone != state.Amber || r.Note != "only of an earlier content" {
		t.Errorf("one that may have come is none: %+v", r)
	}
	v.Proofs = nil
	v.Account.Kind = delivery.AccountSandbox
	if r = proofRow(t, c, v); r.Tone != state.Neutral || r.Note != "" {
		t.Errorf("in training nobody is alarmed: %+v", r)
	}
}

func proofRow(t *testing.T, c *text.Catalog, v delivery.View) state.ConfirmRow {
	t.Helper()
	m, ok := state.ConfirmOf(c, state.Input{View: v, Now: now}, "", "")
	i := slices.IndexFunc(m.Rows, func(r state.ConfirmRow) bool { return r.Label == "Proof" })
	if !ok || i < 0 {
		t.Fatalf("%+v", m)
	}
	return m.Rows[i]
}

func TestTestButton(t *testing.T) {
	c := words(t, "en")
	may := state.Input{View: proven(), Allowed: []delivery.Action{delivery.Edit}, Operator: access.Operator{Rights: access.Rights{access.Prepare}}}
	if bs := state.Of(c, may).Buttons; len(bs) == 0 || bs[0].Action != state.Test {
		t.Errorf("%+v", bs)
	}
	for name, change := range map[string]func(*state.Input){
		"without the right":  func(in *state.Input) { in.Operator.Rights = nil },
		"read-only":          func(in *state.Input) { in.ReadOnly = "x" },
		"without an account": func(in *state.Input) { in.View.Draft.Account = 0 },
		"without content":    func(in *state.Input) { in.View.Content.HTML = " " },
		"while it is sent":   func(in *state.Input) { in.Allowed, in.View.State = []delivery.Action{delivery.Pause}, delivery.Sending },
	} {
		in := may
		change(&in)
		if slices.ContainsFunc(state.Of(c, in).Buttons, func(b state.Button) bool { return b.Action == state.Test }) {
			t.Errorf("%s it is offered", name)
		}
	}
}

func TestReadProof(t *testing.T) {
	c := words(t, "en")
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprintf("a%d@acme.example", i))
	}
	for _, x := range []struct {
		typed    string
		ticked   []string
		want     []string
		problems int
		count    string
		ok       bool
	}{
		{"", nil, nil, 0, "Nobody gets it yet.", false},
		{" a@acme.example,\n<B@Acme.example>; a@ACME.example ", nil, []string{"a@acme.example", "B@acme.example"}, 0, "2 addresses get it.", true},
		{"A@test.example", []string{"a@test.example"}, []string{"a@test.example"}, 0, "1 address gets it.", true},
		{"a@acme.example b@", nil, []string{"a@acme.example"}, 1, "1 address gets it.", false},
		{strings.Join(many, " "), nil, many, 0, "101 addresses; a proof goes to 100 at most.", false},
	} {
		got := state.ReadProof(c, x.typed, x.ticked)
		if !slices.Equal(got.Addresses, x.want) || len(got.Problems) != x.problems || got.Count != x.count || got.OK != x.ok {
			t.Errorf("%.40q: %+v", x.typed, got)
		}
	}
	if p := state.ReadProof(c, "b at acme", nil).Problems; len(p) != 3 || p[0] != "“b” gets nothing: it has no @." {
		t.Errorf("%q", p)
	}
}

// Every reason why something is no address has words.
func TestAddressFaults(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		c := words(t, lang)
		for _, reason := range audience.Reasons()[:17] {
			if !c.Has("proof.why." + reason) {
				t.Errorf("%s: no words for %s", lang, reason)
			}
		}
	}
}
