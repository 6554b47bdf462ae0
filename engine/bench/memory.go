package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

// fewRecipients is how many the peak of memory is compared to.
const fewRecipients = 100_000

// remembering measures the most memory that a process ever had which imported,
// prepared and sent to everybody, for many and for few.
func remembering(ctx context.Context, o options, t *table) error {
	few := min(fewRecipients, max(o.rows/10, 1))
	small, err := freshly(ctx, o, few)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(small.Dir); err != nil {
		return err
	}
	large, err := o.large(ctx)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("peak memory, %d recipients", o.rows)
	most, more := atMost(100, mib), atMost(64, mib)
	if large.Sent == 0 {
		t.absent(name, most, "the system does not tell")
		return nil
	}
	t.figure(name, most, mebi(large.Sent), fmt.Sprintf("%d recipients: %s", few, mib(mebi(small.Sent))))
	t.figure(fmt.Sprintf("%s: over %d", name, few), more, mebi(large.Sent)-mebi(small.Sent), "")
	for _, s := range []struct {
		n int
		m memory
	}{{few, small}, {o.rows, large}} {
		t.detail(fmt.Sprintf("peak memory, %d recipients, one run", s.n), mib(mebi(s.m.Sent)),
			fmt.Sprintf("%s once open, %s once imported, %s once prepared; %s", mib(mebi(s.m.Opened)), mib(mebi(s.m.Imported)), mib(mebi(s.m.Prepared)), round(s.m.Took)))
	}
	return nil
}

// memory is what a child process tells: the most that it ever had in memory, in
// KiB, after each step.
type memory struct {
	Opened, Imported, Prepared, Sent int
	Took                             time.Duration
	Dir                              string // the workspace it leaves behind
}

func mebi(kib int) float64 { return float64(kib) / 1024 }

// freshly imports, prepares and sends to n people in a process of its own, to a
// receiver that offers CHUNKING, and leaves the workspace.
func freshly(ctx context.Context, o options, n int) (memory, error) {
	var m memory
	if _, err := people(o, n); err != nil {
		return m, err
	}
	s, err := startSink(true, 0)
	if err != nil {
		return m, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0], "-child", s.addr, "-dir", o.dir, "-recipients", strconv.Itoa(n),
		"-connections", strconv.Itoa(o.connections), "-memprofile", o.memProfile)
	cmd.Stderr = os.Stderr
	start := time.Now()
	out, err := cmd.Output()
	took := time.Since(start)
	got, _, serr := s.stop()
	switch {
	case err != nil:
		return m, fmt.Errorf("the child process: %w", err)
	case serr != nil:
		return m, serr
	case got != n:
		return m, fmt.Errorf("%d received of %d", got, n)
	}
	note("memory: %d sent in %s", n, round(took))
	err = json.Unmarshal(out, &m)
	m.Took = took
	return m, err
}

// beChild is the process whose memory is measured.
func beChild(ctx context.Context, o options, addr string) error {
	file, err := people(o, o.recipients)
	if err != nil {
		return err
	}
	b, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer b.Close()
	m := memory{Opened: peakMemory()}
	account := relay(ctx, o, addr)
	v, err := b.prepare(ctx, file, o.recipients, func(b *bench) (int64, error) {
		m.Imported = peakMemory()
		return account(b)
	})
	if err != nil {
		return err
	}
	m.Prepared = peakMemory()
	if _, err := b.sendAll(ctx, v); err != nil {
		return err
	}
	m.Sent, m.Dir = peakMemory(), b.dir
	if o.memProfile != "" {
		if err := heap(o.memProfile); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(m)
}

// heap writes a profile of what was allocated.
func heap(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	runtime.GC()
	if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// peakMemory is the most that this process ever had in memory, in KiB; 0 where
// the system does not tell.
func peakMemory() int {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err == nil {
				return kib
			}
		}
	}
	return 0
}
