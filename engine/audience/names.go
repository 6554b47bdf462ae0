package audience

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// reserved words mean something else in a Liquid expression.
var reserved = []string{"and", "or", "not", "in", "contains", "true", "false", "nil", "null", "blank", "empty"}

// FieldName gives the name by which templates know a column: the header text
// itself when it is a legal Liquid identifier ([A-Za-z_][A-Za-z0-9_-]*, no
// reserved word), else the header in lower case, without accents, and with one
// underscore for every run of other characters: "First name" is first_name and
// "Prénom" is prenom. It is empty when nothing is left.
func FieldName(header string) string {
	header = strings.TrimSpace(header)
	if legalName(header) {
		return header
	}
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(header)) {
		switch {
		case r < 0x80 && octets[r]&alnum != 0:
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			gap = true
		}
	}
	name := b.String()
	switch {
	case name == "":
		return ""
	case octets[name[0]]&digit != 0:
		return "_" + name
	case slices.Contains(reserved, name):
		return name + "_"
	}
	return name
}

// legalName reports whether Liquid reads s as the name of a variable.
func legalName(s string) bool {
	for i := 0; i < len(s); i++ {
		k := octets[s[i]]
		if k&alnum == 0 && s[i] != '_' && (s[i] != '-' || i == 0) || (i == 0 && k&digit != 0) {
			return false
		}
	}
	return s != "" && !slices.Contains(reserved, s)
}

// columnN names a column that has no header text; n counts from 1.
func columnN(n int) string { return "column_" + strconv.Itoa(n) }

// uniqueName adds _2, _3… until nobody has the name.
func uniqueName(name string, taken map[string]bool) string {
	u := name
	for n := 2; taken[u]; n++ {
		u = name + "_" + strconv.Itoa(n)
	}
	taken[u] = true
	return u
}

// emailHeaders are the usual names of the column with the address, English and
// Dutch, best first, as plainHeader writes them.
var emailHeaders = []string{
	"email", "emailaddress", "emailadres", "emailaddr", "emailadress",
	"mailaddress", "mailadres", "mail", "emailaddresses", "emailadressen", "emails",
}

// plainHeader reduces a header text to its letters and digits in lower case.
func plainHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
