package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"sendoff/engine"
)

// One process at a time works in a workspace. So that a delivery can be paused
// or stopped from another shell while it is sent, a sendoffctl that sends carries
// out the command lines of others: it listens on a loopback port, with a secret
// in a file that only the workspace's owner can read.

const (
	controlName = "sendoffctl.control"
	greeting    = 2 * time.Second // for a peer on this computer to answer at all
	maxRequest  = 1 << 20
)

// request is a command line from another process.
type request struct {
	Secret   string   `json:"secret"`
	Args     []string `json:"args"`
	Dir      string   `json:"dir"` // what relative paths are relative to
	Terminal bool     `json:"terminal"`
}

// frame is a piece of what comes back; the first is a greeting, the last has a
// status.
type frame struct {
	Hello  bool   `json:"hello,omitempty"`
	Out    string `json:"out,omitempty"`
	Err    string `json:"err,omitempty"`
	Status *int   `json:"status,omitempty"`
}

// shared is the engine of this process in the hands of a command that came from
// another one: it is not that command's to close.
type shared struct{ Engine }

func (shared) Close() error { return nil }

// control carries out the command lines of others.
type control struct {
	a      *app
	e      Engine
	l      net.Listener
	secret string
	file   string
	wg     sync.WaitGroup
}

// listen begins to take command lines for an engine. The function it returns
// ends that and lets those under way come to their end; only waits are cut
// short. When ctx ends, all of them are cancelled. Sending is worth
// more than being heard: when it cannot listen, it says so and nothing else.
func (a *app) listen(ctx context.Context, e Engine) (stop func()) {
	c := &control{a: a, e: e, secret: rand.Text(), file: filepath.Join(e.Dir(), controlName)}
	if err := c.open(); err != nil {
		fmt.Fprintf(a.err, "sendoffctl: Other shells cannot reach this one: %v.\n", err)
		return func() {}
	}
	serving, cancel := context.WithCancel(ctx)
	c.wg.Go(func() { c.accept(ctx, serving) })
	return func() {
		os.Remove(c.file)
		c.l.Close()
		cancel()
		c.wg.Wait()
	}
}

// open listens and leaves word where and how.
func (c *control) open() (err error) {
	if c.l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			c.l.Close()
		}
	}()
	// A file that a crash left behind may have other rights.
	if err := os.Remove(c.file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.WriteFile(c.file, []byte(c.l.Addr().String()+" "+c.secret+"\n"), 0o600)
}

func (c *control) accept(ctx, serving context.Context) {
	for {
		conn, err := c.l.Accept()
		if err != nil {
			return
		}
		c.wg.Go(func() {
			defer conn.Close()
			c.serve(ctx, serving, conn)
		})
	}
}

// serve carries out one command line.
func (c *control) serve(ctx, serving context.Context, conn net.Conn) {
	conn.SetReadDeadline(time.Now().Add(greeting))
	r := bufio.NewReader(io.LimitReader(conn, maxRequest))
	line, err := r.ReadBytes('\n')
	var q request
	if err != nil || json.Unmarshal(line, &q) != nil || subtle.ConstantTimeCompare([]byte(q.Secret), []byte(c.secret)) != 1 {
		return
	}
	conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// The other process says nothing more; when it ends, its command does.
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		r.ReadByte()
		cancel()
	}()
	w := &framer{enc: json.NewEncoder(conn)}
	w.send(frame{Hello: true})
	b := &app{out: stream{w, false}, err: stream{w, true}, terminal: q.Terminal, getenv: c.a.getenv, cwd: q.Dir, world: c.a.world, lender: serving,
		open: func(context.Context, engine.Options) (Engine, error) { return shared{c.e}, nil }}
	status := b.run(ctx, q.Args)
	w.send(frame{Status: &status})
	conn.Close()
	<-gone
}

// framer writes frames one at a time.
type framer struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (f *framer) send(x frame) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.enc.Encode(x)
}

// stream is the standard output or error of a command from another process.
type stream struct {
	w   *framer
	err bool
}

func (s stream) Write(b []byte) (int, error) {
	x := frame{Out: string(b)}
	if s.err {
		x = frame{Err: string(b)}
	}
	if err := s.w.send(x); err != nil {
		return 0, err
	}
	return len(b), nil
}

// forward has the sendoffctl that holds the workspace carry out this command
// line. It is not done when no sendoffctl answers there.
func (a *app) forward(ctx context.Context, args []string) (status int, done bool) {
	dir, err := a.dir()
	if err != nil {
		return 0, false
	}
	b, err := os.ReadFile(filepath.Join(dir, controlName))
	if err != nil {
		return 0, false
	}
	addr, secret, ok := strings.Cut(strings.TrimSpace(string(b)), " ")
	if !ok {
		return 0, false
	}
	conn, err := (&net.Dialer{Timeout: greeting}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return 0, false
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	cwd, err := os.Getwd()
	if err != nil {
		return 0, false
	}
	if json.NewEncoder(conn).Encode(request{secret, args, cwd, a.terminal}) != nil {
		return 0, false
	}
	conn.SetReadDeadline(time.Now().Add(greeting))
	dec := json.NewDecoder(conn)
	var x frame
	if dec.Decode(&x) != nil || !x.Hello {
		return 0, false
	}
	conn.SetReadDeadline(time.Time{})
	for {
		x = frame{}
		if err := dec.Decode(&x); err != nil {
			fmt.Fprintln(a.err, "sendoffctl: The sendoffctl that has the workspace ended before it was done. Look with delivery show, then try again.")
			return exitFailed, true
		}
		io.WriteString(a.out, x.Out)
		io.WriteString(a.err, x.Err)
		if x.Status != nil {
			return *x.Status, true
		}
	}
}
