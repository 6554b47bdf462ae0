package htmlimport

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

func picture(t testing.TB, shade uint8) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	m.Set(1, 1, color.Gray{shade})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ref(t testing.TB, data []byte) string {
	t.Helper()
	a, err := asset.Inspect("x.png", data)
	if err != nil {
		t.Fatal(err)
	}
	return "asset:" + a.Hash
}

// put writes files below a new folder and returns the path of the first.
func put(t testing.TB, files ...any) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "mail")
	for i := 0; i < len(files); i += 2 {
		name := filepath.Join(dir, filepath.FromSlash(files[i].(string)))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, asBytes(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, filepath.FromSlash(files[0].(string)))
}

func asBytes(v any) []byte {
	if s, ok := v.(string); ok {
		return []byte(s)
	}
	return v.([]byte)
}

// zipped writes an archive with files and returns its path.
func zipped(t testing.TB, files ...any) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(asBytes(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return put(t, "mail.zip", b.Bytes())
}

func imported(t testing.TB, file string) (Result, map[Code]Note) {
	t.Helper()
	r, err := Import(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	notes := map[Code]Note{}
	for _, n := range r.Report {
		notes[n.Code] = n
	}
	return r, notes
}

func detail(err error) string {
	var e *delivery.Error
	if errors.As(err, &e) && e.Kind == delivery.KindInvalid && e.Field == "html_import" {
		return e.Detail
	}
	return fmt.Sprint(err)
}

// Everything that is not an image beside the HTML stays as it is, to the byte.
func TestNothingElseChanges(t *testing.T) {
	for _, s := range []string{
		"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\">\r\n<HTML xmlns:v=\"urn:schemas-microsoft-com:vml\"><Head><meta charset=\"utf-8\">\r\n</Head>",
		"<!--[if mso]><table width=600><tr><td><![endif]--><p  CLASS='a b'   style=\"color:red\" >x&nbsp;&amp;é😀</p><!--[if mso]></td></tr></table><![endif]-->",
		"<![if !mso]><p>not for Outlook</p><![endif]>", "<!-- a comment -->", "<!--[if !mso]><!--><p>x</p><!--<![endif]-->",
		`<a href="mailto:a@b.example?subject=x">m</a><a href='tel:+31'>t</a><a href="#top">a</a><a href="https://x.example/?a=1&b=2">w</a><a href="//cdn.example/x">c</a>`,
		`<a href='{{ unsubscribe_url }}'>u</a><a href="{{ url | default: "https://x.example" }}">{% if a > 3 %}<b>{{ first_name }}</b>{% endif %}</a><td {% if x %}class="a"{% endif %}>`,
		`<img src="{{ picture }}"><img src="https://x.example/{{ id }}.png"><img src="cid:x@y"><img alt="a > b" src=https://x.example/a.png>`,
		`<style>@media (max-width:600px){.a{background:url(https://x.example/a.png)}} .b:before{content:"\201C"}</style>`,
		"<p>1 < 2 && 3 > 2</p>", "<v:rect xmlns:v='u' fill='true' strokeColor=\"#FFF\"><v:textbox inset=0,0,0,0/></v:rect>", "<td background=\"\">", "<br/><hr / ><p/ >",
		"<input type=text disabled value='x=y'><select><option selected>a</select>", "<body bgcolor=#ffffff text=\"#000\">",
		"<p title=\"onload='x'\">the onclick= of javascript: in a text</p>",
	} {
		r, notes := imported(t, put(t, "a.html", "<p>"+s))
		if delete(notes, Remote); len(notes) > 0 {
			t.Errorf("%s: %v", s, notes)
		}
		if r.HTML != "<p>"+s {
			t.Errorf("%s\nbecame\n%s", s, r.HTML)
		}
	}
}

func TestImagesComeAlong(t *testing.T) {
	a, b, c, d := picture(t, 1), picture(t, 2), picture(t, 3), picture(t, 4)
	html := `<link rel="stylesheet" href="css/mail.css" media="screen"><style>.x{background: #fff URL( 'img/a.png' ) no-repeat}</style>
<img alt="A" SRC=img/a.png><img src="./img/b%20c.png?v=2"><td background='img/a.png'><div style="background-image:url(&quot;img/b c.png&quot;)">
<!--[if gte mso 9]><v:fill type="tile" src="img/d.png" color="#fff"/><![endif]-->
<img src="data:image/png;base64,` + base64.StdEncoding.EncodeToString(c) + `"><img src="https://x.example/1.png"><img src="https://x.example/1.png"><img src="img/none.png"><img src="../../secret.png">`
	files := []any{"news/index.html", html, "news/img/a.png", a, "news/img/b c.png", b, "news/img/d.png", d, "news/css/mail.css", "@import url(x.css); .y{background:url(../img/a.png)}", "news/unused.png", picture(t, 9)}
	for name, file := range map[string]string{"folder": put(t, files...), "archive": zipped(t, files...)} {
		r, notes := imported(t, file)
		want := `<style>
@media screen{
 .y{background:url(` + ref(t, a) + `)}
}
</style><style>.x{background: #fff url(` + ref(t, a) + `) no-repeat}</style>
<img alt="A" SRC="` + ref(t, a) + `"><img src="` + ref(t, b) + `"><td background='` + ref(t, a) + `'><div style="background-image:url(` + ref(t, b) + `)">
<!--[if gte mso 9]><v:fill type="tile" src="` + ref(t, d) + `" color="#fff"/><![endif]-->
<img src="` + ref(t, c) + `"><img src="https://x.example/1.png"><img src="https://x.example/1.png"><img src="img/none.png"><img src="../../secret.png">`
		if r.HTML != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, r.HTML, want)
		}
		if len(r.Images) != 4 {
			t.Errorf("%s: %d images", name, len(r.Images))
		}
		if got := fmt.Sprint(notes); notes[Embedded].Count != 4 || notes[Remote] != (Note{Remote, 1, "https://x.example/1.png"}) ||
			notes[Missing] != (Note{Missing, 2, "img/none.png"}) || notes[Styles].Count != 1 || notes[CSS].Count != 1 || len(notes) != 5 {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// Fault 79: what runs, fetches or frames is taken out, and the report says so.
func TestFault79NothingRuns(t *testing.T) {
	for s, want := range map[string]string{
		`a<script>alert(1)</script>b`:                                                      `ab`,
		`a<SCRIPT src="x.js" />alert(1)</script >b`:                                        `ab`,
		`a<script><!--<script></script>-->b`:                                               `a`, // the standard: “script data double escaped state”
		`a<iframe src="x">inside</iframe>b`:                                                `ab`,
		`a<object data="x.swf"><param name=x><embed src=y>text</object>b`:                  `atextb`,
		`a<svg onload=alert(1)><script>1</script><svg></svg></svg>b`:                       `ab`,
		`a<noscript><img src="https://x.example/pixel.gif"></noscript>b`:                   `ab`,
		`<p onclick="x()" class=a>b`:                                                       `<p   class=a>b`,
		`<p class=a/onclick=x()>b`:                                                         `<p class=a/onclick=x()>b`, // one value, says the standard
		`<p/onclick="x()"/class=a>b`:                                                       `<p/ /class=a>b`,
		`<img src=x.png onerror = 'a>b' alt="">`:                                           `<img src=x.png   alt="">`,
		"<a href=\"java\tscript:alert(1)\">b</a>":                                          `<a  >b</a>`,
		`<a href=" &#106;avascript:alert(1)">b</a>`:                                        `<a  >b</a>`,
		`<a href="JaVaScRiPt&colon;alert(1)">b</a>`:                                        `<a  >b</a>`,
		`<a href=vbscript:x>b</a>`:                                                         `<a  >b</a>`,
		`<a href="data:text/html,<script>1</script>">b</a>`:                                `<a  >b</a>`,
		`<form action="javascript:x"><button formaction='javascript:y'>b`:                  `<form  ><button  >b`,
		`<img src="javascript:x">`:                                                         `<img  >`,
		`<meta http-equiv="Refresh" content="0;url=https://x.example">b`:                   `b`,
		`<p style="width:expression(alert(1));color:red">b`:                                `<p style="width:;color:red">b`,
		`<p style="behavior:url(x.htc);color:red">b`:                                       `<p style=";color:red">b`,
		`<p style="wid\74h:ex\70 ression(1)">b`:                                            `<p style="width:">b`,
		`<style>@import "https://x.example/a.css";.a{-moz-binding:url(x)}`:                 `<style>.a{}`,
		`<!--[if mso]><script>1</script><p onclick=x>y</p><![endif]-->`:                    `<!--[if mso]><p  >y</p><![endif]-->`,
		`<<script></script>img src=x onerror=alert(1)>`:                                    `<img src=x  >`,
		`<scr<script></script>ipt>alert(1)</script>`:                                       `<scr<script>ipt>alert(1)`,
		`<iframe srcdoc="<script>1</script>">`:                                             ``,
		`<base href="javascript:x"><link rel=icon href=x><link rel=import href="x.html">b`: `b`,
		`<math><mtext><script>1</script></mtext></math>b`:                                  `b`,
		`<img srcset="x.png 2x" src="https://x.example/a.png">`:                            `<img   src="https://x.example/a.png">`,
		`<template><script>1</script></template>b`:                                         `b`,
	} {
		r, notes := imported(t, put(t, "a.html", "<i>"+s))
		if strings.TrimPrefix(r.HTML, "<i>") != want {
			t.Errorf("%s\nbecame\n%s\nwant\n%s", s, r.HTML, want)
		}
		if r.HTML != "<i>"+s && len(notes) == 0 && !strings.Contains(s, "srcset") && !strings.Contains(s, "<base") && !strings.Contains(s, "<scr<") {
			t.Errorf("%s: nothing is said of it", s)
		}
		if trouble := danger(r.HTML); trouble != "" {
			t.Errorf("%s leaves %s", s, trouble)
		}
	}
}

func TestCharsets(t *testing.T) {
	for name, c := range map[string]struct {
		data, want string
		code       Code
		detail     string
	}{
		"utf-8":            {"<p>caf\u00e9", "<p>café", "", ""},
		"mark":             {"\ufeff<p>café", "<p>café", "", ""},
		"utf-16":           {"\xff\xfe<\x00p\x00>\x00\xe9\x00", "<p>é", Charset, "utf-16le"},
		"meta":             {"<meta charset=iso-8859-2><p>\xe8", "<meta charset=\"utf-8\"><p>č", Charset, "iso-8859-2"},
		"old meta":         {"<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'><p>\x80", "<meta http-equiv='Content-Type' content='text/html; charset=utf-8'><p>€", Charset, "windows-1252"},
		"nobody said":      {"<p>caf\xe9", "<p>café", Guessed, "windows-1252"},
		"said and not so":  {"<meta charset=iso-8859-1><p>é世", "<meta charset=\"utf-8\"><p>é世", "", ""},
		"NUL and bad":      {"<meta charset=utf-8><p>a\x00b\xff", "<meta charset=utf-8><p>ab\uFFFD", "", ""},
		"windows, no meta": {"<p>\x93x\x94", "<p>“x”", Guessed, "windows-1252"},
	} {
		r, notes := imported(t, put(t, "a.html", c.data))
		if r.HTML != c.want || c.code != "" && notes[c.code].Detail != c.detail || c.code == "" && len(notes) > 0 {
			t.Errorf("%s: %q, %v", name, r.HTML, notes)
		}
	}
}

func TestBaseAndForeignTags(t *testing.T) {
	r, notes := imported(t, put(t, "a.html", `<base href="https://x.example/news/"><img src="a.png"><a href="b.html">b</a><a href="#c">c</a> *|FNAME|* and %%City%% <a href="*|UNSUB|*">x</a>`, "a.png", picture(t, 1)))
	want := `<img src="https://x.example/news/a.png"><a href="https://x.example/news/b.html">b</a><a href="#c">c</a> *|FNAME|* and %%City%% <a href="*|UNSUB|*">x</a>`
	if r.HTML != want || notes[Remote].Count != 1 || notes[ForeignTags] != (Note{ForeignTags, 3, "*|FNAME|*"}) || len(notes) != 2 {
		t.Errorf("%s\n%v", r.HTML, notes)
	}
	r, notes = imported(t, put(t, "a.html", `<a href="other.html">b</a><a href="other.html">b</a>`))
	if notes[Relative] != (Note{Relative, 1, "other.html"}) {
		t.Errorf("%v", notes)
	}
}

func TestWhichHTML(t *testing.T) {
	for want, files := range map[string][]any{
		"mail/index.html": {"a.html", "<p>a", "mail/index.html", "<p>b", "mail/z/index.htm", "<p>c"},
		"a.htm":           {"x/b.html", "<p>b", "a.htm", "<p>a", "__MACOSX/index.html", "<p>no", ".index.html", "<p>no"},
		"deep/er/b.html":  {"deep/er/b.html", "<p>b", "readme.txt", "x"},
	} {
		r, notes := imported(t, zipped(t, files...))
		if r.Name != want || (notes[Chosen].Count > 0) != (want != "deep/er/b.html") {
			t.Errorf("%s, want %s (%v)", r.Name, want, notes)
		}
	}
}

// Faults 75 and 103: archives that are made to do harm, refused within two seconds,
// with nothing written anywhere.
func TestFault75HostileArchives(t *testing.T) {
	many := make([]any, 0, 2*(maxEntries+1))
	for i := range maxEntries + 1 {
		many = append(many, fmt.Sprintf("%d.html", i), "<p>")
	}
	link := func() string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "index.html"}
		h.SetMode(os.ModeSymlink | 0o777)
		w, _ := z.CreateHeader(h)
		w.Write([]byte("/etc/passwd"))
		z.Close()
		return put(t, "a.zip", b.Bytes())
	}
	good, err := os.ReadFile(zipped(t, "index.html", "<p>x"))
	if err != nil {
		t.Fatal(err)
	}
	locked := bytes.Clone(good)
	locked[6] |= 1
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	for name, c := range map[string]struct{ file, want string }{
		"up":          {zipped(t, "../../index.html", "<p>x"), BadPath},
		"inner up":    {zipped(t, "a/../../index.html", "<p>x"), BadPath},
		"absolute":    {zipped(t, "/etc/index.html", "<p>x"), BadPath},
		"backslashes": {zipped(t, `..\..\index.html`, "<p>x"), BadPath},
		"drive":       {zipped(t, "index.html", "<p>x", `C:\x.html`, "<p>x"), BadPath},
		"link":        {link(), BadLink},
		"many":        {zipped(t, many...), Bomb},
		"ratio":       {zipped(t, "index.html", "<p>x", "a.png", make([]byte, 50<<20)), Bomb},
		"no HTML":     {zipped(t, "a.png", picture(t, 1)), NoHTML},
		"empty":       {zipped(t), NoHTML},
		"cut off":     {put(t, "a.zip", good[:len(good)-10]), BadZip},
		"locked":      {put(t, "a.zip", locked), Encrypted},
		"not a zip":   {put(t, "a.zip", "PK and nothing else"), BadZip},
		"large HTML":  {put(t, "a.html", "<p>"+strings.Repeat("word ", 300_000)), TooLarge},
		"no tag":      {put(t, "a.html", "just text"), NotHTML},
		"binary":      {put(t, "a.html", picture(t, 1)[:40]), NotHTML},
	} {
		// Somebody else may have the processors: once of three times is enough.
		var took time.Duration
		for n := 0; n < 3 && (n == 0 || took > 2*time.Second); n++ {
			began := time.Now()
			r, err := Import(t.Context(), c.file)
			took = time.Since(began)
			if detail(err) != c.want {
				t.Errorf("%s: %v, want %s (%.60q)", name, err, c.want, r.HTML)
			}
		}
		if took > 2*time.Second {
			t.Errorf("%s: %v", name, took)
		}
		if entries, _ := os.ReadDir(filepath.Dir(c.file)); len(entries) != 1 {
			t.Errorf("%s: %d files beside it", name, len(entries))
		}
	}
	if _, err := Import(t.Context(), filepath.Join(t.TempDir(), "none.html")); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("%v", err)
	}
	if _, err := Import(t.Context(), t.TempDir()); !delivery.Is(err, delivery.KindIO) {
		t.Errorf("a folder: %v", err)
	}
}

// A header that says less than there is: what is unpacked counts, and the archive
// contradicts itself.
func TestLyingArchive(t *testing.T) {
	big := bytes.Repeat([]byte("x"), maxHTML+10)
	file := zipped(t, "index.html", append([]byte("<p>"), big...))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{100, 0, 0, 0})
	if _, err := Import(t.Context(), put(t, "a.zip", data)); detail(err) != BadZip {
		t.Errorf("%v", err)
	}
}

// Fault 103 for a file: nothing is read beyond its folder.
func TestFault103Folder(t *testing.T) {
	file := put(t, "a.html", `<img src="../secret.png"><img src="/etc/hostname"><img src="file:///etc/hostname"><img src="link.png"><img src="%2e%2e/secret.png"><img src="..\secret.png">`)
	secret := filepath.Join(filepath.Dir(filepath.Dir(file)), "secret.png")
	if err := os.WriteFile(secret, picture(t, 7), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(filepath.Dir(file), "link.png")); err != nil {
		t.Skip(err)
	}
	r, notes := imported(t, file)
	if len(r.Images) != 0 || notes[Embedded].Count != 0 || notes[Missing].Count != 6 {
		t.Errorf("%v", notes)
	}
}

func TestImagesRefused(t *testing.T) {
	r, notes := imported(t, put(t, "a.html", `<img src="a.svg"><img src="b.png"><img src="c.pdf"><img src="data:image/svg+xml,<svg/>"><img src="data:image/png;base64,!!!">`,
		"a.svg", "<svg/>", "b.png", picture(t, 1)[:30], "c.pdf", "%PDF-1.7"))
	if len(r.Images) != 0 || notes[Refused].Count != 5 || notes[Refused].Detail != "a.svg svg" || len(notes) != 1 {
		t.Errorf("%s\n%v", r.HTML, notes)
	}
}

// What stands for a merge tag while HTML is cleaned cannot be written by whoever made
// it, as a reference or as an escape.
func TestMarksAreNotForged(t *testing.T) {
	for _, forged := range []string{"&#xFDD0;-1&#xFDD0;", "&#xFDD0;0&#xFDD0;", "&#64976;", `\FDD0 -1\FDD0 `, `\fdd0 0\fdd0 `, `&#92;FDD0 7&#92;FDD0 `} {
		r, _ := imported(t, put(t, "a.html", `<p style="a:`+forged+`;behavior:x">{{ one }}</p>{{ two }}<style>.a{b:`+forged+`;behavior:x}</style>{{ three }}`))
		for _, tag := range []string{">{{ one }}</p>{{ two }}<style>", "</style>{{ three }}"} {
			if !strings.Contains(r.HTML, tag) || strings.Count(r.HTML, "{{") != 3 {
				t.Errorf("%s: %s", forged, r.HTML)
			}
		}
	}
}

// What cannot be unpacked is damaged, not too large.
func TestDamagedArchive(t *testing.T) {
	data, err := os.ReadFile(zipped(t, "index.html", "<p>"+strings.Repeat("words ", 100)))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(data, []byte("PK\x01\x02"))
	data[at+16] ^= 1 // its checksum
	if _, err := Import(t.Context(), put(t, "a.zip", data)); detail(err) != BadZip {
		t.Errorf("%v", err)
	}
}
