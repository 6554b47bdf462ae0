package audience

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// monthNames are the months in English and Dutch; their first three letters
// will do.
var monthNames = [12][]string{
	{"january", "januari"}, {"february", "februari"}, {"march", "maart", "mrt"}, {"april"}, {"may", "mei"}, {"june", "juni"},
	{"july", "juli"}, {"august", "augustus"}, {"september"}, {"october", "oktober"}, {"november"}, {"december"},
}

// parseDate reads a day. Four digits of a year at the beginning, or the name of a
// month, leave nothing open; else format is the order of the numbers. Years of
// two digits are those from 1930 to 2029, as spreadsheets read them. A number
// alone is a day as they count them, or yyyymmdd. A time after the day is left
// out. The result is "2006-01-02".
func parseDate(s, format string) (string, bool) {
	if n, ok := serial(s); ok {
		return fromSerial(n), true
	}
	if len(s) == 8 && allDigits(s) {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	parts := dateParts(withoutTime(s))
	if len(parts) != 3 {
		return "", false
	}
	y, m, d := parts[0], parts[1], parts[2]
	switch {
	case isMonth(y): // Dec 31, 2026
		y, m, d = parts[2], parts[0], parts[1]
	case isMonth(m) && len(y) != 4: // 31 December 2026
		y, d = parts[2], parts[0]
	case len(y) == 4:
	case format == DayMonthYear:
		y, d = parts[2], parts[0]
	case format == MonthDayYear:
		y, m, d = parts[2], parts[0], parts[1]
	default:
		return "", false
	}
	year, ok1 := yearOf(y)
	month, ok2 := monthOf(m)
	day, err := strconv.Atoi(d)
	if !ok1 || !ok2 || err != nil || len(d) > 2 {
		return "", false
	}
	return dayOf(year, month, day)
}

// dayOf refuses days that no calendar has.
func dayOf(year, month, day int) (string, bool) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || int(t.Month()) != month || t.Day() != day || year < 1 || year > 9999 {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day), true
}

// serial recognises a day number of a spreadsheet, between 1927 and 2173.
func serial(s string) (float64, bool) {
	whole, _, _ := strings.Cut(s, ".")
	if len(whole) != 5 || !allDigits(whole) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// fromSerial counts from the last day of 1899, with the leap day of 1900 that
// spreadsheets believe in.
func fromSerial(n float64) string {
	if n < 60 {
		n++
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format("2006-01-02")
}

// withoutTime cuts off a time of the day.
func withoutTime(s string) string {
	i := strings.IndexByte(s, ':')
	if i < 0 {
		return s
	}
	if j := strings.LastIndexFunc(s[:i], func(r rune) bool { return r == ' ' || r == 'T' || r == 't' }); j > 0 {
		return strings.TrimRight(s[:j], " ,")
	}
	return s
}

// dateParts cuts a day into its numbers and names.
func dateParts(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-/.,", r) })
}

func isMonth(s string) bool {
	_, ok := monthName(s)
	return ok
}

func monthName(s string) (int, bool) {
	s = strings.ToLower(s)
	if len(s) < 3 {
		return 0, false
	}
	for i, names := range monthNames {
		for _, n := range names {
			if s == n || s == n[:3] || s == "sept" && i == 8 {
				return i + 1, true
			}
		}
	}
	return 0, false
}

func monthOf(s string) (int, bool) {
	if m, ok := monthName(s); ok {
		return m, true
	}
	m, err := strconv.Atoi(s)
	return m, err == nil && len(s) <= 2
}

func yearOf(s string) (int, bool) {
	y, err := strconv.Atoi(s)
	switch {
	case err != nil || !allDigits(s):
		return 0, false
	case len(s) == 4:
		return y, true
	case len(s) == 2 && y < 30:
		return 2000 + y, true
	case len(s) == 2:
		return 1900 + y, true
	}
	return 0, false
}

// dateVotes counts what the values of a column say about their order.
type dateVotes struct{ day, month, either, year, serial int }

// add looks at one value.
func (v *dateVotes) add(s string) {
	if _, ok := serial(s); ok {
		v.serial++
		return
	}
	parts := dateParts(withoutTime(s))
	if len(parts) != 3 {
		return
	}
	a, err1 := strconv.Atoi(parts[0])
	b, err2 := strconv.Atoi(parts[1])
	switch {
	case len(parts[0]) == 4:
		v.year++
	case err1 != nil || err2 != nil: // the month has a name
	case a > 12 && a <= 31 && b <= 12:
		v.day++
	case b > 12 && b <= 31 && a <= 12:
		v.month++
	case a <= 12 && b <= 12:
		v.either++
	}
}

// format is what most of them say. When nothing does, the day comes first: it
// does nearly everywhere.
func (v dateVotes) format() (format string, ambiguous bool) {
	switch {
	case v.day > v.month:
		return DayMonthYear, false
	case v.month > v.day:
		return MonthDayYear, false
	case v.either > 0:
		return DayMonthYear, true
	case v.serial > v.year:
		return SerialDate, false
	}
	return YearMonthDay, false
}
