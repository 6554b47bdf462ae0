package widgets

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func ask(t *testing.T, answers *[]bool) (fyne.Window, *SafeDialog) {
	w := window(t, 900, 700, NewText("below", Body()))
	d := ShowSafe(w, Question{Title: "Confirm send", Subtitle: "This is what leaves:", OK: "OK", Cancel: "Cancel",
		Content: VStack(4, NewLink("show", func() {}))}, func(ok bool) { *answers = append(*answers, ok) })
	return w, d
}

func TestDialogAnswersOnce(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(w fyne.Window, d *SafeDialog)
		want bool
	}{
		"OK twice":          {func(_ fyne.Window, d *SafeDialog) { test.Tap(d.ok); test.Tap(d.ok) }, true},
		"OK, then cancel":   {func(_ fyne.Window, d *SafeDialog) { test.Tap(d.ok); d.Cancel(); d.Close() }, true},
		"cancel, then OK":   {func(_ fyne.Window, d *SafeDialog) { test.Tap(d.cancel); test.Tap(d.ok); d.Accept() }, false},
		"Escape":            {func(w fyne.Window, d *SafeDialog) { press(w, fyne.KeyEscape); d.Accept() }, false},
		"Escape, unfocused": {func(w fyne.Window, d *SafeDialog) { w.Canvas().Unfocus(); press(w, fyne.KeyEscape) }, false},
		"Space at first":    {func(w fyne.Window, d *SafeDialog) { press(w, fyne.KeySpace) }, false},
		"Space on OK":       {func(w fyne.Window, d *SafeDialog) { w.Canvas().Focus(d.ok); press(w, fyne.KeySpace) }, true},
		"closed":            {func(_ fyne.Window, d *SafeDialog) { d.Close(); d.Close() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			var answers []bool
			w, d := ask(t, &answers)
			if !IsOpen(w) {
				t.Fatal("not open")
			}
			c.do(w, d)
			if !slices.Equal(answers, []bool{c.want}) {
				t.Errorf("answers %v, want one %v", answers, c.want)
			}
			if IsOpen(w) || len(w.Canvas().Overlays().List()) != 0 {
				t.Error("still open")
			}
		})
	}
}

func TestReturnAnswersNothing(t *testing.T) {
	var answers []bool
	w, d := ask(t, &answers)
	for _, f := range []fyne.Focusable{nil, d.cancel, d.ok} {
		w.Canvas().Focus(f)
		press(w, fyne.KeyReturn)
		press(w, fyne.KeyEnter)
	}
	d.Require("Type 12", "12")
	w.Canvas().Focus(d.gate.entry.Target())
	d.Type("12")
	press(w, fyne.KeyReturn)
	if len(answers) != 0 || !IsOpen(w) {
		t.Errorf("answers %v", answers)
	}
}

func TestTabStaysInside(t *testing.T) {
	var answers []bool
	below := NewButton("below", NoIcon, Primary, func() { t.Error("the button below was pressed") })
	w := window(t, 900, 700, below)
	w.Canvas().Focus(below)
	d := ShowSafe(w, Question{Title: "?", OK: "OK", Cancel: "Cancel", Content: NewLink("show", nil)}, func(ok bool) { answers = append(answers, ok) })
	if w.Canvas().Focused() != fyne.Focusable(d.cancel) {
		t.Fatalf("%T has the keyboard at first", w.Canvas().Focused())
	}
	seen := map[fyne.Focusable]bool{}
	for range 12 {
		w.Canvas().FocusNext()
		seen[w.Canvas().Focused()] = true
	}
	if seen[below] || seen[nil] || len(seen) != 3 {
		t.Errorf("Tab went round %d things, the one below among them: %v", len(seen), seen[below])
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(5, 5))
	if !IsOpen(w) || len(answers) != 0 {
		t.Error("a tap beside the dialog did something")
	}
}

func TestGateWantsTheNumber(t *testing.T) {
	var answers []bool
	_, d := ask(t, &answers)
	d.Require("Type the number of messages:", "9786")
	for _, s := range []string{"", "978", "97866", "9,786", "9786 x"} {
		d.Type(s)
		if !d.ok.Disabled() || d.Accept() {
			t.Fatalf("%q opened it", s)
		}
		test.Tap(d.ok)
	}
	if len(answers) != 0 {
		t.Fatal(answers)
	}
	d.Type(" 9786 ")
	if d.ok.Disabled() || !d.Accept() || !slices.Equal(answers, []bool{true}) {
		t.Errorf("the number did not open it: %v", answers)
	}
}

func TestDialogOverDialog(t *testing.T) {
	var first, second []bool
	w, d := ask(t, &first)
	ShowSafe(w, Question{Title: "Rows", Cancel: "Close"}, func(ok bool) { second = append(second, ok) })
	press(w, fyne.KeyEscape)
	if len(first) != 0 || !slices.Equal(second, []bool{false}) || !IsOpen(w) {
		t.Fatalf("Escape answered %v below and %v above", first, second)
	}
	ShowSafe(w, Question{Title: "Rows", Cancel: "Close"}, func(ok bool) { second = append(second, ok) })
	d.Cancel()
	if !slices.Equal(first, []bool{false}) || !slices.Equal(second, []bool{false, false}) || IsOpen(w) {
		t.Errorf("%v below, %v above", first, second)
	}
}

func TestDialogLeavesTheWindowAsItWas(t *testing.T) {
	var answers []bool
	typed := 0
	w := window(t, 900, 700, NewText("below", Body()))
	w.Canvas().SetOnTypedKey(func(*fyne.KeyEvent) { typed++ })
	d := ShowSafe(w, Question{Title: "?", OK: "OK", Cancel: "Cancel"}, func(ok bool) { answers = append(answers, ok) })
	w.Canvas().Unfocus()
	press(w, fyne.KeyF1)
	if typed != 0 {
		t.Error("keys reach the window below")
	}
	d.Close()
	press(w, fyne.KeyF1)
	if typed != 1 {
		t.Errorf("the window hears %d keys after the dialog", typed)
	}
}

// TestDialogFits: whatever the window, the card and its buttons are in it, and
// what is too high scrolls.
func TestDialogFits(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 720, Height: 480}, {Width: 1024, Height: 700}, {Width: 1400, Height: 900}} {
		w := window(t, size.Width, size.Height, NewText("below", Body()))
		list := VStack(4)
		for range 60 {
			list.Add(NewText("Bevestiging aangevraagd vóór verzending", Body()).Wrap())
		}
		d := ShowSafe(w, Question{Title: "Verzending bevestigen", Subtitle: "Dit vertrekt", Content: list, OK: "OK, verstuur 9.786 berichten", Cancel: "Annuleren"}, func(bool) {})
		for range 2 {
			card := d.sheet.card
			if p := card.Position(); p.X < 0 || p.Y < 0 || p.X+card.Size().Width > size.Width || p.Y+card.Size().Height > size.Height {
				t.Errorf("%v: card at %v of %v", size, p, card.Size())
			}
			pos := fyne.CurrentApp().Driver().AbsolutePositionForObject(d.ok)
			if pos.Y+d.ok.Size().Height > size.Height || pos.X+d.ok.Size().Width > size.Width {
				t.Errorf("%v: OK at %v", size, pos)
			}
			size = size.SubtractWidthHeight(20, 40)
			w.Resize(size)
			d.Fit()
		}
		d.Close()
	}
}

func TestFormStaysUntilClosed(t *testing.T) {
	w := window(t, 900, 700, NewText("below", Body()))
	saved, gone := 0, 0
	e := NewEntry("Subject", "")
	f := ShowForm(w, FormSpec{Title: "Content", Content: e, Save: "Save", Cancel: "Cancel", Focus: e.Target(),
		OnSave: func(*Form) { saved++ }, OnClose: func() { gone++ }})
	test.Type(e.in, "Hello")
	press(w, fyne.KeyReturn)
	if saved != 0 || e.Text() != "Hello" {
		t.Fatalf("Return saved %d times, the text is %q", saved, e.Text())
	}
	f.Save()
	f.SetBusy(true)
	f.Save()
	if saved != 1 || !IsOpen(w) {
		t.Fatalf("saved %d times", saved)
	}
	f.SetBusy(false)
	f.SetError("No.")
	press(w, fyne.KeyEscape)
	f.Close()
	if gone != 1 || IsOpen(w) {
		t.Errorf("closed %d times", gone)
	}
}
