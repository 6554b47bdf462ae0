package content_test

import (
	"bytes"
	"image"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/resources/translations"
	"sendoff/widgets"
)

// Every emoji that is offered can be shown by the window, on a computer without
// any font of its own, and counts as one character.
func TestEmojisCanBeShown(t *testing.T) {
	face, err := font.ParseTTF(bytes.NewReader(theme.DefaultEmojiFont().Content()))
	if err != nil {
		t.Fatal(err)
	}
	var sets [][]state.EmojiChoice
	for _, lang := range text.Languages() {
		c, err := text.Load(translations.FS, lang, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, state.Emojis(c))
	}
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme("light"))
	sign := widgets.NewText("", widgets.TextStyle{Size: 20})
	win := test.NewTempWindow(t, sign)
	win.Resize(fyne.NewSize(40, 40))
	for i, e := range sets[0] {
		sign.Set(e.Emoji)
		if n := inked(win.Canvas().Capture()); n < 30 {
			t.Errorf("%s (%s) is %d pixels", e.Emoji, e.Words, n)
		}
		if e.Emoji != sets[1][i].Emoji {
			t.Fatalf("the languages offer %s and %s", e.Emoji, sets[1][i].Emoji)
		}
		if n := state.Characters(e.Emoji); n != 1 {
			t.Errorf("%s counts as %d", e.Emoji, n)
		}
		for _, r := range e.Emoji {
			if _, ok := face.NominalGlyph(r); !ok && r != 0xFE0F {
				t.Errorf("%s (%s) cannot be shown: %U", e.Emoji, e.Words, r)
			}
		}
	}
	if len(sets[0]) < 80 || len(sets[0]) != len(sets[1]) {
		t.Errorf("%d and %d", len(sets[0]), len(sets[1]))
	}
}

// inked counts the pixels that differ from the ground.
func inked(m image.Image) (n int) {
	ground := m.At(0, 0)
	for x := range m.Bounds().Dx() {
		for y := range m.Bounds().Dy() {
			if m.At(x, y) != ground {
				n++
			}
		}
	}
	return n
}
