package delivery_test

import (
	"testing"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

func TestParseDomainLimit(t *testing.T) {
	for s, want := range map[string]delivery.DomainLimit{
		"gmail.com=20/min":                    {Domain: "gmail.com", PerMinute: 20},
		" GMail.com. = 20 / Min , 2/once":     {Domain: "gmail.com", PerMinute: 20, AtOnce: 2},
		"a.b=1/s,2/m,3/h,4/24h":               {Domain: "a.b", PerSecond: 1, PerMinute: 2, PerHour: 3, PerDay: 4},
		"gmail.com=":                          {Domain: "gmail.com"},
		"gmail.com=0/min":                     {Domain: "gmail.com"},
		"xn--mnchen-3ya.example=1000000000/d": {Domain: "xn--mnchen-3ya.example", PerDay: 1000000000},
	} {
		if got, ok := delivery.ParseDomainLimit(s); !ok || got != want {
			t.Errorf("%q: %+v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "gmail.com", "=20/min", "a@b=1/s", "a b=1/s", "a=20", "a=x/min", "a=-1/min", "a=1/fortnight", "a=1000000001/s", "a;b=1/s", "a=1/s,,2/min"} {
		if got, ok := delivery.ParseDomainLimit(s); ok {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

// What is written is read as it was, one limit a domain, in the order of their
// names whatever order they came in.
func TestDomainLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1000)
		want := map[string]delivery.DomainLimit{}
		var ls delivery.DomainLimits
		for range rapid.IntRange(0, 8).Draw(t, "n") {
			l := delivery.DomainLimit{Domain: rapid.SampledFrom([]string{"a.example", "b.example", "c.example", "b"}).Draw(t, "domain"),
				PerSecond: n.Draw(t, "s"), PerMinute: n.Draw(t, "min"), PerHour: n.Draw(t, "h"), PerDay: n.Draw(t, "day"), AtOnce: n.Draw(t, "once")}
			if rapid.Bool().Draw(t, "none") {
				l = delivery.DomainLimit{Domain: l.Domain}
			}
			ls = ls.With(l)
			want[l.Domain] = l
			if l.Zero() {
				delete(want, l.Domain)
			}
		}
		got := ls.List()
		if len(got) != len(want) {
			t.Fatalf("%q has %d, want %d", ls, len(got), len(want))
		}
		for i, l := range got {
			if l != want[l.Domain] || i > 0 && got[i-1].Domain >= l.Domain {
				t.Fatalf("%q: %+v, want %+v", ls, l, want[l.Domain])
			}
		}
	})
}

func TestDomainOf(t *testing.T) {
	for a, want := range map[string]string{"x@Gmail.com": "gmail.com", `"a@b"@c.example`: "c.example", "x": "", "": ""} {
		if got := delivery.DomainOf(a); got != want {
			t.Errorf("%q: %q", a, got)
		}
	}
}
