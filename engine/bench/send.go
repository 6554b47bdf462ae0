package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// sink is a receiver in another process.
type sink struct {
	cmd  *exec.Cmd
	in   io.Closer
	out  *bufio.Reader
	addr string
}

func startSink() (*sink, error) {
	cmd := exec.Command(os.Args[0], "-sink")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &sink{cmd: cmd, in: in, out: bufio.NewReader(out)}
	addr, err := s.out.ReadString('\n')
	s.addr = strings.TrimSpace(addr)
	return s, err
}

// stop ends the receiver and returns how many messages it accepted.
func (s *sink) stop() (int, error) {
	s.in.Close()
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(line))
}

// sending measures a whole deployment: every message rendered, its intent and
// its outcome durable.
func sending(ctx context.Context, o options, t *table) error {
	var ours, theirs []time.Duration
	var size int64
	for i := range o.runs {
		d, n, err := sendOnce(ctx, o)
		if err != nil {
			return err
		}
		ours, size = append(ours, d), n
		note("send %d/%d: sendoff %s", i+1, o.runs, perSecond(o.recipients, d))
		if o.source == "" {
			continue
		}
		if d, err = sourceOnce(ctx, o, size); err != nil {
			return err
		}
		theirs = append(theirs, d)
		note("send %d/%d: smtp-source %s", i+1, o.runs, perSecond(o.recipients, d))
	}
	t.add(fmt.Sprintf("send %d messages of %.1f KB", o.recipients, float64(size)/1000), perSecond(o.recipients, median(ours)), spread(ours))
	t.add("  peak memory so far", fmt.Sprintf("%d MiB", peakMemory()), "")
	if len(theirs) == 0 {
		t.add("  ÷ smtp-source -d", "–", "smtp-source is not there")
		return nil
	}
	t.add(fmt.Sprintf("  smtp-source -d -s %d, neither render nor record", o.connections), perSecond(o.recipients, median(theirs)), spread(theirs))
	t.add("  ÷ smtp-source -d", fmt.Sprintf("%.2f", median(theirs).Seconds()/median(ours).Seconds()), "bar 1.4")
	return nil
}

// sendOnce sends to everybody and returns how long it took and the mean size of
// a message in bytes.
func sendOnce(ctx context.Context, o options) (time.Duration, int64, error) {
	s, err := startSink()
	if err != nil {
		return 0, 0, err
	}
	b, v, err := prepared(ctx, o, o.recipients, func(b *bench) (int64, error) {
		host, port, err := net.SplitHostPort(s.addr)
		if err != nil {
			return 0, err
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return 0, err
		}
		a, err := b.AddAccount(ctx, b.who, delivery.Account{Name: "sink", Host: host, Port: n, Security: delivery.SecurityNone, Connections: o.connections}, "")
		return a.ID, err
	})
	if err != nil {
		s.stop()
		return 0, 0, err
	}
	defer b.close()
	if err := b.Confirm(ctx, b.who, v.ID, v.Plan.Hash); err != nil {
		return 0, 0, err
	}
	sub := b.Subscribe()
	defer sub.Close()
	start := time.Now()
	b.Run()
	for !v.State.Ended() {
		if _, err := sub.Next(ctx); err != nil {
			return 0, 0, err
		}
		if v, err = b.Delivery(ctx, v.ID); err != nil {
			return 0, 0, err
		}
		time.Sleep(5 * time.Millisecond)
	}
	took := time.Since(start)
	got, err := s.stop()
	if err != nil {
		return 0, 0, err
	}
	if v.State != delivery.Finished || v.Counters.Accepted != int64(o.recipients) || got != o.recipients {
		return 0, 0, fmt.Errorf("%s: %d accepted, %d received of %d", v.State, v.Counters.Accepted, got, o.recipients)
	}
	return took, v.Plan.Bytes / int64(o.recipients), nil
}

// sourceOnce has Postfix's client send as much to a receiver of its own.
func sourceOnce(ctx context.Context, o options, size int64) (time.Duration, error) {
	s, err := startSink()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, o.source, "-d", "-s", strconv.Itoa(o.connections), "-m", strconv.Itoa(o.recipients),
		"-l", strconv.FormatInt(size, 10), "-f", "news@acme.example", "-t", "someone@dest.example", "inet:"+s.addr)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err = cmd.Run()
	took := time.Since(start)
	got, serr := s.stop()
	switch {
	case err != nil:
		return 0, fmt.Errorf("smtp-source: %w %s", err, stderr.String())
	case serr != nil:
		return 0, serr
	case got != o.recipients:
		return 0, fmt.Errorf("smtp-source: %d received of %d", got, o.recipients)
	}
	return took, nil
}
