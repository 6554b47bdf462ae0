// Command bench measures Sendoff against what else there is on this machine, in
// one run, and prints the ratios: sending against clients that only send, one of
// them Postfix's own benchmark client, on the same receiver, importing against the sqlite3 shell, and reading a
// delivery's figures against counting its log anew.
//
// A figure is the median of its runs; baselines run in turn with what they are
// compared to, so that a slow minute hits both. It checks that every message
// arrived: a fast loss is no result.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/enginetest"
)

// options are the command line's.
type options struct {
	dir         string
	recipients  int
	rows        int
	runs        int
	connections int
	only        string
	trip        time.Duration // round trip to the receiver
	profile     string        // file for a profile of the engine's last run
	source      string        // smtp-source, or empty
	sqlite      string        // sqlite3, or empty
}

func main() {
	o := options{source: os.Getenv("SMTP_SOURCE"), sqlite: os.Getenv("SQLITE3")}
	sink := flag.Bool("sink", false, "be the receiver (used by the benchmark itself)")
	chunking := flag.Bool("chunking", false, "offer CHUNKING, as the receiver")
	flag.DurationVar(&o.trip, "trip", 0, "round trip between sender and receiver")
	flag.StringVar(&o.profile, "cpuprofile", "", "write a profile of the engine's last run to this file")
	flag.StringVar(&o.dir, "dir", "build/bench", "folder on the disk that is measured")
	flag.IntVar(&o.recipients, "recipients", 100_000, "messages of the sending benchmark")
	flag.IntVar(&o.rows, "rows", 1_000_000, "rows of the import and of the sending log")
	flag.IntVar(&o.runs, "runs", 3, "runs of each; the median counts")
	flag.IntVar(&o.connections, "connections", 16, "connections to the receiver")
	flag.StringVar(&o.only, "only", "", "send, import or kpi; all when absent")
	flag.Parse()
	if *sink {
		os.Exit(beSink(*chunking, o.trip))
	}
	runtime.GOMAXPROCS(runtime.NumCPU() + 2) // as the program itself
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// beSink is the receiver, in a process of its own so that its cost is the same
// for everybody. It ends with its standard input and then tells what it got.
func beSink(chunking bool, trip time.Duration) int {
	s, err := enginetest.StartSink(enginetest.SinkOptions{Chunking: chunking, Delay: trip})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench: sink:", err)
		return 1
	}
	fmt.Println(s.Addr())
	io.Copy(io.Discard, os.Stdin)
	fmt.Println(s.Accepted())
	s.Close()
	return 0
}

func run(ctx context.Context, o options) error {
	dir, err := filepath.Abs(o.dir)
	if err != nil {
		return err
	}
	if o.dir = dir; o.runs < 1 || o.recipients < 1 || o.rows < 1 {
		return fmt.Errorf("-runs, -recipients and -rows are at least 1")
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	var t table
	for _, b := range []struct {
		name string
		run  func(context.Context, options, *table) error
	}{{"send", sending}, {"import", importing}, {"kpi", figures}} {
		if o.only != "" && o.only != b.name {
			continue
		}
		if err := b.run(ctx, o, &t); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
	}
	if len(t.rows) == 0 {
		return fmt.Errorf("-only is send, import or kpi")
	}
	t.print(os.Stdout)
	return nil
}

// table collects results.
type table struct{ rows [][3]string }

func (t *table) add(name, value, note string) { t.rows = append(t.rows, [3]string{name, value, note}) }

func (t *table) print(w io.Writer) {
	width := 0
	for _, r := range t.rows {
		width = max(width, len([]rune(r[0])))
	}
	for _, r := range t.rows {
		fmt.Fprintf(w, "%-*s  %14s  %s\n", width, r[0], r[1], r[2])
	}
}

// median of durations; spread shows the least and the most.
func median(ds []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(ds))
	return s[len(s)/2]
}

func spread(ds []time.Duration) string {
	return fmt.Sprintf("%d runs, %s to %s", len(ds), round(slices.Min(ds)), round(slices.Max(ds)))
}

func round(d time.Duration) time.Duration {
	switch {
	case d > 10*time.Second:
		return d.Round(100 * time.Millisecond)
	case d > 10*time.Millisecond:
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Microsecond)
}

func perSecond(n int, d time.Duration) string {
	return strconv.FormatFloat(float64(n)/d.Seconds(), 'f', 0, 64) + "/s"
}

// peakMemory is the most that this process ever had in memory, in MiB; 0 where
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
				return kib / 1024
			}
		}
	}
	return 0
}

func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
