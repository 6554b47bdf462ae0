package message

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

// Template is compiled content.
type Template struct {
	from, replyTo mailbox
	sender        string   // what is wrong with the sender, or empty
	head          []byte   // the fields that are the same for every message
	digest        [32]byte // of everything that is the same for every message
	plain         bool     // so is that: CRLF, no NUL, no line that begins with a dot
	fast          bool     // splice where it is possible
	locale        *locale
	old           bool     // the plan is of before contents had a language
	names         []string // every name that a part uses
	special       []bool   // by number of the name: available in every template
	numbers       map[string]int
	fields        []Field
	subject       *unit
	preheader     *unit // nil without one
	html          *unit // nil without one
	text          *unit // nil when it is derived from each HTML
	images        []shownImage
	attached      []attached
	personal      int  // attachments that are another file for each recipient
	unread        bool // something that it refers to is not there
	account       *delivery.Sender
}

// Compile reads the templates of a delivery. The Template is nil when one of
// them is broken; each broken part has a finding with the place and, in Detail,
// a code and its argument: "unknown_filter sort". A sender that cannot be used
// is a finding too, yet the content can be previewed.
//
// What it compiles can be previewed and, unless it has images or attachments of
// its own, rendered; CompileWith has these too.
func Compile(c delivery.Content) (*Template, []delivery.Finding) { return CompileWith(c, Resources{}) }

// CompileWith is Compile with what the content refers to. Images are encoded here,
// once for all messages.
func CompileWith(c delivery.Content, r Resources) (*Template, []delivery.Finding) {
	return compileFrom(c, r, true)
}

// compileFrom compiles with or without the fast path.
func compileFrom(c delivery.Content, r Resources, fast bool) (*Template, []delivery.Finding) {
	t := &Template{fast: fast, numbers: map[string]int{}, account: r.Sender, old: r.Old, unread: r.Asset == nil && needsAssets(c)}
	if t.locale = localeOf(languageOf(c.Language, c.HTML)); r.Old {
		t.locale = localeOf("en")
	}
	findings := t.addresses(c)
	broken := false
	parse := func(part, text string) *source {
		s, f := sourceOf(part, text)
		if f != nil {
			broken = true
			findings = append(findings, s.finding(f))
		}
		return s
	}
	subject, preheader := parse(PartSubject, c.Subject), parse(PartPreheader, strings.TrimSpace(c.Preheader))
	html, text := parse(PartHTML, c.HTML), parse(PartText, c.Text)
	if broken {
		return nil, findings
	}
	findings = append(findings, t.embed(html, c, r)...)
	err := t.units(subject, preheader, html, text)
	attachments, e := t.attach(c, r)
	findings = append(findings, attachments...)
	if err = errors.Join(err, e); err != nil {
		// Everything was read before; what the engine alone refuses has no column.
		f := delivery.Finding{Code: delivery.FindTemplate, Severity: delivery.SeverityError, Part: PartHTML, Detail: err.Error()}
		return nil, append(findings, f)
	}
	for _, f := range t.fields {
		if f.Name == NameMirror && !f.Default {
			findings = append(findings, delivery.Finding{Code: delivery.FindMirror, Severity: delivery.SeverityError,
				Part: f.Part, Line: f.Line, Column: f.Column})
		}
	}
	findings = append(findings, t.senderMissed(r.Sender)...)
	t.head = t.header()
	t.digest, t.plain = t.digestOf(), t.staticPlain()
	return t, findings
}

// addresses reads the sender and where replies go.
func (t *Template) addresses(c delivery.Content) (out []delivery.Finding) {
	add := func(code delivery.FindingCode, part, detail string) {
		out = append(out, delivery.Finding{Code: code, Severity: delivery.SeverityError, Part: part, Detail: detail})
	}
	t.from, t.sender = parseMailbox(c.From)
	switch {
	case strings.TrimSpace(c.From) == "":
		t.sender = "empty"
		add(delivery.FindSenderEmpty, PartFrom, "")
	case t.sender != "":
		add(delivery.FindSenderInvalid, PartFrom, t.sender)
	}
	if strings.TrimSpace(c.ReplyTo) != "" {
		var detail string
		if t.replyTo, detail = parseMailbox(c.ReplyTo); detail != "" {
			t.sender = detail
			add(delivery.FindReplyToInvalid, PartReplyTo, detail)
		}
	}
	return out
}

// normal makes "\n" of every kind of line break.
func normal(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// sourceOf reads the template of a part. The fault is what is wrong with it, or nil.
func sourceOf(part, text string) (*source, *fault) {
	s := &source{part: part, text: normal(text)}
	f := s.check()
	if f == nil {
		f = s.scan()
	}
	if f == nil && part == PartHTML {
		_, f = s.contexts()
	}
	return s, f
}

// check refuses what no template can hold.
func (s *source) check() *fault {
	if len(s.text) > MaxSource {
		return &fault{0, "source_too_long " + strconv.Itoa(len(s.text))}
	}
	if i := strings.IndexByte(s.text, 0); i >= 0 {
		return &fault{i, "nul"}
	}
	// What Go templates leave of a missing value; Guard would stop it.
	if i := strings.Index(s.text, "<no value>"); i >= 0 {
		return &fault{i, "no_value"}
	}
	for i, r := range s.text {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s.text[i:]); n == 1 {
				return &fault{i, "not_utf8"}
			}
		}
	}
	return nil
}

func (s *source) finding(f *fault) delivery.Finding {
	line, column := s.position(f.pos)
	return delivery.Finding{Code: delivery.FindTemplate, Severity: delivery.SeverityError, Part: s.part, Line: line, Column: column, Detail: f.detail}
}

// name returns the number of a name.
func (t *Template) name(s string) int {
	i, ok := t.numbers[s]
	if !ok {
		i = len(t.names)
		t.numbers[s] = i
		t.names, t.special = append(t.names, s), append(t.special, Special(s))
	}
	return i
}

// units compiles the parts.
func (t *Template) units(subject, preheader, html, text *source) (err error) {
	build := func(nodes []node, as landing, fields bool) *unit {
		u, e := t.unitOf(nodes, as, fields)
		err = errors.Join(err, e)
		return u
	}
	t.subject = build(subject.nodes, asLine, true)
	markup := html.nodes
	if len(preheader.nodes) > 0 {
		t.preheader = build(preheader.nodes, asLine, true)
		if strings.TrimSpace(html.text) != "" {
			begin, _ := html.contexts()
			markup = withPreheader(markup, begin, preheader)
		}
	}
	if strings.TrimSpace(html.text) != "" {
		fields := len(t.fields)
		t.html = build(markup, asHTML, true)
		t.fields = dropPart(t.fields, fields, PartPreheader)
	}
	switch {
	case strings.TrimSpace(text.text) != "":
		t.text = build(text.nodes, asText, true)
	case t.html != nil:
		if derived, f := sourceOf(PartText, TextFromHTML(html.text)); f == nil {
			t.text = build(derived.nodes, asText, false)
		}
	}
	return err
}

// dropPart removes the fields of a part from those at from and later: they were
// recorded before.
func dropPart(fields []Field, from int, part string) []Field {
	kept := fields[:from]
	for _, f := range fields[from:] {
		if f.Part != part {
			kept = append(kept, f)
		}
	}
	return kept
}

// Text around a preheader. Behind it, characters without width or ink keep mail
// programs from filling the preview up with the body.
const (
	preheaderOpen  = `<span style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all">`
	preheaderPad   = "&#847;&zwnj;&nbsp;"
	preheaderPads  = 60
	preheaderClose = `</span>`
)

// withPreheader inserts the preheader where the body begins.
func withPreheader(nodes []node, begin place, preheader *source) []node {
	out := make([]node, 0, len(nodes)+len(preheader.nodes)+3)
	static := func(s string) node { return node{kind: nodeText, text: s, part: preheader} }
	insert := func() {
		out = append(out, static(preheaderOpen))
		for _, n := range preheader.nodes {
			switch n.kind {
			case nodeText, nodeRaw:
				n.text = string(appendEscaped(nil, oneLine(n.text)))
			case nodeObject:
				n.oneLine = true
			}
			out = append(out, n)
		}
		out = append(out, static(strings.Repeat(preheaderPad, preheaderPads)+preheaderClose))
	}
	if len(nodes) == 0 || begin == (place{}) {
		insert()
		return append(out, nodes...)
	}
	for i, n := range nodes {
		if i != begin.node {
			out = append(out, n)
			continue
		}
		head, tail := n, n
		head.text, tail.text = n.text[:begin.off], n.text[begin.off:]
		out = append(out, head)
		insert()
		out = append(out, tail)
	}
	return out
}

// Fields returns every use of a merge field, the special names included, part by
// part in the order of the source.
func (t *Template) Fields() []Field { return append([]Field(nil), t.fields...) }
