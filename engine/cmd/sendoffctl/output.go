package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"sendoff/engine/delivery"
)

func (a *app) printf(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// value writes one JSON value.
func (a *app) value(v any) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, b, "", "  "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	return a.write(pretty.Bytes())
}

// list writes a JSON array, never null.
func (a *app) list(n int, item func(int) any) error {
	out := make([]any, n)
	for i := range n {
		out[i] = item(i)
	}
	return a.value(out)
}

// encode is JSON with "<" as itself: nobody reads this in a browser.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// write writes to standard output. A pipe that is closed or a full disk is an
// error of the command.
func (a *app) write(b []byte) error {
	if _, err := a.out.Write(b); err != nil {
		return &delivery.Error{Op: "write", Kind: delivery.KindIO, File: "standard output", Err: err}
	}
	return nil
}

// table writes rows under a head.
func (a *app) table(head []string, n int, row func(int) []string) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(head, "\t"))
	for i := range n {
		fmt.Fprintln(w, strings.Join(row(i), "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return a.write(b.Bytes())
}

// number groups digits: 100,000.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// plural counts things.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// moment is a point in time as people read it, in the zone of this computer.
func moment(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// stamp is a point in time for machines, or nil.
func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// instant is a point in time in a row, or nil. It is written as stamp does, but
// into a cell for dates where a file has such.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}

// orNull is the value, or nil for the zero value.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}
