package main

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/message"
)

// TestMain lets this test binary be the processes that the program starts of itself.
func TestMain(m *testing.M) {
	if slices.ContainsFunc(os.Args[1:], func(arg string) bool { return arg == "-sink" || arg == "-child" || arg == "-finish" }) {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestBenchmarksRun runs every benchmark on a small scale, so that none of them
// stops working between two looks at the figures.
func TestBenchmarksRun(t *testing.T) {
	o := options{dir: t.TempDir(), recipients: 100, rows: 200, runs: 1, connections: 2, kills: 2, tripTime: 20 * time.Millisecond,
		distances: []distance{{20 * time.Millisecond, 1}, {50 * time.Millisecond, 2}}}
	if path, err := exec.LookPath("sqlite3"); err == nil {
		o.sqlite = path
	}
	o.large = once(o)
	var tab table
	for _, p := range parts() {
		if err := p.run(t.Context(), o, &tab); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
	var b bytes.Buffer
	tab.print(&b)
	for _, want := range []string{"sendoff, DATA ÷ raw client, DATA", "syncs a message, BDAT", "50ms round trip, 2 connections", "render",
		"peak memory, 200 recipients", "import 200 rows", "figures of a delivery of 200", "kills while sending by BDAT", "smtp-source is not there", "make bench builds the program"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

func TestNotOneRun(t *testing.T) {
	if err := run(t.Context(), options{dir: t.TempDir(), recipients: 1, rows: 1, runs: 0}); err == nil {
		t.Error("nothing was measured, without a word")
	}
}

// TestScratchIsOurs: what the program removes in the end is a folder that it made.
func TestScratchIsOurs(t *testing.T) {
	dir := t.TempDir()
	got, err := scratch(dir)
	if err != nil || got == dir || !strings.HasPrefix(got, dir) {
		t.Errorf("%q in %q, %v", got, dir, err)
	}
}

func TestPeakMemoryIsSeen(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err == nil && peakMemory() == 0 {
		t.Error("the memory of this process is not seen")
	}
}

// TestObviousIsTheSameLetter: the build that is measured against has the parts,
// the values and about the size of ours.
func TestObviousIsTheSameLetter(t *testing.T) {
	ob, err := newObvious(letter())
	if err != nil {
		t.Fatal(err)
	}
	p := acquaintances()[0]
	var theirs bytes.Buffer
	if err := ob.write(&theirs, p, 1); err != nil {
		t.Fatal(err)
	}
	tpl, findings := message.Compile(letter())
	if tpl == nil {
		t.Fatal(findings)
	}
	var buf message.Buffer
	ours, err := tpl.Render(&buf, message.Recipient{Address: p["email"], Fields: p}, message.Envelope{Delivery: 1,
		Date: time.Unix(0, 0), Today: time.Unix(0, 0), MessageID: "<1@acme.example>", UnsubscribeMailto: p["unsubscribe_url"]})
	if err != nil {
		t.Fatal(err)
	}
	if apart := math.Abs(float64(theirs.Len())/float64(len(ours.Data)) - 1); apart > 0.1 {
		t.Errorf("%d bytes against %d", theirs.Len(), len(ours.Data))
	}
	for name, data := range map[string][]byte{"ours": ours.Data, "theirs": theirs.Bytes()} {
		for _, want := range []string{"multipart/alternative", "text/plain", "text/html", "List-Unsubscribe:", "Message-ID:", "Date:", p["voucher"], p["email"]} {
			if !bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(want))) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
}

func TestInGo(t *testing.T) {
	for liquid, want := range map[string]string{
		"plain":                            "plain",
		"{{ city }}!":                      "{{.city}}!",
		`a {{ x | default: "y" }} b {{z}}`: `a {{or .x "y"}} b {{.z}}`,
	} {
		if got := inGo(liquid); got != want {
			t.Errorf("%s became %s, want %s", liquid, got, want)
		}
	}
}

// TestLibraryIsFair: go-smtp's client behind the dispatcher's interface says of
// every message what the receiver did with it, refusals included.
func TestLibraryIsFair(t *testing.T) {
	const n = 60
	s, err := enginetest.StartSink(enginetest.SinkOptions{Record: true, Refuse: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o := options{dir: t.TempDir(), connections: 3, queue: throughGoSMTP}
	b, v, err := prepared(t.Context(), o, n, relay(t.Context(), o, s.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	if err := b.Confirm(t.Context(), b.who, v.ID, v.Plan.Hash); err != nil {
		t.Fatal(err)
	}
	sub := b.Subscribe()
	defer sub.Close()
	b.Run()
	for !v.State.Ended() {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v, err = b.Delivery(t.Context(), v.ID); err != nil {
			t.Fatal(err)
		}
	}
	c := v.Counters
	if v.State != delivery.Finished || c.Accepted != s.Accepted() || c.Rejected != n-s.Accepted() || c.InDoubt != 0 || c.Rejected == 0 {
		t.Errorf("%s with %+v, the receiver took %d", v.State, c, s.Accepted())
	}
}

// TestMeter: a slow disk is waited for, and counted.
func TestMeter(t *testing.T) {
	s, err := startSink(false, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	o := options{dir: t.TempDir(), connections: 1, recipients: 20}
	r, err := throughEngine(20*time.Millisecond, nil)(t.Context(), o, s.addr, 0)
	if err != nil {
		t.Fatal(err)
	}
	// A connection has two messages at most whose ends are not written down.
	if r.syncs < 10 || r.commits < 1 || r.took < 10*20*time.Millisecond {
		t.Errorf("%d syncs and %d commits in %s", r.syncs, r.commits, r.took)
	}
}

// TestJudge: of every pair of what the log says and what arrived, which of them is
// a lie.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		state delivery.MessageState
		n     int
		want  kills
	}{
		{delivery.MsgAccepted, 1, kills{}},
		{delivery.MsgAccepted, 0, kills{lost: 1}},
		{delivery.MsgAccepted, 2, kills{twice: 1}},
		{delivery.MsgPending, 0, kills{lost: 1}},
		{delivery.MsgPending, 1, kills{wrong: 1}},
		{delivery.MsgRejected, 1, kills{wrong: 1}},
		{delivery.MsgInDoubt, 0, kills{doubts: 1}},
		{delivery.MsgInDoubt, 1, kills{doubts: 1, arrived: 1}},
		{delivery.MsgInDoubt, 2, kills{doubts: 1, arrived: 1, twice: 1}},
	} {
		var k kills
		if k.judge(c.state, c.n); k != c.want {
			t.Errorf("%s with %d copies: %+v, want %+v", c.state, c.n, k, c.want)
		}
	}
}
