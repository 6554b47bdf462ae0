package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// windowing measures the window, in a program of its own: nothing of the engine
// may know it. It is drawn without a display, so painting is not in it.
func windowing(ctx context.Context, o options, t *table) error {
	start := fmt.Sprintf("window with its rows after start, %d log rows", o.rows)
	second := atMost(float64(time.Second), span)
	// One closure a tick of a fifteenth of a second.
	ticks := atMost(15, rate)
	const closures, slow = "closures on the UI goroutine, sending flat out", "of them longer than 8 ms, in one delivery"
	if o.window == "" {
		const why = "make bench builds the program that measures it"
		t.absent(start, second, why)
		t.absent(closures, ticks, why)
		t.absent(slow, atMost(0, whole), why)
		return nil
	}
	m, err := o.large(ctx)
	if err != nil {
		return err
	}
	out, err := measured(ctx, o, "Start", "SENDOFF_BENCH_WORKSPACE="+m.Dir)
	if err != nil {
		return err
	}
	t.figure(start, second, out["ns/op"], fmt.Sprintf("%d runs, without painting", o.runs))
	if out, err = measured(ctx, o, "Sending", ""); err != nil {
		return err
	}
	t.figure(closures, ticks, out["closures/s"], rate(out["messages/s"])+" to the training relay; dashboard, chart and log together")
	t.figure(slow, atMost(0, whole), out["slow"], "without painting")
	return nil
}

// measured runs a benchmark of the window's tests and returns its figures by
// their units.
func measured(ctx context.Context, o options, name, env string) (map[string]float64, error) {
	program, err := filepath.Abs(o.window)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-test.run", "^$", "-test.bench", "^Benchmark"+name+"$", "-test.benchtime", strconv.Itoa(o.runs)+"x")
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w %s", err, out)
	}
	figures, err := benchmarked(string(out), "Benchmark"+name)
	note("window: %s %v", name, figures)
	return figures, err
}

// benchmarked reads the figures of one benchmark from what go test prints:
// its name, how often it ran, and values each with its unit.
func benchmarked(out, name string) (map[string]float64, error) {
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] != name && !strings.HasPrefix(fields[0], name+"-") {
			continue
		}
		figures := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, err
			}
			figures[fields[i+1]] = v
		}
		return figures, nil
	}
	return nil, errors.New(name + " did not run: " + out)
}
