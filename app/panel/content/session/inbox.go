package session

import (
	"context"
	"regexp"
	"strings"
	"time"

	"sendoff/app/bridge"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Inbox is what a person sees of a message before it is opened.
type Inbox struct {
	From, Subject string
	Preheader     string // or the beginning of the text, as inboxes show without one
	Text          string // the text part, derived from the HTML when none is written
	For           string // whose inbox it is; empty: nobody's
	Derived       string // the template of the text part that the HTML yields
}

// inbox is the last one that was made.
type inbox struct {
	last Inbox
	turn int
	stop func()
}

func (k *inbox) close() {
	k.turn++
	if k.stop != nil {
		k.stop()
	}
}

// soon is how long nothing is typed before the inbox shows it.
const soon = 120 * time.Millisecond

// Inbox is what the sample recipient sees in the inbox. Parts that do not compile
// stand there as they are written.
func (s *Session) Inbox() Inbox { return s.inbox.last }

// Derived is the text part that follows from the HTML, merge tags and all.
func (s *Session) Derived() string { return s.inbox.last.Derived }

func (s *Session) render() {
	k := &s.inbox
	k.close()
	turn := k.turn
	k.stop = s.env.Bridge.After(soon, func() {
		if turn != k.turn || s.closed {
			return
		}
		d, p, now := s.now, s.sample, s.env.Now()
		k.stop = bridge.Run(s.env.Bridge, "inbox", func(context.Context) (Inbox, error) { return inboxOf(d, p, now), nil }, func(b Inbox, _ error) {
			if turn == k.turn && !s.closed && b != k.last {
				k.last = b
				s.changed()
			}
		})
	})
}

// inboxOf renders each part by itself, so that a fault in one leaves the others.
func inboxOf(d delivery.Draft, p delivery.Profile, now time.Time) Inbox {
	part := func(c delivery.Content, raw string, of func(message.Preview) string) string {
		c.From = d.Content.From
		t, _ := message.Compile(c)
		if t == nil {
			return raw
		}
		v, err := t.Preview(message.Recipient{Address: p.Address, Fields: p.Fields}, message.Envelope{Label: d.Label, Today: now, Date: now})
		if err != nil {
			return raw
		}
		return of(v)
	}
	c := d.Content
	b := Inbox{For: p.Address, Derived: message.TextFromHTML(c.HTML)}
	b.Subject = part(delivery.Content{Subject: c.Subject}, c.Subject, func(v message.Preview) string { return v.Subject })
	b.Preheader = part(delivery.Content{Preheader: c.Preheader}, c.Preheader, func(v message.Preview) string { return v.Preheader })
	b.Text = part(delivery.Content{HTML: c.HTML, Text: c.Text}, c.Text, func(v message.Preview) string { return v.Text })
	if strings.TrimSpace(b.Preheader) == "" {
		read := b.Text
		if strings.TrimSpace(c.HTML) != "" && c.Text != "" {
			// A mail program reads the HTML, whatever the text part says.
			read = part(delivery.Content{HTML: c.HTML}, "", func(v message.Preview) string { return v.Text })
		}
		b.Preheader = beginning(read)
	}
	b.From = c.From
	if i := strings.IndexByte(c.From, '<'); i >= 0 {
		if name := strings.Trim(strings.TrimSpace(c.From[:i]), `"`); name != "" {
			b.From = name
		} else {
			b.From = strings.Trim(c.From[i:], "<> ")
		}
	}
	return b
}

// where is the address of a link as a text part has it, behind its words; an inbox
// shows the words.
var where = regexp.MustCompile(`\s*<(?:https?://|mailto:)[^<>]*>`)

// beginning is as much of a text as an inbox can show.
func beginning(s string) string {
	s = where.ReplaceAllString(s[:min(len(s), 8000)], "")
	s = strings.ToValidUTF8(s[:min(len(s), 1000)], "")
	s = strings.Join(strings.Fields(s), " ")
	if rs := []rune(s); len(rs) > 200 {
		s = string(rs[:200])
	}
	return s
}
