package engine_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"sendoff/engine/delivery"
)

// A content is checked against the fields of its own audience.
func TestCheckContent(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	v, err := w.Delivery(t.Context(), w.id)
	if err != nil {
		t.Fatal(err)
	}
	as, err := w.Audiences(t.Context())
	if err != nil || len(as) == 0 || len(as[0].Columns) == 0 {
		t.Fatal(as, err)
	}
	d := v.Draft
	d.Content.HTML = "<p>{{ " + as[0].Columns[0] + " }} {{ nobody_has_it }}</p>"
	fs, err := w.CheckContent(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range fs {
		found[f.Detail] = string(f.Code)
	}
	if found["nobody_has_it"] != string(delivery.FindUnknownField) || found[as[0].Columns[0]] != string(delivery.FindNoDefault) {
		t.Errorf("%+v", fs)
	}
}

// What a preparation will say of images, files and the account is said while the
// content is written.
func TestCheckFindsWhatAPreparationFinds(t *testing.T) {
	w, _, _, _ := signingWork(t, 2)
	add := func(name string, data []byte) string {
		a, err := w.AddAsset(t.Context(), w.who, name, data)
		if err != nil {
			t.Fatal(err)
		}
		return a.Hash
	}
	program, page := add("report.pdf", []byte("MZ\x90\x00")), add("page.txt", []byte("text"))
	w.edit(func(c *delivery.Content) {
		c.HTML = `<p>{{ sender.postal_address }}</p><img alt="" width="1" src="asset:` + strings.Repeat("0", 64) + `"><img alt="" width="1" src="asset:` + page + `"><a href="{{ unsubscribe_url }}">Unsubscribe</a>`
		c.Attachments = []delivery.Attachment{{Asset: program}, {Asset: strings.Repeat("1", 64)}}
	})
	if err := w.Prepare(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	v := w.view()
	written, err := w.CheckContent(t.Context(), v.Draft)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []delivery.FindingCode{delivery.FindSenderDetail, delivery.FindAssetMissing, delivery.FindAssetNoImage, delivery.FindAttachmentDanger} {
		if !slices.ContainsFunc(v.Plan.Findings, func(f delivery.Finding) bool { return f.Code == code }) {
			t.Errorf("the preparation has no %s", code)
		}
	}
	for _, f := range v.Plan.Findings {
		if !slices.Contains(written, f) {
			t.Errorf("not said while it is written: %+v", f)
		}
	}
}

// Nobody is asked before a person says so, and then only what does not answer is
// reported, at its place.
func TestCheckLinks(t *testing.T) {
	var asked atomic.Int32 // the links are asked for at the same time
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1); strings.HasPrefix(r.URL.Path, "/gone") {
			w.WriteHeader(http.StatusGone)
		}
	}))
	defer s.Close()
	w := newWork(t, t.TempDir(), 1)
	c := delivery.Content{HTML: "<a href=\"" + s.URL + "/here\">a</a>\n <a href=\"" + s.URL + "/gone\">b</a><a href=\"" + s.URL + "/gone/{{ x }}\">c</a>"}
	if _, err := w.CheckContent(t.Context(), delivery.Draft{Content: c}); err != nil || asked.Load() != 0 {
		t.Fatalf("%d requests, %v", asked.Load(), err)
	}
	fs, err := w.CheckLinks(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := delivery.Finding{Code: delivery.FindLinkDead, Severity: delivery.SeverityWarning, Part: "html", Line: 2, Column: 2, Detail: "410 " + s.URL + "/gone"}
	if len(fs) != 1 || fs[0] != want {
		t.Errorf("%+v, want %+v", fs, want)
	}
}
