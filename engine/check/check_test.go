package check

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// document is a page without a fault around a body, which begins in line 2.
func document(body string) string {
	return "<!DOCTYPE html><html lang=\"en\"><head><title>Letter</title></head><body><p>Words enough for a message that can be read without pictures.</p>\n" + body + "\n</body></html>"
}

// told is a finding in short: code, line, column, detail.
func told(fs []delivery.Finding) []string {
	out := []string{}
	for _, f := range fs {
		s := fmt.Sprintf("%s %d:%d", f.Code, f.Line, f.Column)
		if f.Detail != "" {
			s += " " + f.Detail
		}
		out = append(out, s)
	}
	return out
}

func TestHTML(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"nothing", `<p>Fine.</p>`, nil},

		// HTML Living Standard, section 4.8.4.4: alt="" is a picture that adds nothing.
		{"no alt", `<p>a</p><img src="https://a.example/b.png" width="10">`, []string{"alt_missing 2:9 https://a.example/b.png"}},
		{"empty alt", `<img src="https://a.example/b.png" width="10" alt="">`, nil},
		{"personal alt", `<img src="https://a.example/b.png" width="10" alt="{{ x | default: "a > b" }}">`, nil},
		{"no source", `<img alt="x" width="1">`, []string{"picture_broken 2:1"}},
		{"relative source", `<img alt="x" width="1" src="pictures/a.png">`, []string{"picture_broken 2:1 pictures/a.png"}},
		{"data source", `<img alt="x" width="1" src="data:image/png;base64,AAAA">`, []string{"picture_data 2:1"}},
		{"insecure source", `<img alt="x" width="1" src="http://a.example/b.png">`, []string{"link_insecure 2:1 http://a.example/b.png"}},
		{"no width", `<img alt="x" src="https://a.example/b.png">`, []string{"picture_width 2:1 https://a.example/b.png"}},
		{"stored", `<img alt="x" width="1" src="asset:00ff">`, nil},

		{"link", `<a href="https://a.example/{{ city }}?a=1&amp;b={{ x | default: 'a"b' }}">To the shop</a>`, nil},
		{"link of a merge tag", `<a href="{{ unsubscribe_url }}">Unsubscribe</a>`, nil},
		{"link of a condition", `<a href="{% if x %}{{ unsubscribe_url }}{% endif %}">Unsubscribe</a>`, nil},
		{"empty", `<a href="">To the shop</a>`, []string{"link_empty 2:1"}},
		{"nowhere", `<a href="#">To the shop</a>`, []string{"link_empty 2:1"}},
		{"no target", `<a href="#prices">Prices</a>`, []string{"link_target 2:1 #prices"}},
		{"target", `<a href="#prices">Prices</a><h2 id="prices">Prices</h2>`, nil},
		{"old target", `<a href="#prices">Prices</a><a name="prices"></a>`, nil},
		{"relative", `<a href="shop.html">To the shop</a>`, []string{"link_relative 2:1 shop.html"}},
		{"no scheme", `<a href="www.a.example">To the shop</a>`, []string{"link_relative 2:1 www.a.example"}},
		{"insecure", `<a href="http://a.example/">To the shop</a>`, []string{"link_insecure 2:1 http://a.example/"}},
		{"no host", `<a href="https:///x">To the shop</a>`, []string{"link_broken 2:1 https:///x"}},
		{"one slash", `<a href="https:/a.example">To the shop</a>`, []string{"link_broken 2:1 https:/a.example"}},
		{"no dot", `<a href="https://shop/">To the shop</a>`, []string{"link_broken 2:1 https://shop/"}},
		{"two dots", `<a href="https://a..example/">To the shop</a>`, []string{"link_broken 2:1 https://a..example/"}},
		{"blank in it", `<a href="https://a.example/my shop">To the shop</a>`, []string{"link_broken 2:1 https://a.example/my shop"}},
		{"local", `<a href="https://localhost:8080/">To the shop</a>`, []string{"link_local 2:1 https://localhost:8080/"}},
		{"private", `<a href="https://192.168.1.2/">To the shop</a>`, []string{"link_local 2:1 https://192.168.1.2/"}},
		{"public address", `<a href="https://192.0.2.7/">To the shop</a>`, nil},
		{"script", `<a href="JavaScript:alert(1)">To the shop</a>`, []string{"link_unsafe 2:1 JavaScript:alert(1)"}},
		{"mail", `<a href="mailto:info@a.example?subject=Hi">Write to us</a>`, nil},
		{"mail to nobody", `<a href="mailto:?subject=Hi">Tell a friend</a>`, nil},
		{"no mail address", `<a href="mailto:info">Write to us</a>`, []string{"link_broken 2:1 mailto:info"}},
		{"telephone", `<a href="tel:+31-20-1234567">Call us</a>`, nil},
		{"no telephone", `<a href="tel:office">Call us</a>`, []string{"link_broken 2:1 tel:office"}},

		{"link without text", `<a href="https://a.example/"><span> &nbsp;</span></a>`, []string{"link_without_text 2:1"}},
		{"link of a picture", `<a href="https://a.example/"><img src="https://a.example/b.png" width="1" alt="Shop"></a>`, nil},
		{"link of a picture without text", `<a href="https://a.example/"><img src="https://a.example/b.png" width="1" alt=""></a>`, []string{"link_without_text 2:1"}},
		{"link of a merge tag's text", `<a href="https://a.example/">{{ city }}</a>`, nil},
		{"vague", `<p><a href="https://a.example/">Klik <b>hier</b> »</a></p>`, []string{"link_vague 2:4 Klik hier »"}},

		{"headings", `<h1>a</h1><h2>b</h2><h3>c</h3><h1>d</h1>`, nil},
		{"first heading", `<h2>a</h2>`, nil},
		{"skipped", "<h1>a</h1>\n  <h3>b</h3>", []string{"heading_skipped 3:3 1 3"}},

		// #777777 on white is 4.48 : 1, #767676 is 4.54 : 1 (WCAG 2.2, 1.4.3).
		{"gray", `<p style="color:#777777">Too light</p>`, []string{"contrast_low 2:26 4.4 #777777 #FFFFFF 4.5"}},
		{"gray enough", `<p style="color:#767676">Just enough</p>`, nil},
		{"gray and large", `<p style="color:#949494;font-size:24px">Large</p>`, nil}, // 3.03 : 1
		{"gray, bold and large", `<p style="color:#949494;font-size:14pt"><b>Large</b></p>`, nil},
		{"gray, not large", `<p style="color:#949494;font-size:14pt">Large</p>`, []string{"contrast_low 2:41 3.0 #949494 #FFFFFF 4.5"}},
		{"ground of a cell", `<table><tr><td bgcolor="#000080"><p>Black on navy</p></td></tr></table>`, []string{"contrast_low 2:37 1.3 #000000 #000080 4.5"}},
		{"link on a dark ground", `<div style="background:#1B2430;color:#fff"><a href="https://a.example/">To the shop</a></div>`,
			[]string{"contrast_low 2:73 1.6 #0000EE #1B2430 4.5"}},
		{"ground of a picture", `<div style="background-image:url(a.png)"><p style="color:#fff">White</p></div>`, nil},
		{"font", `<font color="yellow">Yellow</font>`, []string{"contrast_low 2:22 1.0 #FFFF00 #FFFFFF 4.5"}},
		{"hidden", `<p style="display:none;color:#fff">Preview</p>`, nil},
		{"said once", `<p style="color:#777">a</p><p style="color:#777">b</p>`, []string{"contrast_low 2:23 4.4 #777777 #FFFFFF 4.5"}},
		{"style sheet", `<style>.light{color:#777} /* .x{color:red} */ p > .on{background:#000}</style><p class="light">a</p><p class="on">b</p>`, nil},
		{"style sheet of others", `<style>.light{color:#777}</style><p style="color:#777">a</p>`, []string{"contrast_low 2:56 4.4 #777777 #FFFFFF 4.5"}},
		{"style of another screen", `<style>@media (max-width:600px){p{color:#000}}</style><p style="color:#777">a</p>`, []string{"contrast_low 2:77 4.4 #777777 #FFFFFF 4.5"}},
		{"written in words", `<p style="color: rgb(119, 119, 119)">a</p>`, []string{"contrast_low 2:38 4.4 #777777 #FFFFFF 4.5"}},

		{"worn", "<p>Hello</p>\n<p>Offer: <b>100%\n FREE</b>, guaranteed.</p>", []string{"phrase_worn 3:14 money 100% free", "phrase_worn 4:12 promise guaranteed"}},
		{"worn in Dutch", `<p>Dit is geen spam</p>`, []string{"phrase_worn 2:4 promise dit is geen spam"}},
		{"part of a word", `<p>Urgently yours: insurgents</p>`, nil},

		{"in Outlook only", `<!--[if mso]><img src="x"><a href="">b</a><![endif]-->`, nil},
		{"comment", `{% comment %}<img>{% if x %}{% endcomment %}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := told(Content(Input{Content: delivery.Content{Subject: "A letter", HTML: document(c.body)}}))
			if !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestWhole(t *testing.T) {
	asset := func(hash string) (delivery.Asset, bool) {
		switch hash {
		case "heavy":
			return delivery.Asset{Name: "beach.jpg", Size: heavyOne + 1}, true
		case "light":
			return delivery.Asset{Name: "logo.png", Size: heavyOne}, true
		}
		return delivery.Asset{}, false
	}
	picture := func(hash string) string { return `<img alt="x" width="1" src="asset:` + hash + `">` }
	many := strings.Repeat(picture("heavy"), 2)
	for _, c := range []struct {
		name string
		in   delivery.Content
		want []string
	}{
		{"no language", delivery.Content{HTML: "<html><body>Hello</body></html>"}, []string{"language_missing 1:1"}},
		{"no html element", delivery.Content{HTML: "<p>Hello</p>"}, nil},
		{"other language", delivery.Content{Language: "nl-NL", HTML: `<html lang="en"><p>Hello</p></html>`}, []string{"language_differs 1:1 en nl-NL"}},
		{"same language", delivery.Content{Language: "nl-NL", HTML: `<html lang="NL-be"><p>Hello</p></html>`}, nil},
		{"only pictures", delivery.Content{HTML: `<html lang="en">` + picture("light") + `</html>`}, []string{"only_pictures 0:0"}},
		{"heavy", delivery.Content{HTML: document(many)}, []string{"picture_heavy 2:1 524289 beach.jpg"}},
		{"gone", delivery.Content{HTML: document(picture("gone"))}, nil}, // the compiler's to say
		{"text", delivery.Content{Text: "Hello\nVerify your account"}, []string{"phrase_worn 2:1 account verify your account"}},
		{"nothing", delivery.Content{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := told(Content(Input{Content: c.in, Asset: asset})); !slices.Equal(got, c.want) && len(got)+len(c.want) > 0 {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestPicturesTogether(t *testing.T) {
	var body strings.Builder
	for i := range 5 {
		fmt.Fprintf(&body, `<img alt="x" width="1" src="asset:%d">`, i)
	}
	got := told(Content(Input{Content: delivery.Content{HTML: document(body.String())},
		Asset: func(string) (delivery.Asset, bool) { return delivery.Asset{Size: heavyOne}, true }}))
	if want := []string{fmt.Sprintf("pictures_heavy 0:0 %d", 5*heavyOne)}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSubject(t *testing.T) {
	for subject, want := range map[string][]string{
		"Your garden in June":                   {},
		"SUMMER SALE NOW ON":                    {"subject_shouting 0:0"},
		"NASA, ESA":                             {}, // too few letters to be loud
		"{{ FIRST_NAME_IN_CAPITALS }}, hello":   {},
		"Hello!!":                               {"subject_marks 0:0"},
		"Hello! Hello!":                         {},
		"Really?!":                              {"subject_marks 0:0"},
		"Re: your garden":                       {"subject_fake_reply 0:0 Re:"},
		"Return to the garden":                  {},
		"Act  now, {{ x | default: 'urgent' }}": {"phrase_worn 1:1 hurry act now"},
	} {
		if got := told(Content(Input{Content: delivery.Content{Subject: subject}})); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
}

// Of one code the first few are listed, and the last of them counts on.
func TestManyOfOneKind(t *testing.T) {
	got := Content(Input{Content: delivery.Content{HTML: document(strings.Repeat("<img src=\"https://a.example/b.png\" width=\"1\">\n", 9))}})
	if len(got) != most {
		t.Fatalf("%d findings", len(got))
	}
	for i, f := range got {
		want := int64(0)
		if i == most-1 {
			want = 9 - most + 1
		}
		if f.Code != delivery.FindAltMissing || f.Line != 2+i || f.Count != want {
			t.Errorf("%d: %+v", i, f)
		}
	}
}

// uses are the merge fields of a content; none when it is broken.
func uses(c delivery.Content) []message.Field {
	t, _ := message.Compile(c)
	if t == nil {
		return nil
	}
	return t.Fields()
}

func TestWriting(t *testing.T) {
	c := delivery.Content{From: "a@b.example", Subject: "{{ first_name }}", HTML: document(`{{ first_name }} {{ city | default: "x" }} <a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ street }}`)}
	if got, want := told(Content(Input{Content: c, Uses: uses(c)})), []string{"merge_tag_no_default 1:4 first_name", "merge_tag_no_default 2:95 street"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Content(Input{Content: c}); len(got) != 0 {
		t.Errorf("a preparation is told of %q", told(got))
	}
}

// No finding here blocks, and the places are in the text.
func sane(t *testing.T, c delivery.Content) {
	t.Helper()
	for _, f := range Content(Input{Content: c, Uses: uses(c)}) {
		if f.Severity == delivery.SeverityError {
			t.Fatalf("%+v blocks", f)
		}
		src := map[string]string{message.PartHTML: c.HTML, message.PartText: c.Text, message.PartSubject: c.Subject, message.PartPreheader: c.Preheader}[f.Part]
		lines := strings.Split(src, "\n")
		if f.Line > len(lines) || f.Line > 0 && f.Column > len([]rune(lines[f.Line-1]))+1 {
			t.Fatalf("%+v is outside of %q", f, src)
		}
	}
}

func FuzzContent(f *testing.F) {
	for _, file := range []string{"../sample/summer.en.html", "../sample/summer.nl.html"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, s := range []string{"{{", "{% comment %}", "<a href='{{ \"'\" }}'>", "<style>{", "<style>a{/*", "<img src=\"{% if a %}x{% endif %}\">", "<h1><h4>", "<p style=\"color:#ff\">x", "\r\n<a>\r\n{{\n}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if v := veil(s); len(v) != len(s) || strings.Count(v, "\n") != strings.Count(s, "\n") {
			t.Fatalf("%q became %q", s, v)
		}
		sane(t, delivery.Content{Subject: s, HTML: s, Text: s})
		Links(delivery.Content{HTML: s})
	})
}

// The training delivery is what we would like people to write.
func TestSample(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		b, err := os.ReadFile("../sample/summer." + lang + ".html")
		if err != nil {
			t.Fatal(err)
		}
		c := delivery.Content{From: "a@b.example", Subject: "Your garden in June", HTML: string(b), Language: lang}
		if got := told(Content(Input{Content: c, Uses: uses(c)})); len(got) > 0 {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

func TestLinks(t *testing.T) {
	got := Links(delivery.Content{HTML: `<a href="https://a.example/">x</a><a href=" https://a.example/ ">y</a><img src="http://b.example/c.png">
		<a href="https://a.example/{{ x }}">z</a><a href="mailto:a@b.example">m</a><a href="#t">t</a><area href="https://c.example">`})
	if want := []string{"https://a.example/", "http://b.example/c.png", "https://c.example"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWhere(t *testing.T) {
	const markup = "<p>\r\n {{ x }} <a href=\"https://a.example/\">x</a>\n<a href=\"https://b.example/\">y</a>"
	for address, want := range map[string][2]int{"https://a.example/": {2, 10}, "https://b.example/": {3, 1}, "https://c.example/": {0, 0}} {
		if line, column := Where(markup, address); [2]int{line, column} != want {
			t.Errorf("%s: %d:%d, want %v", address, line, column, want)
		}
	}
}

// Values of WCAG 2.2: black on white is 21 : 1, a colour on itself 1 : 1.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000", "#fff", 21}, {"#fff", "#000", 21}, {"#abcdef", "#ABCDEF", 1}, {"#767676", "white", 4.54}, {"#777777", "white", 4.48}, {"rgb(255,0,0)", "#FFFFFF", 4.0}, {"#0000ff", "#fff", 8.59}} {
		a, ok1 := parseColor(c.a)
		b, ok2 := parseColor(c.b)
		if got := contrast(a, b); !ok1 || !ok2 || got < c.want-0.01 || got > c.want+0.01 {
			t.Errorf("%s on %s: %.3f, want %.2f", c.a, c.b, got, c.want)
		}
	}
	for _, s := range []string{"", "#12", "#1234567", "rgba(0,0,0,.5)", "var(--x)", "transparent", "rgb(300,0,0)", "#xyzxyz"} {
		if c, ok := parseColor(s); ok {
			t.Errorf("%q is %v", s, c)
		}
	}
}
