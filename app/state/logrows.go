package state

import (
	"strconv"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Columns of the sending log, by key. Those that sort are called as the engine
// calls the order.
const (
	LogIcon     = "icon"
	LogDate     = "at"
	LogStatus   = "state"
	LogAddress  = "address"
	LogNature   = "nature"
	LogReason   = "reply"
	LogAttempts = "attempts"
	LogNumber   = "number"
)

// LogSortOf is the order that a column asks for, and LogColumnOf the column that
// an order marks.
func LogSortOf(column string) delivery.LogSort {
	if column == LogNumber {
		return delivery.LogByNumber
	}
	return delivery.LogSort(column)
}

// LogColumnOf is the column of an order.
func LogColumnOf(s delivery.LogSort) string {
	if s == delivery.LogByNumber {
		return LogNumber
	}
	return string(s)
}

// LogCell is what one field of the sending log says.
func LogCell(c *text.Catalog, r delivery.Row, column string, now time.Time) (string, Tone) {
	switch column {
	case LogDate:
		return logDate(c, r.At, now), Quiet
	case LogStatus:
		return MessageWord(c, r.State), MessageTone(r.State)
	case LogAddress:
		if r.Address == "" {
			return c.T("deployment.no_address"), Quiet
		}
		return r.Address, Neutral
	case LogNature:
		if r.Nature != delivery.NatureNone {
			return c.Nature(r.Nature), Neutral
		}
	case LogReason:
		return Reason(c, r, now), Quiet
	case LogAttempts:
		return c.Number(int64(r.Attempts)), Quiet
	case LogDecided:
		if s := Decided(c, r, now); s != "" || r.State != delivery.MsgInDoubt {
			return s, Quiet
		}
		return c.T("doubt.waits"), Amber
	case LogNumber:
		return c.Number(r.Seq), Quiet
	}
	return "", Quiet
}

// logDate is the time to the second today, the day with its time before.
func logDate(c *text.Catalog, at, now time.Time) string {
	if w := c.When(at, now); w != c.Clock(at) || at.IsZero() {
		return w
	}
	return c.ClockSeconds(at)
}

// Reply is what the relay said last, in one line: "550 5.1.1 No such mailbox".
func Reply(code int, enhanced, reply string) string {
	reply = strings.Join(strings.Fields(reply), " ")
	if code == 0 {
		return reply
	}
	bits := []string{strconv.Itoa(code)}
	for _, b := range []string{enhanced, reply} {
		if b != "" {
			bits = append(bits, b)
		}
	}
	return strings.Join(bits, " ")
}

// Reason is why a message is where it is: the reply, and what follows from it.
func Reason(c *text.Catalog, r delivery.Row, now time.Time) string {
	reply, more := Reply(r.Code, r.Enhanced, r.Reply), ""
	switch {
	case r.State == delivery.MsgInDoubt:
		more = DoubtCause(c, r.Fault)
	case r.Marked(), r.Decided.Decision == delivery.SendAgain && r.State == delivery.MsgPending:
		more = Decided(c, r, now)
	case r.State == delivery.MsgDeferred && !r.NextTry.IsZero():
		more = c.T("deployment.next_try", "time", c.When(r.NextTry, now), "n", int64(r.Attempts)+1)
	case r.State == delivery.MsgRejected && r.Nature == delivery.NatureExpired:
		more = c.N("deployment.gave_up", int64(r.Attempts))
	}
	switch {
	case reply == "":
		return more
	case more == "":
		return reply
	}
	return reply + " · " + more
}

// LogExportHeader and LogExportRow are the sending log in a file: every column,
// times as times, in the words of the window.
func LogExportHeader(c *text.Catalog) []string {
	return []string{c.T("deployment.column.number"), c.T("deployment.column.at"), c.T("deployment.column.state"), c.T("deployment.column.address"),
		c.T("deployment.column.nature"), c.T("deployment.column.reply"), c.T("deployment.column.attempts"), c.T("deployment.column.next_try")}
}

// LogExportRow is one row of it. It may run on any goroutine. A date within it is
// written out.
func LogExportRow(c *text.Catalog, r delivery.Row) []any {
	nature := ""
	if r.Nature != delivery.NatureNone {
		nature = c.Nature(r.Nature)
	}
	reply := Reply(r.Code, r.Enhanced, r.Reply)
	switch decided := Decided(c, r, time.Time{}); {
	case r.State == delivery.MsgInDoubt && decided == "" && reply == "":
		reply = DoubtCause(c, r.Fault)
	case decided != "" && reply == "":
		reply = decided
	}
	next := r.NextTry
	if r.State != delivery.MsgDeferred {
		next = time.Time{}
	}
	return []any{r.Seq, moment(r.At), MessageWord(c, r.State), r.Address, nature, reply, int64(r.Attempts), moment(next)}
}

// moment is a time for a file, or nothing when it is none.
func moment(t time.Time) any {
	if t.IsZero() {
		return ""
	}
	return t
}

// Cause is one reason for exclusion with its share of everybody targeted.
type Cause struct {
	Nature delivery.Nature
	Name   string
	Count  string
	Share  string
	Part   float64 // of targeted, from 0 to 1
	None   bool    // nobody
}

// CausesOf lists the causes in the order of the rules, zeros too, below a
// sentence that sums them.
func CausesOf(c *text.Catalog, k delivery.Counters, causes []delivery.Cause) (lead string, out []Cause) {
	var n int64
	for _, x := range causes {
		n += x.Count
		out = append(out, Cause{Nature: x.Nature, Name: c.Nature(x.Nature), Count: c.Number(x.Count), Share: c.Percent(x.Count, k.Targeted),
			Part: share(x.Count, k.Targeted), None: x.Count == 0})
	}
	return c.T("deployment.causes_lead", "excluded", n, "targeted", k.Targeted, "percent", c.Percent(n, k.Targeted)), out
}

// CausesKnown are the counts that the plan has; ok is false when people were
// excluded since, so that the log must be asked.
func CausesKnown(v delivery.View) (causes []delivery.Cause, ok bool) {
	if v.Plan == nil {
		for _, n := range delivery.Causes() {
			causes = append(causes, delivery.Cause{Nature: n})
		}
		return causes, v.Counters.Excluded == 0
	}
	var n int64
	for _, x := range v.Plan.Causes {
		n += x.Count
	}
	return v.Plan.Causes, n == v.Counters.Excluded
}

// LogFilter says which lines of a delivery's own log are shown.
type LogFilter string

// Filters of the log.
const (
	LogEverything LogFilter = "all"
	LogWarnings   LogFilter = "warnings" // and errors
	LogErrors     LogFilter = "errors"
)

// LogFilters lists them.
func LogFilters() []LogFilter { return []LogFilter{LogEverything, LogWarnings, LogErrors} }

func (f LogFilter) has(s delivery.Severity) bool {
	switch f {
	case LogWarnings:
		return s != delivery.SeverityInfo
	case LogErrors:
		return s == delivery.SeverityError
	}
	return true
}

// LogEvent is one line of a delivery's own log.
type LogEvent struct {
	At   time.Time
	Time string
	Text string
	By   string // operator, empty for Sendoff itself
	Tone Tone
	Word string // how much it weighs
}

// String is the line as it is copied.
func (e LogEvent) String() string {
	if e.By == "" {
		return e.Time + "\t" + e.Word + "\t" + e.Text
	}
	return e.Time + "\t" + e.Word + "\t" + e.Text + "\t" + e.By
}

// LogEvents are the lines that a filter lets through, the newest first.
func LogEvents(c *text.Catalog, lines []delivery.LogLine, f LogFilter, now time.Time) []LogEvent {
	var out []LogEvent
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		if !f.has(l.Severity) {
			continue
		}
		e := LogEvent{At: l.At, Time: logDate(c, l.At, now), By: l.By, Tone: Quiet, Word: c.Severity(l.Severity)}
		switch l.Severity {
		case delivery.SeverityWarning:
			e.Tone = Amber
		case delivery.SeverityError:
			e.Tone = Red
		}
		l.By = ""
		e.Text = c.LogLine(l)
		out = append(out, e)
	}
	return out
}
