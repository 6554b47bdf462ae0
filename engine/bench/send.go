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
	"runtime/pprof"
	"slices"
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

// startSink starts a receiver that answers after a round trip and offers CHUNKING
// or not.
func startSink(chunking bool, trip time.Duration) (*sink, error) {
	cmd := exec.Command(os.Args[0], "-sink", "-chunking="+strconv.FormatBool(chunking), "-trip", trip.String())
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

// stop ends the receiver and returns how many messages it accepted and how much
// time of a processor it took.
func (s *sink) stop() (int, time.Duration, error) {
	s.in.Close()
	line, err := s.out.ReadString('\n')
	if err != nil {
		return 0, 0, err
	}
	if err := s.cmd.Wait(); err != nil {
		return 0, 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(line))
	return n, s.cmd.ProcessState.UserTime() + s.cmd.ProcessState.SystemTime(), err
}

// result is one run: how long it took, and the processors' time on both sides.
type result struct {
	took, ours, theirs time.Duration
}

// sender is one way to send everything to a receiver.
type sender struct {
	name     string
	chunking bool
	send     func(ctx context.Context, o options, addr string, size int64) (took, cpu time.Duration, err error)
}

// rawSender measures a client of this process.
func rawSender(client raw) func(context.Context, options, string, int64) (time.Duration, time.Duration, error) {
	return func(ctx context.Context, o options, addr string, size int64) (time.Duration, time.Duration, error) {
		start, used := time.Now(), cpu()
		err := sendRaw(ctx, o, addr, size, client)
		return time.Since(start), cpu() - used, err
	}
}

// senders are what is compared.
func senders(o options) []sender {
	list := []sender{
		{"raw client, DATA, one write a message; neither renders nor records", false, rawSender(pipelined)},
		{"raw client, BDAT, eight on the way; neither renders nor records", true, rawSender(chunked)},
		{"sendoff, DATA", false, engineSend},
		{"sendoff, BDAT", true, engineSend},
		{"go-smtp's client; neither renders nor records", false, rawSender(gosmtp)},
	}
	if o.source != "" {
		list = append(list, sender{fmt.Sprintf("smtp-source -d -s %d; neither renders nor records", o.connections), false, sourceSend})
	}
	return list
}

// sending measures a whole deployment beside clients that only send: every
// message rendered, its intent and its outcome durable.
func sending(ctx context.Context, o options, t *table) error {
	size, err := letterSize(ctx, o)
	if err != nil {
		return err
	}
	t.add(fmt.Sprintf("send %d messages of %.1f KB over %d connections, round trip %s", o.recipients, float64(size)/1000, o.connections, o.trip), "", "")
	list := senders(o)
	runs := make([][]result, len(list))
	for i := range o.runs {
		for k, s := range list {
			r, err := sendOnce(ctx, o, s, size)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			runs[k] = append(runs[k], r)
			note("send %d/%d: %s %s", i+1, o.runs, s.name, perSecond(o.recipients, r.took))
		}
	}
	for k, s := range list {
		ours, theirs := times(runs[k], func(r result) time.Duration { return r.ours }), times(runs[k], func(r result) time.Duration { return r.theirs })
		took := times(runs[k], func(r result) time.Duration { return r.took })
		n := time.Duration(o.recipients)
		t.add("  "+s.name, perSecond(o.recipients, median(took)), fmt.Sprintf("%s; CPU %s + receiver %s", spread(took), median(ours)/n, median(theirs)/n))
	}
	t.add("  peak memory so far", fmt.Sprintf("%d MiB", peakMemory()), "")
	ratio := func(name string, a, b int, bar string) {
		t.add("  "+name, fmt.Sprintf("%.2f", ratioOf(runs[a], runs[b])), bar)
	}
	ratio("sendoff DATA ÷ raw DATA", 2, 0, "bar 0.40")
	ratio("sendoff BDAT ÷ raw DATA", 3, 0, "bar 0.85")
	ratio("sendoff DATA ÷ go-smtp's client", 2, 4, "")
	if o.source == "" {
		t.add("  ÷ smtp-source -d", "–", "smtp-source is not there")
		return nil
	}
	ratio("sendoff DATA ÷ smtp-source -d", 2, 5, "bar 1.4")
	ratio("sendoff BDAT ÷ smtp-source -d", 3, 5, "bar 3")
	return nil
}

func times(rs []result, of func(result) time.Duration) []time.Duration {
	out := make([]time.Duration, len(rs))
	for i, r := range rs {
		out[i] = of(r)
	}
	return out
}

// ratioOf is how much faster a is than b: the median over the rounds.
func ratioOf(a, b []result) float64 {
	rs := make([]float64, len(a))
	for i := range a {
		rs[i] = b[i].took.Seconds() / a[i].took.Seconds()
	}
	slices.Sort(rs)
	return rs[len(rs)/2]
}

// sendOnce runs a sender against a receiver of its own, and checks that everything
// arrived.
func sendOnce(ctx context.Context, o options, how sender, size int64) (result, error) {
	s, err := startSink(how.chunking, o.trip)
	if err != nil {
		return result{}, err
	}
	took, used, err := how.send(ctx, o, s.addr, size)
	got, theirs, serr := s.stop()
	switch {
	case err != nil:
		return result{}, err
	case serr != nil:
		return result{}, serr
	case got != o.recipients:
		return result{}, fmt.Errorf("%d received of %d", got, o.recipients)
	}
	return result{took, used, theirs}, nil
}

// letterSize prepares a small delivery and returns the mean size of its messages.
func letterSize(ctx context.Context, o options) (int64, error) {
	n := min(o.recipients, 200)
	b, v, err := prepared(ctx, o, n, func(b *bench) (int64, error) {
		as, err := b.Accounts(ctx)
		if err != nil {
			return 0, err
		}
		return as[0].ID, nil
	})
	if err != nil {
		return 0, err
	}
	b.close()
	return v.Plan.Bytes / int64(n), nil
}

// engineSend sends to everybody through the whole engine.
func engineSend(ctx context.Context, o options, addr string, _ int64) (took, used time.Duration, err error) {
	b, v, err := prepared(ctx, o, o.recipients, func(b *bench) (int64, error) {
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			return 0, err
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return 0, err
		}
		a, err := b.AddAccount(ctx, b.who, delivery.Account{Name: "sink", Host: host, Port: n, Security: delivery.SecurityNone,
			Connections: o.connections, PerConnection: 1 << 30}, "")
		return a.ID, err
	})
	if err != nil {
		return 0, 0, err
	}
	defer b.close()
	if err := b.Confirm(ctx, b.who, v.ID, v.Plan.Hash); err != nil {
		return 0, 0, err
	}
	if o.profile != "" {
		f, err := os.Create(o.profile)
		if err != nil {
			return 0, 0, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return 0, 0, err
		}
		defer pprof.StopCPUProfile()
	}
	sub := b.Subscribe()
	defer sub.Close()
	start, before := time.Now(), cpu()
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
	took, used = time.Since(start), cpu()-before
	if v.State != delivery.Finished || v.Counters.Accepted != int64(o.recipients) {
		return 0, 0, fmt.Errorf("%s: %d accepted of %d", v.State, v.Counters.Accepted, o.recipients)
	}
	return took, used, nil
}

// sourceSend has Postfix's client send as much.
func sourceSend(ctx context.Context, o options, addr string, size int64) (took, used time.Duration, err error) {
	cmd := exec.CommandContext(ctx, o.source, "-d", "-s", strconv.Itoa(o.connections), "-m", strconv.Itoa(o.recipients),
		"-l", strconv.FormatInt(size, 10), "-f", "news@acme.example", "-t", "someone@dest.example", "inet:"+addr)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("smtp-source: %w %s", err, stderr.String())
	}
	return time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
