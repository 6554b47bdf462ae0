package browser_test

import (
	"bytes"
	"image/png"
	"testing"

	"sendoff/engine/enginetest/browser"
)

// TestShow: width, colour scheme and pictures are those that were asked for.
func TestShow(t *testing.T) {
	b := browser.Start(t)
	const page = `<!doctype html><meta name="viewport" content="width=device-width"><style>body{margin:0}p{height:1200px;margin:0;background:#fff}@media(prefers-color-scheme:dark){p{background:#000}}</style><p>x`
	for _, c := range []struct {
		width int
		dark  bool
		want  uint32
	}{{360, false, 0xFFFF}, {1280, true, 0}} {
		b.Show(page, c.width, c.dark)
		m, err := png.Decode(bytes.NewReader(b.Picture("png", 0)))
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Dx() != c.width || m.Bounds().Dy() != 1200 {
			t.Errorf("%v", m.Bounds())
		}
		if r, _, _, _ := m.At(c.width-2, 1100).RGBA(); r != c.want {
			t.Errorf("dark %v: red is %d", c.dark, r)
		}
	}
	var reached bool
	b.Eval(`fetch("http://example.com/").then(() => true, () => false)`, &reached)
	if reached {
		t.Error("the browser reached the network")
	}
}
