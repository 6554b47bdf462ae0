package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []time.Duration
		want time.Duration
	}{{[]time.Duration{7}, 7}, {[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{1, 2}, 2}, {[]time.Duration{4, 1, 3, 2, 100}, 3}} {
		given := append([]time.Duration(nil), c.of...)
		if m := median(given); m != c.want {
			t.Errorf("the median of %v is %d, want %d", c.of, m, c.want)
		}
		for i := range given {
			if given[i] != c.of[i] {
				t.Errorf("%v became %v", c.of, given)
			}
		}
	}
}

func TestBar(t *testing.T) {
	for _, c := range []struct {
		bar  bar
		v    float64
		met  bool
		said string
	}{
		{atLeast(0.40, ratio), 0.40, true, "≥ 0.40"},
		{atLeast(0.40, ratio), 0.399, false, "≥ 0.40"},
		{atLeast(3000, rate), 3000.5, true, "≥ 3000/s"},
		{atMost(0.06, small), 0.06, true, "≤ 0.060"},
		{atMost(0.06, small), 0.0601, false, "≤ 0.060"},
		{atMost(100, mib), 99, true, "≤ 100 MiB"},
		{atMost(float64(2*time.Millisecond), span), float64(3 * time.Millisecond), false, "≤ 2ms"},
		{atMost(0, whole), 0, true, "≤ 0"},
	} {
		if c.bar.met(c.v) != c.met || c.bar.String() != c.said {
			t.Errorf("%v by %s: %t, want %t by %s", c.v, c.bar, c.bar.met(c.v), c.met, c.said)
		}
	}
}

func TestTable(t *testing.T) {
	var tab table
	tab.figure("fast ÷ slow", atLeast(0.4, ratio), 0.55, "slow 10/s")
	tab.figure("memory", atMost(100, mib), 130, "")
	tab.absent("÷ someone", atLeast(3, ratio), "someone is not there")
	tab.shown("for the record", "7", "")
	tab.detail("slow", "10/s", "3 runs")
	var b bytes.Buffer
	tab.print(&b)
	want := strings.Join([]string{
		"figure                bar  measured        beside it",
		"fast ÷ slow        ≥ 0.40      0.55  PASS  slow 10/s",
		"memory          ≤ 100 MiB   130 MiB  MISS",
		"÷ someone          ≥ 3.00         –     –  someone is not there",
		"for the record                    7",
		"",
		"1 of 2 reach their bars.",
		"",
		"slow  10/s  3 runs",
		"",
	}, "\n")
	if b.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", b.String(), want)
	}
}

// rounds makes results of rates, a message a time.
func rounds(rates ...float64) []result {
	var rs []result
	for _, r := range rates {
		rs = append(rs, result{n: 1000, took: time.Duration(1000 / r * float64(time.Second))})
	}
	return rs
}

// TestRatioIsOfTheSameRound takes a minute in which the machine was three times
// as slow: the ratio does not notice, the medians by themselves would.
func TestRatioIsOfTheSameRound(t *testing.T) {
	rc := race{runs: map[string][]result{"a": rounds(300, 100, 330), "b": rounds(100, 40, 100)}}
	if got := rc.ratio("a", "b"); got < 2.99 || got > 3.01 {
		t.Errorf("ratio %f, want 3.0 (of 3.0, 2.5 and 3.3)", got)
	}
	if got := rc.rate("a"); got < 299 || got > 301 {
		t.Errorf("rate %f, want 300", got)
	}
	// Who sends fewer messages is not faster for it.
	rc.runs["c"] = []result{{n: 250, took: time.Second}, {n: 250, took: time.Second}, {n: 250, took: time.Second}}
	rc.runs["d"] = []result{{n: 1000, took: 4 * time.Second}, {n: 1000, took: 4 * time.Second}, {n: 1000, took: 4 * time.Second}}
	if got := rc.ratio("c", "d"); got != 1 {
		t.Errorf("ratio %f, want 1", got)
	}
}

func TestChosen(t *testing.T) {
	all, err := chosen("")
	if err != nil || len(all) != len(parts()) {
		t.Errorf("%d parts, %v", len(all), err)
	}
	some, err := chosen("kpi,send")
	if err != nil || len(some) != 2 || some[0].name != "send" || some[1].name != "kpi" {
		t.Errorf("%v, %v", some, err)
	}
	if _, err := chosen("send,nothing"); err == nil {
		t.Error("a part that is not there was chosen")
	}
}

func TestParseDistances(t *testing.T) {
	ds, err := parseDistances("20ms:16,50ms:64,100ms:64")
	if err != nil || !slices.Equal(ds, distances()) {
		t.Errorf("%v, %v", ds, err)
	}
	for _, bad := range []string{"", "20ms", "20ms:", "20:16", "0s:16", "-1ms:4", "20ms:0", "20ms:16,"} {
		if ds, err := parseDistances(bad); err == nil {
			t.Errorf("%q is %v", bad, ds)
		}
	}
}

func TestBenchmarked(t *testing.T) {
	const out = "goos: linux\nBenchmarkStarting-2 \t 1\t 7 ns/op\nBenchmarkStart-2   \t       3\t4062023927 ns/op\t        18.39 closures/s\nPASS\n"
	got, err := benchmarked(out, "BenchmarkStart")
	if err != nil || len(got) != 2 || got["ns/op"] != 4062023927 || got["closures/s"] != 18.39 {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "BenchmarkStart-2 3 x ns/op\n", "PASS\n"} {
		if got, err := benchmarked(bad, "BenchmarkStart"); err == nil {
			t.Errorf("%q says %v", bad, got)
		}
	}
}
