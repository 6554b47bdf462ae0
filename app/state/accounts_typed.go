package state

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sendoff/engine/audience"
)

// IsAddress reports whether mail can be sent to what was typed.
func IsAddress(s string) bool {
	_, err := audience.ParseAddress(strings.TrimSpace(s))
	return err == nil
}

// validHost reports whether a host may be looked up: an address, or letters,
// digits, hyphens and dots of any script.
func validHost(s string) bool {
	if net.ParseIP(strings.Trim(s, "[]")) != nil {
		return true
	}
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "-") || strings.Contains(s, "..") || len(s) > 253 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '-' && r != '.' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// whole reads a number from 1 to most, with thousands grouped or not.
func whole(s string, most int) (int, bool) {
	groups := strings.FieldsFunc(strings.TrimSpace(s), func(r rune) bool { return r == '.' || r == ',' || unicode.IsSpace(r) })
	if len(groups) == 0 || len(groups) > 1 && (len(groups[0]) > 3 || slices.ContainsFunc(groups[1:], func(g string) bool { return len(g) != 3 })) {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.Join(groups, ""), 10, 32)
	if err != nil || n < 1 || n > uint64(most) {
		return 0, false
	}
	return int(n), true
}
