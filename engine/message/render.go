package message

import (
	"cmp"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// Buffer is the memory of one renderer. Its zero value is ready to use.
type Buffer struct {
	// Fields is room for the values of the next recipient; the renderer does
	// not use it.
	Fields map[string]string

	data    []byte
	date    []byte // the Date field …
	second  int64  // … of this second, in this zone
	zone    *time.Location
	scratch []byte // what the engine yields
	escaped []byte
	values  []string // by number of the name
	missing []bool
	// bindings is what the engine sees.
	bindings map[string]any
	part     string
	sum      sum
	beside   int // bytes of images and attachments
}

// miss notes that a needed name has no value.
func (b *Buffer) miss(name int) { b.missing[name] = true }

// bind fills in the values of a recipient.
func (b *Buffer) bind(t *Template, r Recipient, e Envelope) {
	if cap(b.values) < len(t.names) {
		b.values, b.missing = make([]string, len(t.names)), make([]bool, len(t.names))
	}
	b.values, b.missing = b.values[:len(t.names)], b.missing[:len(t.names)]
	clear(b.missing)
	for i, name := range t.names {
		var v string
		switch {
		case !t.special[i]:
			v = r.Fields[name]
		case name == NameUnsubscribe:
			v = e.UnsubscribeMailto
		case name == NameEmail:
			v = cmp.Or(r.As, r.Address)
		case name == NameLabel:
			v = e.Label
		case name == NameSender, name == NameAddress:
			v = senderValue(t.account, name)
		case name == NameToday:
			v = e.Today.Format(time.DateOnly)
		}
		b.values[i] = clean(v)
	}
}

// appendDate writes the Date field, which is the same for a whole second.
func (b *Buffer) appendDate(t time.Time) {
	if len(b.date) == 0 || b.second != t.Unix() || b.zone != t.Location() {
		b.date = append(t.AppendFormat(append(b.date[:0], "Date: "...), "Mon, 02 Jan 2006 15:04:05 -0700"), "\r\n"...)
		b.second, b.zone = t.Unix(), t.Location()
	}
	b.data = append(b.data, b.date...)
}

// Render renders the message of one recipient. Errors: KindInvalid for an
// address, envelope or content that no message can have (Field says which),
// KindTemplate and KindTooLarge for a template that fails with these values.
func (t *Template) Render(b *Buffer, r Recipient, e Envelope) (Message, error) {
	if err := t.check(r, e); err != nil {
		return Message{}, err
	}
	b.bind(t, r, e)
	b.data = b.data[:0]
	b.appendDate(e.Date)
	b.sum.begin(&t.digest, len(b.data), t.plain && !t.rich()) // files are not looked at here
	b.data = append(b.data, t.head...)
	own := len(b.data)
	b.data = append(b.data, "To: "...)
	b.data = append(b.data, r.Address...)
	b.data = append(b.data, "\r\n"...)
	if err := t.appendSubject(b); err != nil {
		return Message{}, err
	}
	if len(b.data) > maxHeader/2 {
		return Message{}, &delivery.Error{Op: "render", Kind: delivery.KindTooLarge, Field: PartSubject}
	}
	b.data = append(b.data, "Message-ID: "...)
	b.data = append(b.data, e.MessageID...)
	b.data = append(b.data, "\r\n"...)
	if e.UnsubscribeMailto != "" {
		b.data = append(b.data, "List-Unsubscribe:"...)
		if len("List-Unsubscribe: <>")+len(e.UnsubscribeMailto) > headerLine {
			b.data = append(b.data, "\r\n"...)
		}
		b.data = append(b.data, " <"...)
		b.data = append(b.data, e.UnsubscribeMailto...)
		b.data = append(b.data, ">\r\n"...)
	}
	b.sum.add(b.data, own, len(b.data))
	b.beside = 0
	if err := t.appendBody(b, r, e.MessageID); err != nil {
		return Message{}, err
	}
	return Message{From: t.from.address, To: r.Address, Data: b.data, Sum: b.sum.end(len(b.data)), Missing: t.missing(b),
		Plain: b.sum.plain, Reading: len(b.data) - b.beside}, nil
}

// missing lists what was missed.
func (t *Template) missing(b *Buffer) (names []string) {
	for i, missing := range b.missing {
		if missing {
			names = append(names, t.names[i])
		}
	}
	return names
}

// check refuses what would break a header.
func (t *Template) check(r Recipient, e Envelope) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: "render", Kind: delivery.KindInvalid, Field: field, Detail: detail}
	}
	switch {
	case t.sender != "":
		return bad(PartFrom, t.sender)
	case !bareAddress(r.Address):
		return bad("address", r.Address)
	case !messageID(e.MessageID):
		return bad("message_id", e.MessageID)
	case e.UnsubscribeMailto != "" && !mailtoURL(e.UnsubscribeMailto):
		return bad("unsubscribe", e.UnsubscribeMailto)
	case t.html == nil && t.text == nil:
		return bad("content", "")
	}
	return t.filesFit(r.Files)
}

// messageID reports whether s is a msg-id that we would write.
func messageID(s string) bool {
	if len(s) < 5 || len(s) > 500 || s[0] != '<' || s[len(s)-1] != '>' {
		return false
	}
	local, domain, ok := strings.Cut(s[1:len(s)-1], "@")
	return ok && dotAtom(local) && dotAtom(domain)
}

// mailtoURL reports whether s can stand in a List-Unsubscribe field.
func mailtoURL(s string) bool {
	if !strings.HasPrefix(s, "mailto:") || len(s) > 900 {
		return false
	}
	for i := range len(s) {
		if octet[s[i]]&inURL == 0 {
			return false
		}
	}
	return true
}

// header returns the fields that all messages of the template share.
//
// Precedence keeps old out-of-office programs still; List-ID, which newer ones
// look at, names the sender and not the delivery, so that a filter that a
// recipient makes goes on working.
func (t *Template) header() []byte {
	if t.sender != "" {
		return nil
	}
	dst := appendMailbox(nil, "From", t.from)
	if t.replyTo.address != "" {
		dst = appendMailbox(dst, "Reply-To", t.replyTo)
	}
	dst = append(dst, "List-ID: <"...)
	dst = append(dst, strings.Replace(t.from.address, "@", ".", 1)...)
	return append(dst, ">\r\nPrecedence: bulk\r\nMIME-Version: 1.0\r\n"...)
}

// appendSubject writes the Subject field.
func (t *Template) appendSubject(b *Buffer) error {
	subject, err := t.subject.string(b, PartSubject)
	if err != nil {
		return err
	}
	data := t.subject.braces
	for _, name := range t.subject.names {
		data = data || telling(b.values[name], asLine)
	}
	b.data = appendText(b.data, "Subject", strings.TrimSpace(oneLine(subject)), data)
	return nil
}

// Bounds of a multipart's delimiters. "=_" cannot occur in quoted-printable.
const (
	textFields = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
	htmlFields = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
)

// appendBody writes the rest of the header and the body: text alone, or
// alternatives (RFC 2046 section 5.1.4) with the text first.
func (t *Template) appendBody(b *Buffer, r Recipient, messageID string) error {
	if t.rich() {
		return t.appendRich(b, r, messageID)
	}
	return t.appendReading(b, boundaryToken(messageID))
}

// appendReading writes what is read of a message.
func (t *Template) appendReading(b *Buffer, token []byte) error {
	if t.html == nil {
		b.data = append(b.data, textFields...)
		if err := t.text.appendQP(b, PartText); err != nil {
			return err
		}
		if !strings.HasSuffix(string(b.data[len(b.data)-2:]), "\r\n") {
			b.data = append(b.data, "\r\n"...)
		}
		return nil
	}
	delimiter := func(end string) {
		b.data = append(b.data, "--=_"...)
		b.data = append(b.data, token...)
		b.data = append(b.data, end...)
	}
	b.data = append(b.data, "Content-Type: multipart/alternative;\r\n boundary=\"=_"...)
	b.data = append(b.data, token...)
	b.data = append(b.data, "\"\r\n\r\n"...)
	delimiter("\r\n")
	b.data = append(b.data, textFields...)
	if err := t.appendText(b); err != nil {
		return err
	}
	b.data = append(b.data, "\r\n"...)
	delimiter("\r\n")
	if len(t.images) > 0 {
		if err := t.appendRelated(b, token); err != nil {
			return err
		}
		delimiter("--\r\n")
		return nil
	}
	b.data = append(b.data, htmlFields...)
	if err := t.html.appendQP(b, PartHTML); err != nil {
		return err
	}
	b.data = append(b.data, "\r\n"...)
	delimiter("--\r\n")
	return nil
}

// boundaryToken derives a boundary from a Message-ID, of at most 68 characters
// that need no thought.
func boundaryToken(messageID string) []byte {
	token := make([]byte, 0, 64)
	for i := 0; i < len(messageID) && len(token) < 32; i++ {
		if alnum(messageID[i]) {
			token = append(token, messageID[i])
		}
	}
	return token
}

// appendText writes the plain text; where none could be derived from the HTML
// template it is derived from the HTML.
func (t *Template) appendText(b *Buffer) error {
	if t.text != nil {
		return t.text.appendQP(b, PartText)
	}
	s, err := t.derived(b)
	if err != nil {
		return err
	}
	w := qpWriter{dst: b.data}
	w.write(s, true, false)
	w.close()
	b.sum.add(w.dst, len(b.data), len(w.dst))
	b.data = w.dst
	return nil
}

// derived renders the HTML and takes its text.
func (t *Template) derived(b *Buffer) (string, error) {
	html, err := t.html.string(b, PartHTML)
	if err != nil {
		return "", err
	}
	return textFrom(html), nil
}

// string renders a unit as text.
func (u *unit) string(b *Buffer, part string) (string, error) {
	b.part = part
	if u.liquid != nil {
		err := u.run(b)
		return string(b.scratch), err
	}
	b.scratch = b.scratch[:0]
	for i := range u.segments {
		s := &u.segments[i]
		switch {
		case !s.slot:
			b.scratch = append(b.scratch, s.text...)
		case u.as == asHTML:
			b.scratch = appendEscaped(b.scratch, s.value(b))
		default:
			b.scratch = append(b.scratch, s.value(b)...)
		}
		if len(b.scratch) > MaxRendered {
			return "", renderError(errBudget, b)
		}
	}
	return string(b.scratch), nil
}

// appendQP renders a unit as quoted-printable.
func (u *unit) appendQP(b *Buffer, part string) error {
	b.part = part
	w := qpWriter{dst: b.data}
	if u.liquid != nil {
		if err := u.run(b); err != nil {
			return err
		}
		data := u.braces
		for _, name := range u.names {
			data = data || telling(b.values[name], u.as)
		}
		w.write(string(b.scratch), data, u.as == asHTML)
		b.sum.add(w.dst, len(b.data), len(w.dst))
	} else if err := u.appendSegments(b, &w); err != nil {
		return err
	}
	w.close()
	b.data = w.dst
	return nil
}

func (u *unit) appendSegments(b *Buffer, w *qpWriter) error {
	left := MaxRendered
	for i := range u.segments {
		s := &u.segments[i]
		if !s.slot {
			left -= len(s.text)
			w.insert(s.encoded, s.col)
			continue
		}
		v := s.value(b)
		if v == "" {
			continue
		}
		w.split()
		if u.as == asHTML && hasMarkup(v) {
			b.escaped = appendEscaped(b.escaped[:0], v)
			v = string(b.escaped)
		}
		if left -= len(v); left < 0 {
			return renderError(errBudget, b)
		}
		begin := len(w.dst)
		w.write(v, true, u.as == asHTML)
		b.sum.add(w.dst, begin, len(w.dst))
	}
	return nil
}

// Preview renders what a person will see. It needs no sender and no Message-ID.
func (t *Template) Preview(r Recipient, e Envelope) (Preview, error) {
	var b Buffer
	b.bind(t, r, e)
	p := Preview{From: t.from.address}
	if t.from.name != "" {
		p.From = t.from.name + " <" + t.from.address + ">"
	}
	var err error
	get := func(u *unit, part string) (s string) {
		if u != nil && err == nil {
			s, err = u.string(&b, part)
		}
		return s
	}
	p.Subject = strings.TrimSpace(oneLine(get(t.subject, PartSubject)))
	p.Preheader = strings.TrimSpace(oneLine(get(t.preheader, PartPreheader)))
	p.HTML, p.Text = t.assetsOf(get(t.html, PartHTML)), get(t.text, PartText)
	if t.text == nil && t.html != nil && err == nil {
		p.Text, err = t.derived(&b)
	}
	for _, a := range t.attached { // for what they miss
		get(a.file, PartAttachment)
		get(a.name, PartAttachment)
	}
	p.Missing = t.missing(&b)
	return p, err
}
