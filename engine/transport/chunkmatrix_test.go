package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// The matrix of two messages that are on their way as a window of chunks: both have
// left, texts and all, before the first reply is read. So whatever cannot be read as
// an answer leaves every message without one in doubt; a refusal concerns its own
// message; 421 says that nothing behind it is looked at. A relay that refuses a
// command and takes the text all the same says two things about one message: "both".
const chunkMatrix = `
place  odd       3xx        4xx        5xx        421         multi     mix         2kB         garbage     empty       eof         rst         stall       drip
1/rset took/took both/took  both/took  both/took  again/again took/took doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt took/took
1/mail took/took both/took  later/took stop/took  later/again took/took doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt took/took
1/rcpt took/took both/took  later/took no/took    later/again took/took doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt took/took
1/dot  took/took doubt/took later/took no/took    later/again took/took doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt doubt/doubt took/took
2/rset took/took took/both  took/both  took/both  took/again  took/took took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/took
2/mail took/took took/both  took/later took/stop  took/again  took/took took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/took
2/rcpt took/took took/both  took/later took/no    took/later  took/took took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/took
2/dot  took/took took/doubt took/later took/no    took/later  took/took took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/doubt  took/took
`

// chunkOutcomes spells the words of the matrix out.
var chunkOutcomes = map[string]string{"took": "accepted", "doubt": "in_doubt", "both": "in_doubt", "later": "deferred",
	"no": "rejected", "stop": "suspend", "again": "again"}

func TestChunkMatrix(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(chunkMatrix), "\n")
	kinds := strings.Fields(lines[0])[1:]
	cells := 0
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		for i, kind := range kinds {
			cells++
			first, second, _ := strings.Cut(words[1+i], "/")
			want := chunkOutcomes[first] + " " + chunkOutcomes[second]
			t.Run(words[0]+"/"+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					if got := chunkCell(t, words[0], kind); got != want {
						t.Errorf("got %s, want %s", got, want)
					}
				})
			})
		}
	}
	if cells != 8*14 {
		t.Errorf("%d cells, want 112", cells)
	}
}

// socket is a pipe that, as a socket, lets a deadline be set when the other end has
// closed.
type socket struct{ net.Conn }

func (s socket) SetReadDeadline(at time.Time) error {
	if err := s.Conn.SetReadDeadline(at); !errors.Is(err, io.ErrClosedPipe) {
		return err
	}
	return nil
}

// chunkCell plays one cell and returns what became of the two messages.
func chunkCell(t *testing.T, place, kind string) string {
	stalled := make(chan struct{})
	script := Join(chunking(), parcel(), parcel())
	ended := false
	for _, message := range []string{"1", "2"} {
		refused := false
		for _, at := range []string{"rset", "mail", "rcpt", "dot"} {
			switch {
			case ended:
			case message+"/"+at == place:
				stage := transport.StageMail // of an answer that is like the usual one
				if at == "dot" {
					stage = transport.StageDot
				}
				steps, last := answer(kind, stage, stalled)
				script = append(script, steps...)
				ended = last
				refused = at != "rset" && (kind == "4xx" || kind == "5xx")
			case refused: // as RFC 5321 section 4.1.4 has it
				script = append(script, Say("503 5.5.1 out of order\r\n"))
			default:
				script = append(script, Say("250 2.0.0 ok\r\n"))
			}
		}
	}
	if !ended {
		script = append(script, Silence())
	}
	ours, theirs := net.Pipe()
	var conn net.Conn = socket{ours}
	if kind == "rst" {
		conn = resetting{conn}
	}
	peer := NewPeer(theirs)
	done := make(chan error, 1)
	go func() { done <- peer.Play(script) }()
	s, err := transport.Dial(t.Context(), transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone, Trust: -1,
		Dial: func(context.Context, string, string) (net.Conn, error) { return conn, nil }})
	if err != nil {
		t.Fatal(err)
	}
	f := several(2)
	s.Run(t.Context(), f)
	s.Abort()
	_ = ours.Close()
	close(stalled)
	<-done
	time.Sleep(time.Second)
	return outcomes(f)
}
