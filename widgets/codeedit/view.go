package codeedit

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets"
)

// Words are those of the editor.
type Words struct {
	Label, Find, Replace, Next, Previous, Case, One, All, Close string

	Found    func(nth, of int) string // which of the places is selected; of 0: none
	Replaced func(n int) string
}

// View is an editor with the bar for searching above it.
type View struct {
	widget.BaseWidget
	*Editor
	words  Words
	find   *widgets.Entry
	with   *widgets.Entry
	exact  *widgets.Button
	count  *widgets.Text
	second fyne.CanvasObject
	bar    *fyne.Container
	root   *fyne.Container
	q      query
}

// NewView makes an empty one; after calls a function on the UI goroutine later.
func NewView(w Words, after func(time.Duration, func())) *View {
	v := &View{Editor: New(w.Label, after), words: w}
	v.find, v.with = widgets.NewEntry("", w.Find), widgets.NewEntry("", w.Replace)
	v.count = widgets.NewText("", widgets.SmallMuted()).Slot(90)
	v.exact = widgets.NewButton("Aa", widgets.NoIcon, widgets.Quiet, func() {
		v.q.exact = !v.q.exact
		kind := widgets.Quiet
		if v.q.exact {
			kind = widgets.Outlined
		}
		v.exact.SetKind(kind)
		v.again()
	})
	v.exact.SetToolTip(w.Case)
	previous := widgets.NewIconButton(widgets.IconUp, w.Previous, func() { v.step(true) })
	next := widgets.NewIconButton(widgets.IconLower, w.Next, func() { v.step(false) })
	shut := widgets.NewIconButton(widgets.IconClose, w.Close, v.Shut)
	one := widgets.NewButton(w.One, widgets.NoIcon, widgets.Outlined, func() { v.say(v.substitute(v.q, v.with.Text())) })
	all := widgets.NewButton(w.All, widgets.NoIcon, widgets.Outlined, func() {
		v.count.Set(w.Replaced(v.substituteAll(v.q, v.with.Text())))
	})
	first := container.NewBorder(nil, nil, nil, widgets.HStack(4, widgets.HStack(8, widgets.HStack(0), v.count), v.exact, previous, next, shut), v.find)
	v.second = container.NewBorder(nil, nil, nil, widgets.HStack(8, widgets.HStack(0), one, all), v.with)
	v.bar = widgets.VStack(8, first, v.second)
	v.bar.Hide()
	v.root = container.NewBorder(widgets.VStack(8, v.bar, widgets.Sized(0, 1, widgets.HStack(0))), nil, nil, nil, v.Editor)
	v.find.SetOnChanged(func(s string) {
		v.q.text = s
		v.anchor = v.cursor
		if from, _ := v.selection(); from.before(v.cursor) {
			v.cursor = from
		}
		v.again()
	})
	v.find.SetOnReturn(func() { v.step(false) })
	v.with.SetOnReturn(func() { v.say(v.substitute(v.q, v.with.Text())) })
	for _, e := range []*widgets.Entry{v.find, v.with} {
		e.SetOnKey(func(k fyne.KeyName) bool {
			switch k {
			case fyne.KeyEscape:
				v.Shut()
			case fyne.KeyF3, fyne.KeyDown:
				v.step(false)
			case fyne.KeyUp:
				v.step(true)
			default:
				return false
			}
			return true
		})
	}
	v.onFind = v.Open
	v.onNext = v.step
	v.ExtendBaseWidget(v)
	return v
}

// Open shows the bar with the keyboard on it, the line for replacing too.
func (v *View) Open(replace bool) {
	if s := v.Selected(); s != "" && len(s) < 200 && !containsLine(s) {
		v.q.text = s
		v.find.SetText(s)
	}
	v.bar.Show()
	widgets.Show(v.second, replace && v.enabled)
	v.root.Refresh()
	v.focus(v.find.Target())
	v.count.Set("")
}

func containsLine(s string) bool {
	for i := range len(s) {
		if s[i] == '\n' {
			return true
		}
	}
	return false
}

// Shut hides the bar and gives the keyboard to the text.
func (v *View) Shut() {
	v.bar.Hide()
	v.root.Refresh()
	v.focus(v.area)
}

func (v *View) focus(f fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(f)
	}
}

func (v *View) step(back bool) {
	if v.q.text == "" {
		v.Open(false)
		return
	}
	v.say(v.search(v.q, back))
}

// again searches from where the selection begins.
func (v *View) again() {
	if v.q.text == "" {
		v.count.Set("")
		return
	}
	from, _ := v.selection()
	v.cursor, v.anchor = from, from
	v.say(v.search(v.q, false))
}

func (v *View) say(nth, of int) { v.count.Set(v.words.Found(nth, of)) }

// CreateRenderer implements fyne.Widget.
func (v *View) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.root) }
