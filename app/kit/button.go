package kit

import (
	"runtime"

	"fyne.io/fyne/v2"

	"sendoff/app/state"
	"sendoff/widgets"
)

// Icon names a small picture.
type Icon = widgets.IconName

// Icons.
const (
	IconNone    = widgets.NoIcon
	IconPrepare = widgets.IconPrepare
	IconCheck   = widgets.IconCheck
	IconPause   = widgets.IconPause
	IconPlay    = widgets.IconPlay
	IconStop    = widgets.IconStop
	IconPlus    = widgets.IconAdd
)

// Button is a thing to press.
type Button = widgets.Button

// IconButton is a button with a picture alone.
type IconButton = widgets.Button

// NewButton makes a button.
func NewButton(label string, icon Icon, weight state.Weight, tap func()) *Button {
	kind := map[state.Weight]widgets.Kind{state.QuietButton: widgets.Quiet, state.Outlined: widgets.Outlined,
		state.Primary: widgets.Primary, state.Danger: widgets.Danger}[weight]
	return widgets.NewButton(label, icon, kind, tap)
}

// NewIconButton makes a button with a picture alone.
func NewIconButton(icon Icon, tip string, tap func()) *IconButton {
	return widgets.NewIconButton(icon, tip, tap)
}

// Item is one line of a menu; without a label it is a separator.
type Item struct {
	Label   string
	Tap     func()
	Checked bool
	Key     fyne.KeyName
	Alone   bool // the key works without Ctrl
}

// NewMenuButton makes a button with "…" that opens a menu made when pressed.
func NewMenuButton(tip string, items func() []Item) *IconButton {
	b := NewIconButton(widgets.IconMore, tip, nil)
	b.SetOnTap(func() { PopUp(b, items()) })
	return b
}

// PopUp opens a menu below at.
func PopUp(at fyne.CanvasObject, items []Item) { widgets.ShowMenu(at, lines(items)...) }

// PopUpChoices opens a menu of which several lines may be chosen; it stays until it
// is closed, and items are made anew after every choice.
func PopUpChoices(at fyne.CanvasObject, items func() []Item) {
	widgets.ShowChoices(at, func() []widgets.MenuItem { return lines(items()) })
}

func lines(items []Item) []widgets.MenuItem {
	ms := make([]widgets.MenuItem, len(items))
	for i, x := range items {
		ms[i] = widgets.MenuItem{Label: x.Label, Checked: x.Checked, OnTap: x.Tap}
		if x.Key != "" {
			ms[i].Keys = Keys(x.Key, x.Alone)
		}
	}
	return ms
}

// Keys is how a shortcut is written.
func Keys(key fyne.KeyName, alone bool) string {
	if alone {
		return string(key)
	}
	return modifier() + string(key)
}

// modifier is the key that goes with a shortcut, as this system writes it.
func modifier() string {
	if runtime.GOOS == "darwin" {
		return "⌘"
	}
	return "Ctrl+"
}

// NewLink makes a text to press.
func NewLink(label string, tap func()) fyne.CanvasObject {
	return widgets.HStack(0, widgets.NewLink(label, tap))
}
