//go:build unix

package interop

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sendoff/engine/enginetest/invariant"
)

// blind takes what a check finds fault with.
type blind struct {
	testing.TB
	found []string
}

func (b *blind) Helper() {}
func (b *blind) Errorf(format string, args ...any) {
	b.found = append(b.found, fmt.Sprintf(format, args...))
}
func (b *blind) Error(args ...any) { b.found = append(b.found, fmt.Sprint(args...)) }

// TestInvariantsSeeFaults: a receiver that saw something else than what the books
// say is noticed, whatever it is.
func TestInvariantsSeeFaults(t *testing.T) {
	f := startFault(t, faultOptions{people: 6}, func(m moment) string {
		switch {
		case m.stage == "rcpt" && m.to == person(1):
			return "550 5.1.1 no such user"
		case m.stage == "dot" && m.to == person(2):
			return hangup
		}
		return usually
	})
	f.ends("finished accepted=4 in_doubt=1 rejected=1")
	good := f.relay.taken()
	of := func(i int) *invariant.Receipt {
		for n := range good {
			if good[n].Recipient == person(i) {
				c := good[n]
				return &c
			}
		}
		t.Fatalf("nothing for %s", person(i))
		return nil
	}
	without := func(i int) []invariant.Receipt {
		var out []invariant.Receipt
		for _, r := range good {
			if r.Recipient != person(i) {
				out = append(out, r)
			}
		}
		return out
	}
	with := func(i int, change func(*invariant.Receipt)) []invariant.Receipt {
		r := of(i)
		change(r)
		return append(without(i), *r)
	}
	for name, c := range map[string]struct {
		received []invariant.Receipt
		options  []invariant.Option
		want     string
	}{
		"nothing":            {good, nil, ""},
		"a second copy":      {append(without(9), *of(3)), nil, "got 2 copies"},
		"one sent again":     {append(without(9), *of(2)), []invariant.Option{invariant.SentAgain(person(2))}, ""},
		"no copy":            {without(3), nil, "has no copy"},
		"in doubt, no copy":  {without(2), nil, ""},
		"refused, accepted":  {with(3, func(r *invariant.Receipt) { r.Refused = true }), nil, "has no copy"},
		"rejected, a copy":   {with(3, func(r *invariant.Receipt) { r.Recipient = person(1) }), nil, "has a copy"},
		"a stranger":         {append(without(9), invariant.Receipt{Recipient: "x@x.example"}), nil, "not in the log"},
		"another Message-ID": {with(3, func(r *invariant.Receipt) { r.MessageID = "<1@x>" }), nil, "the log has <"},
		"another byte": {with(3, func(r *invariant.Receipt) { r.Data = bytes.Replace(r.Data, []byte("Utrecht"), []byte("Utrocht"), 1) }), nil,
			"not what was sealed"},
		"a bare CR": {with(3, func(r *invariant.Receipt) { r.Data = bytes.Replace(r.Data, []byte("Utrecht"), []byte("Utr\rcht"), 1) }), nil, "line_end"},
	} {
		b := &blind{TB: t}
		invariant.Check(b, f.Engine, f.id, c.received, c.options...)
		got := strings.Join(b.found, "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", name, got, c.want)
		}
	}
}
