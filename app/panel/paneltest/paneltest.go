// Package paneltest shows one screen in a window without a display, over an
// engine in memory, and looks at it as a person would. It serves tests only.
//
// A Window belongs to the goroutine of its test.
package paneltest

import (
	"context"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge"
	"sendoff/app/bridge/bridgetest"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/resources/translations"
	"sendoff/widgets"
)

// Screen is what a window shows.
type Screen interface {
	Content() fyne.CanvasObject
	Handle([]event.Event)
	Reload()
	Close()
}

// Options of a window. The zero value is English, light, 1280 × 820 without the
// navigation, with the first operator at work.
type Options struct {
	Lang, Theme string
	W, H        float32
	Operator    int
}

// Window is a screen in a window, and what the screen asked of it.
type Window struct {
	T      *testing.T
	Env    *panel.Env
	Engine *bridgetest.Engine
	UI     *bridgetest.UI
	Words  *text.Catalog
	Screen Screen
	Window fyne.Window

	Went      []panel.Place // where the screen wanted to go
	Backs     int
	Toasts    []string
	Undos     []panel.Undo // offered by Did
	Offered   []func()     // what Offer would do
	Copied    []string
	Launched  []string
	Title     string
	PickFile  string // what the file dialog answers; empty: cancelled
	SaveFile  string // the same when a file is to be written
	Picked    int    // how often a file was asked for
	operators []access.Operator
	size      fyne.Size
}

// Open shows a screen.
func Open(t *testing.T, e *bridgetest.Engine, o Options, build func(*panel.Env) Screen) *Window {
	t.Helper()
	if o.Lang == "" {
		o.Lang = "en"
	}
	if o.Theme == "" {
		o.Theme = "light"
	}
	if o.W == 0 {
		o.W, o.H = 1280, 820
	}
	words, err := text.Load(translations.FS, o.Lang, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	a := test.NewTempApp(t)
	a.Settings().SetTheme(kit.NewTheme(o.Theme))
	w := &Window{T: t, Engine: e, UI: bridgetest.NewUI(), Words: words, Window: a.NewWindow("test"), size: fyne.NewSize(o.W, o.H)}
	t.Cleanup(w.Window.Close)
	w.operators, _ = e.Operators(t.Context())
	b := bridge.New(w.UI.Post, nil)
	t.Cleanup(b.Cancel)
	who := w.operators[o.Operator]
	w.Env = &panel.Env{Engine: e, Bridge: b, Text: words, Now: bridgetest.Now, Window: w.Window, Prefs: a.Preferences(),
		Mode:     func() string { return o.Theme },
		Choose:   panel.Choices{Mode: func(string) {}, Language: func(string) {}},
		Operator: func() access.Operator { return who },
		Become:   func(o access.Operator) { who = o },
		Toast:    func(s string, _ state.Tone) { w.Toasts = append(w.Toasts, s) },
		Did:      func(s string, u panel.Undo) { w.Toasts, w.Undos = append(w.Toasts, s), append(w.Undos, u) },
		Offer:    func(s, _ string, do func()) { w.Toasts, w.Offered = append(w.Toasts, s), append(w.Offered, do) },
		Go:       func(p panel.Place) { w.Went = append(w.Went, p) },
		Back:     func() { w.Backs++ },
		Title:    func(title, _ string) { w.Title = title },
		Home:     func() { w.Went = append(w.Went, panel.Place{Screen: panel.Deliveries}) },
		Copy:     func(s string) { w.Copied = append(w.Copied, s) },
		Launch:   func(s string) error { w.Launched = append(w.Launched, s); return nil },
		Pick: func(_ string, _ []string, done func(string)) {
			if w.Picked++; w.PickFile != "" {
				done(w.PickFile)
			}
		},
		Save: func(_ string, done func(string)) {
			if w.Picked++; w.SaveFile != "" {
				done(w.SaveFile)
			}
		},
	}
	w.Env.Open = func(id delivery.ID) { w.Env.Go(panel.Place{Screen: panel.Delivery, Delivery: id}) }
	w.Window.SetPadded(false)
	w.Window.Resize(w.size) // a screen may look at it
	w.Screen = build(w.Env)
	w.Window.SetContent(widgets.Root(10, 10, w.Screen.Content()))
	t.Cleanup(w.Screen.Close)
	src := e.Subscribe()
	b.Follow(src, func(es []event.Event) { w.Screen.Handle(es) })
	w.Settle()
	return w
}

// Settle waits until nothing more happens by itself, and lays the window out.
func (w *Window) Settle() {
	w.UI.Settle()
	for range 2 {
		w.Window.Resize(w.size.AddWidthHeight(1, 1))
		w.Window.Resize(w.size)
	}
	w.UI.Settle()
}

// Each visits what is visible, with its place in the window.
func (w *Window) Each(f func(fyne.CanvasObject, fyne.Position)) {
	Walk(w.Window.Content(), fyne.Position{}, f)
	for _, o := range w.Window.Canvas().Overlays().List() {
		Walk(o, fyne.Position{}, f)
	}
}

// Walk visits what is visible below an object, with the place of each in the window.
func Walk(o fyne.CanvasObject, at fyne.Position, f func(fyne.CanvasObject, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	f(o, at)
	switch o := o.(type) {
	case *fyne.Container:
		for _, x := range o.Objects {
			Walk(x, at, f)
		}
	case fyne.Widget:
		for _, x := range test.WidgetRenderer(o).Objects() {
			Walk(x, at, f)
		}
	}
}

// Says reports whether the window shows a text, in one line or broken.
func (w *Window) Says(s string) bool {
	var all strings.Builder
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if t, ok := o.(*canvas.Text); ok {
			all.WriteString(t.Text + " ")
		}
	})
	join := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.Contains(join(all.String()), join(s))
}

// Want fails for every sentence that is not shown.
func (w *Window) Want(sentences ...string) {
	w.T.Helper()
	for _, s := range sentences {
		if !w.Says(s) {
			w.T.Errorf("the window does not say %q", s)
		}
	}
}

// All lists the visible objects of a type, in drawing order.
func All[T fyne.CanvasObject](w *Window) []T {
	var out []T
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if x, ok := o.(T); ok {
			out = append(out, x)
		}
	})
	return out
}

// Button is the visible button with a label, or nil.
func (w *Window) Button(label string) *widgets.Button {
	var b *widgets.Button
	for _, k := range All[*widgets.Button](w) {
		if k.Text() == label || k.Text() == "" && k.ToolTip() == label {
			b = k
		}
	}
	return b
}

// Tap presses a button by its label or, when it has none, its tip.
func (w *Window) Tap(label string) {
	w.T.Helper()
	b := w.Button(label)
	if b == nil {
		w.T.Fatalf("there is no button %q", label)
	}
	b.Tapped(nil)
	w.Settle()
}

// Key presses a key on what has the keyboard.
func (w *Window) Key(names ...fyne.KeyName) {
	w.T.Helper()
	for _, n := range names {
		switch f := w.Window.Canvas().Focused(); {
		case f != nil:
			f.TypedKey(&fyne.KeyEvent{Name: n})
		case w.Window.Canvas().OnTypedKey() != nil:
			w.Window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: n})
		default:
			w.T.Fatalf("nothing has the keyboard for %s", n)
		}
	}
	w.Settle()
}

// NothingIsCut fails for texts that stick out of the window at either side.
func (w *Window) NothingIsCut() {
	w.T.Helper()
	w.Each(func(o fyne.CanvasObject, at fyne.Position) {
		if k, ok := o.(*canvas.Text); ok && k.Text != "" && (at.X < 0 || at.X+k.MinSize().Width > w.size.Width+0.5) {
			w.T.Errorf("%q reaches from %v to %v", k.Text, at.X, at.X+k.MinSize().Width)
		}
	})
}

// Picture writes what the window shows to the folder that the environment
// variable SENDOFF_PICTURES names; without it it does nothing, for painting in
// software is slow.
func (w *Window) Picture(name string) {
	w.T.Helper()
	dir := os.Getenv("SENDOFF_PICTURES")
	if dir == "" {
		return
	}
	img := w.Window.Canvas().Capture()
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		w.T.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		w.T.Error(err)
	}
}

// Undo takes the last change back, as the person at work.
func (w *Window) Undo() {
	w.T.Helper()
	if len(w.Undos) == 0 {
		w.T.Fatal("there is nothing to undo")
	}
	u := w.Undos[len(w.Undos)-1]
	w.Undos = w.Undos[:len(w.Undos)-1]
	if err := u(context.Background(), w.Env.Who()); err != nil {
		w.T.Error(err)
	}
	w.Settle()
}

// Choose presses a line of the menu that is open.
func (w *Window) Choose(label string) {
	w.T.Helper()
	var line fyne.Tappable
	for _, o := range w.Window.Canvas().Overlays().List() {
		Walk(o, fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
			x, ok := o.(fyne.Tappable)
			if !ok {
				return
			}
			Walk(o, fyne.Position{}, func(o fyne.CanvasObject, _ fyne.Position) {
				if t, ok := o.(*widgets.Text); ok && t.Text() == label {
					line = x
				}
			})
		})
	}
	if line == nil {
		w.T.Fatalf("there is no menu with %q", label)
	}
	line.Tapped(nil)
	w.Settle()
}
