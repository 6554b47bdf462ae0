package blocks_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/template"
	"sendoff/widgets"
)

// design is the document that is written.
func design(t *testing.T, p *content.Panel) block.Document {
	t.Helper()
	d := p.Session().Draft().Content
	doc, err := block.Parse([]byte(d.Design))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// agree fails when the HTML is not that of the design.
func agree(t *testing.T, p *content.Panel) {
	t.Helper()
	want, err := block.HTML(design(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if p.Session().Draft().Content.HTML != want {
		t.Error("the HTML is not that of the design")
	}
}

// outline is the kinds of a document, in short.
func outline(d block.Document) string {
	var out []string
	for _, p := range d.Paths() {
		k := string(d.At(p).Kind)
		if len(p) == 3 {
			k = "." + k
		}
		out = append(out, k)
	}
	return strings.Join(out, " ")
}

func board(t *testing.T, w *paneltest.Window) *widgets.Board {
	t.Helper()
	bs := paneltest.All[*widgets.Board](w)
	if len(bs) != 1 {
		t.Fatalf("%d boards", len(bs))
	}
	return bs[0]
}

// entries are the inputs of the properties, by their order.
func entries(w *paneltest.Window) []*widgets.Entry {
	var out []*widgets.Entry
	w.Each(func(o fyne.CanvasObject, at fyne.Position) {
		if e, ok := o.(*widgets.Entry); ok && at.X > 900 {
			out = append(out, e)
		}
	})
	return out
}

func tile(t *testing.T, w *paneltest.Window, name string) *widgets.Tile {
	t.Helper()
	for _, k := range paneltest.All[*widgets.Tile](w) {
		if k.Text() == name {
			return k
		}
	}
	t.Fatalf("there is no %s", name)
	return nil
}

// TestBegin: a template with its pictures, taken with the keyboard, is the
// content; undo brings back what there was.
func TestBegin(t *testing.T) {
	w, p := open(t, paneltest.Options{}, "")
	cards := paneltest.All[*widgets.PictureCard](w)
	if len(cards) != len(template.IDs()) {
		t.Fatalf("%d templates", len(cards))
	}
	w.Window.Canvas().Focus(cards[3])
	w.Key(fyne.KeyReturn)
	tpl, _ := template.Open(template.Welcome, "en")
	if got := p.Session().Draft().Content.Design; got != string(tpl.Document.JSON()) {
		t.Errorf("%.80s", got)
	}
	agree(t, p)
	for _, a := range tpl.Assets {
		if _, data, err := w.Engine.Asset(t.Context(), a.Hash); err != nil || !bytes.Equal(data, a.Data) {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
	if !board(t, w).Focused() {
		t.Error("the letter has not the keyboard")
	}
	if s := p.Session().Draft().Content.Subject; s == tpl.Subject {
		t.Error("a subject that was there is gone")
	}
	p.Undo()
	w.Settle()
	if p.Session().Draft().Content.Design != "" || len(paneltest.All[*widgets.PictureCard](w)) == 0 {
		t.Error("undo does not lead back")
	}
	w.Tap("Empty letter")
	if got := outline(design(t, p)); got != "heading text footer" {
		t.Error(got)
	}
	if d := design(t, p); d.Brand.Name != "Acme Garden" {
		t.Errorf("the brand is %q", d.Brand.Name)
	}
}

// TestKeyboard writes a letter without a mouse.
func TestKeyboard(t *testing.T) {
	w, p := open(t, paneltest.Options{}, "")
	w.Tap("Empty letter")
	alt := func(k fyne.KeyName) {
		board(t, w).TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierAlt})
		w.Settle()
	}
	ctrlD := func() {
		board(t, w).TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyD, Modifier: fyne.KeyModifierShortcutDefault})
		w.Settle()
	}
	w.Key(fyne.KeyHome)
	tile(t, w, "Columns").TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Settle()
	if got := outline(design(t, p)); got != "heading columns text footer" {
		t.Fatal(got)
	}
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyDown) // the first, empty column
	w.Want("Empty column")
	tile(t, w, "Button").TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	w.Settle()
	if got := outline(design(t, p)); got != "heading columns .button text footer" {
		t.Fatal(got)
	}
	// What was added has the keyboard: its label is typed at once.
	if f, ok := w.Window.Canvas().Focused().(interface{ TypedRune(rune) }); ok {
		for _, r := range "Go" {
			f.TypedRune(r)
		}
	}
	w.Settle()
	d := design(t, p)
	if b := d.At(block.Path{1, 0, 0}); !strings.Contains(b.Text, "Go") {
		t.Errorf("the button says %q", b.Text)
	}
	w.Key(fyne.KeyEscape)
	if !board(t, w).Focused() {
		t.Error("Escape does not lead back to the letter")
	}
	for _, step := range []struct {
		do   func()
		want string
	}{
		{ctrlD, "heading columns .button .button text footer"},
		{func() { alt(fyne.KeyDown) }, "heading columns .button button text footer"},
		{func() { alt(fyne.KeyDown) }, "heading columns .button text button footer"},
		{func() { alt(fyne.KeyUp) }, "heading columns .button button text footer"},
		{func() { w.Key(fyne.KeyDelete) }, "heading columns .button text footer"},
		{func() { p.Undo(); w.Settle() }, "heading columns .button button text footer"},
		{func() { p.Redo(); w.Settle() }, "heading columns .button text footer"},
		{func() { w.Key(fyne.KeyEnd, fyne.KeyDelete) }, "heading columns .button text"},
	} {
		step.do()
		if got := outline(design(t, p)); got != step.want {
			t.Fatalf("%s, want %s", got, step.want)
		}
	}
	agree(t, p)
	w.Tap("Save")
	if v, err := w.Engine.Delivery(t.Context(), 7); err != nil || v.Content.Design != p.Session().Draft().Content.Design {
		t.Errorf("not saved: %v", err)
	}
}

// TestDrag: a block lands where the line was.
func TestDrag(t *testing.T) {
	w, p := open(t, paneltest.Options{W: 1280, H: 2400}, template.Greetings)
	before := outline(design(t, p))
	where := func(label string, nth int) (f *widgets.Frame, at fyne.Position) {
		w.Each(func(o fyne.CanvasObject, pos fyne.Position) {
			if k, ok := o.(*widgets.Frame); ok && k.AccessibilityLabel() == label {
				if nth == 0 {
					f, at = k, pos
				}
				nth--
			}
		})
		if f == nil {
			t.Fatalf("there is no %s", label)
		}
		return f, at
	}
	button, _ := where("Button", 0)
	heading, at := where("Heading", 0)
	button.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: at.AddXY(40, 3)}})
	line, width, shown := board(t, w).Line()
	if !shown || width != heading.Size().Width || line.Y < 1 {
		t.Errorf("the line is at %v, %v wide, %v", line, width, shown)
	}
	if os.Getenv("SENDOFF_PICTURES") != "" {
		w.Picture("blocks-drag")
	}
	button.DragEnd()
	w.Settle()
	if _, _, shown := board(t, w).Line(); shown {
		t.Error("the line stays")
	}
	if got, want := outline(design(t, p)), "image button heading text text text social footer"; got != want || before == want {
		t.Errorf("%s, want %s", got, want)
	}
	agree(t, p)
}

// TestFault: what is half typed keeps the last good HTML, is shown at its block,
// and is gone when it is whole.
func TestFault(t *testing.T) {
	w, p := open(t, paneltest.Options{}, template.Greetings)
	good := p.Session().Draft().Content.HTML
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyHome, fyne.KeyDown)
	e := entries(w)[0]
	e.SetText("Dear {{ first_na")
	w.Settle()
	if p.Session().Draft().Content.HTML != good || e.Error() == "" {
		t.Errorf("%q", e.Error())
	}
	e.SetText(`Dear {{ first_name | default: "you" }}`)
	w.Settle()
	if e.Error() != "" {
		t.Error(e.Error())
	}
	agree(t, p)
	// Addresses get their scheme, and what is none is not taken.
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	w.Want("Leads to")
	url := entries(w)[1]
	was := p.Session().Draft().Content.Design
	url.SetText("javascript:alert(1)")
	w.Settle()
	if url.Error() == "" || p.Session().Draft().Content.Design != was {
		t.Errorf("took %q", url.Text())
	}
	url.SetText("www.acme.example/x")
	w.Settle()
	if url.Error() != "" || !strings.Contains(p.Session().Draft().Content.Design, `"https://www.acme.example/x"`) || url.Text() != "www.acme.example/x" {
		t.Errorf("%q: %s", url.Text(), url.Error())
	}
}

// TestDrop: a picture that is dropped is stored and shown.
func TestDrop(t *testing.T) {
	w, p := open(t, paneltest.Options{}, template.Greetings)
	file := filepath.Join(t.TempDir(), "cat.png")
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if !p.Drop(file) {
		t.Fatal("not taken")
	}
	w.Settle()
	d := design(t, p)
	at := len(d.Blocks) - 3
	if d.Blocks[at].Kind != block.Image || d.Blocks[at].PixelW != 30 || d.Blocks[at].PixelH != 20 || !strings.HasPrefix(d.Blocks[at].Src, delivery.AssetScheme) {
		t.Errorf("%+v", d.Blocks[at])
	}
	// The chosen picture is replaced.
	w.PickFile = file
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyHome)
	w.Tap("Choose a picture…")
	if d := design(t, p); d.Blocks[0].Src != d.Blocks[at].Src || d.Blocks[0].PixelW != 30 || d.Blocks[0].Alt == "" {
		t.Errorf("%+v", d.Blocks[0])
	}
	if err := os.WriteFile(file, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	said := len(w.Toasts)
	w.Tap("Choose a picture…")
	if len(w.Toasts) == said {
		t.Error("nobody is told that it is no picture")
	}
}

// TestBrand: a colour changes the whole letter, and conditions are made of menus.
func TestBrand(t *testing.T) {
	w, p := open(t, paneltest.Options{H: 1600, W: 1280}, template.Greetings)
	for _, s := range paneltest.All[*widgets.Swatch](w) {
		if s.AccessibilityLabel() == "Forest" {
			s.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}
	}
	w.Settle()
	if b := design(t, p).Brand; b.Color != "#23703F" || b.Ground != "#E4F0E6" || b.Name != "Acme Workshop" {
		t.Errorf("%+v", b)
	}
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyHome, fyne.KeyDown)
	for _, k := range paneltest.All[*widgets.Check](w) {
		if k.AccessibilityLabel() == "Only for some people" {
			k.Tapped(nil)
		}
	}
	w.Settle()
	if b := design(t, p).Blocks[1]; b.If == "" {
		t.Errorf("%+v", b)
	}
	w.Want("Only if")
	agree(t, p)
}

// TestPlain: going on in HTML asks, and keeps the HTML.
func TestPlain(t *testing.T) {
	w, p := open(t, paneltest.Options{}, template.Greetings)
	html := p.Session().Draft().Content.HTML
	w.Tap("Continue in HTML")
	if p.Session().Draft().Content.Design == "" {
		t.Fatal("not asked")
	}
	w.Tap("Continue in HTML")
	if d := p.Session().Draft().Content; d.Design != "" || d.HTML != html || p.Place().Tab != content.TabSource {
		t.Errorf("%d bytes of design, %d of HTML, %s", len(d.Design), len(d.HTML), p.Place().Tab)
	}
	p.Undo()
	w.Settle()
	if p.Session().Draft().Content.Design == "" {
		t.Error("undo does not bring the blocks back")
	}
}

// TestLocked: what cannot be edited is shown and stays.
func TestLocked(t *testing.T) {
	w, p := open(t, paneltest.Options{}, template.Greetings)
	v, _ := w.Engine.Delivery(t.Context(), 7)
	v.State = delivery.Confirmed
	w.Engine.Put(v)
	p.Reload()
	w.Settle()
	was := p.Session().Draft().Content.Design
	w.Window.Canvas().Focus(board(t, w))
	w.Key(fyne.KeyHome, fyne.KeyDelete)
	if !tile(t, w, "Text").Disabled() || p.Session().Draft().Content.Design != was {
		t.Error("a delivery that is confirmed was edited")
	}
}

// TestFind: what was found in the HTML leads to its block.
func TestFind(t *testing.T) {
	w, p := open(t, paneltest.Options{}, template.Appointment)
	html := p.Session().Draft().Content.HTML
	before := html[:strings.Index(html, "Behind the station")]
	p.Session().Show(content.TabDesign, strings.Count(before, "\n")+1, len([]rune(before[strings.LastIndex(before, "\n")+1:]))+1)
	w.Settle()
	if es := entries(w); len(es) == 0 || es[0].Text() != "Behind the station" || !board(t, w).Focused() {
		t.Error("the block is not chosen")
	}
}

// TestLooking: opening a letter and walking through it changes nothing.
func TestLooking(t *testing.T) {
	for _, id := range []string{template.Welcome, template.Appointment} {
		w, p := open(t, paneltest.Options{Lang: "nl"}, id)
		v, _ := w.Engine.Delivery(t.Context(), 7)
		v.Content.Language = ""
		w.Engine.Put(v)
		p.Reload()
		w.Settle()
		w.Window.Canvas().Focus(board(t, w))
		d := design(t, p)
		for range d.Paths() {
			w.Key(fyne.KeyDown)
		}
		w.Key(fyne.KeyEscape)
		if p.Session().Dirty() || p.Session().CanUndo() {
			t.Errorf("%s: looking at it changed it", id)
		}
	}
}
