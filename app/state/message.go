package state

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Message is one recipient's message on the screen.
type Message struct {
	Title    string // the address
	Chip     Chip
	Date     string // since when it stands there
	Facts    []MessageFact
	ID       string // Message-ID, empty without one
	Fields   []Fact // what the plan froze of the person
	Attempts []Attempt
	None     string // said instead of attempts
	Why      string // why there is nothing to show of what was written
	Got      string // title over what was written
	Outline  []Fact // sender, recipient, subject, preheader
	Seal     Banner // whether the bytes are those of the plan; empty when there are none
	File     string // proposed when the bytes are saved
}

// MessageLink tells what a fact leads to.
type MessageLink string

// Links.
const (
	LinkNone     MessageLink = ""
	LinkPerson   MessageLink = "person"
	LinkDelivery MessageLink = "delivery"
	LinkDoubt    MessageLink = "doubt" // where one decides
)

// MessageFact is a fact with what goes with it.
type MessageFact struct {
	Label string
	Value string
	Note  string
	Tone  Tone
	Link  MessageLink
}

// Attempt is one try to hand the message to the relay.
type Attempt struct {
	Title string // "Attempt 2"
	Time  string
	State delivery.MessageState
	Word  string
	Note  string // nature and whose fault it was, empty for none
	Reply string // what the relay said, empty when it said nothing
	Tone  Tone
}

// MessageOf makes the page of a message of a delivery.
func MessageOf(c *text.Catalog, m delivery.Message, v delivery.View, now time.Time) Message {
	p := Message{Title: m.Address, ID: m.MessageID, File: v.ID.String() + "-" + strconv.FormatInt(m.Seq, 10) + ".eml",
		Chip: messageChip(c, m.Row), Date: logDate(c, m.At, now)}
	if p.Title == "" {
		p.Title = c.T("deployment.no_address")
	}
	p.Facts = messageFacts(c, m, v, now)
	p.Fields = fields(m.Fields)
	for _, a := range m.Attempts {
		title := c.T("message.attempt", "n", int64(a.Number))
		for _, x := range v.Accounts {
			if x.ID == a.Account {
				title += " · " + AccountName(c, x)
			}
		}
		p.Attempts = append(p.Attempts, Attempt{Title: title, Time: logDate(c, a.At, now), State: a.State,
			Word: MessageWord(c, a.State), Note: blame(c, a.Nature, a.Fault), Reply: Reply(a.Code, a.Enhanced, a.Reply), Tone: MessageTone(a.State)})
	}
	if len(p.Attempts) == 0 {
		p.None = c.T("message.not_tried")
	}
	p.Got = c.T("message.got." + m.State.String())
	switch {
	case m.State == delivery.MsgExcluded:
		p.None, p.Why = "", excluded(c, m.Nature)
	case m.Edited:
		p.Why = c.T("message.edited")
	case m.Removed:
		p.Why = c.T("message.removed")
	case len(m.Raw) == 0:
		p.Why = c.T("message.nothing")
	case m.Sealed:
		p.Seal = Banner{Text: c.T("message.sealed"), Tone: Green}
	default:
		p.Seal = Banner{Text: c.T("message.differs"), Tone: Amber}
	}
	if m.DKIM.On() && p.Seal.Text != "" {
		p.Seal.Text += " " + c.T("message.signed", "domain", m.DKIM.Domain)
	}
	if p.Why == "" {
		add := func(label, value string) {
			if value != "" {
				p.Outline = append(p.Outline, Fact{Label: label, Value: value})
			}
		}
		add(c.T("message.from"), m.From)
		add(c.T("message.to"), m.Address)
		add(c.T("message.subject"), m.Subject)
		add(c.T("message.preheader"), m.Preheader)
	}
	return p
}

// messageChip is where a message stands; what is accepted by a decision says whose.
func messageChip(c *text.Catalog, r delivery.Row) Chip {
	k := Chip{Text: MessageWord(c, r.State), Tone: MessageTone(r.State)}
	if r.Marked() {
		k.Text = c.T("doubt.marked", "state", k.Text, "name", r.Decided.By)
	}
	return k
}

func messageFacts(c *text.Catalog, m delivery.Message, v delivery.View, now time.Time) []MessageFact {
	label := title(c, v)
	fs := []MessageFact{
		{Label: c.T("message.recipient"), Value: m.Address, Link: LinkPerson},
		{Label: c.T("message.delivery"), Value: label, Note: v.ID.String(), Link: LinkDelivery},
	}
	if m.Address == "" {
		fs[0].Value = c.T("deployment.no_address")
	}
	if m.State == delivery.MsgExcluded {
		fs = append(fs, MessageFact{Label: c.T("deployment.column.cause"), Value: c.Nature(m.Nature)})
		return fs
	}
	if m.Nature != delivery.NatureNone {
		f := MessageFact{Label: c.T("deployment.column.nature"), Value: c.Nature(m.Nature)}
		if m.Fault != delivery.FaultNone {
			f.Note = c.T("message.fault." + string(m.Fault))
		}
		fs = append(fs, f)
	}
	if m.State == delivery.MsgDeferred && !m.NextTry.IsZero() {
		fs = append(fs, MessageFact{Label: c.T("message.next_try"), Value: c.When(m.NextTry, now)})
	}
	return append(fs, evidence(c, m, v, now)...)
}

// evidence is what is known of a message in doubt, or of one that was, and what
// was decided about it.
func evidence(c *text.Catalog, m delivery.Message, v delivery.View, now time.Time) []MessageFact {
	i := len(m.Attempts) - 1
	for ; i >= 0 && m.Attempts[i].State != delivery.MsgInDoubt; i-- {
	}
	if i < 0 {
		return nil
	}
	a := m.Attempts[i]
	since := MessageFact{Label: c.T("doubt.since"), Value: logDate(c, a.At, now), Note: c.T("message.attempt", "n", int64(a.Number))}
	if m.State != delivery.MsgInDoubt {
		since.Label = c.T("doubt.then")
	}
	fs := []MessageFact{since, {Label: c.T("doubt.because"), Value: DoubtCause(c, a.Fault), Note: Reply(a.Code, a.Enhanced, a.Reply)}}
	account := v.Account
	for _, x := range v.Accounts {
		if x.ID == a.Account {
			account = x
		}
	}
	relay := AccountName(c, account)
	if at := Address(account); at != "" {
		relay = at
	}
	fs = append(fs, MessageFact{Label: c.T("doubt.relay"), Value: relay})
	if n := len(m.Raw); n > 0 {
		fs = append(fs, MessageFact{Label: c.T("doubt.size"), Value: c.T("doubt.bytes", "n", int64(n))})
	}
	d := MessageFact{Label: c.T("doubt.decision"), Value: Decided(c, m.Row, now)}
	if m.State == delivery.MsgInDoubt {
		d.Link = LinkDoubt
		if d.Value == "" {
			d.Value, d.Tone = c.T("doubt.none"), Amber
		}
	}
	return append(fs, d)
}

// blame names a nature and whose fault it was.
func blame(c *text.Catalog, n delivery.Nature, f delivery.Fault) string {
	var bits []string
	if n != delivery.NatureNone {
		bits = append(bits, c.Nature(n))
	}
	if f != delivery.FaultNone {
		bits = append(bits, c.T("message.fault."+string(f)))
	}
	return strings.Join(bits, " · ")
}

// excluded says why somebody was not written to.
func excluded(c *text.Catalog, n delivery.Nature) string {
	if slices.Contains(delivery.Causes(), n) {
		return c.T("message.excluded." + string(n))
	}
	return c.T("message.excluded.other", "nature", c.Nature(n))
}

// fields are the values of a person by column, those without one left out.
func fields(m map[string]string) []Fact {
	var out []Fact
	for k, v := range m {
		if v != "" {
			out = append(out, Fact{Label: k, Value: v})
		}
	}
	slices.SortFunc(out, func(a, b Fact) int { return strings.Compare(a.Label, b.Label) })
	return out
}

// Printable is a text as it can be shown: lines end in one way, and what has no
// picture is replaced.
func Printable(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return '·'
		}
		return r
	}, s)
}

// Pieces cuts a text into pieces of at most lines lines and size bytes, so that
// a long one can be shown bit by bit. Pieces put together with line breaks are
// the text, but for breaks in lines longer than size.
func Pieces(s string, lines, size int) []string {
	var out []string
	var b strings.Builder
	n := 0
	flush := func() {
		out = append(out, b.String())
		b.Reset()
		n = 0
	}
	put := func(l string) {
		if n == lines || n > 0 && b.Len()+1+len(l) > size {
			flush()
		}
		if n > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
		n++
	}
	for l := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		for len(l) > size {
			cut := size
			for cut > 1 && !utf8.RuneStart(l[cut]) {
				cut--
			}
			put(l[:cut])
			l = l[cut:]
		}
		put(l)
	}
	flush()
	return out
}

// Lines is how many lines a text has; the last one may end or not.
func Lines(s string) int { return strings.Count(strings.TrimSuffix(s, "\n"), "\n") + 1 }
