package widgets

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

func trimmed(s string) string { return strings.TrimSpace(s) }

// Toasts shows short notices over a content without taking taps from it.
type Toasts struct {
	widget.BaseWidget
	content fyne.CanvasObject
	after   func(time.Duration, func())
	shadow  *canvas.Rectangle
	banner  *Banner
	number  int
}

// toastTime is long enough to read two lines.
const toastTime = 6 * time.Second

// NewToasts puts notices over a content. after calls a function on the UI
// goroutine once a time has passed; without it notices stay until pressed.
func NewToasts(content fyne.CanvasObject, after func(time.Duration, func())) *Toasts {
	t := &Toasts{content: content, after: after, shadow: canvas.NewRectangle(nil), banner: NewBanner(look.Neutral, NoIcon, "")}
	t.shadow.Hide()
	t.banner.Hide()
	t.ExtendBaseWidget(t)
	return t
}

// Say says something in passing; the next notice takes its place.
func (t *Toasts) Say(tone look.Tone, icon IconName, s string) {
	t.show(tone, icon, s, "", nil, toastTime)
}

// Offer says something and offers to do one thing about it; doing it takes the
// notice away. It stays longer.
func (t *Toasts) Offer(tone look.Tone, icon IconName, s, action string, onTap func()) {
	t.show(tone, icon, s, action, func() {
		t.Clear()
		onTap()
	}, 2*toastTime)
}

func (t *Toasts) show(tone look.Tone, icon IconName, s, action string, onTap func(), stay time.Duration) {
	t.number++
	n := t.number
	t.banner.Set(tone, icon, s)
	t.banner.SetAction(action, onTap)
	t.banner.Show()
	t.shadow.Show()
	t.Refresh()
	if t.after != nil {
		t.after(stay, func() {
			if n == t.number {
				t.Clear()
			}
		})
	}
}

// Clear takes the notice away.
func (t *Toasts) Clear() {
	Show(t.banner, false)
	Show(t.shadow, false)
}

func (t *Toasts) place(s fyne.Size) {
	put(t.content, 0, 0, s.Width, s.Height)
	if !t.banner.Visible() {
		return
	}
	w := min(t.banner.text.Natural()+60+t.banner.rightWidth(), 560, s.Width-40)
	h := heightFor(t.banner, w)
	x, y := floor((s.Width-w)/2), s.Height-h-24
	t.shadow.FillColor, t.shadow.CornerRadius = paint(t, look.Surface), look.RadiusSmall
	t.shadow.Shadow = canvas.Shadow{Color: paint(t, look.Shade), BlurRadius: 16, Offset: fyne.NewPos(0, 4)}
	put(t.shadow, x, y, w, h)
	put(t.banner, x, y, w, h)
}

// CreateRenderer implements fyne.Widget.
func (t *Toasts) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{t.content, t.shadow, t.banner}, layout: t.place, min: t.content.MinSize,
		refresh: func() { t.place(t.Size()); canvas.Refresh(t) }}
}

// NewEmptyState says that there is nothing yet, and the way in.
func NewEmptyState(icon IconName, title, text string, buttons ...*Button) fyne.CanvasObject {
	row := HStack(10)
	for _, b := range buttons {
		row.Add(b)
	}
	disc := NewBox(look.Chip, "", 28, Insets{}, container.NewCenter(NewIcon(icon, 24, look.ChipText)))
	return NewBox(look.Surface, look.Line, look.Radius, Pad(48, 32),
		VStack(14, container.NewCenter(Sized(56, 56, disc)), NewText(title, Headline()).Wrap().Center(),
			NewText(text, BodyMuted()).Wrap().Center(), container.NewCenter(row)))
}
