package content_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
)

// A page with its pictures comes from an archive; what was left out is said, and it
// is one step back.
func TestLoadArchive(t *testing.T) {
	var archive, picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&archive)
	for name, data := range map[string]string{"index.html": `<p>From a file <img src="img/dot.png" alt="dot"> <img src="img/none.png" alt=""></p><script>x()</script>`,
		"img/dot.png": picture.String()} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	path := filepath.Join(t.TempDir(), "letter.zip")
	if err := os.WriteFile(path, archive.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w, p := open(t, paneltest.Options{W: 1024, H: 700}, content.TabSource, nil)
	s := p.Session()
	was := s.Draft().Content.HTML
	w.PickFile = path
	w.Tap("Load HTML or ZIP…")
	html := s.Draft().Content.HTML
	if !strings.Contains(html, "From a file") || !strings.Contains(html, delivery.AssetScheme) || strings.Contains(html, "script") {
		t.Errorf("%s", html)
	}
	w.Want("letter.zip is loaded.", "1 image came along.", "img/none.png")
	w.Picture("content-loaded")
	w.Tap("Close")
	p.Undo()
	if got := s.Draft().Content.HTML; got != was {
		t.Errorf("back to %s", got)
	}
	// What cannot be read changes nothing and says why.
	if err := os.WriteFile(path, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.Tap("Load HTML or ZIP…")
	if s.Draft().Content.HTML != was || len(w.Toasts) == 0 {
		t.Errorf("%q after a broken file; said %v", s.Draft().Content.HTML, w.Toasts)
	}
}
