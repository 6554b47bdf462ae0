package check

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// phrase is an expression that filters and readers know from spam, and why: a
// code that a front end explains.
type phrase struct{ why, words string }

// phrases in English and Dutch. None of them is a fault, and none has a score:
// filters weigh who sends far more than single words. They are listed because
// a person who knows why one of them is worn can say it better.
var phrases = []phrase{
	{"hurry", "act now"}, {"hurry", "act immediately"}, {"hurry", "don't delete"}, {"hurry", "last chance"},
	{"hurry", "limited time only"}, {"hurry", "offer expires"}, {"hurry", "once in a lifetime"}, {"hurry", "urgent"},
	{"hurry", "while supplies last"}, {"hurry", "what are you waiting for"},
	{"hurry", "handel nu"}, {"hurry", "laatste kans"}, {"hurry", "nu of nooit"}, {"hurry", "op is op"},
	{"hurry", "reageer direct"}, {"hurry", "alleen vandaag"}, {"hurry", "mis het niet"}, {"hurry", "dringend"},
	{"money", "100% free"}, {"money", "cash bonus"}, {"money", "double your"}, {"money", "earn money"}, {"money", "extra income"},
	{"money", "free money"}, {"money", "make money"}, {"money", "no credit check"}, {"money", "lowest price"}, {"money", "get paid"},
	{"money", "100% gratis"}, {"money", "gratis geld"}, {"money", "geld verdienen"}, {"money", "extra inkomen"},
	{"money", "laagste prijs"}, {"money", "zonder bkr"}, {"money", "verdien snel"},
	{"promise", "guaranteed"}, {"promise", "miracle"}, {"promise", "no obligation"}, {"promise", "no strings attached"},
	{"promise", "risk free"}, {"promise", "satisfaction guaranteed"}, {"promise", "this is not spam"}, {"promise", "you have been selected"},
	{"promise", "you're a winner"}, {"promise", "congratulations you"}, {"promise", "lose weight"},
	{"promise", "gegarandeerd"}, {"promise", "wonder middel"}, {"promise", "zonder risico"}, {"promise", "geheel vrijblijvend"},
	{"promise", "dit is geen spam"}, {"promise", "je bent geselecteerd"}, {"promise", "u bent geselecteerd"}, {"promise", "je hebt gewonnen"},
	{"promise", "u heeft gewonnen"}, {"promise", "gefeliciteerd je"}, {"promise", "val snel af"},
	{"account", "verify your account"}, {"account", "confirm your password"}, {"account", "your account has been"}, {"account", "update your payment"},
	{"account", "verifieer je account"}, {"account", "bevestig je wachtwoord"}, {"account", "je rekening is"}, {"account", "uw rekening is"},
}

// known finds the phrases as whole words, whatever their case and spacing, and
// knows what is the matter with each of them.
type known struct {
	words *regexp.Regexp
	why   map[string]string
}

// knownPhrases is made when the first text is looked at, and never changes.
var knownPhrases = sync.OnceValue(func() known {
	k := known{why: make(map[string]string, len(phrases))}
	alternatives := make([]string, len(phrases))
	for i, p := range phrases {
		k.why[p.words] = p.why
		alternatives[i] = strings.ReplaceAll(regexp.QuoteMeta(p.words), " ", `[\s\x{A0}]+`)
	}
	k.words = regexp.MustCompile(`(?i)(?:` + strings.Join(alternatives, "|") + `)`)
	return k
})

// phrases looks for worn phrases in a text that stands at off of a part. Each is
// named once a part.
func (c *checker) phrases(s, part string, at *places, off int) {
	k := knownPhrases()
	for _, m := range k.words.FindAllStringIndex(s, -1) {
		before, _ := utf8.DecodeLastRuneInString(s[:m[0]])
		after, _ := utf8.DecodeRuneInString(s[m[1]:])
		said := strings.ToLower(strings.Join(strings.Fields(s[m[0]:m[1]]), " "))
		if letter(before) || letter(after) || c.worn[part+said] {
			continue
		}
		c.worn[part+said] = true
		line, column := at.at(off + m[0])
		c.note(delivery.FindPhrase, part, line, column, k.why[said]+" "+said)
	}
}

// letter reports whether a word goes on with r.
func letter(r rune) bool { return unicode.IsLetter(r) && r != utf8.RuneError || unicode.IsDigit(r) }

var (
	marks = regexp.MustCompile(`[!?]{2,}|!.*!.*!`)
	reply = regexp.MustCompile(`(?i)^\s*(re|fw|fwd|antw|doorst)\s*:`)
)

// shouting is from how many letters on capitals alone are noticed.
const shouting = 10

// subject looks at the subject.
func (c *checker) subject(s string) {
	if strings.TrimSpace(s) == "" {
		return
	}
	veiled := veil(s)
	part := message.PartSubject
	if loud(veiled) {
		c.warn(delivery.FindShouting, part, 0, 0, "")
	}
	if marks.MatchString(veiled) {
		c.note(delivery.FindMarks, part, 0, 0, "")
	}
	if reply.MatchString(veiled) {
		c.warn(delivery.FindFakeReply, part, 0, 0, strings.TrimSpace(reply.FindString(veiled)))
	}
	c.phrases(veiled, part, newPlaces(veiled), 0)
}

// loud reports whether nearly all letters are capitals.
func loud(s string) bool {
	upper, letters := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
			letters++
		case unicode.IsLower(r):
			letters++
		}
	}
	return letters >= shouting && upper*10 >= letters*8
}

// text looks at the text part.
func (c *checker) text(s string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	veiled := veil(s)
	c.phrases(veiled, message.PartText, newPlaces(veiled), 0)
}

// vague reports whether the text of a link says nothing without the words around
// it, which is how a screen reader lists it (WCAG 2.2, success criterion 2.4.4).
func vague(s string) bool {
	s = strings.ToLower(strings.Trim(s, " .:!»>→›"))
	switch s {
	case "here", "click here", "click", "this link", "link", "more", "read more", "learn more",
		"hier", "klik hier", "klik", "deze link", "meer", "lees meer", "lees verder":
		return true
	}
	return false
}
