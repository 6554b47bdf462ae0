package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// HTML with an image beside it becomes a message with that image in it.
func TestImportHTML(t *testing.T) {
	w, _, box, _ := signingWork(t, 1)
	file := filepath.Join(t.TempDir(), "a.html")
	write(t, file, `<html lang="nl"><body onload="x()"><img src="logo.png" alt="Acme"><p>Dear {{ first_name }}</p></body></html>`)
	write(t, filepath.Join(filepath.Dir(file), "logo.png"), string(square(t, 9)))
	r, err := w.ImportHTML(t.Context(), w.who, file)
	if err != nil || len(r.Images) != 1 || len(r.Report) != 2 || r.Images[0].Added.IsZero() {
		t.Fatalf("%+v, %v", r.Report, err)
	}
	w.edit(func(c *delivery.Content) { c.HTML = r.HTML })
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	e := envelopeOf(t, box.all()["p00000@post.example"])
	if len(e.Inlines) != 1 || string(e.Inlines[0].Content) != string(square(t, 9)) || !strings.Contains(e.HTML, "<body  >") || !strings.Contains(e.HTML, "Dear P0") {
		t.Errorf("%d images in\n%s", len(e.Inlines), e.HTML)
	}
	viewer, err := w.AddOperator(t.Context(), w.who, "Viewer", access.Rights{access.Export})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ImportHTML(t.Context(), access.Principal{Operator: viewer.ID}, file); !delivery.Is(err, delivery.KindRight) {
		t.Errorf("without the right: %v", err)
	}
}
