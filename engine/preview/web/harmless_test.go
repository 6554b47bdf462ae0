package web_test

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"sendoff/engine/preview/web"
)

const hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

const light = "<style>:root{color-scheme:light !important}</style>"

func TestHarmless(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"as it is", "<!DOCTYPE html><html><HEAD><title>T</title></head><BODY  bgcolor=red><P>a&nbsp;<b>b</i></body>",
			"<!DOCTYPE html><html><HEAD>" + light + "<title>T</title></head><BODY  bgcolor=red><P>a&nbsp;<b>b</i></body>"},
		{"without a head", "<p>x", light + "<p>x"},
		{"without a head, with a type", "<!doctype html><p>x", "<!doctype html>" + light + "<p>x"},
		{"script", `<head></head>a<script>alert("</p>")</script>b<SCRIPT src=x></SCRIPT>c`, "<head>" + light + "</head>abc"},
		{"iframe", `<head></head>a<iframe src=//x.example>b</iframe>c`, "<head>" + light + "</head>ac"},
		{"object", `<head></head>a<object data=x><embed src=y>b</object>c`, "<head>" + light + "</head>abc"},
		{"refresh", `<head><meta http-equiv=refresh content="0;url=//x.example"><meta name=viewport content=x></head>`,
			`<head>` + light + `<meta name=viewport content=x></head>`},
		{"base and look-ups", `<head><base href="//x.example"><link rel=preconnect href=//x.example><link rel=stylesheet href=x></head>`, "<head>" + light + "</head>"},
		{"link", `<head></head><a class=b href="https://x.example/?a=1&amp;b=2" target=_blank ping=//x>go</a>`,
			`<head>` + light + `</head><a class="b" href="#" title="https://x.example/?a=1&amp;b=2">go</a>`},
		{"link with a tip", `<head></head><a href="javascript:alert(1)" title="t">go</a>`, `<head>` + light + `</head><a title="t" href="#">go</a>`},
		{"link in svg", `<head></head><svg><a xlink:href="//x.example">go</a><use href="//x.example/y"/></svg>`,
			`<head>` + light + `</head><svg><a href="#" title="//x.example">go</a><use href="#" title="//x.example/y"/></svg>`},
		{"link without script", `<head></head><noscript><a href="//x.example">go</a></noscript>`, `<head>` + light + `</head><a href="#" title="//x.example">go</a>`},
		{"picture", `<head><style>p{background:url(asset:` + hash + `)}</style></head><img src="asset:` + hash + `" alt="asset:none">`,
			`<head>` + light + `<style>p{background:url(asset/` + hash + `)}</style></head><img src="asset/` + hash + `" alt="asset:none">`},
		{"for Outlook", `<head></head><!--[if mso]><v:rect href="//x.example"><![endif]-->`, `<head>` + light + `</head><!--[if mso]><v:rect href="//x.example"><![endif]-->`},
		{"preference", `<head><style>@media (prefers-color-scheme: dark) and (max-width:600px){a{}} @media (Prefers-Color-Scheme:light){b{}}</style></head>`,
			`<head>` + light + `<style>@media (min-width:99999px) and (max-width:600px){a{}} @media (min-width:0px){b{}}</style></head>`},
	} {
		if got := string(web.Harmless(c.in, "asset/", false)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	got := string(web.Harmless(`<head><style>@media (prefers-color-scheme:dark){a{}} @media (prefers-color-scheme:light){b{}}</style></head>`, "asset/", true))
	if want := `<head><style>:root{color-scheme:dark !important}</style><style>@media (min-width:0px){a{}} @media (min-width:99999px){b{}}</style></head>`; got != want {
		t.Errorf("dark: %s", got)
	}
}

// A message of one piece has its pictures in it, and a policy that lets nothing else in.
func TestStandalone(t *testing.T) {
	asset := func(h string) (string, []byte, error) {
		if h != hash {
			return "", nil, errors.New("no such file")
		}
		return "image/png", []byte("PNG"), nil
	}
	in := `<head></head><img src="asset:` + hash + `"><img src="asset:` + strings.Repeat("0", 64) + `">`
	want := `<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">` + light +
		`</head><img src="data:image/png;base64,UE5H"><img src="">`
	if got := string(web.Standalone(in, false, true, asset)); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	got := string(web.Standalone(in, false, false, asset))
	if strings.Contains(got, "img-src") || strings.Contains(got, "data:") {
		t.Errorf("without images: %s", got)
	}
}

// Whatever comes in, nothing that loads, runs or leads elsewhere comes out.
func FuzzHarmless(f *testing.F) {
	f.Add(`<!DOCTYPE html><head><meta http-equiv=refresh content=0></head><a href=//x>a</a><script>b</script><style>c`)
	f.Add(`<svg><style><a title="</style><a href=//x>"></svg>`)
	f.Add(`<noscript><script>a</script><p title="</noscript><a href=//x>">`)
	f.Add(`<textarea><a href=//x></textarea><plaintext><a href=//x>`)
	f.Fuzz(func(t *testing.T, in string) {
		out := string(web.Harmless(in, "asset/", true))
		z := html.NewTokenizer(strings.NewReader(out))
		for z.Next() != html.ErrorToken {
			tok := z.Token()
			if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
				continue
			}
			switch tok.DataAtom {
			case atom.Script, atom.Iframe, atom.Object, atom.Embed, atom.Base, atom.Link, atom.Noscript:
				t.Fatalf("<%s> in %q of %q", tok.Data, out, in)
			}
			for _, a := range tok.Attr {
				if (a.Key == "href" || a.Key == "xlink:href") && a.Val != "#" && a.Val != "" || tok.DataAtom == atom.Meta && a.Key == "http-equiv" && a.Val != "" {
					t.Fatalf("%s=%q in %q of %q", a.Key, a.Val, out, in)
				}
			}
		}
	})
}
