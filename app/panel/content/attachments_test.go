package content_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func TestAttachments(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "plan.png")
	if err := os.WriteFile(path, picture.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w, p := open(t, paneltest.Options{W: 1024, H: 900}, content.TabSettings, nil)
	list := func() []delivery.Attachment { return p.Session().Draft().Content.Attachments }
	w.PickFile = path
	w.Tap("Add a file…")
	if k := list(); len(k) != 1 || !delivery.IsHash(k[0].Asset) {
		t.Fatalf("%+v", k)
	}
	w.Want("plan.png", "the same for everybody")
	w.Tap("A file for each recipient…")
	w.Tap("Attach")
	w.Want("Write which file each recipient gets.")
	entries := paneltest.All[*widgets.Entry](w)
	w.Window.Canvas().Focus(entries[len(entries)-2].Target())
	typed(w, "invoices/{{ last_name }}.pdf")
	w.Key(fyne.KeyReturn)
	w.Want("for each recipient: invoices/{{ last_name }}.pdf", "Folder of the files for single recipients")
	w.Picture("content-attachments")
	w.Tap("Change plan.png")
	typed(w, "Plan.png")
	w.Tap("Save")
	want := []delivery.Attachment{{Asset: list()[0].Asset, Name: "Plan.png"}, {File: "invoices/{{ last_name }}.pdf"}}
	if !slices.Equal(list(), want) {
		t.Errorf("%+v", list())
	}
	w.Tap("Remove Plan.png")
	if len(list()) != 1 || list()[0].File == "" {
		t.Errorf("%+v", list())
	}
	p.Undo()
	w.Settle()
	w.Want("Plan.png")
	w.NothingIsCut()
}
