package prepare

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Sizes at which rules speak.
const (
	subjectLong = 150        // characters; clients show 40 to 70
	clipSize    = 102 * 1024 // bytes of HTML at which Gmail clips a message
)

func finding(c delivery.FindingCode, s delivery.Severity, part string) delivery.Finding {
	return delivery.Finding{Code: c, Severity: s, Part: part}
}

// beforeTargeting checks what a delivery cannot do without. The sender is
// checked where it is read, by the message compiler.
func beforeTargeting(in Input) []delivery.Finding {
	var out []delivery.Finding
	d := in.Draft
	if d.Account == 0 {
		out = append(out, finding(delivery.FindNoAccount, delivery.SeverityError, ""))
	}
	if !d.Aimed() {
		out = append(out, finding(delivery.FindNoAudience, delivery.SeverityError, ""))
	}
	out = append(out, in.Unmet...)
	if d.Follows.Mode == delivery.Correction && !in.Followed.Ended() {
		f := finding(delivery.FindFollowedUnderWay, delivery.SeverityWarning, "")
		f.Detail = d.Follows.Delivery.String()
		out = append(out, f)
	}
	if d.Schedule.Mode == delivery.AtDate && d.Schedule.At.Before(in.Now) {
		out = append(out, finding(delivery.FindDateInPast, delivery.SeverityWarning, ""))
	}
	if d.Tracking {
		out = append(out, finding(delivery.FindTrackingLater, delivery.SeverityWarning, ""))
	}
	return out
}

// exclude returns the cause for which a native rule excludes a profile, or
// NatureNone. The first rule that applies counts.
func exclude(t Target, taken bool) delivery.Nature {
	switch {
	case strings.TrimSpace(t.Address) == "":
		return delivery.NatureMissing
	case t.Key == "":
		return delivery.NatureInvalid
	case t.Denied:
		return delivery.NatureDenylist
	case t.Quarantined:
		return delivery.NatureQuarantine
	case t.Written:
		return delivery.NatureWritten
	case taken:
		return delivery.NatureDuplicate
	}
	return delivery.NatureNone
}

// afterTargeting checks the target and whether there is anything to say.
func (r *run) afterTargeting() []delivery.Finding {
	var out []delivery.Finding
	p, c := r.plan, r.in.Draft.Content
	switch {
	case !r.in.Draft.Aimed(): // said already
	case p.Targeted == 0:
		out = append(out, finding(delivery.FindTargetEmpty, delivery.SeverityError, ""))
	case p.ToDeliver == 0:
		out = append(out, finding(delivery.FindNothingToSend, delivery.SeverityError, ""))
	}
	if strings.TrimSpace(c.HTML) == "" && strings.TrimSpace(c.Text) == "" {
		out = append(out, finding(delivery.FindContentEmpty, delivery.SeverityError, ""))
	}
	return out
}

// beforePersonalisation checks the subject, the way out, and that every merge
// tag can mean something.
func (r *run) beforePersonalisation() []delivery.Finding {
	var out []delivery.Finding
	c := r.in.Draft.Content
	subject := strings.TrimSpace(c.Subject)
	switch {
	case subject == "":
		out = append(out, finding(delivery.FindSubjectEmpty, delivery.SeverityError, "subject"))
	case utf8.RuneCountInString(subject) > subjectLong:
		out = append(out, finding(delivery.FindSubjectLong, delivery.SeverityWarning, "subject"))
	}
	if strings.ContainsFunc(c.Subject, unicode.IsControl) {
		out = append(out, finding(delivery.FindSubjectCharacters, delivery.SeverityWarning, "subject"))
	}
	if r.t == nil {
		return out
	}
	fields := r.t.Fields()
	for _, part := range []struct{ name, text string }{{"html", c.HTML}, {"text", c.Text}} {
		if strings.TrimSpace(part.text) == "" {
			continue
		}
		if !slices.ContainsFunc(fields, func(f message.Field) bool { return f.Part == part.name && f.Name == "unsubscribe_url" }) {
			out = append(out, finding(delivery.FindNoUnsubscribe, delivery.SeverityWarning, part.name))
		}
	}
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f.Name] || message.Special(f.Name) || slices.Contains(r.in.Columns, f.Name) || len(r.in.Columns) == 0 && !r.in.Draft.Aimed() {
			continue
		}
		seen[f.Name] = true
		severity := delivery.SeverityError
		if f.Default {
			severity = delivery.SeverityWarning
		}
		out = append(out, delivery.Finding{Code: delivery.FindUnknownField, Severity: severity,
			Part: f.Part, Line: f.Line, Column: f.Column, Detail: f.Name})
	}
	return out
}

// afterPersonalisation reports what rendering every message showed.
func (r *run) afterPersonalisation() []delivery.Finding {
	var out []delivery.Finding
	names := make([]string, 0, len(r.missing))
	for n := range r.missing {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if !slices.Contains(r.in.Columns, n) {
			continue // an unknown field; said already
		}
		f := delivery.Finding{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Count: r.missing[n], Detail: n}
		for _, use := range r.t.Fields() {
			if use.Name == n && !use.Default {
				f.Part, f.Line, f.Column = use.Part, use.Line, use.Column
				break
			}
		}
		out = append(out, f)
	}
	if r.failed > 0 {
		out = append(out, delivery.Finding{Code: delivery.FindRender, Severity: delivery.SeverityError, Count: r.failed, Detail: r.firstFailed})
	}
	out = append(out, r.fileFindings()...)
	size := strconv.FormatInt(r.plan.Largest, 10)
	switch {
	case r.plan.Largest > MaxSize:
		out = append(out, delivery.Finding{Code: delivery.FindTooLarge, Severity: delivery.SeverityError, Detail: size})
	case r.reading > clipSize:
		out = append(out, delivery.Finding{Code: delivery.FindLarge, Severity: delivery.SeverityWarning, Detail: strconv.FormatInt(r.reading, 10)})
	}
	return out
}
