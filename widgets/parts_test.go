package widgets

import (
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"sendoff/widgets/look"
)

func TestButtonTakesSpaceAndNotReturn(t *testing.T) {
	n := 0
	b := NewButton("Confirm send", IconCheck, Primary, func() { n++ })
	w := window(t, 300, 100, b)
	w.Canvas().Focus(b)
	press(w, fyne.KeyReturn)
	press(w, fyne.KeyEnter)
	if n != 0 {
		t.Fatal("Return pressed it")
	}
	press(w, fyne.KeySpace)
	test.Tap(b)
	if n != 2 {
		t.Errorf("pressed %d times, want 2", n)
	}
	b.Disable()
	press(w, fyne.KeySpace)
	test.Tap(b)
	if n != 2 {
		t.Error("a disabled button was pressed")
	}
}

func TestIconButtonSaysItsTip(t *testing.T) {
	b := NewIconButton(IconEdit, "Change the audience", nil)
	if b.AccessibilityLabel() != "Change the audience" || b.AccessibilityRole() != fyne.AccessibleRoleButton {
		t.Errorf("%q", b.AccessibilityLabel())
	}
}

// TestKPIsAreNeverCut: at every width each figure has the room it needs, tiles
// of several rows have one width, and rows one count.
func TestKPIsAreNeverCut(t *testing.T) {
	rows := [][][3]string{
		{{"Targeted", "10,000", ""}, {"To deliver", "9,786", "97.9 % of targeted"}, {"Excluded", "214", "duplicates 61 · denylist 140 · other 13"}},
		{{"Te versturen", "9.786", ""}, {"Verzonden", "9.786", "100 %"}, {"Afgeleverd", "97,1 %", "9.502"},
			{"Bounces en fouten", "2,9 %", "284"}, {"Openpercentage", "41 %", "3.896 personen · 2.120 machines"}, {"Doorklikpercentage", "6,4 %", "608 personen"}},
	}
	for _, r := range rows {
		k := NewKPIRow(len(r), false)
		for i, x := range r {
			k.Set(i, x[0], x[1], x[2], look.Neutral)
		}
		w := window(t, 400, 600, Root(10, 10, VStack(0, k)))
		for width := float32(400); width <= 1400; width += 20 {
			w.Resize(fyne.NewSize(width, 600))
			per := k.perRow(width)
			if n := (k.n + per - 1) / per; n > 1 && per*n-k.n >= n && per > 1 {
				t.Errorf("%d tiles at %v: %d in a row leave gaps", k.n, width, per)
			}
			bottom := float32(0)
			for i, tile := range k.tiles[:k.n] {
				if tile.Size().Width < tile.natural() {
					t.Errorf("tile %d at %v: %v wide, needs %v", i, width, tile.Size().Width, tile.natural())
				}
				if right := tile.Position().X + tile.Size().Width; right > width {
					t.Errorf("tile %d at %v ends at %v", i, width, right)
				}
				bottom = max(bottom, tile.Position().Y+tile.Size().Height)
			}
			if k.Size().Height < bottom {
				t.Errorf("at %v: %v high, needs %v", width, k.Size().Height, bottom)
			}
		}
	}
}

func TestHeroIsNeverCut(t *testing.T) {
	ring := NewRing(98)
	words := VStack(4, NewText("Bevestiging aangevraagd vóór verzending", Headline()).Wrap(), NewText("Alle berichten zijn verwerkt.", BodyMuted()).Wrap())
	k := NewKPIRow(4, false)
	for i := range 4 {
		k.Set(i, "Bounces en fouten", "9.786", "duplicaten 61 · lijst 140", look.Neutral)
	}
	h := Hero(ring, words, k)
	w := window(t, 400, 900, Root(10, 10, VStack(0, h)))
	for width := float32(400); width <= 1400; width += 10 {
		w.Resize(fyne.NewSize(width, 900))
		low := float32(0)
		texts(h, fyne.Position{}, func(x *Text, at fyne.Position) {
			low = max(low, at.Y+x.Size().Height)
			if at.X+x.Size().Width > width || x.Size().Width+0.5 < widest(x) {
				t.Errorf("at %v: %q at %v is %v wide", width, x.Text(), at.X, x.Size().Width)
			}
		})
		if low > h.Size().Height {
			t.Errorf("at %v: %v high, needs %v", width, h.Size().Height, low)
		}
	}
}

func widest(x *Text) float32 {
	w := float32(0)
	for _, l := range x.lines {
		w = max(w, x.measure(l))
	}
	return w
}

// TestWrappingLosesNothing: broken lines fit the width and are the text again.
func TestWrappingLosesNothing(t *testing.T) {
	window(t, 400, 400, NewText("", Body()))
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("abcdeéWi@.ЖΩ")), 1, 30, -1), 1, 12).Draw(t, "words")
		s := strings.Join(words, " ")
		x := NewText(s, Body()).Wrap()
		width := float32(rapid.IntRange(30, 400).Draw(t, "width"))
		x.Resize(fyne.NewSize(width, 10))
		x.MinSize()
		for _, l := range x.lines {
			if x.measure(l) > width && len([]rune(l)) > 1 {
				t.Fatalf("%q is %v wide in %v", l, x.measure(l), width)
			}
		}
		if got := strings.Join(x.lines, ""); strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(s, " ", "") {
			t.Fatalf("%q became %q", s, x.lines)
		}
	})
}

func TestTrimmedTextFits(t *testing.T) {
	window(t, 400, 400, NewText("", Body()))
	x := NewText("Bevestiging aangevraagd vóór verzending", Body()).Trim()
	for width := float32(20); width < 400; width++ {
		x.Resize(fyne.NewSize(width, 20))
		x.MinSize()
		if w := x.measure(x.lines[0]); w > width {
			t.Fatalf("%q is %v wide in %v", x.lines[0], w, width)
		}
	}
	if x.lines[0] != x.Text() {
		t.Errorf("%q where there is room", x.lines[0])
	}
}

// TestTextsStandOnOneLine whatever their size.
func TestTextsStandOnOneLine(t *testing.T) {
	a, b, c := NewText("Ag", Figure()), NewText("baseline", Body()), NewText("sizes", Caption())
	w := window(t, 400, 100, Baseline(8, a, b, c))
	_ = w
	want := a.Position().Y + a.Baseline()
	for _, x := range []*Text{b, c} {
		if got := x.Position().Y + x.Baseline(); got != want {
			t.Errorf("%q stands at %v, want %v", x.Text(), got, want)
		}
		_, _, base := x.style.runs("x")[0].measure(x.style.Size)
		if p := x.pieces[0]; p.Position().Y+ceil(base) != x.Baseline() {
			t.Errorf("%q is drawn at %v", x.Text(), p.Position().Y)
		}
	}
}

// TestForeignLettersAreSetApart: a face of our own has no fallback.
func TestForeignLettersAreSetApart(t *testing.T) {
	window(t, 400, 100, NewText("", Body()))
	for s, want := range map[string]int{"Summer": 1, "Привет": 1, "中文": 1, "Ann 中文 Ann": 3, "9,786": 1} {
		for _, style := range []TextStyle{Body(), Figure(), SideTitle(), {Weight: Medium}, Body().Counting()} {
			if rs := style.normal().runs(s); len(rs) != want {
				t.Errorf("%q in %+v: %d pieces, want %d", s, style, len(rs), want)
			}
		}
	}
	if r := Figure().normal().runs("9,786")[0]; r.source == nil || !strings.Contains(r.source.Name(), "Figures") {
		t.Error("figures are not set in their face")
	}
}

func TestRing(t *testing.T) {
	r := NewRing(98)
	window(t, 200, 200, r)
	for _, c := range []struct {
		share        float64
		value, track bool
	}{{0, false, true}, {0.5, true, true}, {1, true, false}, {math.NaN(), false, true}, {-1, false, true}, {7, true, false}} {
		r.SetValue(c.share, "x")
		r.Refresh()
		if r.value.Visible() != c.value || r.track.Visible() != c.track {
			t.Errorf("%v: value %v, track %v", c.share, r.value.Visible(), r.track.Visible())
		}
	}
}

func TestShellFolds(t *testing.T) {
	side := NewText("side", Body())
	s := NewShell(side, NewActionBar(""), NewText("page", Body()))
	w := window(t, 1280, 700, Root(100, 100, s))
	if !s.SideShown() || !side.Visible() {
		t.Error("hidden in a wide window")
	}
	w.Resize(fyne.NewSize(1024, 700))
	if s.SideShown() || side.Visible() {
		t.Error("shown in a narrow window")
	}
	s.ToggleSide()
	if !s.SideShown() {
		t.Error("it does not come when asked")
	}
	w.Resize(fyne.NewSize(1000, 700))
	if !s.SideShown() {
		t.Error("it goes while the window stays narrow")
	}
	w.Resize(fyne.NewSize(1280, 700))
	s.ToggleSide()
	if s.SideShown() {
		t.Error("it does not go when asked")
	}
}

func TestActionBarKeepsThePrimaryInSight(t *testing.T) {
	pressed := ""
	var bs []*Button
	for _, s := range []string{"Testen", "Opnieuw voorbereiden", "Verzending bevestigen", "Pauzeren", "Stoppen"} {
		k := Quiet
		if s == "Verzending bevestigen" {
			k = Primary
		}
		bs = append(bs, NewButton(s, IconCheck, k, func() { pressed = s }))
	}
	bar := NewActionBar("Meer")
	bar.SetButtons(bs...)
	bar.SetNote("Je mag voorbereiden, maar niet bevestigen.")
	w := window(t, 1200, 100, Root(10, 10, bar))
	if len(bar.hidden) != 0 {
		t.Error("buttons hide in a wide window")
	}
	for width := float32(480); width <= 1200; width += 20 {
		w.Resize(fyne.NewSize(width, 100))
		for _, b := range bs {
			if b.Visible() && b.Position().X+b.Size().Width > width {
				t.Errorf("at %v: %q is cut", width, b.Text())
			}
		}
		if !bs[2].Visible() {
			t.Errorf("at %v: the next step is hidden", width)
		}
	}
	w.Resize(fyne.NewSize(500, 100))
	bar.openMore()
	press(w, fyne.KeyDown)
	press(w, fyne.KeyReturn)
	if pressed != bar.hidden[0].Text() || w.Canvas().Overlays().Top() != nil {
		t.Errorf("the menu pressed %q", pressed)
	}
}

// TestSettingTheSameCostsNothing: it happens at every tick.
func TestSettingTheSameCostsNothing(t *testing.T) {
	x, k, ring, chip, facts := NewText("9,786", Figure()), NewKPIRow(1, false), NewRing(98), NewChip("Sending", look.BlueTone), NewFacts()
	list := []Fact{{Label: "Label", Value: "Summer time"}}
	window(t, 600, 400, VStack(4, x, k, ring, chip, facts))
	set := func() {
		x.Set("9,786")
		x.SetTone(look.GreenTone)
		k.Set(0, "Sent", "9,786", "100 %", look.Neutral)
		ring.SetValue(0.5, "50%")
		chip.Set("Sending", look.BlueTone)
		facts.Set(list)
	}
	set()
	if n := testing.AllocsPerRun(20, set); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkTextSet(b *testing.B) {
	x := NewText("0", Figure().Counting())
	test.NewTempWindow(b, VStack(0, x))
	for i := 0; b.Loop(); i++ {
		x.Set([]string{"9,786", "9,787"}[i%2])
	}
}
