package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
)

// proofDir is the variable that makes this test binary a program that sends a proof of
// the first delivery of a workspace, and is killed over it.
const proofDir = "SENDOFF_TEST_PROOF_DIR"

func proveIt(dir string) int {
	e, err := engine.Open(context.Background(), engine.Options{Dir: dir, Secrets: noSecrets{}})
	if err == nil {
		_, err = e.SendProof(context.Background(), access.Principal{Operator: 1}, 1, nil, to("a@acme.example", "b@acme.example", "c@acme.example"))
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// A program that is killed with a proof on its way leaves that one in doubt and what
// came behind it unsent; what the relay had taken stays taken, and the next start sends
// nothing again.
func TestProofKilled(t *testing.T) {
	stalled := make(chan struct{})
	offered := enginetest.Script{enginetest.Expect("MAIL FROM:"), enginetest.Say("250 ok\r\n"), enginetest.Expect("RCPT TO:"), enginetest.Say("250 ok\r\n"),
		enginetest.Expect("DATA"), enginetest.Say("354 go on\r\n"), enginetest.Body(), enginetest.Until(stalled)}
	s, err := enginetest.Serve(enginetest.Join(enginetest.Opening(), enginetest.Message(), offered))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	defer close(stalled)
	dir := t.TempDir()
	w := newWork(t, dir, 3)
	w.via(s.Port(), nil)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), proofDir+"="+dir)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(time.Minute)
	for {
		if p := s.Peer(0); p != nil && len(p.Bodies()) == 2 {
			break
		}
		if time.Now().After(deadline) {
			c.Process.Kill()
			t.Fatal("the second message did not come")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait()

	e := open(t, dir)
	e.Run()
	ps, err := e.Proofs(t.Context(), w.id)
	if err != nil || len(ps) != 1 {
		t.Fatalf("%+v, %v", ps, err)
	}
	if got, want := outcomes(ps[0]), []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofInDoubt, delivery.ProofNotSent}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	time.Sleep(300 * time.Millisecond) // whoever would send again does it at once
	if n := len(s.Peer(0).Bodies()); n != 2 || s.Peer(1) != nil {
		t.Errorf("%d messages, another connection: %v", n, s.Peer(1) != nil)
	}
}
