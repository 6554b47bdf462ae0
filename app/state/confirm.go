package state

import (
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Confirm is everything a person sees before letting a plan go. It is made from
// the plan, never from what is being edited.
type Confirm struct {
	Title string
	Lead  string
	Rows  []ConfirmRow
	Gate  Gate
	Hash  string // the plan that OK confirms
	Plan  string // the same, as people compare it
	OK    string
	Done  string // said when it was confirmed
}

// ConfirmRow is one fact; Lines are what its "show" opens.
type ConfirmRow struct {
	Label string
	Value string
	Note  string
	Tone  Tone
	Lead  string
	Lines []string
}

// Gate asks for the number of messages when there are far more than usual.
type Gate struct {
	Text   string // empty: no gate
	Number int64
}

// ConfirmOf makes the dialog for a prepared delivery; without a plan there is
// nothing to confirm and ok is false. subject is that of the recipient address,
// when one was rendered; else the template is shown.
func ConfirmOf(c *text.Catalog, in Input, subject, address string) (m Confirm, ok bool) {
	v, now, p := in.View, in.Now, in.View.Plan
	if p == nil {
		return m, false
	}
	later := v.Schedule.Mode == delivery.AtDate && v.Schedule.At.After(now)
	m = Confirm{Title: c.T("confirm.title"), Lead: c.T("confirm.lead_now"), Hash: p.Hash,
		Plan: c.T("confirm.plan", "hash", p.Short()), OK: c.N("confirm.ok", p.ToDeliver),
		Done: c.T("confirm.done", "n", p.ToDeliver)}
	if later {
		date := c.DateTimeIn(v.Schedule.At, zoneOf(c, v))
		m.Lead = c.T("confirm.lead_at", "date", date, "zone", v.Schedule.Zone)
		m.OK = c.N("confirm.ok_at", p.ToDeliver)
		m.Done = c.T("confirm.done_at", "n", p.ToDeliver, "date", date)
	}
	m.Rows = append(m.Rows, messagesRow(c, p), audienceRow(c, v))
	if p.Rule != nil {
		m.Rows = append(m.Rows, ruleRow(c, p.Rule, in.Names))
	}
	if p.Lately > 0 {
		m.Rows = append(m.Rows, ConfirmRow{Label: c.T("confirm.lately"), Value: c.N("confirm.people", p.Lately), Note: c.T("confirm.lately_note")})
	}
	m.Rows = append(m.Rows,
		subjectRow(c, v, subject, address),
		ConfirmRow{Label: c.T("confirm.sender"), Value: v.Content.From},
		accountRow(c, v), leavesRow(c, v, now, later), proofRow(c, v), findingsRow(c, p))
	if p.Usual > 0 {
		times := float64(p.ToDeliver) / float64(p.Usual)
		digits := 0
		if times < 10 {
			digits = 1
		}
		m.Rows = append(m.Rows, ConfirmRow{Label: c.T("confirm.compared"),
			Value: c.T("confirm.times_usual", "times", strings.TrimSuffix(c.Decimal(times, digits), c.T("format.decimal")+"0")),
			Note:  c.T("confirm.usual_note", "n", p.Usual)})
	}
	if p.Unusual() {
		m.Gate = Gate{Text: c.T("confirm.gate"), Number: p.ToDeliver}
	}
	return m, true
}

func subjectRow(c *text.Catalog, v delivery.View, subject, address string) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.subject"), Value: v.Content.Subject}
	if subject != "" && subject != r.Value {
		r.Value, r.Note = subject, c.T("confirm.subject_of", "address", address)
	}
	return r
}

func messagesRow(c *text.Catalog, p *delivery.Plan) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.messages"), Value: c.Number(p.ToDeliver), Note: c.T("confirm.none_excluded")}
	if bits := causes(c, "cause.phrase", p.Causes); len(bits) > 0 {
		r.Note = c.T("confirm.excluded", "n", p.Targeted-p.ToDeliver, "causes", strings.Join(bits, ", "))
	}
	r.Lead, r.Lines = Exclusions(c, p)
	return r
}

// Exclusions lists every cause, zeros included, in the order of the rules.
func Exclusions(c *text.Catalog, p *delivery.Plan) (lead string, lines []string) {
	for _, x := range p.Causes {
		lines = append(lines, c.T("causes.line", "name", c.Nature(x.Nature), "n", x.Count))
	}
	return c.T("causes.sentence", "targeted", p.Targeted, "excluded", p.Targeted-p.ToDeliver, "to_deliver", p.ToDeliver), lines
}

func audienceRow(c *text.Catalog, v delivery.View) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.audience"), Value: audienceName(c, v)}
	switch n := v.Plan.FirstTime; {
	case n == 0:
		r.Note = c.T("confirm.known")
	case n >= v.Plan.ToDeliver:
		r.Note = c.T("confirm.all_first_time")
	default:
		r.Note = c.N("confirm.first_time", n)
	}
	return r
}

// ruleRow is what the audience's rule meant when the plan was made.
func ruleRow(c *text.Catalog, p *delivery.PlanRule, names text.RuleNames) ConfirmRow {
	said := c.RuleText(p.Text, names)
	r := ConfirmRow{Label: c.T("confirm.rule"), Value: shortened(said),
		Note: c.N("audience.profiles", p.Count) + " · " + c.T("rule.as_of", "date", c.DateTime(p.At))}
	if r.Value != said {
		r.Lead, r.Lines = said, []string{r.Note}
	}
	return r
}

// longest is how many characters of a rule's sentence stand among other things.
const longest = 280

// shortened is the beginning of a sentence that is long.
func shortened(s string) string {
	if rs := []rune(s); len(rs) > longest {
		return strings.TrimSpace(string(rs[:longest])) + " …"
	}
	return s
}

func accountRow(c *text.Catalog, v delivery.View) ConfirmRow {
	if len(v.Relays) > 0 {
		return relaysRow(c, v)
	}
	a := v.Account
	r := ConfirmRow{Label: c.T("confirm.account"), Value: AccountName(c, a)}
	var bits []string
	if a.Training() {
		bits = append(bits, c.T("confirm.training"))
	} else if at := Address(a); at != "" {
		bits = append(bits, at)
	}
	limits := 0
	for _, l := range []struct {
		n    int
		text string
	}{
		{a.PerMinute, c.T("confirm.limit_minute", "n", a.PerMinute)},
		{a.PerHour, c.T("confirm.limit_hour", "n", a.PerHour)},
		{a.PerDay, c.T("confirm.limit_day", "n", a.PerDay)},
	} {
		if l.n > 0 {
			limits++
			bits = append(bits, l.text)
		}
	}
	if limits == 0 {
		bits = append(bits, c.T("confirm.no_limit"))
	}
	if a.Connections > 0 {
		bits = append(bits, c.N("confirm.connections", int64(a.Connections)))
	}
	r.Note = strings.Join(bits, ", ")
	return r
}

func leavesRow(c *text.Catalog, v delivery.View, now time.Time, later bool) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.leaves"), Value: c.T("confirm.now")}
	d := v.Plan.Estimate
	if !later {
		if d > 0 {
			r.Value = c.T("confirm.now_done", "time", c.When(now.Add(d), now))
			r.Note = c.T("confirm.takes", "duration", d)
		}
		return r
	}
	zone := zoneOf(c, v)
	date := c.DateTimeIn(v.Schedule.At, zone)
	r.Value, r.Note = date, c.T("confirm.zone", "zone", v.Schedule.Zone)
	if d > 0 {
		end := v.Schedule.At.Add(d)
		r.Value = c.T("confirm.at_done", "date", date, "time", end.In(zone).Format("15:04"))
		r.Note += ", " + c.T("confirm.takes", "duration", d)
	}
	return r
}

func findingsRow(c *text.Catalog, p *delivery.Plan) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.findings"), Value: c.T("confirm.no_findings"), Note: c.T("confirm.no_findings_note")}
	fs := Findings(c, p)
	if len(fs) == 0 {
		return r
	}
	warnings, errors := weigh(p.Findings)
	switch {
	case errors > 0:
		r.Value, r.Tone = c.N("detail.errors", errors), Red
	case warnings > 0:
		r.Value, r.Tone = c.N("detail.warnings", warnings), Amber
	}
	r.Note, r.Lead = fs[0].Text, c.T("findings.sentence")
	for _, f := range fs {
		r.Lines = append(r.Lines, c.Severity(f.Severity)+" · "+f.Text)
	}
	return r
}
