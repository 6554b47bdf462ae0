package text

import (
	"context"
	"errors"
	"sort"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// State is the word for where a delivery stands.
func (c *Catalog) State(s delivery.State) string { return c.T("state." + string(s)) }

// Action is the label of what a person can do.
func (c *Catalog) Action(a delivery.Action) string { return c.T("action." + string(a)) }

// Message is the word for where one message stands.
func (c *Catalog) Message(s delivery.MessageState) string { return c.T("message." + s.String()) }

// Nature is the nature of a failure or an exclusion.
func (c *Catalog) Nature(n delivery.Nature) string {
	if n == delivery.NatureNone {
		return c.T("nature.none")
	}
	return c.T("nature." + string(n))
}

// Cause is the short word of an exclusion: "duplicates".
func (c *Catalog) Cause(n delivery.Nature) string {
	if k := "cause." + string(n); c.Has(k) {
		return c.T("cause." + string(n))
	}
	return c.Nature(n)
}

// Severity is the word for how much a finding weighs.
func (c *Catalog) Severity(s delivery.Severity) string { return c.T("severity." + string(s)) }

// Right is the name of a right.
func (c *Catalog) Right(r access.Right) string { return c.T("right." + string(r)) }

// Rights names a set of rights.
func (c *Catalog) Rights(rs access.Rights) string {
	if len(rs) == 0 {
		return c.T("right.none")
	}
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = c.Right(r)
	}
	return c.List(names)
}

// Parts names parts of a plan: "the schedule and the content".
func (c *Catalog) Parts(parts []delivery.Part) string {
	names := make([]string, len(parts))
	for i, p := range parts {
		names[i] = c.T("part." + string(p))
	}
	return c.List(names)
}

// Finding is what a control rule found, with its place in front when it has one.
func (c *Catalog) Finding(f delivery.Finding) string {
	key := "finding." + string(f.Code)
	detail := f.Detail
	switch f.Code {
	case delivery.FindTemplate:
		detail = c.Fault(detail)
	case delivery.FindRuleBroken:
		detail = c.T("rule_fault." + detail)
	}
	if n, err := strconv.ParseInt(detail, 10, 64); err == nil && f.Code == delivery.FindTooLarge {
		detail = c.Number(n)
	}
	var s string
	switch f.Code {
	case delivery.FindMissingValue, delivery.FindRender, delivery.FindAttachmentMissing, delivery.FindAttachmentOutside,
		delivery.FindAttachmentFolder, delivery.FindAttachmentLarge, delivery.FindAttachmentRead:
		s = c.N("finding."+string(f.Code), f.Count, "detail", detail)
	default:
		var ok bool
		if s, ok = c.written(f); ok {
			break
		}
		if !c.Has(key) {
			return string(f.Code)
		}
		s = c.T("finding."+string(f.Code), "detail", detail)
	}
	place := c.place(f.Part, f.Line, f.Column)
	if place == "" {
		return s
	}
	return c.T("findings.with_place", "place", place, "text", s)
}

// Place is where a finding is, such as "HTML, line 3"; empty when it has no place.
func (c *Catalog) Place(f delivery.Finding) string { return c.place(f.Part, f.Line, f.Column) }

func (c *Catalog) place(part string, line, column int) string {
	if part == "" {
		return ""
	}
	name := part
	if c.Has("place." + part) {
		name = c.T("place." + part)
	}
	switch {
	case line > 0 && column > 0:
		return c.T("findings.place", "part", name, "line", line, "column", column)
	case line > 0:
		return c.T("findings.place_line", "part", name, "line", line)
	}
	return c.T("findings.place_part", "part", name)
}

// Error is the sentence for what went wrong: the cause and the way out.
func (c *Catalog) Error(err error) string {
	if err == nil {
		return ""
	}
	var e *delivery.Error
	if !errors.As(err, &e) {
		if errors.Is(err, context.Canceled) {
			return c.T("error.cancelled")
		}
		return c.T("error.internal", "cause", err.Error())
	}
	if e.Op == "design" {
		return c.design(e)
	}
	switch e.Kind {
	case delivery.KindInvalid:
		if e.Field == "attachment" {
			return c.Finding(delivery.Finding{Code: delivery.FindingCode(e.Detail), Count: 1, Detail: e.File})
		}
		if code, _, _ := strings.Cut(e.Detail, " "); c.Has("error." + e.Field + "." + code) {
			return c.T("error." + e.Field + "." + code)
		}
		if s := c.importFault(e); s != "" {
			return s
		}
		if c.Has("error." + e.Field) {
			return c.T("error."+e.Field, "detail", e.Detail)
		}
		if e.Detail == "" {
			return c.T("error.invalid_bare", "field", c.field(e.Field))
		}
	case delivery.KindRule:
		s := c.T("rule_fault."+e.Field, "detail", e.Detail)
		if e.Line == 0 {
			return s
		}
		return c.T("error.rule_place", "text", s, "line", e.Line, "column", e.Column)
	case delivery.KindPassphrase:
		switch e.Detail {
		case "wrong":
			return c.T("error.passphrase_wrong")
		case "new":
			return c.T("error.passphrase_new")
		}
	case delivery.KindSealBroken:
		var parts []delivery.Part
		for p := range strings.SplitSeq(e.Detail, ",") {
			if p = strings.TrimSpace(p); c.Has("part." + p) {
				parts = append(parts, delivery.Part(p))
			}
		}
		if len(parts) == 0 {
			parts = []delivery.Part{delivery.PartContent}
		}
		return c.N("error.seal_broken", int64(len(parts)), "parts", c.Parts(parts))
	}
	return c.kind(e)
}

// Fault turns a code and its argument, as in "unknown_filter sort", into words.
func (c *Catalog) Fault(detail string) string {
	code, arg, _ := strings.Cut(detail, " ")
	if !c.Has("cause." + code) {
		return detail
	}
	return c.T("cause."+code, "arg", arg)
}

// Reason is the sentence for a kind alone, as a hold or a breaker gives it.
func (c *Catalog) Reason(kind delivery.Kind, detail string) string {
	return c.Error(&delivery.Error{Kind: kind, Detail: detail})
}

func (c *Catalog) kind(e *delivery.Error) string {
	key := "error." + string(e.Kind)
	if !c.Has(key) {
		return c.T("error.internal", "cause", e.Error())
	}
	cause, state, right := "", e.Detail, e.Detail
	if e.Err != nil {
		cause = e.Err.Error()
	}
	if cause == "" {
		cause = e.Error()
	}
	if c.Has("state." + e.Detail) {
		state = c.State(delivery.State(e.Detail))
	}
	if c.Has("right." + e.Detail) {
		right = c.Right(access.Right(e.Detail))
	}
	file := e.File
	if file == "" {
		file = e.Detail
	}
	detail := e.Detail
	if e.Kind == delivery.KindTemplate || e.Kind == delivery.KindCertificate || e.Kind == delivery.KindToken {
		detail = c.Fault(detail)
	}
	if detail == "" {
		detail = cause
	}
	return c.T("error."+string(e.Kind), "cause", cause, "state", state, "right", right,
		"file", file, "detail", detail, "field", c.field(e.Field),
		"line", strconv.Itoa(e.Line), "column", strconv.Itoa(e.Column))
}

// field names what a value belongs to; the engine says "account.host" or
// "host" of the same thing.
func (c *Catalog) field(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 && !c.Has("field."+name) {
		name = name[i+1:]
	}
	switch {
	case c.Has("field." + name):
		return c.T("field." + name)
	case name == "":
		return c.T("field.value")
	case c.Has("place." + name):
		return c.T("place." + name)
	}
	return name
}

// LogLine is the sentence of one line of a delivery's log.
func (c *Catalog) LogLine(l delivery.LogLine) string {
	key := "log." + l.Code
	if !c.Has(key) {
		return c.T("log.unknown", "code", l.Code)
	}
	pairs := []any{}
	names := make([]string, 0, len(l.Params))
	for n := range l.Params {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		pairs = append(pairs, n, c.param(n, l.Params[n]))
	}
	if kind := l.Params["kind"]; kind != "" {
		pairs = append(pairs, "reason", c.Reason(delivery.Kind(kind), l.Params["detail"]))
	}
	s := c.T("log."+l.Code, pairs...)
	if l.By == "" {
		return s
	}
	return c.T("log.by", "text", s, "name", l.By)
}

func (c *Catalog) param(name, v string) string {
	switch name {
	case "nature":
		return c.Nature(delivery.Nature(v))
	case "decision":
		return c.T("decision." + v)
	case "parts":
		var parts []delivery.Part
		for p := range strings.SplitSeq(v, ",") {
			if p = strings.TrimSpace(p); c.Has("part." + p) {
				parts = append(parts, delivery.Part(p))
			}
		}
		if len(parts) > 0 {
			return c.Parts(parts)
		}
		return v
	case "plan":
		if p := (&delivery.Plan{Hash: v}).Short(); p != "" {
			return p
		}
		return v
	case "until":
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return c.Clock(t)
		}
		return v
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return c.Number(n)
	}
	if f, err := strconv.ParseFloat(v, 64); err == nil {
		return c.Decimal(f, 1)
	}
	return v
}
