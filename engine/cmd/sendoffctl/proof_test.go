package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// Previews are written as files that their reader alone can read.
func TestPreviewFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	r := ctl(t, &fake{views: []delivery.View{ready()}}, "delivery", "preview", "3", "--riskiest", "--out", dir)
	if r.status != 0 {
		t.Fatal(r.err)
	}
	for _, name := range []string{"missing-value.html", "missing-value.txt", "largest-message.html", "largest-message.txt"} {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 || info.Size() == 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
		if !strings.Contains(r.out, path+"\n") {
			t.Errorf("%s is not named in\n%s", path, r.out)
		}
	}
}

// A proof is listed with its addresses, and whether it is of what the delivery says now.
func TestProofs(t *testing.T) {
	v := ready()
	v.Proofs = []delivery.Proof{
		{Delivery: v.ID, Number: 2, At: when, By: "Marieke", Content: v.ContentHash(), Messages: []delivery.ProofMessage{
			{Address: "a@acme.example", As: "p1@post.example", Outcome: delivery.ProofAccepted, Code: 250},
			{Address: "b@acme.example", Outcome: delivery.ProofInDoubt},
			{Address: "c@acme.example", Outcome: delivery.ProofNotSent, Kind: delivery.KindLimit, Detail: "2/h"}}},
		{Delivery: v.ID, Number: 1, At: when, By: "Joris", Content: "another", Messages: []delivery.ProofMessage{{Address: "a@acme.example", Outcome: delivery.ProofAccepted}}},
	}
	f := &fake{views: []delivery.View{v}}
	r := ctl(t, f, "delivery", "proofs", "3")
	for _, want := range []string{"Proof 2 of DM3, ", "1 accepted, 1 in doubt, 1 not sent.", "a@acme.example (as p1@post.example): accepted\n", "b@acme.example: in doubt\n", "c@acme.example: not sent. ", "2/h"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("%q is not in\n%s", want, r.out)
		}
	}
	if n := strings.Count(r.out, "The content was edited since."); n != 1 || !strings.HasSuffix(r.out, "edited since.\n") {
		t.Errorf("which one is of another content?\n%s", r.out)
	}
	r = ctl(t, f, "--json", "delivery", "proofs", "3")
	var got []struct {
		Number   int
		Current  bool
		Messages []struct{ Address, Outcome, Kind string }
	}
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || len(got) != 2 || !got[0].Current || got[1].Current || got[0].Messages[2].Outcome != "not_sent" || got[0].Messages[2].Kind != "limit" {
		t.Errorf("%v\n%s", err, r.out)
	}
}
