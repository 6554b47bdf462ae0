package shell_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/shell"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// key presses a key where the keyboard is, or into the window.
func (w *window) key(name fyne.KeyName) {
	e := &fyne.KeyEvent{Name: name}
	if f := w.Window().Canvas().Focused(); f != nil {
		f.TypedKey(e)
	} else {
		w.Window().Canvas().OnTypedKey()(e)
	}
	w.ui.Settle()
	w.relayout()
}

// The way back is the way one came; the navigation begins it anew.
func TestTheWayBack(t *testing.T) {
	w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Finished), bridgetest.Sample(96, delivery.Editing)), options{})
	if w.At().Screen != panel.Deliveries {
		t.Fatalf("begins at %v", w.At())
	}
	w.Open(95)
	w.Go(panel.Place{Screen: panel.Deployment, Delivery: 95})
	w.Go(panel.Place{Screen: panel.Deployment, Delivery: 95}) // the same place is no step
	w.ui.Settle()
	for _, want := range []panel.Place{{Screen: panel.Delivery, Delivery: 95}, {Screen: panel.Deliveries}, {Screen: panel.Deliveries}} {
		w.Back()
		w.ui.Settle()
		if w.At() != want {
			t.Errorf("back at %v, want %v", w.At(), want)
		}
	}
	w.Open(95)
	w.Go(panel.Place{Screen: panel.People})
	w.Open(96)
	w.Back()
	if w.At().Screen != panel.People {
		t.Errorf("back at %v, want the people", w.At())
	}
	w.ui.Settle()
}

// Every place of the navigation has a screen of its own, in both languages and
// in a narrow window, and nothing of it is cut.
func TestEveryPlace(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Finished)), options{lang: lang, w: 1024, h: 700})
		var seen []string
		for _, p := range append(panel.Parts(), panel.Welcome, panel.Deployment) {
			w.Go(panel.Place{Screen: p, Delivery: 95})
			w.ui.Settle()
			w.relayout()
			if o := w.Shown(); slices.Contains(seen, o) {
				t.Errorf("%s has no screen of its own", p)
			} else {
				seen = append(seen, o)
			}
			w.each(func(o fyne.CanvasObject, at fyne.Position) {
				if k, ok := o.(*widgets.Text); ok && at.X+k.Size().Width > 1024.5 {
					t.Errorf("%s: %q ends at %v", p, k.Text(), at.X+k.Size().Width)
				}
			})
		}
	}
}

// What was done can be undone, the last first; what cannot be undone any more
// says why and is forgotten.
func TestUndo(t *testing.T) {
	w := open(t, bridgetest.New(), options{})
	var back []string
	undo := func(name string, err error) panel.Undo {
		return func(context.Context, access.Principal) error { back = append(back, name); return err }
	}
	w.Did("first", undo("first", nil))
	w.Did("second", undo("second", errors.New("gone")))
	for range 3 {
		w.Press(fyne.KeyZ)
		w.ui.Settle()
	}
	if want := []string{"second", "first"}; !slices.Equal(back, want) {
		t.Errorf("undid %v, want %v", back, want)
	}
}

// The window begins where and how it was left, in the same workspace only.
func TestTheWindowRemembers(t *testing.T) {
	w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Editing)), options{w: 1100, h: 760, first: 95})
	w.SetMode("dark")
	w.SetLanguage("nl")
	w.ui.Settle()
	w.relayout()
	w.want("Doelgroep")
	w.KeepSize()
	p := fyne.CurrentApp().Preferences()
	lang, size := shell.Remembered(p)
	if lang != "nl" || size != fyne.NewSize(1100, 760) {
		t.Errorf("remembers %q and %v", lang, size)
	}
	if got := w.Left(); got != (panel.Place{Screen: panel.Delivery, Delivery: 95}) {
		t.Errorf("left at %v", got)
	}
	p.SetString("window.workspace", "/another")
	if got := w.Left(); got.Screen != panel.Deliveries {
		t.Errorf("a delivery of another workspace: %v", got)
	}
	for _, bad := range [][2]float64{{0, 0}, {100, 100}, {1e9, 800}} {
		p.SetFloat("window.width", bad[0])
		p.SetFloat("window.height", bad[1])
		if _, size := shell.Remembered(p); !size.IsZero() {
			t.Errorf("a window of %v", size)
		}
	}
}

// A file is dropped where it makes sense.
func TestDrop(t *testing.T) {
	w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Editing)), options{})
	w.Drop(storage.NewFileURI("/tmp/people.csv"))
	w.ui.Settle()
	if w.At().Screen != panel.Import || !w.says("Lid sinds") {
		t.Errorf("a list of people leads to %v", w.At())
	}
	w.Drop(storage.NewFileURI("/tmp/broken.vcf"))
	w.ui.Settle()
	if w.At().Screen != panel.Import || w.says("Lid sinds") {
		t.Error("another file is not taken")
	}
	w.Home()
	w.ui.Settle()
	for file, says := range map[string]string{"/tmp/song.mp3": "song.mp3", "/tmp/picture.png": w.words.T("drop.no_letter"), "/tmp/page.html": w.words.T("drop.no_delivery")} {
		w.Drop(storage.NewFileURI(file))
		w.ui.Settle()
		w.relayout()
		w.want(says)
	}
}

// Shortcuts lead to the places, and not below a dialog.
func TestShortcuts(t *testing.T) {
	w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Finished)), options{})
	for i, p := range panel.Parts() {
		w.Press(fyne.KeyName(strconv.Itoa(i + 1)))
		w.ui.Settle()
		if w.At().Screen != p {
			t.Errorf("%d leads to %v, want %s", i+1, w.At(), p)
		}
	}
	w.Home()
	w.ui.Settle()
	w.ImportPeople()
	w.ui.Settle()
	if w.At().Screen != panel.Import {
		t.Errorf("the import is at %v", w.At())
	}
	w.Home()
	w.ui.Settle()
	w.key(fyne.KeyF1)
	w.Press("3")
	w.ui.Settle()
	if !widgets.IsOpen(w.Window()) || w.At().Screen != panel.Deliveries {
		t.Error("a shortcut went below a dialog")
	}
}

// The list is narrowed by words, and offers to look for people instead.
func TestSearchDeliveries(t *testing.T) {
	other := bridgetest.Sample(96, delivery.Finished)
	other.Label = "Spring sale"
	w := open(t, bridgetest.New(bridgetest.Sample(95, delivery.Editing), other), options{})
	w.want("Summer time", "Spring sale")
	w.FocusSearch()
	test.Type(w.Window().Canvas().Focused(), "spring fin")
	time.Sleep(400 * time.Millisecond) // a pause in typing
	w.ui.Settle()
	w.relayout()
	if w.says("Summer time") || !w.says("Spring sale") {
		t.Error("the list is not narrowed")
	}
	w.want("Look for people who match “spring fin”")
}
