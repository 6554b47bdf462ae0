package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/htmlimport"
)

func TestAttach(t *testing.T) {
	file := write(t, "terms.pdf", "%PDF-1.7")
	f := &fake{views: []delivery.View{ready()}}
	f.views[0].Content.Attachments = []delivery.Attachment{{Asset: "before"}}
	if r := ctl(t, f, "delivery", "attach", "3", file, "--name", "Terms.pdf"); r.status != 0 {
		t.Fatalf("%+v", r)
	}
	want := []delivery.Attachment{{Asset: "before"}, {Asset: "terms.pdf 8", Name: "Terms.pdf"}}
	if !(delivery.Content{Attachments: f.draft.Content.Attachments}).Equal(delivery.Content{Attachments: want}) {
		t.Errorf("%+v", f.draft.Content.Attachments)
	}
	ctl(t, f, "delivery", "attach", "3", "--none", "--each", "{{ n }}.pdf")
	want = []delivery.Attachment{{File: "{{ n }}.pdf"}}
	if !(delivery.Content{Attachments: f.draft.Content.Attachments}).Equal(delivery.Content{Attachments: want}) {
		t.Errorf("%+v", f.draft.Content.Attachments)
	}
}

func TestMessageToFile(t *testing.T) {
	out := filepath.Join(t.TempDir(), "one.eml")
	r := ctl(t, &fake{views: []delivery.View{ready()}}, "delivery", "message", "3", "1", "--out", out)
	b, err := os.ReadFile(out)
	if r.status != 0 || err != nil || string(b) != "Date: x\r\n" {
		t.Errorf("%+v, %q, %v", r, b, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(out)); len(entries) != 1 {
		t.Errorf("%v beside it", entries)
	}
}

// Every note and every refusal of an import has a sentence.
func TestImportWords(t *testing.T) {
	for _, c := range htmlimport.Codes() {
		for _, n := range []int{1, 2} {
			if s := htmlNote(htmlimport.Note{Code: c, Count: n, Detail: "x"}); !strings.HasSuffix(s, ".") || strings.Contains(s, string(c)) {
				t.Errorf("%s: %q", c, s)
			}
		}
	}
	seen := map[string]bool{}
	for _, d := range []string{htmlimport.NoHTML, htmlimport.NotHTML, htmlimport.TooLarge, htmlimport.Bomb, htmlimport.BadPath, htmlimport.BadLink, htmlimport.Encrypted, htmlimport.BadZip, htmlimport.Unclean} {
		s := say(&delivery.Error{Kind: delivery.KindInvalid, Field: "html_import", File: "a.zip", Detail: d})
		if seen[s] || !strings.Contains(s, "a.zip") {
			t.Errorf("%s: %q", d, s)
		}
		seen[s] = true
	}
}
