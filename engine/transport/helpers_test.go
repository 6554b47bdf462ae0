package transport_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/enginetest"
	"sendoff/engine/transport"
)

// piped is a configuration whose peer plays a script at the other end of a
// net.Pipe, so that time can be a bubble's.
func piped(t *testing.T, script enginetest.Script) (transport.Config, *enginetest.Peer) {
	t.Helper()
	ours, theirs := net.Pipe()
	p := enginetest.NewPeer(theirs)
	done := make(chan error, 1)
	go func() { done <- p.Play(script) }()
	t.Cleanup(func() {
		_ = ours.Close()
		<-done
	})
	return transport.Config{Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone, Trust: -1,
		Dial: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}, p
}

// served is a configuration for a server that plays scripts over TCP.
func served(t *testing.T, scripts ...enginetest.Script) (transport.Config, *enginetest.Server) {
	t.Helper()
	s, err := enginetest.Serve(scripts...)
	if err != nil {
		t.Fatal(err)
	}
	return transport.Config{Host: "127.0.0.1", Port: s.Port(), Security: delivery.SecurityNone, Trust: -1}, s
}

func dial(t *testing.T, c transport.Config) *transport.Session {
	t.Helper()
	s, err := transport.Dial(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Abort)
	return s
}

func mail() transport.Mail {
	return transport.Mail{From: "news@acme.example", To: "ann@mail.example", Data: []byte("Subject: hello\r\n\r\nhello\r\n")}
}

// long is a message that takes several writes.
func long() transport.Mail {
	m := mail()
	m.Data = []byte("Subject: long\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 20_000))
	return m
}

func send(s *transport.Session, m transport.Mail) transport.Result {
	return enginetest.Send(context.Background(), s, m, func(context.Context) error { return nil })
}
