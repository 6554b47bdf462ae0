package transport_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"sendoff/engine/transport"
)

// groupMatrix: two messages on one connection, and one odd answer. The first
// column is the message that it concerns and the stage; a cell is what becomes of
// the first and of the second message (words of verdicts), and is the same in
// every mode: how the bytes are packed changes no verdict.
//
// The rules, from RFC 5321 sections 3.8 and 4.3.2 and RFC 2920 section 3.1: a
// refusal concerns its own message and leaves the session usable; what breaks the
// line or the protocol concerns the message whose reply was due, in doubt if its
// end was written; another message whose envelope was on its way was certainly
// not taken, and is offered again. "again" stands for each of those, "lost" and
// others for what the matrix of single messages says.
const groupMatrix = `
place    odd       3xx            4xx        5xx          421          multi     mix            2kB            garbage        empty          eof            rst            stall        drip
1/mail   took/took confused/again later/took sender/took  left/again   took/took broken/again   broken/again   broken/again   broken/again   lost/again     lost/again     slow/again   took/took
1/rcpt   took/took confused/again later/took policy/took  left/again   took/took broken/again   broken/again   broken/again   broken/again   lost/again     lost/again     slow/again   took/took
1/data   confused/again took/took later/took content/took left/again   confused/again broken/again broken/again broken/again  broken/again   lost/again     lost/again     slow/again   took/took
1/dot    took/took doubtR/again   later/took content/took left/again   took/took doubtP/again   doubtP/again   doubtP/again   doubtP/again   doubtU/again   doubtU/again   doubtT/again took/took
2/mail   took/took took/confused  took/later took/sender  took/enough  took/took took/broken    took/broken    took/broken    took/broken    took/lost      took/lost      took/slow    took/took
2/rcpt   took/took took/confused  took/later took/policy  took/left    took/took took/broken    took/broken    took/broken    took/broken    took/lost      took/lost      took/slow    took/took
2/data   took/confused took/took  took/later took/content took/left    took/confused took/broken took/broken took/broken     took/broken    took/lost      took/lost      took/slow    took/took
2/dot    took/took took/doubtR    took/later took/content took/left    took/took took/doubtP    took/doubtP    took/doubtP    took/doubtP    took/doubtU    took/doubtU    took/doubtT  took/took
`

// enough: a relay that says 421 to MAIL after it took messages has had enough of
// the connection, and said nothing about the message.
func groupVerdict(word string) string {
	if word == "enough" {
		return "again relay relay closed"
	}
	return verdicts[word]
}

func TestGroupMatrix(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(groupMatrix), "\n")
	kinds := strings.Fields(lines[0])[1:]
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		if len(words) != 1+len(kinds) {
			t.Fatalf("%s has %d cells", words[0], len(words)-1)
		}
		place := at{message: int(words[0][0] - '0')}
		for _, s := range transport.Stages() {
			if s.String() == words[0][2:] {
				place.stage = s
			}
		}
		for i, kind := range kinds {
			first, second, _ := strings.Cut(words[1+i], "/")
			for _, m := range modes() {
				t.Run(m.name+"/"+words[0]+"/"+kind, func(t *testing.T) {
					t.Parallel()
					timeouts := patient()
					if kind == "stall" {
						timeouts = hasty()
					}
					rs, _ := converse(t, m, answers{place: odd(kind, place.stage)}, letters(2), timeouts)
					held(t, rs, first, second)
				})
			}
		}
	}
}

// held compares results with words.
func held(t *testing.T, rs []transport.Result, words ...string) {
	t.Helper()
	for i, word := range words {
		got := describe(rs[i])
		if word == "again" {
			if rs[i].Outcome != transport.Again || rs[i].Fault == "recipient" || rs[i].Usable {
				t.Errorf("message %d: got %s (%v), want it offered again elsewhere", i+1, got, rs[i].Err)
			}
			continue
		}
		if want := groupVerdict(word); got != want {
			t.Errorf("message %d: got %s (%s, %v), want %s", i+1, got, rs[i].Reply, rs[i].Err, want)
		}
	}
}

// odd is what the relay does in a cell; see answer for the kinds.
func odd(kind string, stage transport.Stage) func(*groupRelay) bool {
	return func(g *groupRelay) bool {
		switch kind {
		case "odd":
			g.say("251 well\r\n")
		case "3xx":
			if stage == transport.StageData {
				g.say("334 go\r\n")
			} else {
				g.say("354 go\r\n")
			}
		case "4xx":
			g.say("451 not now\r\n")
		case "5xx":
			g.say("550 no\r\n")
		case "421":
			g.say("421 4.3.2 closing\r\n")
			return g.leave()
		case "multi":
			g.say("250-one\r\n250-\r\n250 three\r\n")
		case "mix":
			g.say("250-one\r\n251 two\r\n")
		case "2kB":
			g.say("250 " + strings.Repeat("x", 2001) + "\r\n")
		case "garbage":
			g.say("\xff\xfe<html>\r\n")
		case "empty":
			g.say("\r\n")
		case "eof":
			return g.leave()
		case "rst":
			g.flush()
			_ = g.Conn.(*net.TCPConn).SetLinger(0)
			return false
		case "stall":
			g.flush()
			<-g.stalled
			return false
		case "drip":
			// Slow, and each byte on its own; the matrix of single messages has
			// a minute and a half of it.
			g.flush()
			reply := usual[stage] + " slowly\r\n"
			for i := range len(reply) - 1 {
				_, _ = io.WriteString(g, reply[i:i+1])
				time.Sleep(2 * time.Millisecond)
			}
			// The last byte goes with what follows, so that the relay knows
			// what it said.
			g.say(reply[len(reply)-1:])
			g.last = reply[0]
		default:
			panic(kind)
		}
		return true
	}
}

// leave says what is left to say and closes in an orderly way: what was not read
// yet is read first, so that the end is no reset.
func (g *groupRelay) leave() bool {
	g.flush()
	_ = g.Conn.(*net.TCPConn).CloseWrite()
	_ = g.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.Copy(io.Discard, g.Conn)
	return false
}

// TestGroups has the cells that no matrix has.
func TestGroups(t *testing.T) {
	text := func(s string, more bool) func(*groupRelay) bool {
		return func(g *groupRelay) bool {
			g.say(s)
			return more || g.leave()
		}
	}
	refused := func(after string) answers {
		return answers{{2, transport.StageRcpt}: text("550 5.1.1 no such user\r\n", true), {2, transport.StageData}: text(after, true)}
	}
	const nobody = "rejected recipient - usable"
	for _, c := range []struct {
		name string
		a    answers
		n    int
		want []string // words or whole descriptions
	}{
		{name: "three good ones", n: 3, want: []string{"took", "took", "took"}},
		// RFC 2920 section 3.1: DATA that was pipelined behind a refused RCPT
		// gets 503 or 554, and sometimes 354, which must not be followed.
		{name: "RCPT refused, DATA gets 503", n: 3, a: refused("503 5.5.1 need RCPT\r\n"), want: []string{"took", nobody, "took"}},
		{name: "RCPT refused, DATA gets 554", n: 3, a: refused("554 5.5.1 no valid recipients\r\n"), want: []string{"took", nobody, "took"}},
		{name: "RCPT refused, DATA gets 451", n: 3, a: refused("451 4.3.0 oops\r\n"), want: []string{"took", nobody, "took"}},
		// 421 in the midst of a group: nothing after it is answered.
		{name: "421 at RCPT in a group", n: 3, a: answers{{2, transport.StageRcpt}: text("421 4.3.2 closing\r\n", false)},
			want: []string{"took", "left", "again"}},
		{name: "RCPT refused, then 421", n: 3, a: answers{{2, transport.StageRcpt}: text("550 5.1.1 no such user\r\n421 4.3.2 closing\r\n", false)},
			want: []string{"took", "rejected recipient", "again"}},
		// The dot's reply, and then the end of the connection.
		{name: "closes after the first", n: 2, a: answers{{1, transport.StageDot}: text("250 2.0.0 queued\r\n", false)}, want: []string{"took", "again"}},
		{name: "421 between messages", n: 2, a: answers{{1, transport.StageDot}: text("250 2.0.0 queued\r\n421 4.4.2 idle\r\n", false)},
			want: []string{"took", "again"}},
		{name: "takes one, refuses one at the dot, takes one", n: 3, a: answers{{2, transport.StageDot}: text("554 5.7.1 spam\r\n", true)},
			want: []string{"took", "content", "took"}},
	} {
		for _, m := range modes() {
			t.Run(m.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				rs, _ := converse(t, m, c.a, letters(c.n), patient())
				for i, want := range c.want {
					if groupVerdict(want) != "" || want == "again" {
						held(t, rs[i:i+1], want)
						continue
					}
					if got := describe(rs[i]); !strings.HasPrefix(got, want) {
						t.Errorf("message %d: got %s (%v), want %s", i+1, got, rs[i].Err, want)
					}
				}
			})
		}
	}
}

// TestGroupReplyTooMany: a reply that nobody asked for is no reply to what comes
// next. It must not be taken for the word on a message that the relay refuses in
// the end.
func TestGroupReplyTooMany(t *testing.T) {
	say := func(reply string) func(*groupRelay) bool {
		return func(g *groupRelay) bool {
			g.say(reply)
			return true
		}
	}
	for _, m := range modes() {
		t.Run(m.name+"/before the dot", func(t *testing.T) {
			rs, _ := converse(t, m, answers{
				{1, transport.StageData}: say("354 go ahead\r\n250 2.0.0 queued\r\n"),
				{1, transport.StageDot}:  say("554 5.7.1 no\r\n"),
			}, letters(1), patient())
			held(t, rs, "again")
		})
		t.Run(m.name+"/after the dot", func(t *testing.T) {
			rs, _ := converse(t, m, answers{
				{1, transport.StageDot}: say("250 2.0.0 queued\r\n250 2.0.0 queued\r\n"),
				{2, transport.StageDot}: say("554 5.7.1 no\r\n"),
			}, letters(2), patient())
			held(t, rs[:1], "took")
			if o := rs[1].Outcome; o == transport.Accepted {
				t.Errorf("accepted by a reply to another message: %s", describe(rs[1]))
			}
		})
	}
}

// TestGroupTooLarge: 552 in the midst of a long message, and the end of the
// connection while we still write. The verdict is the 552.
func TestGroupTooLarge(t *testing.T) {
	for _, m := range modes() {
		for range 5 { // a race of the system's, so more than once
			ms := letters(2)
			ms[0].Data = long().Data
			rs, g := converse(t, m, answers{{1, transport.StageBody}: func(g *groupRelay) bool {
				_, _ = io.CopyN(io.Discard, g.r, 100_000)
				g.say("552 5.3.4 too big\r\n")
				g.flush()
				time.Sleep(20 * time.Millisecond)
				return false // closed with much unread: a reset follows
			}}, ms, patient())
			if got, want := describe(rs[0]), "rejected content message_too_large closed"; got != want {
				t.Errorf("%s: got %s (%v), want %s", m.name, got, rs[0].Err, want)
			}
			held(t, rs[1:], "again")
			if len(g.whole) != 0 {
				t.Errorf("the relay has %q", g.whole)
			}
		}
	}
}

// TestGroupLimit: a relay that takes so many messages a connection and then says
// 421. All before are taken, the next one is not blamed.
func TestGroupLimit(t *testing.T) {
	const limit = 7
	for _, m := range modes() {
		t.Run(m.name, func(t *testing.T) {
			rs, g := converse(t, m, answers{{limit + 1, transport.StageMail}: func(g *groupRelay) bool {
				g.say("421 4.7.0 Too many messages in this connection\r\n")
				return g.leave()
			}}, letters(limit+2), patient())
			for i := range rs {
				want := "took"
				switch {
				case i == limit:
					want = "enough"
				case i > limit:
					want = "again"
				}
				held(t, rs[i:i+1], want)
			}
			if got := fmt.Sprint(len(g.yes)); got != fmt.Sprint(limit) {
				t.Errorf("the relay took %s", got)
			}
		})
	}
}
