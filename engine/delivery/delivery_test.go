package delivery_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

// TestPromisesOfTheTable holds the transition table against what people are
// promised, not against itself.
func TestPromisesOfTheTable(t *testing.T) {
	// Nothing begins to leave but through Confirm, from Ready.
	for _, s := range delivery.States() {
		if to, err := delivery.Next(s, delivery.Confirm); (err == nil) != (s == delivery.Ready) {
			t.Errorf("confirm while %s: %s, %v", s, to, err)
		}
		if to, err := delivery.Next(s, delivery.Start); err == nil && s != delivery.Confirmed && s != delivery.Retrying {
			t.Errorf("start while %s leads to %s", s, to)
		}
	}
	// What has ended stays ended, unless a person decides to send again what is in
	// doubt; what was confirmed is never edited.
	for _, s := range delivery.States() {
		as := slices.DeleteFunc(delivery.Possible(s), func(a delivery.Action) bool { return a == delivery.Reopen })
		if to, err := delivery.Next(s, delivery.Reopen); (err == nil) != (s == delivery.Finished || s == delivery.Stopped) || err == nil && to != delivery.Confirmed {
			t.Errorf("reopen while %s: %s, %v", s, to, err)
		}
		if s.Ended() && len(as) > 0 {
			t.Errorf("%s has ended and allows %v", s, delivery.Possible(s))
		}
		if s.Sealed() && slices.Contains(delivery.Possible(s), delivery.Edit) {
			t.Errorf("%s is sealed and can be edited", s)
		}
	}
	// Whatever is under way can be paused and stopped.
	for _, s := range []delivery.State{delivery.Confirmed, delivery.Sending, delivery.Retrying} {
		for _, a := range []delivery.Action{delivery.Pause, delivery.Stop} {
			if _, err := delivery.Next(s, a); err != nil {
				t.Errorf("%s while %s: %v", a, s, err)
			}
		}
	}
	_, err := delivery.Next(delivery.Finished, delivery.Pause)
	if !delivery.Is(err, delivery.KindState) || !strings.Contains(err.Error(), "finished") {
		t.Errorf("error %v does not name its state", err)
	}
}

// TestEveryWalkToSendingPassesConfirm walks the table at random.
func TestEveryWalkToSendingPassesConfirm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, confirmed := delivery.Editing, false
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			as := delivery.Possible(s)
			if len(as) == 0 {
				return
			}
			a := rapid.SampledFrom(as).Draw(t, "action")
			to, err := delivery.Next(s, a)
			if err != nil {
				t.Fatal(err)
			}
			confirmed = confirmed || a == delivery.Confirm
			if (to == delivery.Sending || to == delivery.Retrying || to == delivery.Finished) && !confirmed {
				t.Fatalf("%s by %s without a confirmation", to, a)
			}
			s = to
		}
	})
}

func TestInDoubtIsNeverSentBySomebodyElse(t *testing.T) {
	for _, s := range delivery.MessageStates() {
		if delivery.MsgInDoubt.CanBecome(s) && s != delivery.MsgAccepted && s != delivery.MsgPending {
			t.Errorf("in doubt may become %s", s)
		}
		if s.CanBecome(delivery.MsgInDoubt) && s != delivery.MsgCommitting && s != delivery.MsgAccepted {
			t.Errorf("%s may become in doubt: only a written dot, or a decision taken back, can", s)
		}
		if s.CanBecome(delivery.MsgCommitting) && s != delivery.MsgClaimed {
			t.Errorf("%s may commit without a claim", s)
		}
		if s.Ended() && (s.CanBecome(delivery.MsgClaimed) || s.CanBecome(delivery.MsgCommitting)) {
			t.Errorf("%s has ended and may be sent", s)
		}
	}
	for i, code := range []string{"pending", "claimed", "committing", "accepted", "deferred", "rejected", "in_doubt", "cancelled", "excluded"} {
		if got := delivery.MessageState(i).String(); got != code {
			t.Errorf("stored number %d is %s, want %s", i, got, code)
		}
	}
}

func TestLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c delivery.Counters
		for _, s := range delivery.MessageStates() {
			n := rapid.Int64Range(0, 1e9).Draw(t, s.String())
			*c.Of(s) = n
			c.Targeted += n
		}
		if c.Check() != nil || c.Sum() != c.Targeted {
			t.Fatalf("%+v does not add up", c)
		}
		s := rapid.SampledFrom(delivery.MessageStates()).Draw(t, "state")
		*c.Of(s) += 1
		if !errors.Is(c.Check(), delivery.ErrUnbalanced) {
			t.Fatalf("one %s too many goes unseen", s)
		}
	})
	c := delivery.Counters{Targeted: 0, Pending: -1, Accepted: 1}
	if c.Check() == nil {
		t.Error("a negative term goes unseen")
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]delivery.ID{"12": 12, "DM12": 12, "dm12": 12, " DM1 ": 1} {
		if got, err := delivery.ParseID(in); err != nil || got != want {
			t.Errorf("ParseID(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "0", "-1", "DM", "DM0", "12x", "99999999999999999999"} {
		if got, err := delivery.ParseID(in); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("ParseID(%q) = %v, %v", in, got, err)
		}
	}
}

func TestErrorsKeepTheirKindThroughWrapping(t *testing.T) {
	e := &delivery.Error{Op: "import", Kind: delivery.KindEncoding, File: "a.csv", Line: 3, Column: 7, Err: errors.New("why")}
	err := fmt.Errorf("outer: %w", e)
	if !delivery.Is(err, delivery.KindEncoding) || delivery.Is(nil, delivery.KindInternal) {
		t.Error("the kind got lost")
	}
	if got := e.Error(); got != "import: encoding a.csv:3:7: why" {
		t.Errorf("text %q", got)
	}
	if delivery.KindOf(errors.New("x")) != delivery.KindInternal || delivery.KindOf(nil) != "" {
		t.Error("kinds of foreign errors")
	}
}

// TestSealNoticesEverything changes one thing after the other and expects
// another hash each time.
func TestSealNoticesEverything(t *testing.T) {
	base := delivery.Draft{Label: "L", Content: delivery.Content{From: "f", ReplyTo: "r", Subject: "s", Preheader: "p", HTML: "h", Text: "t"},
		Audience: 1, Account: 2, Schedule: delivery.Schedule{Mode: delivery.AtDate, Local: "2030-01-01T09:00:00", Zone: "UTC"}}
	acc := delivery.Account{ID: 2, Host: "h", Port: 25, Connections: 4, Rate: 10}
	parts := map[delivery.Part]string{delivery.PartRecipients: "x"}
	for _, p := range delivery.Parts() {
		if p != delivery.PartRecipients {
			parts[p] = delivery.PartHash(p, base, acc)
		}
	}
	plan := &delivery.Plan{Parts: parts, Hash: delivery.SealHash(7, parts)}
	if len(plan.Hash) != 64 || len(plan.Short()) != len("0000·0000·0000") {
		t.Fatalf("hash %q, short %q", plan.Hash, plan.Short())
	}
	if got := delivery.Broken(plan, base, acc); got != nil {
		t.Fatalf("unchanged and broken: %v", got)
	}
	for name, c := range map[string]struct {
		edit func(d *delivery.Draft, a *delivery.Account)
		want []delivery.Part
	}{
		"subject":    {func(d *delivery.Draft, a *delivery.Account) { d.Content.Subject += "!" }, []delivery.Part{delivery.PartContent}},
		"html":       {func(d *delivery.Draft, a *delivery.Account) { d.Content.HTML += "!" }, []delivery.Part{delivery.PartContent}},
		"reply-to":   {func(d *delivery.Draft, a *delivery.Account) { d.Content.ReplyTo = "" }, []delivery.Part{delivery.PartContent}},
		"moved text": {func(d *delivery.Draft, a *delivery.Account) { d.Content.HTML, d.Content.Text = "ht", "" }, []delivery.Part{delivery.PartContent}},
		"tracking":   {func(d *delivery.Draft, a *delivery.Account) { d.Tracking = true }, []delivery.Part{delivery.PartContent}},
		"audience":   {func(d *delivery.Draft, a *delivery.Account) { d.Audience = 9 }, []delivery.Part{delivery.PartAudience}},
		"host":       {func(d *delivery.Draft, a *delivery.Account) { a.Host = "other" }, []delivery.Part{delivery.PartAccount}},
		"limit":      {func(d *delivery.Draft, a *delivery.Account) { a.PerDay = 5 }, []delivery.Part{delivery.PartAccount}},
		"date":       {func(d *delivery.Draft, a *delivery.Account) { d.Schedule.Local = "2030-01-01T09:00:01" }, []delivery.Part{delivery.PartSchedule}},
		"mode":       {func(d *delivery.Draft, a *delivery.Account) { d.Schedule.Mode = delivery.OnceConfirmed }, []delivery.Part{delivery.PartSchedule}},
		"label":      {func(d *delivery.Draft, a *delivery.Account) { d.Label = "other" }, []delivery.Part{delivery.PartContent}},
		"brand":      {func(d *delivery.Draft, a *delivery.Account) { a.Brand.Name, a.Provider = "Acme", "gmail" }, nil},
		"followed": {func(d *delivery.Draft, a *delivery.Account) {
			d.Follows = delivery.Follow{Delivery: 3, Mode: delivery.TopUp}
		}, []delivery.Part{delivery.PartAudience}},
		"speed": {func(d *delivery.Draft, a *delivery.Account) { a.Rate = 99 }, nil},
	} {
		d, a := base, acc
		c.edit(&d, &a)
		if got := delivery.Broken(plan, d, a); !slices.Equal(got, c.want) {
			t.Errorf("%s: broken %v, want %v", name, got, c.want)
		}
	}
	if delivery.SealHash(8, parts) == plan.Hash {
		t.Error("another delivery has the same hash")
	}
}

// TestOldSealsStay: a delivery that follows nothing has the hash it had before
// deliveries could follow each other.
func TestOldSealsStay(t *testing.T) {
	sum := sha256.Sum256([]byte("7"))
	if got := delivery.PartHash(delivery.PartAudience, delivery.Draft{Audience: 7}, delivery.Account{}); got != hex.EncodeToString(sum[:]) {
		t.Errorf("audience 7 hashes to %s", got)
	}
	seen := map[string]delivery.Follow{}
	for _, f := range []delivery.Follow{{}, {Delivery: 3, Mode: delivery.TopUp}, {Delivery: 4, Mode: delivery.TopUp}, {Delivery: 3, Mode: delivery.Correction},
		{Delivery: 3, Mode: delivery.Correction, Doubtful: true}} {
		h := delivery.PartHash(delivery.PartAudience, delivery.Draft{Audience: 7, Follows: f}, delivery.Account{})
		if other, ok := seen[h]; ok {
			t.Errorf("%+v seals as %+v", f, other)
		}
		seen[h] = f
	}
}

// TestRecipientSealHasNoSeams: no two different lists hash alike, wherever the
// borders between the fields lie.
func TestRecipientSealHasNoSeams(t *testing.T) {
	type row struct{ a, f, s, c string }
	gen := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) row {
		s := rapid.StringOfN(rapid.RuneFrom([]rune("ab1:,")), 0, 3, -1)
		return row{s.Draw(t, "a"), s.Draw(t, "f"), s.Draw(t, "s"), s.Draw(t, "c")}
	}), 0, 4)
	hash := func(rows []row) string {
		s := delivery.NewRecipientSeal()
		for _, r := range rows {
			s.Add(r.a, r.f, []byte(r.s), delivery.Nature(r.c))
		}
		return s.Hash()
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := gen.Draw(t, "x"), gen.Draw(t, "y")
		if (hash(x) == hash(y)) != slices.Equal(x, y) {
			t.Fatalf("%q and %q", x, y)
		}
	})
}
