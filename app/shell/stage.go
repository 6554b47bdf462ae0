package shell

import (
	"image"

	"fyne.io/fyne/v2"

	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/app/tour"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Stage lets a tour drive the window through the handlers of its controls.
func (s *Shell) Stage() tour.Stage { return stage{s} }

type stage struct{ s *Shell }

func (g stage) Do(f func()) {
	done := make(chan struct{})
	g.s.bridge.Do("tour", func() {
		defer close(done)
		f()
	})
	<-done
}

func (g stage) Open(id delivery.ID) { g.s.Open(id) }
func (g stage) Home()               { g.s.Home() }
func (g stage) Go(p panel.Place)    { g.s.Go(p) }
func (g stage) Help()               { g.s.help() }

func (g stage) Dashboard() (state.Dashboard, bool) {
	if g.s.dash == nil {
		return state.Dashboard{}, false
	}
	return g.s.dash.Model()
}

func (g stage) Act(a delivery.Action) {
	if g.s.dash != nil {
		g.s.dash.Act(a)
	}
}

func (g stage) ConfirmOpen() bool { return g.s.dash != nil && g.s.dash.Dialog() != nil }

func (g stage) ConfirmFill() {
	if g.ConfirmOpen() {
		g.s.dash.Dialog().Fill()
	}
}

func (g stage) ConfirmAccept() bool { return g.ConfirmOpen() && g.s.dash.Dialog().Accept() }

func (g stage) Compute() {
	if g.s.dash != nil {
		g.s.dash.Compute()
	}
}

func (g stage) CloseDialogs() {
	widgets.Dismiss(g.s.window)
	g.s.toasts.Clear()
}

func (g stage) Words() *text.Catalog { return g.s.env.Text }

// furthest is how many controls Tab goes through before one is given up.
const furthest = 150

func (g stage) Reach(wanted func(label string) bool) bool {
	c := g.s.window.Canvas()
	begun := c.Focused()
	for i := range furthest {
		f := c.Focused()
		if a, ok := f.(fyne.Accessible); ok && wanted(a.AccessibilityLabel()) {
			return true
		}
		if i > 0 && (f == nil || f == begun) {
			return false // nothing takes the keyboard, or once around
		}
		c.FocusNext()
	}
	return false
}

func (g stage) Press() {
	if f := g.s.window.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	}
}

func (g stage) Type(s string) {
	for _, r := range s {
		if f := g.s.window.Canvas().Focused(); f != nil {
			f.TypedRune(r)
		}
	}
}

func (g stage) Asked() bool { return widgets.IsOpen(g.s.window) }

func (g stage) HomeShown() bool { return g.s.home != nil && g.s.home.Loaded() }

func (g stage) Dark() bool { return g.s.Dark() }

func (g stage) SetDark(dark bool) {
	if dark {
		g.s.SetMode("dark")
		return
	}
	g.s.SetMode("light")
}

func (g stage) Capture() image.Image { return capture(g.s.window) }
