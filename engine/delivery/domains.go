package delivery

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// DomainLimit bounds what an account sends to the addresses of one domain. 0 is
// no limit.
type DomainLimit struct {
	Domain    string // in lower case, as A-labels
	PerSecond int
	PerMinute int
	PerHour   int
	PerDay    int // within any 24 hours
	AtOnce    int // messages on their way at the same time
}

// DomainLimits are the limits of an account by domain, as text: domains in their
// order, each with its limits, such as
// "gmail.com=20/min,500/day,2/once;yahoo.com=100/h". Empty is none.
type DomainLimits string

// domainUnits are the units of a limit, the first name being the one that is kept.
func (l *DomainLimit) units() []struct {
	names []string
	n     *int
} {
	return []struct {
		names []string
		n     *int
	}{{[]string{"s", "sec", "second"}, &l.PerSecond}, {[]string{"min", "m", "minute"}, &l.PerMinute},
		{[]string{"h", "hour"}, &l.PerHour}, {[]string{"day", "d", "24h"}, &l.PerDay}, {[]string{"once"}, &l.AtOnce}}
}

// String is the limit as DomainLimits has it.
func (l DomainLimit) String() string {
	var out []string
	for _, u := range l.units() {
		if *u.n > 0 {
			out = append(out, strconv.Itoa(*u.n)+"/"+u.names[0])
		}
	}
	return l.Domain + "=" + strings.Join(out, ",")
}

// Zero reports whether nothing is limited.
func (l DomainLimit) Zero() bool { return l == DomainLimit{Domain: l.Domain} }

// Rate is the most messages a second that the limit lets through for long; 0: any
// number.
func (l DomainLimit) Rate() float64 {
	least := 0.0
	for _, x := range []struct {
		n   int
		per time.Duration
	}{{l.PerSecond, time.Second}, {l.PerMinute, time.Minute}, {l.PerHour, time.Hour}, {l.PerDay, 24 * time.Hour}} {
		if r := float64(x.n) / x.per.Seconds(); x.n > 0 && (least == 0 || r < least) {
			least = r
		}
	}
	return least
}

// maxDomainLimit keeps sums of limits small.
const maxDomainLimit = 1_000_000_000

// ParseDomainLimit reads one as people write it: "gmail.com=20/min, 2/once". The
// domain is put into lower case; "gmail.com=" limits nothing.
func ParseDomainLimit(s string) (DomainLimit, bool) {
	domain, rest, ok := strings.Cut(s, "=")
	l := DomainLimit{Domain: strings.ToLower(strings.Trim(strings.TrimSpace(domain), "."))}
	if !ok || l.Domain == "" || strings.ContainsAny(l.Domain, " @;,/\t") {
		return l, false
	}
	if strings.TrimSpace(rest) == "" {
		return l, true
	}
	for term := range strings.SplitSeq(rest, ",") {
		n, unit, ok := strings.Cut(strings.TrimSpace(term), "/")
		v, err := strconv.Atoi(strings.TrimSpace(n))
		if !ok || err != nil || v < 0 || v > maxDomainLimit {
			return l, false
		}
		known := false
		for _, u := range l.units() {
			if slices.Contains(u.names, strings.ToLower(strings.TrimSpace(unit))) {
				*u.n, known = v, true
			}
		}
		if !known {
			return l, false
		}
	}
	return l, true
}

// List reads the limits; what cannot be read is left out.
func (ls DomainLimits) List() []DomainLimit {
	if ls == "" {
		return nil
	}
	var out []DomainLimit
	for s := range strings.SplitSeq(string(ls), ";") {
		if l, ok := ParseDomainLimit(s); ok && !l.Zero() {
			out = append(out, l)
		}
	}
	return out
}

// With replaces the limits of a domain, or removes those of one that has none.
func (ls DomainLimits) With(l DomainLimit) DomainLimits {
	list := slices.DeleteFunc(ls.List(), func(x DomainLimit) bool { return x.Domain == l.Domain })
	if !l.Zero() {
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b DomainLimit) int { return strings.Compare(a.Domain, b.Domain) })
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.String()
	}
	return DomainLimits(strings.Join(out, ";"))
}

// DomainOf is the domain of an address, in lower case; empty without one.
func DomainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(address[at+1:])
}
