package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"sendoff/engine/queue"
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
	senders     []string      // who takes part in the part send; all when empty
	profile     string        // file for a profile of the last run of sendoff as it is
	kills       int
	distances   []distance
	tripTime    time.Duration // how long a measurement with round trips is to take
	source      string        // smtp-source, or empty
	sqlite      string        // sqlite3, or empty
	window      string        // the program of the window's tests, or empty
	memProfile  string        // file for a profile of what the child process allocated
	queue       func(*queue.Options)

	// large imports, prepares and sends to rows people in a process of its own,
	// once for all parts that look at it.
	large func(context.Context) (memory, error)
}

func main() {
	o := options{distances: distances(), source: os.Getenv("SMTP_SOURCE"), sqlite: os.Getenv("SQLITE3"), window: os.Getenv("WINDOW_TESTS")}
	sink := flag.Bool("sink", false, "be the receiver (used by the benchmark itself)")
	child := flag.String("child", "", "send to this receiver and tell the memory that took (used by the benchmark itself)")
	finish := flag.String("finish", "", "send until the deliveries of this workspace have ended (used by the benchmark itself)")
	chunking := flag.Bool("chunking", false, "offer CHUNKING, as the receiver")
	flag.DurationVar(&o.trip, "trip", 0, "round trip to the receiver of the part send")
	flag.Func("distances", "round trips and connections of the part trips (default 20ms:16,50ms:64,100ms:64)", func(s string) (err error) {
		o.distances, err = parseDistances(s)
		return err
	})
	flag.DurationVar(&o.tripTime, "trip-time", 10*time.Second, "how long each measurement with round trips takes")
	flag.Func("senders", "who sends in the part send, with commas between, such as raw DATA,engine BDAT; all when absent", func(s string) error {
		o.senders = strings.Split(s, ",")
		return nil
	})
	flag.StringVar(&o.profile, "cpuprofile", "", "write a profile of the last run of sendoff as it is to this file")
	flag.StringVar(&o.memProfile, "memprofile", "", "write a profile of what the largest delivery allocated to this file")
	flag.StringVar(&o.dir, "dir", "build/bench", "folder on the disk that is measured")
	flag.IntVar(&o.recipients, "recipients", 100_000, "messages of the sending benchmark")
	flag.IntVar(&o.rows, "rows", 1_000_000, "rows of the import and of the sending log")
	flag.IntVar(&o.runs, "runs", 3, "runs of each; the median counts")
	flag.IntVar(&o.kills, "kills", 0, "how often a sending process is killed, by DATA and by BDAT; 0: not at all")
	flag.IntVar(&o.connections, "connections", 16, "connections to the receiver")
	flag.StringVar(&o.only, "only", "", "parts to run, with commas between: "+strings.Join(names(), ", ")+"; all when absent")
	flag.Parse()
	if *sink {
		os.Exit(beSink(*chunking, o.trip))
	}
	runtime.GOMAXPROCS(runtime.NumCPU() + 2) // as the program itself
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work := func() error { return run(ctx, o) }
	switch {
	case *child != "":
		work = func() error { return beChild(ctx, o, *child) }
	case *finish != "":
		work = func() error { return beFinisher(ctx, *finish) }
	}
	if err := work(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	if o.runs < 1 || o.recipients < 1 || o.rows < 1 || o.connections < 1 || o.kills < 0 {
		return fmt.Errorf("-runs, -recipients, -rows and -connections are at least 1, -kills is not negative")
	}
	wanted, err := chosen(o.only)
	if err != nil {
		return err
	}
	if o.dir, err = scratch(o.dir); err != nil {
		return err
	}
	defer os.RemoveAll(o.dir)
	o.large = once(o)
	var t table
	for _, p := range wanted {
		if err := p.run(ctx, o, &t); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	t.print(os.Stdout)
	return nil
}

// scratch makes a folder of our own in dir.
func scratch(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return os.MkdirTemp(dir, "run-")
}

// once has the largest delivery made when it is first asked for.
func once(o options) func(context.Context) (memory, error) {
	var m memory
	return func(ctx context.Context) (memory, error) {
		if m.Dir != "" {
			return m, nil
		}
		var err error
		m, err = freshly(ctx, o, o.rows)
		return m, err
	}
}

// part is a part of the program that can be run by itself.
type part struct {
	name string
	run  func(context.Context, options, *table) error
}

// parts in the order in which they run and their figures are printed.
func parts() []part {
	return []part{{"send", sending}, {"trips", travelling}, {"render", rendering}, {"memory", remembering}, {"import", importing}, {"kpi", figures}, {"rules", counting}, {"riskiest", risking}, {"window", windowing}, {"kill", killing}}
}

func names() []string {
	var ns []string
	for _, p := range parts() {
		ns = append(ns, p.name)
	}
	return ns
}

// chosen lists the parts that are named, in their order; all for none.
func chosen(only string) ([]part, error) {
	if only == "" {
		return parts(), nil
	}
	var wanted []part
	asked := strings.Split(only, ",")
	for _, p := range parts() {
		if n := slices.Index(asked, p.name); n >= 0 {
			wanted, asked = append(wanted, p), slices.Delete(asked, n, n+1)
		}
	}
	if len(asked) > 0 {
		return nil, fmt.Errorf("-only is some of %s, not %s", strings.Join(names(), ", "), strings.Join(asked, ", "))
	}
	return wanted, nil
}

func note(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
