package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/queue"
)

// throughEngine sends through the whole engine: every message rendered and held
// against its seal, its intent and its outcome durable. slow is what each sync
// takes besides; tune may change more.
func throughEngine(slow time.Duration, tune func(*queue.Options)) runner {
	return func(ctx context.Context, o options, addr string, _ int64) (result, error) {
		m := &meter{slow: slow}
		o.queue = func(q *queue.Options) {
			m.attach(q)
			if tune != nil {
				tune(q)
			}
		}
		b, v, err := prepared(ctx, o, o.recipients, relay(ctx, o, addr))
		if err != nil {
			return result{}, err
		}
		defer b.close()
		if o.profile != "" && slow == 0 && tune == nil {
			f, err := os.Create(o.profile)
			if err != nil {
				return result{}, err
			}
			defer f.Close()
			if err := pprof.StartCPUProfile(f); err != nil {
				return result{}, err
			}
			defer pprof.StopCPUProfile()
		}
		r, err := b.sendAll(ctx, v)
		r.syncs, r.commits = m.syncs.Load(), m.commits.Load()
		return r, err
	}
}

// relay adds an account for a receiver.
func relay(ctx context.Context, o options, addr string) func(*bench) (int64, error) {
	return func(b *bench) (int64, error) {
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
	}
}

// sendAll confirms a delivery and sends it to the end.
func (b *bench) sendAll(ctx context.Context, v delivery.View) (result, error) {
	if err := b.Confirm(ctx, b.who, v.ID, v.Plan.Hash); err != nil {
		return result{}, err
	}
	sub := b.Subscribe()
	defer sub.Close()
	start, before := time.Now(), cpu()
	b.Run()
	for !v.State.Ended() {
		if _, err := sub.Next(ctx); err != nil {
			return result{}, err
		}
		var err error
		if v, err = b.Delivery(ctx, v.ID); err != nil {
			return result{}, err
		}
		if err := b.Broken(); err != nil {
			return result{}, err
		}
		if v.State == delivery.Paused {
			return result{}, fmt.Errorf("paused: %+v", v.Paused)
		}
		time.Sleep(5 * time.Millisecond)
	}
	r := result{took: time.Since(start), ours: cpu() - before}
	if v.State != delivery.Finished || v.Counters.Accepted != v.Plan.ToDeliver {
		return r, fmt.Errorf("%s: %d accepted of %d", v.State, v.Counters.Accepted, v.Plan.ToDeliver)
	}
	return r, nil
}

// raced measures a client of this process.
func raced(client raw) runner {
	return func(ctx context.Context, o options, addr string, size int64) (result, error) {
		start, before := time.Now(), cpu()
		err := sendRaw(ctx, o, addr, size, client)
		return result{took: time.Since(start), ours: cpu() - before}, err
	}
}

// source has Postfix's client send as much.
func source(ctx context.Context, o options, addr string, size int64) (result, error) {
	cmd := exec.CommandContext(ctx, o.source, "-d", "-s", strconv.Itoa(o.connections), "-m", strconv.Itoa(o.recipients),
		"-l", strconv.FormatInt(size, 10), "-f", "news@acme.example", "-t", "someone@dest.example", "inet:"+addr)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return result{}, fmt.Errorf("smtp-source: %w %s", err, stderr.String())
	}
	return result{took: time.Since(start), ours: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}
