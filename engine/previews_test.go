package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/preview"
	"sendoff/engine/preview/web"
)

// over is a workspace with one delivery for the people of a CSV file.
func over(t testing.TB, lines string, html string) *work {
	t.Helper()
	e := open(t, t.TempDir())
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &work{TB: t, Engine: e, who: access.Principal{Operator: 1}}
	a, err := e.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: "People"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.id, err = e.CreateDelivery(t.Context(), w.who, delivery.Draft{Label: "Test", Audience: a.Audience.ID, Account: 1, Content: delivery.Content{
		From: "Acme <news@acme.example>", Subject: "Hello {{ first_name }}", HTML: html}}); err != nil {
		t.Fatal(err)
	}
	return w
}

const risky = `email,first_name,city
ann@post.example,Ann,Ede
gap@post.example,,
long@post.example,Wolfeschlegelsteinhausenbergerdorff,Utrecht
rtl@post.example,שלום,Ede
emoji@post.example,Zoë 🎈,Ede
idn@bücher.example,Ida,Ede
denied@post.example,,
gone@post.example,A name that is longer than any other name in this whole list,Ede
`

// The riskiest are found among those who get a message, each for its reason; the
// largest message is the one whose bytes are the most.
func TestRiskiest(t *testing.T) {
	w := over(t, risky, `<p>Dear {{ first_name }}{% if city == "Utrecht" %}, in the town with the Dom{% endif %}</p>`)
	if err := w.Deny(t.Context(), w.who, []int64{w.profile("denied@post.example")}, true); err != nil {
		t.Fatal(err)
	}
	if err := w.AddQuarantine(t.Context(), w.who, "gone@post.example"); err != nil {
		t.Fatal(err)
	}
	got, err := w.Riskiest(t.Context(), w.id, w.view().Draft)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		preview.Reason
		address string
	}{{preview.Missing, "gap@post.example"}, {preview.Longest, "long@post.example"}, {preview.RightToLeft, "rtl@post.example"},
		{preview.Emoji, "emoji@post.example"}, {preview.IDN, "idn@xn--bcher-kva.example"}, {preview.Largest, "long@post.example"}}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		if got[i].Reason != w.Reason || got[i].Address != w.address {
			t.Errorf("%d: %+v, want %s", i, got[i], w.address)
		}
	}
	largest := got[len(got)-1]
	p, err := w.PreviewDraft(t.Context(), w.id, w.view().Draft, engine.PreviewAs{Profile: largest.Profile})
	if err != nil || p.Bytes != largest.Size || !strings.Contains(p.HTML, "the Dom") {
		t.Errorf("%d bytes, want %d: %q, %v", p.Bytes, largest.Size, p.HTML, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Riskiest(ctx, w.id, w.view().Draft); !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("cancelled: %v", err)
	}
	d := w.view().Draft
	d.Audience = 0
	if got, err := w.Riskiest(t.Context(), w.id, d); err != nil || len(got) != 0 {
		t.Errorf("for nobody: %v, %v", got, err)
	}
	d.Content.HTML = "{{ x"
	if _, err := w.Riskiest(t.Context(), w.id, d); !delivery.Is(err, delivery.KindTemplate) {
		t.Errorf("broken: %v", err)
	}
}

// What is being written is shown as any person gets it, stored or typed.
func TestPreviewDraft(t *testing.T) {
	w := over(t, risky, `<p>Saved</p>`)
	d := w.view().Draft
	d.Content.HTML, d.Content.Preheader = `<p>Dear {{ first_name }} in {{ city }}</p>`, "For {{ recipient.email }}"
	p, err := w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{Profile: w.profile("emoji@post.example")})
	if err != nil {
		t.Fatal(err)
	}
	if p.Subject != "Hello Zoë 🎈" || p.Preheader != "For emoji@post.example" || !strings.Contains(p.HTML, "<p>Dear Zoë 🎈 in Ede</p>") ||
		!strings.Contains(p.Text, "Dear Zoë 🎈 in Ede") || p.From != "Acme <news@acme.example>" || p.Values["city"] != "Ede" || len(p.Findings) != 0 || p.Bytes < 500 {
		t.Errorf("%+v", p)
	}
	p, err = w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{Address: "x@post.example", Fields: map[string]string{"first_name": "<Max>"}})
	if err != nil || p.Subject != "Hello <Max>" || !strings.Contains(p.HTML, "Dear &lt;Max&gt; in ") {
		t.Errorf("%+v, %v", p, err)
	}
	want := delivery.Finding{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Part: "html", Line: 1, Column: 32, Count: 1, Detail: "city"}
	if len(p.Findings) != 1 || p.Findings[0] != want {
		t.Errorf("%+v, want %+v", p.Findings, want)
	}
	d.Content.HTML, d.Content.Text = "{{ x", "{% if %}"
	p, err = w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{})
	if !delivery.Is(err, delivery.KindTemplate) || len(p.Findings) != 2 {
		t.Errorf("broken in two parts: %+v, %v", p.Findings, err)
	}
	if _, err = w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{Profile: 4711}); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("nobody: %v", err)
	}
	// Without a sender there is no message, and yet something to see.
	d = w.view().Draft
	d.Content.From = ""
	if p, err = w.PreviewDraft(t.Context(), w.id, d, engine.PreviewAs{}); err != nil || p.Bytes != 0 || p.HTML == "" || p.Findings[0].Code != delivery.FindSenderEmpty {
		t.Errorf("%+v, %v", p, err)
	}
}

// One goes through an audience person by person, and back.
func TestNeighbours(t *testing.T) {
	w := over(t, "email,first_name\na@post.example,A\nno address,B\nc@post.example,C\nd@post.example,D\n", "x")
	d := w.view().Draft
	var seen []string
	at := int64(0)
	for {
		next, err := w.NeighbourOf(t.Context(), d, at, 1)
		if delivery.Is(err, delivery.KindNotFound) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		at = next
		p, err := w.Profile(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, p.Address)
	}
	if want := []string{"a@post.example", "c@post.example", "d@post.example"}; !slices.Equal(seen, want) {
		t.Fatalf("%v, want %v", seen, want)
	}
	back, err := w.NeighbourOf(t.Context(), d, at, -2)
	if err != nil || back != w.profile("a@post.example") {
		t.Errorf("two back: %d, %v", back, err)
	}
	if _, err := w.NeighbourOf(t.Context(), d, back, -1); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("before the first: %v", err)
	}
}

// Whom a rule names is previewed like the members of a list; test profiles are nobody's
// recipients.
func TestPreviewByRule(t *testing.T) {
	w := over(t, risky, `<p>Dear {{ first_name }}</p>`)
	if err := w.SetTest(t.Context(), w.who, []int64{w.profile("gap@post.example")}, true); err != nil {
		t.Fatal(err)
	}
	list, err := w.Riskiest(t.Context(), w.id, w.view().Draft)
	if err != nil || slices.ContainsFunc(list, func(r preview.Risk) bool { return r.Address == "gap@post.example" }) {
		t.Errorf("%+v, %v", list, err)
	}
	a, err := w.CreateAudience(t.Context(), w.who, "Ede", `city is "Ede"`)
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Audience = a.ID
	list, err = w.Riskiest(t.Context(), w.id, d)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		got = append(got, string(r.Reason)+" "+r.Address)
	}
	want := []string{"longest_value gone@post.example", "right_to_left rtl@post.example", "emoji emoji@post.example", "idn_address idn@xn--bcher-kva.example", "largest_message gone@post.example"}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	var seen []string
	for at := int64(0); ; {
		if at, err = w.NeighbourOf(t.Context(), d, at, 1); err != nil {
			break
		}
		p, err := w.Profile(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, p.Address)
	}
	if !delivery.Is(err, delivery.KindNotFound) || len(seen) != 5 {
		t.Errorf("%v, %v", seen, err)
	}
	last := w.profile(seen[len(seen)-1])
	if id, err := w.NeighbourOf(t.Context(), d, last, -2); err != nil || id != w.profile(seen[len(seen)-3]) {
		t.Errorf("two back: %d, %v", id, err)
	}
	p, err := w.SendProof(t.Context(), w.who, w.id, &d, to("boss@acme.example"))
	if err != nil || p.Messages[0].As != seen[0] {
		t.Errorf("%+v, %v", p, err)
	}
}

// BenchmarkRiskiest looks through a million people. The promise is three seconds.
func BenchmarkRiskiest(b *testing.B) {
	var list strings.Builder
	list.WriteString("email,first_name,last_name,city,zone,points\n")
	for i := range 1_000_000 {
		fmt.Fprintf(&list, "person%07d@post.example,Anneke,van der Meer,'s-Hertogenbosch,Europe/Amsterdam,%d\n", i, i)
	}
	w := over(b, list.String(), `<p>Dear {{ first_name }} {{ last_name }} in {{ city }}: {{ points }}</p>`)
	d := w.view().Draft
	for b.Loop() {
		start := time.Now()
		if got, err := w.Riskiest(b.Context(), w.id, d); err != nil || len(got) != 2 {
			b.Fatal(got, err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "s/million")
	}
}

// The page in the browser shows the draft as anybody gets it, with its own pictures, and
// goes with the engine.
func TestShowPreview(t *testing.T) {
	w := over(t, risky, "<p>Saved</p>")
	file, err := w.AddAsset(t.Context(), w.who, "dot.png", dot(t))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := w.AddAsset(t.Context(), w.who, "letter.pdf", []byte("%PDF-1.4 <script>"))
	if err != nil {
		t.Skip("attachments are no assets yet")
	}
	d := w.view().Draft
	d.Content.HTML = `<p>Dear {{ first_name }}</p><img src="asset:` + file.Hash + `">`
	at, err := w.ShowPreview(t.Context(), w.id, d, engine.PreviewAs{Profile: w.profile("ann@post.example")},
		web.Words{Sentence: func(err error) string { return err.Error() }}, web.View{Dark: true})
	if err != nil {
		t.Fatal(err)
	}
	get := func(url string) (int, string) {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if status, body := get(at); status != 200 || !strings.Contains(body, "Hello Ann") || !strings.Contains(body, "dark=1") {
		t.Errorf("%d: %s", status, body)
	}
	base, query, _ := strings.Cut(at, "?")
	if _, body := get(base + "message?" + query); !strings.Contains(body, "Dear Ann") || !strings.Contains(body, "color-scheme:dark") || !strings.Contains(body, `src="asset/`+file.Hash) {
		t.Errorf("%s", body)
	}
	if status, body := get(base + "asset/" + file.Hash); status != 200 || body != string(dot(t)) {
		t.Errorf("picture: %d", status)
	}
	if status, _ := get(base + "asset/" + letter.Hash); status != 404 {
		t.Errorf("what is no picture: %d", status)
	}
	w.Close()
	if resp, err := http.Get(at); err == nil {
		resp.Body.Close()
		t.Error("the page is there without its engine")
	}
}

// dot is a small picture.
func dot(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture is taken once for each message and way of looking at it.
func TestPreviewPicture(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "browser")
	var small bytes.Buffer
	if err := png.Encode(&small, image.NewRGBA(image.Rect(0, 0, 600, 50))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "p.png"), small.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho x >>" + dir + "/starts\nfor a; do case $a in --screenshot=*) cp " + dir + "/p.png \"${a#--screenshot=}\";; esac; done\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", TrainingLatency: -1, Secrets: noSecrets{}, Browser: program})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	a := engine.Preview{Preview: message.Preview{HTML: "<p>a</p>"}}
	b := engine.Preview{Preview: message.Preview{HTML: "<p>b</p>"}}
	for _, c := range []struct {
		p     engine.Preview
		width int
		dark  bool
	}{{a, 360, false}, {a, 360, false}, {a, 360, true}, {b, 360, false}, {a, 600, false}, {a, 360, false}} {
		m, err := e.PreviewPicture(t.Context(), c.p, c.width, 1, c.dark, true)
		if err != nil || m.Bounds().Dx() != c.width {
			t.Fatalf("%v", err)
		}
	}
	starts, err := os.ReadFile(filepath.Join(dir, "starts"))
	if err != nil || strings.Count(string(starts), "x") != 4 {
		t.Errorf("%q, %v", starts, err)
	}
}
