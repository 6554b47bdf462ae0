package message

import (
	"strings"
	"time"
)

// dateLayouts are the dates that the date filter reads. They need no clock and
// no zone of this machine, which would make a message depend on where it was
// rendered.
func dateLayouts() []string {
	return []string{time.DateOnly, time.DateTime, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04", "2006/01/02", "20060102",
		"02-01-2006", "2-1-2006", "02/01/2006", "02.01.2006", "2 January 2006", "2 Jan 2006", "January 2, 2006", "Jan 2, 2006", time.RFC1123Z}
}

// dateFormat reports whether strftime knows every directive of format, or whether
// it is one of the locale's own.
func dateFormat(format string) bool {
	for rest := format; ; {
		_, after, ok := strings.Cut(rest, "%")
		if !ok {
			return true
		}
		layout, n := directive(after)
		if layout == "" {
			return false
		}
		rest = after[n:]
	}
}

// directive returns the layout of the directive at the start of s, which
// follows a percent sign, and its length.
func directive(s string) (string, int) {
	if strings.HasPrefix(s, "-") {
		for i, c := range "dmHIMS" {
			if strings.HasPrefix(s[1:], string(c)) {
				return []string{"2", "1", "15", "3", "4", "5"}[i], 2
			}
		}
		return "", 0
	}
	if s == "" {
		return "", 0
	}
	switch s[0] {
	case 'Y':
		return "2006", 1
	case 'y':
		return "06", 1
	case 'm':
		return "01", 1
	case 'B':
		return "January", 1
	case 'b', 'h':
		return "Jan", 1
	case 'd':
		return "02", 1
	case 'e':
		return "_2", 1
	case 'j':
		return "002", 1
	case 'A':
		return "Monday", 1
	case 'a':
		return "Mon", 1
	case 'H':
		return "15", 1
	case 'I':
		return "03", 1
	case 'M':
		return "04", 1
	case 'S':
		return "05", 1
	case 'p':
		return "PM", 1
	case 'F':
		return "2006-01-02", 1
	case 'T':
		return "15:04:05", 1
	case 'R':
		return "15:04", 1
	case 'D':
		return "01/02/06", 1
	case '%':
		return "%", 1
	}
	return "", 0
}
