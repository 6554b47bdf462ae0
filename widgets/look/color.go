package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours by what they are for. Those that end in On are grounds, on which the
// colour of the same name without On can be read.
const (
	Ground      fyne.ThemeColorName = "sendoff.ground"      // behind everything
	Side        fyne.ThemeColorName = "sendoff.side"        // the panel at the left
	Surface     fyne.ThemeColorName = "sendoff.surface"     // cards, bars, dialogs
	Line        fyne.ThemeColorName = "sendoff.line"        // borders and dividers
	Ink         fyne.ThemeColorName = "sendoff.ink"         // text
	Muted       fyne.ThemeColorName = "sendoff.muted"       // text of less weight
	Chip        fyne.ThemeColorName = "sendoff.chip"        // neutral ground, hover
	ChipText    fyne.ThemeColorName = "sendoff.chipText"    // muted text on Chip
	Track       fyne.ThemeColorName = "sendoff.track"       // the empty part of a ring or a bar
	Action      fyne.ThemeColorName = "sendoff.action"      // the filled button, rings, lines
	Area        fyne.ThemeColorName = "sendoff.area"        // Action where it fills a large part of a chart
	ActionHover fyne.ThemeColorName = "sendoff.actionHover" // the filled button under the pointer
	PrimaryText fyne.ThemeColorName = "sendoff.primaryText" // text on Action
	Blue        fyne.ThemeColorName = "sendoff.blue"
	BlueOn      fyne.ThemeColorName = "sendoff.blueOn"
	Green       fyne.ThemeColorName = "sendoff.green"
	GreenOn     fyne.ThemeColorName = "sendoff.greenOn"
	Amber       fyne.ThemeColorName = "sendoff.amber"
	AmberOn     fyne.ThemeColorName = "sendoff.amberOn"
	Red         fyne.ThemeColorName = "sendoff.red"
	RedOn       fyne.ThemeColorName = "sendoff.redOn"
	RedFill     fyne.ThemeColorName = "sendoff.redFill"  // a filled button that does harm
	RedHover    fyne.ThemeColorName = "sendoff.redHover" // the same under the pointer
	Violet      fyne.ThemeColorName = "sendoff.violet"
	VioletOn    fyne.ThemeColorName = "sendoff.violetOn"
	Dim         fyne.ThemeColorName = "sendoff.dim"   // over a window below a dialog
	Shade       fyne.ThemeColorName = "sendoff.shade" // the shadow of a dialog
	Ring        fyne.ThemeColorName = "sendoff.focus" // around what has the keyboard
	Clear       fyne.ThemeColorName = "sendoff.clear" // nothing at all
)

// pair is one colour in both variants, as 0xRRGGBBAA.
type pair struct{ light, dark uint32 }

func palette(n fyne.ThemeColorName) (pair, bool) {
	switch n {
	case Ground, theme.ColorNameBackground:
		return pair{0xF4F5F7FF, 0x13161BFF}, true
	case Side:
		return pair{0xFBFBFCFF, 0x171B22FF}, true
	case Surface, theme.ColorNameButton, theme.ColorNameInputBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return pair{0xFFFFFFFF, 0x1B2027FF}, true
	case Line, theme.ColorNameInputBorder, theme.ColorNameSeparator:
		return pair{0xE2E5EAFF, 0x2C333CFF}, true
	case Ink, theme.ColorNameForeground:
		return pair{0x1B2430FF, 0xE7EBF0FF}, true
	case Muted, theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return pair{0x667085FF, 0x98A2B3FF}, true
	case Chip, theme.ColorNameHover, theme.ColorNameDisabledButton:
		return pair{0xEEF0F3FF, 0x262C35FF}, true
	case ChipText:
		return pair{0x636D81FF, 0x98A2B3FF}, true
	case Track:
		return pair{0xE9EBF0FF, 0x2B313BFF}, true
	case Action, theme.ColorNamePrimary:
		return pair{0x1F6FEBFF, 0x5B9BFFFF}, true
	case Area:
		return pair{0xDDE9FCFF, 0x253348FF}, true
	case ActionHover:
		return pair{0x185BC7FF, 0x7BB0FFFF}, true
	case PrimaryText, theme.ColorNameForegroundOnPrimary:
		return pair{0xFFFFFFFF, 0x0E1726FF}, true
	case theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess, theme.ColorNameForegroundOnWarning:
		return pair{0xFFFFFFFF, 0x0E1726FF}, true
	case Blue, theme.ColorNameHyperlink:
		return pair{0x1D67DBFF, 0x5B9BFFFF}, true
	case BlueOn, theme.ColorNameSelection, theme.ColorNamePressed:
		return pair{0xE8F0FEFF, 0x1B2A44FF}, true
	case Green, theme.ColorNameSuccess:
		return pair{0x197C4AFF, 0x4CC38AFF}, true
	case GreenOn:
		return pair{0xE6F4ECFF, 0x17322AFF}, true
	case Amber, theme.ColorNameWarning:
		return pair{0x976500FF, 0xF0B440FF}, true
	case AmberOn:
		return pair{0xFFF4D6FF, 0x33290FFF}, true
	case Red, theme.ColorNameError:
		return pair{0xC0352BFF, 0xF2786EFF}, true
	case RedFill:
		return pair{0xC0352BFF, 0xF2786EFF}, true
	case RedHover:
		return pair{0xA52A21FF, 0xF79A92FF}, true
	case RedOn:
		return pair{0xFDEBEAFF, 0x3A1E1DFF}, true
	case Violet:
		return pair{0x6B4EE6FF, 0xA795FFFF}, true
	case VioletOn:
		return pair{0xEFEBFFFF, 0x262042FF}, true
	case Dim:
		return pair{0x10182873, 0x00000096}, true
	case theme.ColorNameShadow:
		return pair{0x1018281E, 0x0000004C}, true
	case Shade:
		return pair{0x10182838, 0x00000070}, true
	case Ring, theme.ColorNameFocus:
		return pair{0x1F6FEB6E, 0x5B9BFF6E}, true
	case theme.ColorNameScrollBar:
		return pair{0x6670857A, 0x98A2B37A}, true
	// A little alpha: painters blend the edges of what is fully transparent
	// with black.
	case Clear:
		return pair{0xFFFFFF00, 0x1B202700}, true
	case theme.ColorNameScrollBarBackground:
		return pair{0xFFFFFF01, 0x1B202701}, true
	}
	return pair{}, false
}

func rgba(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
}

// Tone is how a thing feels. State is never told by colour alone: a word or an
// icon comes with it.
type Tone string

// Tones: Neutral is plain ink, Quiet is muted.
const (
	Neutral    Tone = ""
	Quiet      Tone = "quiet"
	BlueTone   Tone = "blue"
	GreenTone  Tone = "green"
	AmberTone  Tone = "amber"
	RedTone    Tone = "red"
	VioletTone Tone = "violet"
)

// Text is the colour of words of a tone.
func (t Tone) Text() fyne.ThemeColorName {
	switch t {
	case Quiet:
		return Muted
	case BlueTone:
		return Blue
	case GreenTone:
		return Green
	case AmberTone:
		return Amber
	case RedTone:
		return Red
	case VioletTone:
		return Violet
	}
	return Ink
}

// On is the ground of a chip or banner of a tone, and TextOn the words on it.
func (t Tone) On() fyne.ThemeColorName {
	switch t {
	case BlueTone:
		return BlueOn
	case GreenTone:
		return GreenOn
	case AmberTone:
		return AmberOn
	case RedTone:
		return RedOn
	case VioletTone:
		return VioletOn
	}
	return Chip
}

// TextOn is the colour of words on the ground of a tone.
func (t Tone) TextOn() fyne.ThemeColorName {
	if t == Quiet {
		return ChipText
	}
	return t.Text()
}

// Fill is the colour of rings, bars and lines of a tone.
func (t Tone) Fill() fyne.ThemeColorName {
	if t == BlueTone {
		return Action
	}
	return t.Text()
}
