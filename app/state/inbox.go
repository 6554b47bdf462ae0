package state

import (
	"strings"

	"sendoff/app/text"
)

// Mail is what an inbox is given of a message: rendered for one person.
type Mail struct{ From, Subject, Preheader, For string }

// InboxRow is a message as lists show it.
type InboxRow struct {
	From, Subject, Preheader string
	Snippet                  string // what stands behind the subject on a computer
	Whose                    string // whose inbox it is
}

// InboxOf says what stands in a row; what is missing is named.
func InboxOf(c *text.Catalog, m Mail) InboxRow {
	r := InboxRow{From: one(m.From), Subject: one(m.Subject), Preheader: one(m.Preheader), Whose: c.T("content.inbox_nobody")}
	if r.From == "" {
		r.From = c.T("content.no_sender")
	}
	if r.Subject == "" {
		r.Subject = c.T("content.no_subject")
	}
	if r.Preheader != "" {
		r.Snippet = "– " + r.Preheader
	}
	if m.For != "" {
		r.Whose = c.T("content.inbox_of", "address", m.For)
	}
	return r
}

// one makes one line of a text.
func one(s string) string { return strings.Join(strings.Fields(s), " ") }

// EmojiChoice is one emoji with what it is searched by.
type EmojiChoice struct{ Emoji, Words string }

// Emojis are those that a person is offered, as the catalogue lists them: one a
// line, with its words behind it.
func Emojis(c *text.Catalog) []EmojiChoice {
	var out []EmojiChoice
	for _, l := range strings.Split(c.T("emoji.list"), "\n") {
		if e, words, ok := strings.Cut(l, " "); ok {
			out = append(out, EmojiChoice{e, words})
		}
	}
	return out
}
