package engine_test

import (
	"errors"
	"fmt"
	"mime"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/store"
)

// to is where a proof goes.
func to(addresses ...string) (out []delivery.ProofAddress) {
	for _, a := range addresses {
		out = append(out, delivery.ProofAddress{Address: a})
	}
	return out
}

// via lets a delivery go through a new account to a port of this machine.
func (w *work) via(port int, edit func(a *delivery.Account)) delivery.Account {
	w.Helper()
	a := delivery.Account{Name: "Relay " + strconv.Itoa(port), Host: "127.0.0.1", Port: port, Security: delivery.SecurityNone, Connections: 1}
	if edit != nil {
		edit(&a)
	}
	a, err := w.AddAccount(w.Context(), w.who, a, "")
	if err != nil {
		w.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	if err := w.EditDelivery(w.Context(), w.who, w.id, d); err != nil {
		w.Fatal(err)
	}
	return a
}

// hash is that of the content a delivery has now.
func (w *work) hash() string {
	v := w.view()
	return delivery.PartHash(delivery.PartContent, v.Draft, v.Account)
}

// outcomes lists what became of a proof, in the order of its addresses.
func outcomes(p delivery.Proof) (out []delivery.ProofOutcome) {
	for _, m := range p.Messages {
		out = append(out, m.Outcome)
	}
	return out
}

// A proof goes to its own address, shows one person of the audience, says that it is
// one, is signed, and counts nowhere.
func TestProof(t *testing.T) {
	w, _, box, a := signingWork(t, 5)
	r, err := w.SetDKIM(t.Context(), w.who, a.ID, delivery.DKIM{Domain: "acme.example", Selector: "news1", Algorithm: delivery.DKIMEd25519}, "")
	if err != nil {
		t.Fatal(err)
	}
	before := w.view()
	list := to("Boss@Acme.example", "boss@acme.example", "p00003@post.example")
	list[0].As = w.profile("p00002@post.example")
	p, err := w.SendProof(t.Context(), w.who, w.id, nil, list)
	if err != nil {
		t.Fatal(err)
	}
	if p.Number != 1 || p.By != "Marieke" || p.Content != w.hash() || len(p.Messages) != 2 {
		t.Fatalf("%+v", p)
	}
	for i, want := range []struct{ to, as, name string }{
		{"Boss@acme.example", "p00002@post.example", "P2"}, {"p00003@post.example", "p00003@post.example", "P3"}} {
		if m := p.Messages[i]; m.Address != want.to || m.As != want.as || m.Outcome != delivery.ProofAccepted || m.Code != 250 || m.At.IsZero() {
			t.Errorf("%+v", m)
		}
		raw := box.all()[want.to]
		if err := verified(t, r, raw); err != nil {
			t.Errorf("%s: %v", want.to, err)
		}
		m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || subject != "[Proof 1] Hello "+want.name || m.Header.Get("To") != want.to {
			t.Errorf("%q to %q, %v", subject, m.Header.Get("To"), err)
		}
	}
	after := w.view()
	if after.Counters != (delivery.Counters{}) || after.State != before.State || len(after.Proofs) != 1 {
		t.Errorf("after it: %+v, %s, %d proofs", after.Counters, after.State, len(after.Proofs))
	}
	if points, err := w.Series(t.Context(), w.id); err != nil || len(points) != 0 {
		t.Errorf("the chart shows %v, %v", points, err)
	}
	q, err := w.QuarantineNumbers(t.Context(), delivery.QuarantineQuery{})
	if err != nil || len(q) != 0 {
		t.Errorf("%d in quarantine, %v", len(q), err)
	}
	lines, err := w.Engine.Log(t.Context(), w.id)
	if err != nil || !slices.ContainsFunc(lines, func(l delivery.LogLine) bool {
		return l.Code == "proof_sent" && l.By == "Marieke" && l.Params["number"] == "1" && l.Params["count"] == "2" && l.Params["accepted"] == "2"
	}) {
		t.Errorf("the log says %v, %v", lines, err)
	}
	if _, ok := delivery.Proven(after.Proofs, w.hash()); !ok {
		t.Error("this content has no proof")
	}
	d := after.Draft
	d.Content.Subject = "Another"
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	if p, ok := delivery.Proven(w.view().Proofs, w.hash()); ok {
		t.Errorf("another content has proof %d", p.Number)
	}
	// What is being written can be tried before it is saved.
	d.Content.Subject = "Unsaved"
	if p, err = w.SendProof(t.Context(), w.who, w.id, &d, to("boss@acme.example")); err != nil || p.Number != 2 || p.Content == w.hash() {
		t.Errorf("%+v, %v", p, err)
	}
	if m := box.all()["boss@acme.example"]; !strings.Contains(string(m), "Subject: [Proof 2] Unsaved\r\n") {
		t.Errorf("the draft's proof is\n%s", m)
	}
	// The messages of the delivery are what they would have been.
	w.confirm()
	w.Run()
	if v := w.until(delivery.Finished); v.Counters.Accepted != 5 || v.Counters.Targeted != 5 {
		t.Errorf("%+v", v.Counters)
	}
}

// profile is the id of the profile with an address.
func (w *work) profile(address string) int64 {
	w.Helper()
	ids, err := w.ProfileNumbers(w.Context(), delivery.ProfileQuery{Search: address})
	if err != nil || len(ids) != 1 {
		w.Fatalf("%s: %v, %v", address, ids, err)
	}
	return ids[0]
}

// The training relay takes proofs like any other relay.
func TestProofInTraining(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	p, err := w.SendProof(t.Context(), w.who, w.id, nil, to("boss@acme.example"))
	if err != nil || p.Count(delivery.ProofAccepted) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	if m := p.Messages[0]; m.As != "p00000@post.example" {
		t.Errorf("it shows %q", m.As)
	}
}

// Every answer of a relay is kept as what it is, and nothing is tried again.
func TestProofAnswers(t *testing.T) {
	taken := enginetest.Script{enginetest.Expect("MAIL FROM:"), enginetest.Say("250 ok\r\n"), enginetest.Expect("RCPT TO:"), enginetest.Say("250 ok\r\n"),
		enginetest.Expect("DATA"), enginetest.Say("354 go on\r\n"), enginetest.Body()}
	refused := enginetest.Script{enginetest.Expect("MAIL FROM:"), enginetest.Say("250 ok\r\n"), enginetest.Expect("RCPT TO:"),
		enginetest.Say("451 4.7.1 Come back later\r\n"), enginetest.Expect("RSET"), enginetest.Say("250 ok\r\n")}
	s, err := enginetest.Serve(
		enginetest.Join(enginetest.Opening(), taken, enginetest.Script{enginetest.Say("250 2.0.0 Queued as 1\r\n")}, refused,
			taken, enginetest.Script{enginetest.Hangup()}),
		enginetest.Join(enginetest.Opening(), taken, enginetest.Script{enginetest.Say("554 5.7.1 Spam\r\n")}, enginetest.Farewell()))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWork(t, t.TempDir(), 3)
	w.via(s.Port(), nil)
	p, err := w.SendProof(t.Context(), w.who, w.id, nil, to("a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := outcomes(p), []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofRefused, delivery.ProofInDoubt, delivery.ProofRefused}; !slices.Equal(got, want) {
		t.Fatalf("%v, want %v", got, want)
	}
	if m := p.Messages[1]; m.Code != 451 || m.Enhanced != "4.7.1" || m.Reply != "Come back later" {
		t.Errorf("%+v", m)
	}
	if m := p.Messages[3]; m.Code != 554 {
		t.Errorf("%+v", m)
	}
	if kept := w.view().Proofs; len(kept) != 1 || !slices.Equal(outcomes(kept[0]), outcomes(p)) {
		t.Errorf("kept: %+v", kept)
	}
}

// Who cannot be reached is said, and nothing is in doubt for it.
func TestProofUnreachable(t *testing.T) {
	s, err := enginetest.Serve()
	if err != nil {
		t.Fatal(err)
	}
	port := s.Port()
	s.Close()
	w := newWork(t, t.TempDir(), 3)
	w.via(port, nil)
	p, err := w.SendProof(t.Context(), w.who, w.id, nil, to("a@acme.example"))
	if !delivery.Is(err, delivery.KindUnreachable) || !slices.Equal(outcomes(p), []delivery.ProofOutcome{delivery.ProofNotSent}) || p.Messages[0].Kind != delivery.KindUnreachable {
		t.Errorf("%+v, %v", p, err)
	}
}

// What a proof uses of an hour's limit the delivery has no more, and the other way
// round; what the limit does not let out is not sent.
func TestProofLimit(t *testing.T) {
	sink, err := enginetest.StartSink(enginetest.SinkOptions{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	w := newWork(t, t.TempDir(), 3)
	w.via(sink.Port(), func(a *delivery.Account) { a.PerHour = 2 })
	p, err := w.SendProof(t.Context(), w.who, w.id, nil, to("a@acme.example", "b@acme.example", "c@acme.example"))
	var e *delivery.Error
	if !errors.As(err, &e) || e.Kind != delivery.KindLimit || e.Detail != "2/h" {
		t.Errorf("%v", err)
	}
	if got, want := outcomes(p), []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofAccepted, delivery.ProofNotSent}; !slices.Equal(got, want) || p.Messages[2].Kind != delivery.KindLimit {
		t.Errorf("%v: %+v", got, p)
	}
	if n := len(complete(sink)); n != 2 {
		t.Errorf("%d arrived", n)
	}
	w.confirm()
	w.Run()
	if v := w.until(delivery.Sending); v.Counters.Accepted != 0 {
		t.Errorf("over the limit: %+v", v.Counters)
	}
}

// Nothing is kept or sent of a proof that cannot be.
func TestProofRefused(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	if err := w.Deny(t.Context(), w.who, []int64{w.profile("p00001@post.example")}, true); err != nil {
		t.Fatal(err)
	}
	if err := w.AddQuarantine(t.Context(), w.who, "gone@acme.example"); err != nil {
		t.Fatal(err)
	}
	viewer, err := w.AddOperator(t.Context(), w.who, "Viewer", access.Rights{access.Export})
	if err != nil {
		t.Fatal(err)
	}
	var many []string
	for i := range 101 {
		many = append(many, fmt.Sprintf("a%d@acme.example", i))
	}
	broken := w.view().Draft
	broken.Content.HTML = "{{ unclosed"
	nowhere := w.view().Draft
	nowhere.Account = 0
	for _, c := range []struct {
		name          string
		who           access.Principal
		draft         *delivery.Draft
		to            []delivery.ProofAddress
		kind          delivery.Kind
		field, detail string
	}{
		{"no right", access.Principal{Operator: viewer.ID}, nil, to("a@acme.example"), delivery.KindRight, "Viewer", "prepare"},
		{"nobody", w.who, nil, nil, delivery.KindInvalid, "proof.count", "0"},
		{"too many", w.who, nil, to(many...), delivery.KindInvalid, "proof.count", "101"},
		{"no address", w.who, nil, to("a@acme.example", "b at acme"), delivery.KindInvalid, "proof.address", "b at acme"},
		{"denied", w.who, nil, to("P00001@post.example"), delivery.KindInvalid, "proof.denied", "p00001@post.example"},
		{"quarantined", w.who, nil, to("gone@acme.example"), delivery.KindInvalid, "proof.quarantine", "gone@acme.example"},
		{"broken", w.who, &broken, to("a@acme.example"), delivery.KindTemplate, "html", ""},
		{"no account", w.who, &nowhere, to("a@acme.example"), delivery.KindInvalid, "proof.account", ""},
	} {
		p, err := w.SendProof(t.Context(), c.who, w.id, c.draft, c.to)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Field != c.field || c.detail != "" && e.Detail != c.detail || p.Number != 0 {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
	if ps, err := w.Proofs(t.Context(), w.id); err != nil || len(ps) != 0 {
		t.Errorf("%v, %v", ps, err)
	}
}

// After a crash what may have left is in doubt, what had not begun is not sent, and
// nothing is sent again.
func TestProofAfterACrash(t *testing.T) {
	dir := t.TempDir()
	w := newWork(t, dir, 3)
	w.Close()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.BeginProof(t.Context(), w.who, delivery.Proof{Delivery: w.id, Content: "c", Account: 1,
		Messages: []delivery.ProofMessage{{Address: "a@acme.example"}, {Address: "b@acme.example"}, {Address: "c@acme.example"}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for seq := 1; seq <= 2; seq++ {
		if err := s.IntendProof(t.Context(), p, seq); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SettleProof(t.Context(), p, delivery.ProofMessage{Seq: 1, Outcome: delivery.ProofAccepted, Code: 250, At: p.At}); err != nil {
		t.Fatal(err)
	}
	if err := s.IntendProof(t.Context(), p, 1); !delivery.Is(err, delivery.KindState) {
		t.Errorf("what has its end is intended again: %v", err)
	}
	s.Close() // without a word about the rest, as a crash

	look, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	ps, err := look.Proofs(t.Context(), w.id)
	look.Close()
	if err != nil || !slices.Equal(outcomes(ps[0]), []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofUnderWay, delivery.ProofWaiting}) {
		t.Fatalf("%+v, %v", ps, err)
	}
	e := open(t, dir)
	e.Run()
	if ps, err = e.Proofs(t.Context(), w.id); err != nil {
		t.Fatal(err)
	}
	if got, want := outcomes(ps[0]), []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofInDoubt, delivery.ProofNotSent}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
