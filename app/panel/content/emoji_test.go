package content_test

import (
	"bytes"
	"testing"
	"time"

	"fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/font"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/resources/translations"
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
	for i, e := range sets[0] {
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
