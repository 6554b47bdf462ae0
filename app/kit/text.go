package kit

import (
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// Role is what a text is for; it decides size, weight and colour.
type Role int

// Roles.
const (
	Body Role = iota
	SideTitle
	Headline
	Main
	Strong
	Muted
	Small
	Note
	Heading
	Title
	RowTitle
)

func (r Role) style() widgets.TextStyle {
	switch r {
	case SideTitle:
		return widgets.SideTitle()
	case Headline:
		return widgets.Headline()
	case Main:
		return widgets.MainText()
	case Strong:
		return widgets.SmallStrong()
	case Muted:
		return widgets.BodyMuted()
	case Small:
		return widgets.SmallMuted()
	case Note:
		return widgets.Caption()
	case Heading:
		return widgets.Heading()
	case Title:
		return widgets.WindowTitle()
	case RowTitle:
		return widgets.RowTitle()
	}
	return widgets.Body()
}

// Text is a line or a paragraph.
type Text = widgets.Text

// NewText makes a text of a role.
func NewText(r Role, s string) *Text { return widgets.NewText(s, r.style()) }

// SetTone changes the colour of a text; Neutral is plain ink.
func SetTone(t *Text, tone state.Tone) { t.SetTone(look.Tone(tone)) }
