package text

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

// Number groups a whole number: 10,000 in English, 10.000 in Dutch.
func (c *Catalog) Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	sep := c.words["format.group"]
	var b strings.Builder
	for i, r := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(r)
	}
	return sign + b.String()
}

// Decimal writes a number with the given digits behind the language's sign.
func (c *Catalog) Decimal(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	whole, rest, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return s
	}
	out := c.Number(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		out = "-" + out
	}
	if rest != "" {
		out += c.words["format.decimal"] + rest
	}
	return out
}

// Percent writes num of den with one decimal, and "–" when den is 0. It never
// rounds up to 100 nor down to 0 what is not: 99.97 reads 99.9, a single one of
// a million 0.1.
func (c *Catalog) Percent(num, den int64) string {
	if den <= 0 {
		return c.words["format.none"]
	}
	tenths := math.Round(float64(num) * 1000 / float64(den))
	switch {
	case num < den && tenths >= 1000:
		tenths = 999
	case num > 0 && tenths < 1:
		tenths = 1
	}
	if math.Mod(tenths, 10) == 0 {
		return c.Decimal(tenths/10, 0) + nbsp + "%"
	}
	return c.Decimal(tenths/10, 1) + nbsp + "%"
}

// None is what stands for a figure that does not exist.
func (c *Catalog) None() string { return c.words["format.none"] }

// Date writes a day: "23 Nov 2026".
func (c *Catalog) Date(t time.Time) string { return c.dateIn(t, c.zone) }

func (c *Catalog) dateIn(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return c.None()
	}
	t = t.In(zone)
	return c.T("format.date", "day", strconv.Itoa(t.Day()),
		"month", c.months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}

// Clock writes a time of day: "09:58".
func (c *Catalog) Clock(t time.Time) string {
	if t.IsZero() {
		return c.None()
	}
	return t.In(c.zone).Format("15:04")
}

// ClockSeconds writes a time of day to the second: "09:58:04".
func (c *Catalog) ClockSeconds(t time.Time) string {
	if t.IsZero() {
		return c.None()
	}
	return t.In(c.zone).Format("15:04:05")
}

// DateTime writes a day with its time.
func (c *Catalog) DateTime(t time.Time) string { return c.DateTimeIn(t, c.zone) }

// DateTimeIn writes a day with its time as a clock in zone shows it.
func (c *Catalog) DateTimeIn(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return c.None()
	}
	return c.T("format.date_time", "date", c.dateIn(t, zone), "time", t.In(zone).Format("15:04"))
}

// When writes a time of day alone when it is on the day of now, and with its
// date otherwise.
func (c *Catalog) When(t, now time.Time) string {
	if t.IsZero() {
		return c.None()
	}
	a, b := t.In(c.zone), now.In(c.zone)
	if a.Year() == b.Year() && a.YearDay() == b.YearDay() {
		return c.Clock(t)
	}
	return c.DateTime(t)
}

// Bytes is a size as people read it, in the units of 1000.
func (c *Catalog) Bytes(n int64) string {
	const unit = 1000
	if n < unit {
		return c.Number(n) + " B"
	}
	v := float64(n)
	for _, u := range []string{"kB", "MB", "GB"} {
		if v /= unit; v < unit || u == "GB" {
			digits := 0
			if v < 9.95 {
				digits = 1
			}
			return c.Decimal(v, digits) + " " + u
		}
	}
	return ""
}

// Duration writes a length of time by its two largest units.
func (c *Catalog) Duration(d time.Duration) string {
	if d < time.Second {
		return c.T("format.under_second")
	}
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s >= 3600:
		return c.T("format.hours_minutes", "hours", s/3600, "minutes", s%3600/60)
	case s >= 60 && s%60 == 0:
		return c.T("format.minutes", "minutes", s/60)
	case s >= 60:
		return c.T("format.minutes_seconds", "minutes", s/60, "seconds", s%60)
	}
	return c.T("format.seconds", "seconds", s)
}

// Rate writes messages a second, or a minute when they are fewer than one.
func (c *Catalog) Rate(perSecond float64) string {
	if n := math.Round(perSecond); n >= 1 {
		return c.N("format.per_second", int64(n))
	}
	return c.N("format.per_minute", int64(math.Ceil(perSecond*60)))
}

// ShortRate writes the same without the noun.
func (c *Catalog) ShortRate(perSecond float64) string {
	if n := math.Round(perSecond); n >= 1 {
		return c.T("format.short_rate", "n", int64(n))
	}
	return c.T("format.short_rate_minute", "n", int64(math.Ceil(perSecond*60)))
}

// List joins names as a sentence does: "a, b and c".
func (c *Catalog) List(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return c.T("format.list_and", "first", strings.Join(names[:last], ", "), "last", names[last])
}

// MonthNames are the full names, from January.
func (c *Catalog) MonthNames() (names [12]string) {
	copy(names[:], strings.Fields(c.words["format.long_months"]))
	return names
}

// DayNames are short names, from Monday.
func (c *Catalog) DayNames() (names [7]string) {
	copy(names[:], strings.Fields(c.words["format.days"]))
	return names
}
