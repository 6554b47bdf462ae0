package prepare

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Press renders the messages of one delivery, exactly alike at preparation and
// when they leave. It is safe for concurrent use; a Buffer is not.
type Press struct {
	t           *message.Template
	ids         message.IDs
	unsubscribe string // the address and subject that a token completes
	envelope    message.Envelope
}

// NewPress builds a press. prepared is the time of the plan: with the schedule
// it decides what day it is for the templates.
func NewPress(t *message.Template, id delivery.ID, d delivery.Draft, workspace string, prepared time.Time) *Press {
	reply := address(d.Content.ReplyTo)
	if reply == "" {
		reply = address(d.Content.From)
	}
	_, domain, _ := strings.Cut(address(d.Content.From), "@")
	return &Press{t: t, ids: message.NewIDs(id, workspace, domain),
		// The subject tells whoever reads the mailbox which message it answers.
		unsubscribe: "mailto:" + reply + "?subject=" + url.PathEscape("unsubscribe "),
		envelope:    message.Envelope{Delivery: id, Label: d.Label, Today: today(d, prepared)}}
}

func address(s string) string {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return ""
	}
	return a.Address
}

// Render renders the message of recipient seq. fields is a JSON object of
// strings; date becomes the Date field.
func (p *Press) Render(buf *message.Buffer, seq int64, to, fields string, date time.Time) (message.Message, error) {
	return p.RenderAs(buf, seq, to, "", fields, date)
}

// RenderAs renders a message to one address that shows what the person with another
// one gets.
func (p *Press) RenderAs(buf *message.Buffer, seq int64, to, as, fields string, date time.Time) (message.Message, error) {
	return p.RenderWith(buf, seq, to, as, fields, nil, date)
}

// RenderWith is RenderAs with the files of that recipient; see Paths.
func (p *Press) RenderWith(buf *message.Buffer, seq int64, to, as, fields string, files []message.File, date time.Time) (message.Message, error) {
	if err := values(buf, fields); err != nil {
		return message.Message{}, err
	}
	return p.t.Render(buf, message.Recipient{Address: to, As: as, Fields: buf.Fields, Files: files}, p.Envelope(seq, date))
}

// Personal reports whether some attachment is another one for each recipient.
func (p *Press) Personal() bool { return p.t.Personal() }

// Paths is message.Template.Paths for recipient seq.
func (p *Press) Paths(buf *message.Buffer, seq int64, to, as, fields string) (paths, missing []string, err error) {
	if err := values(buf, fields); err != nil {
		return nil, nil, err
	}
	return p.t.Paths(buf, message.Recipient{Address: to, As: as, Fields: buf.Fields}, p.Envelope(seq, p.envelope.Today))
}

// values reads the fields of a recipient, a JSON object of strings, into a buffer.
func values(buf *message.Buffer, fields string) error {
	if buf.Fields == nil {
		buf.Fields = map[string]string{}
	}
	clear(buf.Fields)
	if plainFields(buf.Fields, fields) {
		return nil
	}
	clear(buf.Fields)
	return json.Unmarshal([]byte(fields), &buf.Fields)
}

// plainFields reads an object of strings in which nothing is escaped and no space
// is between the tokens, as nearly all are; false: it is another one.
func plainFields(values map[string]string, s string) bool {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' || !utf8.ValidString(s) {
		return false
	}
	s = s[1 : len(s)-1]
	for len(s) > 0 {
		name, rest, ok := plainString(s)
		if !ok || !strings.HasPrefix(rest, ":") {
			return false
		}
		value, rest, ok := plainString(rest[1:])
		if !ok {
			return false
		}
		values[name] = value
		if rest == "" {
			return true
		}
		if rest[0] != ',' || len(rest) == 1 {
			return false
		}
		s = rest[1:]
	}
	return true
}

// plainString reads a string without escapes off the front of s.
func plainString(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return s[1:i], s[i+1:], true
		case c == '\\' || c < ' ':
			return "", "", false
		}
	}
	return "", "", false
}

// Envelope is what the message of recipient seq has beside its content.
func (p *Press) Envelope(seq int64, date time.Time) message.Envelope {
	e := p.envelope
	e.Date = date
	var room [256]byte
	b := p.ids.Append(room[:0], seq)
	n := len(b)
	b = append(append(b, p.unsubscribe...), b[1:1+message.TokenLen]...)
	both := string(b)
	e.MessageID, e.UnsubscribeMailto = both[:n], both[n:]
	return e
}

// today is the calendar day that templates see: the contact date's in its own
// zone, else the day of the preparation.
func today(d delivery.Draft, prepared time.Time) time.Time {
	if d.Schedule.Mode != delivery.AtDate || d.Schedule.At.IsZero() {
		return prepared.Local()
	}
	if loc, err := time.LoadLocation(d.Schedule.Zone); err == nil {
		return d.Schedule.At.In(loc)
	}
	return d.Schedule.At
}

// Preview renders recipient seq for the eyes of a person.
func (p *Press) Preview(seq int64, to, fields string) (message.Preview, error) {
	values := map[string]string{}
	if err := json.Unmarshal([]byte(fields), &values); err != nil {
		return message.Preview{}, err
	}
	return p.t.Preview(message.Recipient{Address: to, Fields: values}, p.Envelope(seq, p.envelope.Today))
}
