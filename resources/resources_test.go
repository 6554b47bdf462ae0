package resources

import (
	"bytes"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-text/typesetting/font"
)

func TestZonesAreKnown(t *testing.T) {
	zs := Zones()
	for _, z := range []string{"Europe/Amsterdam", "America/New_York", "UTC"} {
		if !slices.Contains(zs, z) {
			t.Errorf("%s is missing", z)
		}
	}
	if !slices.IsSorted(zs) {
		t.Error("not in order")
	}
	for _, z := range zs {
		if _, err := time.LoadLocation(z); err != nil {
			t.Errorf("%s: %v", z, err)
		}
	}
}

// TestIcons: each has a colour to replace, and nothing that needs a stroke,
// whose width does not follow the size.
func TestIcons(t *testing.T) {
	names, err := fs.Glob(icons, "icons/*.svg")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, n := range names {
		name := strings.TrimSuffix(strings.TrimPrefix(n, "icons/"), ".svg")
		r := Icon(name)
		if r == nil {
			t.Errorf("%s cannot be read", name)
			continue
		}
		if !bytes.Contains(r.Content(), []byte("currentColor")) || bytes.Contains(r.Content(), []byte("stroke-width")) {
			t.Errorf("%s has no colour to replace, or strokes", name)
		}
	}
	if Icon("no such icon") != nil {
		t.Error("an icon that is not there")
	}
}

func TestAppIcon(t *testing.T) {
	c, err := png.DecodeConfig(bytes.NewReader(AppIcon.Content()))
	if err != nil || c.Width != 512 || c.Height != 512 {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestFigures: the digits of the tabular faces are of one width, and the tight
// ones are narrower than Inter's.
func TestFigures(t *testing.T) {
	widths := func(b []byte) (out [10]float32) {
		f, err := font.ParseTTF(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for i := range out {
			g, ok := f.NominalGlyph(rune('0' + i))
			if !ok {
				t.Fatalf("no glyph for %d", i)
			}
			out[i] = f.HorizontalAdvance(g)
		}
		return out
	}
	for name, b := range map[string][]byte{"tabular": FiguresTabular.Content(), "light tabular": FiguresLightTabular.Content()} {
		w := widths(b)
		for i := range w {
			if w[i] != w[0] {
				t.Errorf("%s: %d is %v wide, 0 is %v", name, i, w[i], w[0])
			}
		}
	}
	tight, loose := widths(FiguresLight.Content()), widths(Light.Content())
	for i := range tight {
		if tight[i] >= loose[i] {
			t.Errorf("%d: %v, in Inter %v", i, tight[i], loose[i])
		}
	}
}
