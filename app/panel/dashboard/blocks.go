package dashboard

import (
	"strings"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
)

// plainBlock is a card with one main line and a note: Audience, Schedule.
type plainBlock struct {
	block *kit.Block
	main  *kit.Text
	note  *kit.Text
}

func newPlainBlock(title, edit string, open func()) *plainBlock {
	b := &plainBlock{main: kit.NewText(kit.Main, "").Wrap(), note: kit.NewText(kit.Muted, "").Wrap()}
	b.block = kit.NewBlock(title, edit, open, b.main, b.note)
	return b
}

func (b *plainBlock) set(m state.Block, edit bool) {
	b.main.Set(m.Main)
	b.note.Set(m.Note)
	tone := m.Tone
	if tone == state.Neutral {
		tone = state.Quiet
	}
	kit.SetTone(b.note, tone)
	b.block.SetEditable(edit)
}

// contentBlock is what is sent: sender, subject, and the message as the first
// recipient gets it.
type contentBlock struct {
	p        *Panel
	block    *kit.Block
	from     *kit.Line
	subject  *kit.Line
	none     *kit.Text
	sheet    *kit.Sheet
	rendered string // the subject as the first recipient gets it
}

func newContentBlock(p *Panel, open func()) *contentBlock {
	c := p.env.Text
	b := &contentBlock{p: p}
	b.from = kit.NewLine(c.T("content.from"), false)
	b.subject = kit.NewLine(c.T("content.subject"), true)
	b.none = kit.NewText(kit.Muted, "").Wrap()
	b.sheet = kit.NewSheet()
	b.block = kit.NewBlock(c.T("block.content"), c.T("common.edit"), open, b.from, b.subject, b.none, b.sheet)
	return b
}

func (b *contentBlock) set(m state.Content, edit bool) {
	b.from.Set(m.From)
	if b.rendered == "" {
		b.subject.Set(m.Subject)
	}
	b.none.Set(m.Note)
	kit.Show(b.none, m.Empty)
	kit.Show(b.from, !m.Empty)
	kit.Show(b.subject, !m.Empty)
	b.block.SetEditable(edit)
}

// maxPreview is as much of a message as the card shows.
const maxPreview = 300

// preview shows the message as the first recipient gets it, subject included.
func (b *contentBlock) preview(m bridge.Preview, err error) {
	c := b.p.env.Text
	switch {
	case err != nil:
		b.rendered = ""
		b.sheet.Set("", c.Error(err), "")
	case m.Address == "":
		b.rendered = ""
		b.sheet.Set("", c.T("content.no_preview"), "")
	default:
		b.rendered = m.Subject
		b.subject.Set(m.Subject)
		head, rest := headed(m.Text)
		b.sheet.Set(head, excerpt(rest), c.T("content.preview_of", "address", m.Address))
	}
}

// headed takes the first line for a heading when it is as short as one.
func headed(s string) (head, rest string) {
	head, rest, ok := strings.Cut(strings.TrimSpace(s), "\n")
	if !ok || len(head) > 60 {
		return "", s
	}
	return strings.TrimSpace(head), rest
}

// excerpt cuts a text at a line or a word.
func excerpt(s string) string {
	s = strings.TrimSpace(s)
	if len(s) <= maxPreview {
		return s
	}
	s = s[:maxPreview]
	if i := strings.LastIndexAny(s, "\n "); i > maxPreview/2 {
		s = s[:i]
	}
	return strings.ToValidUTF8(s, "") + " …"
}
