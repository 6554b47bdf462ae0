package engine_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"sendoff/engine"
	"sendoff/engine/delivery"
)

func square(t testing.TB, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// edit changes the content of the delivery.
func (w *work) edit(f func(c *delivery.Content)) {
	w.Helper()
	d := w.view().Draft
	f(&d.Content)
	if err := w.EditDelivery(w.Context(), w.who, w.id, d); err != nil {
		w.Fatal(err)
	}
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func envelopeOf(t testing.TB, data []byte) *enmime.Envelope {
	t.Helper()
	e, err := enmime.ReadEnvelope(bytes.NewReader(data))
	if err != nil || len(e.Errors) > 0 {
		t.Fatalf("%v, %v", err, e.Errors)
	}
	return e
}

// settles waits for what follows the end of a delivery, by the events that everybody
// gets.
func (w *work) settles(what string, done func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	sub := w.Subscribe()
	defer sub.Close()
	for !done() {
		if _, err := sub.Next(ctx); err != nil {
			w.Fatalf("%s: %v", what, err)
		}
	}
}

// copies is how many frozen files the delivery has.
func (w *work) copies() int {
	entries, _ := os.ReadDir(filepath.Join(w.Dir(), "frozen", w.id.String()))
	return len(entries)
}

// withFiles is a delivery with an image, a file for everybody and one for each of n
// people; of the last there is none.
func withFiles(t *testing.T, n int) (w *work, box *mailbox, folder string, logo []byte) {
	t.Helper()
	w, _, box, _ = signingWork(t, n)
	logo = square(t, 60)
	shown, err := w.AddAsset(t.Context(), w.who, "logo.png", logo)
	if err != nil {
		t.Fatal(err)
	}
	terms, err := w.AddAsset(t.Context(), w.who, "Terms.pdf", []byte("%PDF-1.7 terms"))
	if err != nil {
		t.Fatal(err)
	}
	w.edit(func(c *delivery.Content) {
		c.HTML = `<p>Dear {{ first_name }}</p><img alt="Acme" src="asset:` + shown.Hash + `"><p>{{ sender.postal_address | default: "nowhere" }}</p>`
		c.Attachments = []delivery.Attachment{{Asset: terms.Hash}, {Name: "Invoice for {{ first_name }}.pdf", File: "2026/{{ first_name | downcase }}.pdf"}}
	})
	folder = filepath.Join(w.AttachmentFolder(w.id, w.view().Content), "2026")
	for i := range n {
		write(t, filepath.Join(folder, "p"+string(rune('0'+i))+".pdf"), "%PDF-1.7 invoice of "+string(rune('0'+i)))
	}
	return w, box, folder, logo
}

// Fault 34: a file that was changed or deleted after the preparation. What was
// prepared is what is sent, to the byte.
func TestFault34FilesChangedAfterPreparation(t *testing.T) {
	w, box, folder, logo := withFiles(t, 6)
	plan := w.prepare()
	if plan.Largest < int64(len(logo)) || plan.Bytes < 6*int64(len(logo)) {
		t.Errorf("largest %d, all %d", plan.Largest, plan.Bytes)
	}
	page, err := w.Message(t.Context(), w.id, 1)
	if err != nil || !page.Sealed || len(page.Files) != 2-1 || page.Files[0].Path != "2026/p0.pdf" {
		t.Fatalf("the page of a message: %+v, %v", page.Files, err)
	}
	write(t, filepath.Join(folder, "p0.pdf"), "%PDF-1.7 another invoice")
	if err := os.Remove(filepath.Join(folder, "p1.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "p2.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("p0.pdf", filepath.Join(folder, "p2.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	w.Run()
	w.until(delivery.Finished)
	w.trueLedger()
	got := box.all()
	if len(got) != 6 {
		t.Fatalf("%d messages", len(got))
	}
	for i := range 6 {
		digit := string(rune('0' + i))
		e := envelopeOf(t, got["p0000"+digit+"@post.example"])
		if len(e.Attachments) != 2 || e.Attachments[0].FileName != "Terms.pdf" || e.Attachments[1].FileName != "Invoice for P"+digit+".pdf" ||
			string(e.Attachments[1].Content) != "%PDF-1.7 invoice of "+digit {
			t.Errorf("%d: %q", i, e.Attachments[1].Content)
		}
		if len(e.Inlines) != 1 || !bytes.Equal(e.Inlines[0].Content, logo) {
			t.Errorf("%d: %d images", i, len(e.Inlines))
		}
	}
	// After the end the copies are gone; the page shows what still can be shown.
	w.settles("copies stay after the end", func() bool { return w.copies() == 0 })
	if page, err = w.Message(t.Context(), w.id, 1); err != nil || !page.Removed || page.Raw != nil || !strings.Contains(page.HTML, "Dear P0") {
		t.Errorf("changed: %+v, %v", page, err)
	}
	if page, err = w.Message(t.Context(), w.id, 6); err != nil || !page.Sealed || page.Removed || !bytes.Contains(got["p00005@post.example"], page.Raw[len("Date: Mon, 02 Jan 2006 15:04:05 -0700"):]) {
		t.Errorf("unchanged: %v, %v", page.Sealed, err)
	}
}

// A copy that somebody touched, or took away, is noticed before anything leaves, and
// the reason says whose file it was.
func TestTouchedCopyPauses(t *testing.T) {
	for name, touch := range map[string]func(copy string){
		"changed": func(copy string) { write(t, copy, "%PDF-1.7 for somebody else") },
		"gone": func(copy string) {
			if err := os.Remove(copy); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) { touchedCopyPauses(t, touch) })
	}
}

func touchedCopyPauses(t *testing.T, touch func(copy string)) {
	w, box, _, _ := withFiles(t, 2)
	plan := w.prepare()
	copies := filepath.Join(w.Dir(), "frozen", w.id.String())
	entries, err := os.ReadDir(copies)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		touch(filepath.Join(copies, e.Name()))
	}
	if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	w.Run()
	if v := w.until(delivery.Paused); v.Paused == nil || v.Paused.Kind != delivery.KindFrozen || !strings.HasPrefix(v.Paused.Detail, "2026/p") {
		t.Errorf("%+v", v.Paused)
	}
	if len(box.all()) != 0 {
		t.Error("something left")
	}
}

func TestFilesBlockThePlan(t *testing.T) {
	w, _, folder, _ := withFiles(t, 5)
	if err := os.Remove(filepath.Join(folder, "p3.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "p4.pdf")); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "secret")
	if err := os.Remove(filepath.Join(folder, "p0.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(folder, "p0.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	v := w.view()
	found := map[delivery.FindingCode]delivery.Finding{}
	for _, f := range v.Plan.Findings {
		found[f.Code] = f
	}
	if f := found[delivery.FindAttachmentMissing]; v.State != delivery.PreparationFailed || f.Count != 2 || f.Detail != "2026/p3.pdf" || f.Severity != delivery.SeverityError {
		t.Errorf("%s, missing %+v", v.State, f)
	}
	if f := found[delivery.FindAttachmentOutside]; f.Count != 1 || f.Detail != "2026/p0.pdf" {
		t.Errorf("outside %+v", f)
	}
	if f, ok := found[delivery.FindRender]; ok {
		t.Errorf("and said twice: %+v", f)
	}
	// Who needs no file says so by an empty path.
	w.edit(func(c *delivery.Content) {
		c.Attachments = []delivery.Attachment{{File: "{% if first_name == 'P1' %}2026/p1.pdf{% endif %}"}}
	})
	w.prepare()
	if one, err := w.Message(t.Context(), w.id, 2); err != nil || one.Files[0].Hash == "" || !bytes.Contains(one.Raw, []byte("filename=\"p1.pdf\"")) {
		t.Errorf("%+v, %v", one.Files, err)
	}
	if none, err := w.Message(t.Context(), w.id, 1); err != nil || none.Files[0].Hash != "" || bytes.Contains(none.Raw, []byte("attachment")) {
		t.Errorf("%+v, %v", none.Files, err)
	}
	copies := filepath.Join(w.Dir(), "frozen", w.id.String())
	if entries, err := os.ReadDir(copies); err != nil || len(entries) != 1 {
		t.Errorf("copies of the plan before stay: %v, %v", entries, err)
	}
	if err := w.DeleteDelivery(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{copies, filepath.Dir(folder)} {
		if _, err := os.Stat(name); !os.IsNotExist(err) {
			t.Errorf("%s stays after its delivery: %v", name, err)
		}
	}
}

// What a plan says of the account stays what it was, although the account's brand is
// edited before the plan is confirmed.
func TestPlanKeepsItsSender(t *testing.T) {
	w, _, box, a := signingWork(t, 2)
	a.Brand = delivery.Brand{Name: "Acme", PostalAddress: "Keizersgracht 1\n1015 CJ Amsterdam"}
	if err := w.EditAccount(t.Context(), w.who, a, ""); err != nil {
		t.Fatal(err)
	}
	w.edit(func(c *delivery.Content) { c.HTML = "<p>{{ sender.name }} · {{ sender.postal_address }}</p>" })
	plan := w.prepare()
	a.Brand.PostalAddress = "Elsewhere 2"
	if err := w.EditAccount(t.Context(), w.who, a, ""); err != nil {
		t.Fatal(err)
	}
	if page, err := w.Message(t.Context(), w.id, 1); err != nil || !page.Sealed || !strings.Contains(page.HTML, "Keizersgracht 1, 1015 CJ Amsterdam") {
		t.Errorf("%q, %v", page.HTML, err)
	}
	if err := w.Confirm(t.Context(), w.who, w.id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	w.Run()
	w.until(delivery.Finished)
	if e := envelopeOf(t, box.all()["p00001@post.example"]); !strings.Contains(e.HTML, "Acme · Keizersgracht 1, 1015 CJ Amsterdam") {
		t.Errorf("%s", e.HTML)
	}
}

// A brand without an address blocks what needs it, with its place.
func TestSenderDetailMissing(t *testing.T) {
	w, _, _, _ := signingWork(t, 1)
	w.edit(func(c *delivery.Content) { c.HTML = "<p>{{ sender.postal_address }}</p>" })
	if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	v := w.view()
	for _, f := range v.Plan.Findings {
		if f.Code == delivery.FindSenderDetail && f.Line == 1 && f.Severity == delivery.SeverityError && v.State == delivery.PreparationFailed {
			return
		}
	}
	t.Errorf("%s, %+v", v.State, v.Plan.Findings)
}

// What is in doubt may be sent again, so its files stay.
func TestFilesOfDoubtStay(t *testing.T) {
	const doubt = "p00001@post.example"
	w := newWork(t, t.TempDir(), 3)
	relay := newForgetful(t, doubt)
	w.through(relay)
	w.edit(func(c *delivery.Content) { c.Attachments = []delivery.Attachment{{File: "{{ first_name }}.txt"}} })
	folder := w.AttachmentFolder(w.id, w.view().Content)
	for _, n := range []string{"P0", "P1", "P2"} {
		write(t, filepath.Join(folder, n+".txt"), "for "+n)
	}
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	w.settles("one is in doubt", func() bool { return w.copies() == 1 })
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ResolveDoubt(t.Context(), w.who, w.id, []int64{w.numberOf(doubt)}, delivery.SendAgain); err != nil {
		t.Fatal(err)
	}
	if v := w.until(delivery.Finished); v.Counters.Accepted != 3 {
		t.Errorf("%+v", v.Counters)
	}
	w.settles("then they go", func() bool { return w.copies() == 0 })
	copies := filepath.Join(w.Dir(), "frozen", w.id.String())
	// A workspace that was closed in between tidies up when it opens.
	write(t, filepath.Join(copies, strings.Repeat("0", 64)), "left over")
	dir := w.Dir()
	w.Close()
	open(t, dir)
	if _, err := os.Stat(copies); !os.IsNotExist(err) {
		t.Errorf("a start leaves them: %v", err)
	}
}

// A delivery that is made of another one has its files, and keeps them when that one
// goes. Where a person chose the folder, nothing is copied.
func TestFilesAreCarried(t *testing.T) {
	w, _, _, _ := withFiles(t, 3)
	again := w.id
	copied := func(id delivery.ID) string {
		data, err := os.ReadFile(filepath.Join(w.AttachmentFolder(id, delivery.Content{}), "2026", "p1.pdf"))
		if err != nil {
			return err.Error()
		}
		return string(data)
	}
	for range 2 { // of a copy too
		id, err := w.DuplicateDelivery(t.Context(), w.who, again)
		if err != nil {
			t.Fatal(err)
		}
		if got := copied(id); got != "%PDF-1.7 invoice of 1" {
			t.Error(got)
		}
		if err := w.DeleteDelivery(t.Context(), w.who, again); err != nil {
			t.Fatal(err)
		}
		again = id
	}
	w.id = again
	w.prepare() // fails when a file is missing
	// Nothing is there in part, and no delivery without its files.
	before, err := w.Deliveries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	next := (again + 1).String()
	write(t, filepath.Join(w.Dir(), "attachments", next+".part", "in the way"), "x")
	id, err := w.DuplicateDelivery(t.Context(), w.who, again)
	if err != nil || copied(id) != "%PDF-1.7 invoice of 1" {
		t.Fatalf("what a crash left is in the way: %v", err)
	}
	if err := w.DeleteDelivery(t.Context(), w.who, id); err != nil {
		t.Fatal(err)
	}
	if l, err := net.Listen("unix", filepath.Join(w.AttachmentFolder(again, delivery.Content{}), "s")); err != nil {
		t.Log(err) // no sockets there, or a path too long for one
	} else {
		if _, err := w.DuplicateDelivery(t.Context(), w.who, again); err == nil {
			t.Error("what is no file was copied")
		}
		l.Close()
	}
	after, err := w.Deliveries(t.Context())
	entries, _ := os.ReadDir(filepath.Join(w.Dir(), "attachments"))
	if err != nil || len(after) != len(before) || len(entries) != 1 {
		t.Errorf("%d deliveries, then %d; folders %v, %v", len(before), len(after), entries, err)
	}
	w.edit(func(c *delivery.Content) { c.Folder = w.AttachmentFolder(again, delivery.Content{}) })
	if id, err = w.DuplicateDelivery(t.Context(), w.who, again); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.AttachmentFolder(id, delivery.Content{})); !os.IsNotExist(err) {
		t.Errorf("the files of a chosen folder were copied: %v", err)
	}
}

func TestAttachmentsInProofAndPreview(t *testing.T) {
	w, box, folder, logo := withFiles(t, 2)
	if _, err := w.SendProof(t.Context(), w.who, w.id, nil, to("p00001@post.example")); err != nil {
		t.Fatal(err)
	}
	e := envelopeOf(t, box.all()["p00001@post.example"])
	if len(e.Attachments) != 2 || string(e.Attachments[1].Content) != "%PDF-1.7 invoice of 1" || len(e.Inlines) != 1 || !bytes.Equal(e.Inlines[0].Content, logo) {
		t.Errorf("%d attachments, %d images", len(e.Attachments), len(e.Inlines))
	}
	p, err := w.PreviewDraft(t.Context(), w.id, w.view().Draft, engine.PreviewAs{Address: "x@y.example", Fields: map[string]string{"first_name": "P0"}})
	if err != nil || p.Bytes < int64(len(logo)) || len(p.Findings) > 0 {
		t.Errorf("%d bytes, %+v, %v", p.Bytes, p.Findings, err)
	}
	p, err = w.PreviewDraft(t.Context(), w.id, w.view().Draft, engine.PreviewAs{Address: "x@y.example", Fields: map[string]string{"first_name": "../../../x"}})
	if err != nil || len(p.Findings) != 1 || p.Findings[0].Code != delivery.FindAttachmentOutside {
		t.Errorf("%+v, %v", p.Findings, err)
	}
	// A path that lacks its value is said, with the place of the attachment.
	d := w.view().Draft
	d.Content.Subject, d.Content.HTML, d.Content.Attachments = "x", "<p>x</p>", []delivery.Attachment{{File: "{{ file }}"}}
	p, err = w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{Address: "x@y.example"})
	want := delivery.Finding{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Part: "attachment", Line: 1, Column: 4, Count: 1, Detail: "file"}
	if err != nil || len(p.Findings) != 1 || p.Findings[0] != want {
		t.Errorf("%+v, %v", p.Findings, err)
	}
	d.Content.Attachments[0].File = "../x"
	_, err = w.SendProof(t.Context(), w.who, w.id, &d, to("p00000@post.example"))
	if e, ok := err.(*delivery.Error); !ok || e.Kind != delivery.KindInvalid || e.Field != "attachment" || e.File != "../x" || e.Detail != string(delivery.FindAttachmentOutside) {
		t.Errorf("a proof with a path that leads out: %v", err)
	}
	os.RemoveAll(folder)
	if _, err := w.SendProof(context.Background(), w.who, w.id, nil, to("p00000@post.example")); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("a proof without its file: %v", err)
	}
}
