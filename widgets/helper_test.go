package widgets

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/widgets/look"
)

func TestMain(m *testing.M) {
	test.NewApp().Settings().SetTheme(look.New(look.Light))
	os.Exit(m.Run())
}

// window shows a thing in the light look, without a display.
func window(t *testing.T, w, h float32, o fyne.CanvasObject) fyne.Window {
	t.Helper()
	win := test.NewTempWindow(t, o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}

// press types a key where the keyboard is, or into the window.
func press(w fyne.Window, key fyne.KeyName) {
	e := &fyne.KeyEvent{Name: key}
	if f := w.Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else if on := w.Canvas().OnTypedKey(); on != nil {
		on(e)
	}
}

// texts are the texts in sight below o, with where they are in it.
func texts(o fyne.CanvasObject, at fyne.Position, f func(t *Text, at fyne.Position)) {
	if !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if t, ok := o.(*Text); ok {
		f(t, at)
		return
	}
	switch k := o.(type) {
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(k).Objects() {
			texts(c, at, f)
		}
	case *fyne.Container:
		for _, c := range k.Objects {
			texts(c, at, f)
		}
	}
}
