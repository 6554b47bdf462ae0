package htmlimport

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// danger reads HTML as a browser does and returns the first thing in it that must not
// be there, also in what Outlook reads.
func danger(s string) string {
	m := liquid(s)
	return dangerIn(m.text, 0)
}

func dangerIn(s string, depth int) (found string) {
	for _, scripting := range []bool{true, false} {
		doc, err := html.ParseWithOptions(strings.NewReader(s), html.ParseOptionEnableScripting(scripting))
		if err != nil {
			return ""
		}
		var walk func(n *html.Node)
		walk = func(n *html.Node) {
			switch n.Type {
			case html.CommentNode:
				if rest, ok := strings.CutPrefix(n.Data, "[if"); ok && depth < 4 {
					if _, inner, ok := strings.Cut(rest, "]>"); ok && found == "" {
						if i := strings.LastIndex(inner, "<!["); i >= 0 {
							inner = inner[:i]
						}
						found = dangerIn(inner, depth+1)
					}
				}
			case html.ElementNode:
				switch n.Data {
				case "script", "iframe", "frame", "object", "embed", "applet", "svg", "base", "portal":
					found = "<" + n.Data + ">"
				}
				for _, a := range n.Attr {
					if strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" {
						found = a.Key
					}
					switch a.Key {
					case "href", "src", "action", "formaction", "background":
						if s := schemeOf(a.Val); s == "javascript" || s == "vbscript" || a.Key != "src" && a.Key != "background" && s == "data" {
							found = a.Key + "=" + a.Val
						}
					}
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		walk(doc)
	}
	return found
}

type nothing struct{}

func (nothing) read(string) ([]byte, error) { return nil, errors.New("nothing") }

// FuzzClean has no HTML come through with what runs in it, and none that is clean be
// changed by cleaning it again.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"<p>x", "<script>x</script>", "<!--[if mso]><v:fill src='x'/><![endif]-->", "<a href='java&#10;script:x'>", "<svg><p><style><!--</style><img src=x onerror=y>-->",
		"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>", "<noscript><p title='</noscript><img src=x onerror=y>'>", "<<script></script>img onerror=x>",
		"<textarea><img title='</textarea><img src=x onerror=y>'>", "<p style='x:e\\78pression(1)'>", "{{ '<script>' }}", "<a href={{ x }} onclick=y>", "<td {% if x %}onclick{% endif %}=y>", "<!--[if x]>--><img onerror=x><!-- <![endif]-->",
		"<style><!--</style><script>x</script>-->", "<title><!--</title><img onerror=x src>", "<![CDATA[<script>]]>", "<?php <script> ?>", "<!doctype <script>", "<a\x00href='javascript:x'>", "<frameset onload=x>", "<select><script>x</script>", "<!--><script>x</script>-->", "<!--[if a]><!--[if b]><script>x</script><![endif]--><![endif]-->"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<14 || strings.Contains(s, "\x00") || !utf8.ValidString(s) {
			return
		}
		page := func() *page {
			return &page{ctx: context.Background(), from: nothing{}, dir: ".", counts: map[Code]*Note{}, byPath: map[string]string{}, byHash: map[string]bool{}, said: map[string]bool{}}
		}
		out, err := page().clean(s)
		if err != nil {
			return
		}
		if trouble := danger(out); trouble != "" {
			t.Fatalf("%q\nbecame %q\nwith %s", s, out, trouble)
		}
		again, err := page().clean(out)
		if err != nil || again != out {
			t.Fatalf("%q, cleaned again: %q, %v", out, again, err)
		}
	})
}

// FuzzAttrs finds the attributes that the tokenizer of the standard finds.
func FuzzAttrs(f *testing.F) {
	for _, s := range []string{"<a b c=d e='f' g=\"h>\" i = j>", "<a/b/c=d>", "<a b=c/d>", "<a =b>", "<a b==c>", "<a b='c'd=e>", "<a\nb\t=\f'c'>", "<a b=&quot;c>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.Contains(s, "\x00") || strings.Contains(s, "\r") || !utf8.ValidString(s) {
			return // as Import has it
		}
		z := html.NewTokenizer(strings.NewReader(s))
		if typ := z.Next(); typ != html.StartTagToken && typ != html.SelfClosingTagToken {
			return
		}
		raw := string(z.Raw())
		tok := z.Token()
		var got []string
		seen := map[string]bool{} // of two with one name the second is none
		for _, a := range attrs(raw) {
			if seen[a.name] {
				continue
			}
			seen[a.name] = true
			got = append(got, a.name+"="+a.value)
		}
		var want []string
		for _, a := range tok.Attr {
			want = append(want, a.Key+"="+a.Val)
		}
		if strings.Join(got, "\x01") != strings.Join(want, "\x01") {
			t.Fatalf("%q: %q, want %q", raw, got, want)
		}
	})
}
