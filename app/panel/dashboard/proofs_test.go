package dashboard_test

import (
	"slices"
	"strings"
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// typed gives the entry with a hint a text, as a person types it.
func typed(t *testing.T, w *paneltest.Window, n int, s string) {
	t.Helper()
	es := paneltest.All[*widgets.Entry](w)
	if n >= len(es) {
		t.Fatalf("%d entries", len(es))
	}
	es[n].SetText(s)
	w.Settle()
}

// A proof goes to the test profiles and to what is typed; an address that is none is
// named before anything leaves. Afterwards the dashboard and the confirm dialog know it.
func TestProof(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "en", W: 1024, H: 700}, {Lang: "nl", Theme: "dark", W: 1024, H: 700}} {
		e := bridgetest.New(bridgetest.Sample(3, delivery.Ready))
		e.SetTests(2)
		w := open(t, e, o, 3)
		word := func(key string, pairs ...any) string { return w.Words.T(key, pairs...) }
		w.Tap(word("proof.button"))
		w.Want(word("proof.title"), "jansen.0@post.example", w.Words.N("proof.addresses", 2))
		typed(t, w, 0, "boss@acme.example; boss at acme")
		w.Want(w.Words.N("proof.addresses", 3), "“at”", "“acme”")
		w.Picture("proof-form-" + o.Lang)
		w.NothingIsCut()
		w.Tap(word("proof.send"))
		if sent, _ := e.Proofs(); len(sent) != 0 {
			t.Fatalf("sent %v", sent)
		}
		typed(t, w, 0, "boss@acme.example")
		typed(t, w, 1, "nobody@acme.example")
		w.Tap(word("proof.send"))
		w.Want(word("proof.as_unknown", "address", "nobody@acme.example"))
		typed(t, w, 1, "smit.5@post.example")
		w.Tap(word("proof.send"))
		sent, drafts := e.Proofs()
		want := []delivery.ProofAddress{{Address: "devries.1@post.example", As: 6}, {Address: "jansen.0@post.example", As: 6}, {Address: "boss@acme.example", As: 6}}
		if len(sent) != 1 || drafts != 0 || !slices.Equal(sent[0], want) {
			t.Fatalf("sent %v, %d drafts", sent, drafts)
		}
		if len(w.Toasts) != 1 || w.Toasts[0] != w.Words.N("proof.done", 3, "number", 1) {
			t.Errorf("%q", w.Toasts)
		}
		w.Want(word("proof.block"), word("proof.of_this", "n", 1), "3 "+strings.TrimPrefix(w.Words.N("proof.count.accepted", 3), "3 "))
		w.Picture("dashboard-proof-" + o.Lang)
		w.NothingIsCut()
	}
}

// What became of each address is shown when somebody did not get it.
func TestProofRefused(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(3, delivery.Ready))
	e.SetProofAnswer(delivery.ProofMessage{Address: "b@acme.example", Outcome: delivery.ProofRefused, Code: 550, Enhanced: "5.1.1", Reply: "Who?"})
	w := open(t, e, paneltest.Options{W: 1024, H: 700}, 3)
	w.Tap("Test")
	w.Want("There are none yet.")
	typed(t, w, 0, "a@acme.example b@acme.example")
	w.Tap("Send proof")
	w.Want("a@acme.example: accepted", "b@acme.example: refused. 550 5.1.1 Who?")
	w.Picture("proof-refused")
	if len(w.Toasts) != 0 {
		t.Errorf("%q", w.Toasts)
	}
	w.Tap("Close")
	w.Tap("Confirm send")
	w.Want("Proof 1 of this content was sent to 1 address", "1 accepted, 1 refused")
	w.Picture("confirm-proof")
}

// By keys alone: the form opens on the addresses, and Escape sends nothing.
func TestProofByKeys(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(3, delivery.Editing))
	w := open(t, e, paneltest.Options{}, 3)
	w.Tap("Test")
	if f := w.Window.Canvas().Focused(); f == nil {
		t.Fatal("nothing has the keyboard")
	}
	for _, r := range "a@acme.example" {
		w.Window.Canvas().Focused().TypedRune(r)
	}
	w.Settle()
	w.Want("1 address gets it.")
	w.Key("Escape")
	if sent, _ := e.Proofs(); len(sent) != 0 || w.Says("Send a proof") {
		t.Errorf("%v", sent)
	}
}
