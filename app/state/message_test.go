package state_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
)

func letter(s delivery.MessageState) delivery.Message {
	return delivery.Message{Row: delivery.Row{Seq: 173, Profile: 9, Address: "ann@post.example", State: s, At: now.Add(-time.Minute), Attempts: 1},
		Fields: map[string]string{"first_name": "Ann", "city": "Utrecht", "note": ""}, MessageID: "<1@acme.example>",
		From: "Acme <news@acme.example>", Subject: "Hello", Text: "Hello Ann", HTML: "<p>Hello Ann</p>", Raw: []byte("Subject: Hello\r\n\r\nHello Ann\r\n"), Sealed: true}
}

// Every state of every kind of message has sentences without a hole, in every
// language.
func TestEveryMessageHasWords(t *testing.T) {
	for _, lang := range text.Languages() {
		c := words(t, lang)
		for _, s := range delivery.MessageStates() {
			for _, n := range append(state.FailureNatures(), delivery.Causes()...) {
				for _, f := range []delivery.Fault{delivery.FaultNone, delivery.FaultRecipient, delivery.FaultAccount, delivery.FaultContent, delivery.FaultRelay, delivery.FaultNetwork} {
					m := letter(s)
					m.Nature, m.Fault = n, f
					m.Attempts = []delivery.Attempt{{Number: 1, At: now, State: s, Nature: n, Fault: f}}
					p := state.MessageOf(c, m, sample(delivery.Sending), now)
					all := []string{p.Title, p.Chip.Text, p.None, p.Why, p.Got, p.Seal.Text}
					for _, x := range p.Facts {
						all = append(all, x.Label, x.Value, x.Note)
					}
					for _, x := range p.Attempts {
						all = append(all, x.Title, x.Word, x.Note)
					}
					for _, x := range all {
						if strings.Contains(x, "message.") || strings.Contains(x, "deployment.") || strings.ContainsAny(x, "{}") {
							t.Fatalf("%s, %v: %q", lang, s, x)
						}
					}
				}
			}
		}
	}
}

func TestMessage(t *testing.T) {
	c := words(t, "en")
	v := sample(delivery.Sending)
	change := func(s delivery.MessageState, f func(*delivery.Message)) delivery.Message {
		m := letter(s)
		f(&m)
		return m
	}
	for _, x := range []struct {
		name           string
		m              delivery.Message
		why, seal, got string
		tone           state.Tone
	}{
		{"accepted", letter(delivery.MsgAccepted), "", "These bytes are exactly what the plan sealed.", "What this person got", state.Green},
		{"other bytes", change(delivery.MsgAccepted, func(m *delivery.Message) { m.Sealed = false }), "",
			"These bytes differ from what the plan sealed. Take them as a hint, not as proof.", "What this person got", state.Amber},
		{"its file is gone", change(delivery.MsgAccepted, func(m *delivery.Message) { m.Sealed, m.Removed, m.Raw = false, true, nil }),
			"A file was attached for this person alone. It was kept until the delivery ended, so the message cannot be shown as it left.", "", "What this person got", state.Neutral},
		{"edited since", change(delivery.MsgAccepted, func(m *delivery.Message) { m.Sealed, m.Edited, m.Raw = false, true, nil }),
			"The content was edited since this plan was made, so what it meant to send cannot be shown any more.", "", "What this person got", state.Neutral},
		{"signed on its way", change(delivery.MsgAccepted, func(m *delivery.Message) { m.DKIM.Domain = "acme.example" }), "",
			"These bytes are exactly what the plan sealed. On the way out acme.example signs them (DKIM). The signature tells the time of sending, so it is no part of the plan and is not shown here.",
			"What this person got", state.Green},
		{"pending", letter(delivery.MsgPending), "", "These bytes are exactly what the plan sealed.", "What this person will get", state.Green},
		{"in doubt", letter(delivery.MsgInDoubt), "", "These bytes are exactly what the plan sealed.", "What this person may have got", state.Green},
		{"duplicate", change(delivery.MsgExcluded, func(m *delivery.Message) { m.Nature = delivery.NatureDuplicate }),
			"Somebody earlier in the list has the same address and gets the message there.", "", "Not written to", state.Neutral},
		{"nothing rendered", change(delivery.MsgCancelled, func(m *delivery.Message) { m.Raw, m.Sealed = nil, false }), "There is no message to show.", "",
			"What was meant for this person", state.Neutral},
	} {
		p := state.MessageOf(c, x.m, v, now)
		if p.Why != x.why || p.Seal.Text != x.seal || p.Got != x.got || p.Seal.Tone != x.tone {
			t.Errorf("%s: %q, %q (%s), %q", x.name, p.Why, p.Seal.Text, p.Seal.Tone, p.Got)
		}
		if (len(p.Outline) > 0) != (x.why == "") {
			t.Errorf("%s: outline %v", x.name, p.Outline)
		}
	}
	m := letter(delivery.MsgDeferred)
	m.Nature, m.Fault, m.NextTry = delivery.NatureGreylisted, delivery.FaultRecipient, now.Add(21*time.Minute)
	m.Attempts = []delivery.Attempt{{Number: 1, At: now.AddDate(0, 0, -1), State: delivery.MsgDeferred, Code: 451, Enhanced: "4.7.1", Reply: "later", Nature: delivery.NatureGreylisted}}
	p := state.MessageOf(c, m, v, now)
	var facts []string
	for _, f := range p.Facts {
		facts = append(facts, strings.Join([]string{f.Label, f.Value, f.Note, string(f.Link)}, "|"))
	}
	if want := []string{"Recipient|ann@post.example||person", "Delivery|Summer time|DM95|delivery", "Nature of failure|Greylisted|it lies with the recipient|", "Next try|09:51||"}; !slices.Equal(facts, want) {
		t.Errorf("facts %q\nwant  %q", facts, want)
	}
	if want := (state.Attempt{Title: "Attempt 1", Time: "22 Nov 2026, 09:30", State: delivery.MsgDeferred, Word: "Deferred", Note: "Greylisted", Reply: "451 4.7.1 later", Tone: state.Amber}); len(p.Attempts) != 1 || p.Attempts[0] != want {
		t.Errorf("attempts %+v", p.Attempts)
	}
	if want := []state.Fact{{Label: "city", Value: "Utrecht"}, {Label: "first_name", Value: "Ann"}}; !slices.Equal(p.Fields, want) {
		t.Errorf("fields %v", p.Fields)
	}
	if p.File != "DM95-173.eml" || p.Date != "09:29:00" {
		t.Errorf("file %q, date %q", p.File, p.Date)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"a\r\nb\nc": "a\nb\nc", "tab\there": "tab here", "\x00\x1b[31m\x7f": "··[31m·", "bad \xff": "bad ·",
		"turn\u202earound": "turn·around", "é 漢 🙂": "é 漢 🙂"} {
		if got := state.Printable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// Pieces lose nothing, and none is larger than it may be.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		lines, size := rapid.IntRange(1, 20).Draw(r, "lines"), rapid.IntRange(4, 60).Draw(r, "size")
		s := strings.Join(rapid.SliceOfN(rapid.StringN(0, 50, 200), 1, 80).Draw(r, "text"), "\n")
		pieces := state.Pieces(s, lines, size)
		flat := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
		if flat(strings.Join(pieces, "")) != flat(s) {
			r.Fatalf("%q became %q", s, pieces)
		}
		for _, p := range pieces {
			if state.Lines(p) > lines || len(p) > size {
				r.Fatalf("a piece of %d lines and %d bytes, at most %d and %d", state.Lines(p), len(p), lines, size)
			}
		}
	})
	if got := state.Pieces("a\nb\nc\n", 2, 100); !slices.Equal(got, []string{"a\nb", "c"}) {
		t.Errorf("%q", got)
	}
}
