package transport_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// The matrix: every stage that has a reply, against every kind of reply, over a
// whole conversation. A cell is the kind of error for the stages that Dial goes
// through, else outcome, fault, kind, and whether the session lives on.
//
// odd: another 2xx than usual. 421: and then closed. mix: a multi-line reply
// with two codes. 2kB: a line of more than 2,000 bytes. drip: the right reply,
// one byte a second for a minute and a half.
const matrix = `
stage     odd    3xx      4xx   5xx   421   multi mix      2kB      garbage  empty    eof         rst         stall   drip
greeting  ok     protocol relay relay relay ok    protocol protocol protocol protocol unreachable unreachable timeout timeout
hello     ok     protocol relay relay relay ok    protocol protocol protocol protocol unreachable unreachable timeout timeout
tls       ok     protocol tls   tls   relay ok    protocol protocol protocol protocol unreachable unreachable timeout timeout
auth      ok     protocol relay auth  relay ok    protocol protocol protocol protocol unreachable unreachable timeout timeout
mail      took   confused later sender left took  broken   broken   broken   broken   lost        lost        slow    took
rcpt      took   confused later policy left took  broken   broken   broken   broken   lost        lost        slow    took
data      confused took   later content left confused broken broken broken   broken   lost        lost        slow    took
body      confused confused laterX contentX left confused broken broken broken broken lost        lost        slow    confused
dot       took   doubtR   later content left took  doubtP   doubtP   doubtP   doubtP   doubtU      doubtU      doubtT  took
`

// verdicts spells the cells of the lower half out.
var verdicts = map[string]string{
	"took":     "accepted - - usable",
	"confused": "again relay protocol closed",
	"later":    "deferred relay relay usable",
	"laterX":   "deferred relay relay closed", // it waits for a dot that does not come
	"left":     "deferred relay relay closed",
	"sender":   "suspend account sender_refused usable",
	"policy":   "rejected relay relay usable",
	"content":  "rejected content content_refused usable",
	"contentX": "rejected content content_refused closed",
	"broken":   "again network protocol closed",
	"lost":     "again network unreachable closed",
	"slow":     "again network timeout closed",
	"doubtR":   "in_doubt relay protocol closed",
	"doubtP":   "in_doubt network protocol closed",
	"doubtU":   "in_doubt network unreachable closed",
	"doubtT":   "in_doubt network timeout closed",
}

var usual = map[transport.Stage]string{
	transport.StageGreeting: "220", transport.StageHello: "250", transport.StageTLS: "220", transport.StageAuth: "235",
	transport.StageMail: "250", transport.StageRcpt: "250", transport.StageData: "354", transport.StageBody: "250", transport.StageDot: "250",
}

// answer is what the peer does in a cell; last tells that the connection ends
// there.
func answer(kind string, stage transport.Stage, stalled <-chan struct{}) (steps Script, last bool) {
	three := "354 go\r\n"
	if stage == transport.StageData {
		three = "334 go\r\n" // the first digit is right, and that is enough
	}
	switch kind {
	case "odd":
		return Script{Say("251 well\r\n")}, false
	case "3xx":
		return Script{Say(three)}, false
	case "4xx":
		return Script{Say("451 not now\r\n")}, false
	case "5xx":
		return Script{Say("550 no\r\n")}, false
	case "421":
		return Script{Say("421 4.3.2 closing\r\n")}, true
	case "multi":
		return Script{Say("250-one\r\n250-\r\n250 three\r\n")}, false
	case "mix":
		return Script{Say("250-one\r\n251 two\r\n")}, false
	case "2kB":
		return Script{Say("250 " + strings.Repeat("x", 2001) + "\r\n")}, false
	case "garbage":
		return Script{Say("\xff\xfe<html>\r\n")}, false
	case "empty":
		return Script{Say("\r\n")}, false
	case "eof", "rst":
		return nil, true
	case "stall":
		return Script{Until(stalled)}, true
	case "drip":
		return Script{Drip(usual[stage]+" "+strings.Repeat("x", 84)+"\r\n", time.Second)}, false
	}
	panic(kind)
}

// resetting reports the end of the connection as a TCP reset.
type resetting struct{ net.Conn }

func (c resetting) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil && n == 0 && !isTimeout(err) {
		err = syscall.ECONNRESET
	}
	return n, err
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}

func TestMatrix(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(matrix), "\n")
	kinds := strings.Fields(lines[0])[1:]
	cells := 0
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		var stage transport.Stage
		for _, s := range transport.Stages() {
			if s.String() == words[0] {
				stage = s
			}
		}
		for i, kind := range kinds {
			cells++
			want := words[1+i]
			t.Run(words[0]+"/"+kind, func(t *testing.T) {
				for _, pipelining := range []bool{false, true} {
					if pipelining && stage < transport.StageMail {
						continue
					}
					synctest.Test(t, func(t *testing.T) { testCell(t, stage, kind, want, pipelining) })
				}
			})
		}
	}
	if cells != 9*14 {
		t.Errorf("%d cells, want 126", cells)
	}
}

func testCell(t *testing.T, stage transport.Stage, kind, want string, pipelining bool) {
	stalled := make(chan struct{})
	c := transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone}
	ours, theirs := net.Pipe()
	var conn net.Conn = ours
	if kind == "rst" {
		conn = resetting{ours}
	}
	c.Dial = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	m := mail()
	if stage == transport.StageBody {
		m = long()
	}

	// What happens before, at and after the stage of the cell.
	var script Script
	ended := false
	step := func(at transport.Stage, command Step, reply string) {
		if ended {
			return
		}
		if command != nil {
			script = append(script, command)
		}
		if at != stage {
			if reply != "" {
				script = append(script, Say(reply))
			}
			return
		}
		steps, last := answer(kind, stage, stalled)
		script = append(script, steps...)
		ended = last
	}
	extensions := []string{"X"}
	if pipelining {
		extensions = append(extensions, "PIPELINING")
	}
	step(transport.StageGreeting, nil, "220 relay\r\n")
	switch stage {
	case transport.StageTLS:
		a, err := NewAuthority()
		if err != nil {
			t.Fatal(err)
		}
		server, err := a.Server("127.0.0.1", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		c.Security, c.RootCAs = delivery.SecurityStartTLS, a.Pool()
		script = append(script, Expect("EHLO"), Say(Hello("STARTTLS")))
		step(transport.StageTLS, Expect("STARTTLS"), "")
		step(-1, Secure(server), "")
		step(-1, Expect("EHLO"), "")
		step(-1, Say(Hello("X")), "")
	case transport.StageAuth:
		c.User, c.Password = "ann", "secret"
		script = append(script, Expect("EHLO"), Say(Hello("AUTH PLAIN")))
		step(transport.StageAuth, Expect("AUTH PLAIN "), "")
	default:
		step(transport.StageHello, Expect("EHLO"), Hello(extensions...))
		if stage == transport.StageHello && kind == "5xx" {
			script = append(script, Expect("HELO"), Say("550 no\r\n"))
		}
	}
	if stage >= transport.StageMail {
		conversation(stage, kind, step, pipelining)
	}
	switch {
	case ended:
	case stage == transport.StageBody:
		script = append(script, Until(stalled)) // it reads no more of the body
	default:
		script = append(script, Silence())
	}

	peer := NewPeer(theirs)
	done := make(chan error, 1)
	go func() { done <- peer.Play(script) }()
	defer func() {
		close(stalled)
		<-done
	}()
	defer func() { _ = ours.Close() }()

	s, err := transport.Dial(context.Background(), c)
	if stage < transport.StageMail {
		got := string(delivery.KindOf(err))
		if err == nil {
			got = "ok"
			s.Abort()
		}
		if got != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer s.Abort()
	dots := 0
	r := Send(context.Background(), s, m, func(context.Context) error { dots++; return nil })
	got := describe(r)
	if got != verdicts[want] {
		t.Errorf("pipelining %v: got %s (%v), want %s", pipelining, got, r.Err, verdicts[want])
	}
	if wantDots := map[bool]int{true: 1}[stage >= transport.StageBody || r.Outcome == transport.Accepted]; dots != wantDots {
		t.Errorf("beforeDot called %d times, want %d", dots, wantDots)
	}
	if len(peer.Bodies()) > 0 && r.Outcome != transport.Accepted && stage != transport.StageDot {
		t.Error("the peer has a whole message")
	}
}

// conversation is one transaction with the cell's reply in its place.
func conversation(stage transport.Stage, kind string, step func(transport.Stage, Step, string), pipelining bool) {
	// With PIPELINING all three commands are there before the first reply,
	// and a peer that refused one refuses the following ones.
	after := func(at transport.Stage, ok string) string {
		refuses := kind == "4xx" || kind == "5xx"
		if pipelining && refuses && at > stage {
			return "503 5.5.1 out of order\r\n"
		}
		return ok
	}
	mailReply, rcptReply, dataReply := "250 2.1.0 OK\r\n", after(transport.StageRcpt, "250 2.1.5 OK\r\n"), after(transport.StageData, "354 go ahead\r\n")
	if pipelining {
		step(-1, Expect("MAIL FROM:<"), "")
		step(-1, Expect("RCPT TO:<"), "")
		step(-1, Expect("DATA"), "")
		step(transport.StageMail, nil, mailReply)
		step(transport.StageRcpt, nil, rcptReply)
		step(transport.StageData, nil, dataReply)
	} else {
		step(transport.StageMail, Expect("MAIL FROM:<"), mailReply)
		step(transport.StageRcpt, Expect("RCPT TO:<"), rcptReply)
		step(transport.StageData, Expect("DATA"), dataReply)
	}
	if stage == transport.StageBody {
		step(transport.StageBody, nil, "")
		return
	}
	step(transport.StageDot, Body(), "250 2.0.0 queued\r\n")
}

func describe(r transport.Result) string {
	or := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	usable := "closed"
	if r.Usable {
		usable = "usable"
	}
	return fmt.Sprintf("%s %s %s %s", r.Outcome, or(string(r.Fault)), or(string(r.Kind)), usable)
}
