package message

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
	"pgregory.net/rapid"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

// shelf is a workspace's assets.
type shelf map[string]struct {
	delivery.Asset
	data []byte
}

func (s shelf) add(t testing.TB, name string, data []byte) string {
	t.Helper()
	a, err := asset.Inspect(name, data)
	if err != nil {
		t.Fatal(err)
	}
	s[a.Hash] = struct {
		delivery.Asset
		data []byte
	}{a, data}
	return a.Hash
}

func (s shelf) resources() Resources {
	return Resources{Sender: &delivery.Sender{Name: "Acme", PostalAddress: "Keizersgracht 1\n1015 CJ Amsterdam"},
		Asset: func(hash string) (delivery.Asset, []byte, error) {
			a, ok := s[hash]
			if !ok {
				return delivery.Asset{}, nil, errors.New("none")
			}
			return a.Asset, a.data, nil
		}}
}

func dot(t testing.TB, shade uint8) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	r := rand.New(rand.NewPCG(1, uint64(shade)))
	for i := range 1600 {
		m.Set(i%40, i/40, color.NRGBA{shade, uint8(r.Uint32()), uint8(i), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func with(t testing.TB, c delivery.Content, r Resources) *Template {
	t.Helper()
	if c.From == "" {
		c.From = "Acme <news@acme.example>"
	}
	tpl, findings := CompileWith(c, r)
	if tpl == nil || len(findings) > 0 {
		t.Fatalf("%+v", findings)
	}
	return tpl
}

// parsed is a message as enmime reads it, which must have nothing to complain of.
func parsed(t fataler, data []byte) *enmime.Envelope {
	if err := Guard(data, 20<<20); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	e, err := enmime.NewParser(enmime.DisableCharacterDetection(true)).ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("enmime: %v\n%s", err, data)
	}
	for _, trouble := range e.Errors {
		t.Fatalf("enmime: %v\n%s", trouble, data)
	}
	return e
}

// The sums are those of the program before messages had images: the plans of then
// hold.
func TestSumOfOldMessages(t *testing.T) {
	for i, c := range []struct {
		delivery.Content
		sum string
	}{
		{delivery.Content{From: "Acme <news@acme.example>", ReplyTo: "help@acme.example", Subject: "Hi {{ a }}", Preheader: "Soon", HTML: "<p>Dear {{ a }}, <img src=\"https://acme.example/x.png\" alt=\"x\"> {{ b | default: 'you' }}</p>"},
			"eb740b2470ca8f44af7de679eff8ad795d68bad7449a5a2698e19c9fbf71eaa5"},
		{delivery.Content{From: "Acme <news@acme.example>", Subject: "Hi {{ a }}", HTML: "<p>Dear {{ a }}, {% if b %}x{% endif %}</p>", Text: "Dear {{ a | date: '%Y' }}"},
			"18517ff009262b377eed6efa21c50737f4d17d7fad6aec5d0674962516124e4f"},
		{delivery.Content{From: "Acme <news@acme.example>", Subject: "Hi {{ a }}", Text: "Dear {{ a }}"}, "e0c3b0ad5be81aee58e2d187ff1e2162fa5a4e3622fead066246dd19de307a43"},
	} {
		m, err := with(t, c.Content, Resources{Old: true}).Render(new(Buffer), Recipient{Address: "ann@example.org", Fields: map[string]string{"a": "2026-03-02", "b": "B"}}, envelope())
		if got := fmt.Sprintf("%x", m.Sum); got != c.sum || err != nil {
			t.Errorf("%d: %s, %v", i, got, err)
		}
		if m.Reading != len(m.Data) {
			t.Errorf("%d: %d of %d bytes are read", i, m.Reading, len(m.Data))
		}
	}
}

// The shape that mail programs expect: mixed (alternative (text, related (html,
// images)), files), RFC 2046, 2387.
func TestShapeOfAMessage(t *testing.T) {
	s := shelf{}
	logo, terms := s.add(t, "logo.png", dot(t, 1)), s.add(t, "Terms.pdf", []byte("%PDF-1.7 terms"))
	tpl := with(t, delivery.Content{Subject: "x", HTML: `<p><img src="asset:` + logo + `" alt="Acme"></p>`, Text: "hi",
		Attachments: []delivery.Attachment{{Asset: terms}, {File: "{{ n }}.pdf"}}}, s.resources())
	r := Recipient{Address: "ann@example.org", Fields: map[string]string{"n": "7"}, Files: []File{{Path: "7.pdf", Data: []byte("%PDF-1.7 seven")}}}
	m, err := tpl.Render(new(Buffer), r, envelope())
	if err != nil {
		t.Fatal(err)
	}
	msg, err := mail.ReadMessage(bytes.NewReader(m.Data))
	if err != nil {
		t.Fatal(err)
	}
	var shape func(header string, body io.Reader) string
	shape = func(header string, body io.Reader) string {
		typ, params, _ := strings.Cut(header, ";")
		if !strings.HasPrefix(typ, "multipart/") {
			return typ
		}
		_, boundary, _ := strings.Cut(params, `boundary="`)
		mr := multipart.NewReader(body, strings.TrimSuffix(boundary, `"`))
		var parts []string
		for {
			p, err := mr.NextRawPart()
			if err == io.EOF {
				return typ + " (" + strings.Join(parts, ", ") + ")"
			}
			if err != nil {
				t.Fatalf("%s: %v", typ, err)
			}
			parts = append(parts, shape(p.Header.Get("Content-Type"), p))
		}
	}
	want := "multipart/mixed (multipart/alternative (text/plain, multipart/related (text/html, image/png)), application/pdf, application/pdf)"
	if got := shape(msg.Header.Get("Content-Type"), msg.Body); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if !strings.Contains(string(m.Data), "multipart/related; type=\"text/html\";") {
		t.Error("a related part says what its root is (RFC 2387 section 3.1)")
	}
	e := parsed(t, m.Data)
	if len(e.Inlines) != 1 || e.Inlines[0].ContentID != logo[:32]+"@acme.example" || !bytes.Equal(e.Inlines[0].Content, s[logo].data) ||
		!strings.Contains(e.HTML, `src="cid:`+e.Inlines[0].ContentID+`"`) {
		t.Errorf("the image: %+v\n%s", e.Inlines, e.HTML)
	}
	if len(e.Attachments) != 2 || e.Attachments[0].FileName != "Terms.pdf" || e.Attachments[1].FileName != "7.pdf" || string(e.Attachments[1].Content) != "%PDF-1.7 seven" {
		t.Errorf("the files: %+v", e.Attachments)
	}
	if m.Reading >= len(m.Data)-len(s[logo].data) || m.Reading < 500 {
		t.Errorf("%d of %d bytes are read", m.Reading, len(m.Data))
	}
	p, err := tpl.Preview(r, envelope())
	if err != nil || !strings.Contains(p.HTML, `src="asset:`+logo+`"`) || strings.Contains(p.HTML, "cid:") {
		t.Errorf("a preview refers to the assets: %s, %v", p.HTML, err)
	}
	// Who has no file of their own gets the others.
	r.Files = []File{{}}
	if m, err = tpl.Render(new(Buffer), r, envelope()); err != nil {
		t.Fatal(err)
	}
	if e = parsed(t, m.Data); len(e.Attachments) != 1 || e.Attachments[0].FileName != "Terms.pdf" {
		t.Errorf("without a file: %+v", e.Attachments)
	}
	r.Files = nil
	if _, err := tpl.Render(new(Buffer), r, envelope()); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("files forgotten: %v", err)
	}
}

func TestImagesOfABranch(t *testing.T) {
	s := shelf{}
	a, b := s.add(t, "a.png", dot(t, 1)), s.add(t, "b.png", dot(t, 2))
	tpl := with(t, delivery.Content{Subject: "x", Text: "x",
		HTML: `<img src="{% if vip %}asset:` + a + `{% else %}asset:` + b + `{% endif %}"><td background='asset:` + b + `' style="background:url(asset:` + b + `)">`}, s.resources())
	for vip, want := range map[string]int{"yes": 2, "": 1} {
		m, err := tpl.Render(new(Buffer), Recipient{Address: "ann@example.org", Fields: map[string]string{"vip": vip}}, envelope())
		if err != nil {
			t.Fatal(err)
		}
		e := parsed(t, m.Data)
		if len(e.Inlines) != want {
			t.Errorf("vip %q: %d images, want %d", vip, len(e.Inlines), want)
		}
		for _, p := range e.Inlines {
			if !strings.Contains(e.HTML, "cid:"+p.ContentID) {
				t.Errorf("vip %q: an image that the HTML does not show", vip)
			}
		}
	}
}

func TestAssetFindings(t *testing.T) {
	s := shelf{}
	logo, pdf := s.add(t, "logo.png", dot(t, 1)), s.add(t, "setup.exe", []byte("MZ"))
	none := strings.Repeat("0", 64)
	many := make([]delivery.Attachment, delivery.MaxAttachments+1)
	for name, c := range map[string]struct {
		delivery.Content
		want string
	}{
		"missing":    {delivery.Content{HTML: "<p>\n<img src='asset:" + none + "'>"}, "asset_missing error html 2:11"},
		"malformed":  {delivery.Content{HTML: "<img src=\"asset:logo\">"}, "asset_missing error html 1:11"},
		"personal":   {delivery.Content{HTML: "<img src=\"asset:{{ a }}\">"}, "asset_missing error html 1:11"},
		"a word":     {delivery.Content{HTML: "<p>Every asset: logo. myasset:" + none + "</p>"}, ""},
		"linked":     {delivery.Content{HTML: "<img src=\"asset:" + logo + "\">", Images: delivery.ImagesLink}, "asset_linked error html 1:11"},
		"no image":   {delivery.Content{HTML: "<img src=\"asset:" + pdf + "\">"}, "asset_no_image error html 1:11 setup.exe"},
		"no file":    {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: logo}, {Asset: none}}}, "asset_missing error attachment 2:0"},
		"program":    {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: pdf}}}, "attachment_dangerous warning attachment 1:0 .exe"},
		"script":     {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "{{ a }}.js"}}}, "attachment_dangerous warning attachment 1:0 .js"},
		"its name":   {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "{{ a }}.pdf", Name: "Invoice.exe"}}}, "attachment_dangerous warning attachment 1:0 .exe"},
		"both":       {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: pdf, File: "x"}}}, "attachment_unclear error attachment 1:0"},
		"many":       {delivery.Content{HTML: "x", Attachments: many}, "attachments_many error attachment 21:0"},
		"bad Liquid": {delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "a/{{ b"}}}, "template_broken error attachment 1:3 unclosed_object"},
	} {
		t.Run(name, func(t *testing.T) {
			c.Subject, c.From = "x", "a@b.example"
			_, findings := CompileWith(c.Content, s.resources())
			var got []string
			for _, f := range findings {
				got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %d:%d %s", f.Code, f.Severity, f.Part, f.Line, f.Column, f.Detail)))
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
	// Without the assets at hand nothing is said of them, and nothing is sent.
	tpl, findings := Compile(delivery.Content{From: "a@b.example", Subject: "x", HTML: "<img src=\"asset:" + none + "\">"})
	if len(findings) > 0 {
		t.Errorf("%+v", findings)
	}
	if _, err := tpl.Render(new(Buffer), Recipient{Address: "ann@example.org"}, envelope()); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("a message without its images: %v", err)
	}
}

func TestSenderDetails(t *testing.T) {
	c := delivery.Content{From: "a@b.example", Subject: "x", HTML: "<p>{{ sender.name }}, {{ sender.postal_address }}</p>"}
	tpl := with(t, c, shelf{}.resources())
	p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"sender.name": "Eve"}}, envelope())
	if want := "<p>Acme, Keizersgracht 1, 1015 CJ Amsterdam</p>"; err != nil || p.HTML != want {
		t.Errorf("%q, %v", p.HTML, err)
	}
	_, findings := CompileWith(c, Resources{Sender: &delivery.Sender{Name: "Acme"}})
	if len(findings) != 1 || findings[0].Code != delivery.FindSenderDetail || findings[0].Detail != NameAddress || findings[0].Column != 26 {
		t.Errorf("%+v", findings)
	}
	c.HTML = "{{ sender.postal_address | default: 'here' }}"
	if _, findings := CompileWith(c, Resources{Sender: &delivery.Sender{}}); len(findings) > 0 {
		t.Errorf("%+v", findings)
	}
}

// Fault 81 for files: whatever a file is called, and whatever is in it, arrives.
func TestFault81NamesOfFiles(t *testing.T) {
	s := shelf{}
	logo := s.add(t, "l\"ogo\r\n世界.png", dot(t, 1))
	tpl := with(t, delivery.Content{Subject: "x", HTML: `<img src="asset:` + logo + `">{{ n }}`, Attachments: []delivery.Attachment{{Asset: s.add(t, "plain.txt", []byte("hé\n")), Name: "{{ n }}"},
		{File: "x/{{ n }}"}}}, s.resources())
	var b Buffer
	names := append(naughty(t), "café.pdf", "a\r\nBcc: eve@x.example.pdf", strings.Repeat("世", 200)+".pdf", "\"quoted\".pdf", "{{ x }}.pdf", "a%41.pdf", "utf-8''x.pdf", strings.Repeat("a", 60)+".pdf")
	for i, n := range names {
		data := []byte(n + strings.Repeat("x", i))
		r := Recipient{Address: "ann@example.org", Fields: map[string]string{"n": n}, Files: []File{{Path: "x/" + n, Data: data}}}
		m, err := tpl.Render(&b, r, envelope())
		if err != nil {
			t.Fatalf("%q: %v", n, err)
		}
		if trouble := wire(m.Data); trouble != "" {
			t.Fatalf("%q: %s", n, trouble)
		}
		e := parsed(t, m.Data)
		want := asset.Name(n)
		if blankText(n) {
			want = "plain.txt"
		}
		if len(e.Attachments) != 2 || e.Attachments[0].FileName != want && e.Attachments[0].FileName != asset.Name(oneLine(clean(n))) || string(e.Attachments[0].Content) != "hé\n" {
			t.Errorf("%q: %q", n, e.Attachments[0].FileName)
		}
		if e.Attachments[1].FileName != asset.Name("x/"+n) || !bytes.Equal(e.Attachments[1].Content, data) {
			t.Errorf("%q: %q, want %q", n, e.Attachments[1].FileName, asset.Name("x/"+n))
		}
		if len(e.Inlines) != 1 || e.Inlines[0].FileName != "l_ogo世界.png" {
			t.Errorf("%q: %+v", n, e.Inlines)
		}
	}
}

// Thousands of messages with images and files, read by somebody else: everything
// arrives, byte for byte, and equal sums mean equal bytes.
func TestRichMessagesArrive(t *testing.T) {
	s := shelf{}
	var images []string
	for i := range 3 {
		images = append(images, s.add(t, fmt.Sprintf("ünï%d.png", i), dot(t, uint8(i))))
	}
	g := anyValue()
	n := min(soak(), 100_000)
	r := rand.New(rand.NewPCG(7, 7))
	var b, again Buffer
	for i := 0; i < n; i += 20 {
		data := make([]byte, r.IntN(300))
		for j := range data {
			data[j] = byte(r.Uint32())
		}
		c := delivery.Content{From: "a@b.example", Subject: "{{ a }}", HTML: "<p>x {{ a }}", Text: "x {{ b }}"}
		switch i / 20 % 4 {
		case 0:
			c.HTML += `<img alt="" src="asset:` + images[i/20%3] + `"><p>{{ b }}`
		case 1:
			c.HTML += `{% if a %}<img src='asset:` + images[0] + `'>{% endif %}<td background="asset:` + images[1] + `">`
		case 2:
			c.HTML = ""
		}
		c.Attachments = []delivery.Attachment{{Asset: s.add(t, "x.bin", append(data, byte(i), 1)), Name: "{{ a }}.bin"}, {File: "{{ a }}/{{ b }}"}}[:1+i/20%2]
		tpl := with(t, c, s.resources())
		for j := range 20 {
			v, w := g.Example(i+j), g.Example(n+i+j)
			to := Recipient{Address: "ann@example.org", Fields: map[string]string{"a": v, "b": w}}
			if tpl.Personal() {
				to.Files = []File{{Path: v + "/" + w, Data: []byte(w + "\x00" + v)}}
			}
			m, err := tpl.Render(&b, to, envelope())
			if err != nil {
				t.Fatalf("%q, %q: %v", v, w, err)
			}
			if trouble := wire(m.Data); trouble != "" {
				t.Fatalf("%q, %q: %s\n%s", v, w, trouble, m.Data)
			}
			e := parsed(t, m.Data)
			p, err := tpl.Preview(to, envelope())
			if err != nil {
				t.Fatal(err)
			}
			text := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }
			if text(e.Text) != text(p.Text) {
				t.Fatalf("%q, %q: text %q, want %q", v, w, e.Text, p.Text)
			}
			if c.HTML != "" && text(tpl.assetsOf(e.HTML)) != text(p.HTML) {
				t.Fatalf("%q, %q: HTML %q, want %q", v, w, e.HTML, p.HTML)
			}
			if strings.Count(tpl.assetsOf(e.HTML), delivery.AssetScheme) < len(e.Inlines) {
				t.Fatalf("%q: %d inline parts for\n%s", v, len(e.Inlines), e.HTML)
			}
			for _, part := range e.Inlines {
				if !bytes.Equal(part.Content, s[shownAs(tpl, part.ContentID)].data) {
					t.Fatalf("an image has changed on its way")
				}
			}
			if len(e.Attachments) != len(c.Attachments) || !bytes.Equal(e.Attachments[0].Content, s[c.Attachments[0].Asset].data) {
				t.Fatalf("%q, %q: %d attachments", v, w, len(e.Attachments))
			}
			if tpl.Personal() && !bytes.Equal(e.Attachments[1].Content, to.Files[0].Data) {
				t.Fatalf("%q, %q: %q", v, w, e.Attachments[1].Content)
			}
			if tpl.Personal() {
				to.Files[0].Data = append(bytes.Clone(to.Files[0].Data), 'x')
				if other, err := tpl.Render(&again, to, envelope()); err != nil || other.Sum == m.Sum {
					t.Fatalf("another file has the same sum, %v", err)
				}
			}
		}
	}
}

func shownAs(t *Template, cid string) string {
	for _, m := range t.images {
		if m.cid == cid {
			return m.hash
		}
	}
	return ""
}

// Whatever is sent changes the sum: an image, a file for everybody, their names.
func TestSumOfFiles(t *testing.T) {
	s := shelf{}
	one, two := s.add(t, "a.png", dot(t, 1)), s.add(t, "a.png", dot(t, 2))
	sums := map[[32]byte]string{}
	add := func(what string, c delivery.Content, r Recipient) {
		c.Subject, r.Address = "x", "ann@example.org"
		m, err := with(t, c, s.resources()).Render(new(Buffer), r, envelope())
		if err != nil {
			t.Fatal(err)
		}
		if sums[m.Sum] != "" {
			t.Errorf("%s has the sum of %s", what, sums[m.Sum])
		}
		sums[m.Sum] = what
	}
	add("nothing", delivery.Content{HTML: "x"}, Recipient{})
	add("an image", delivery.Content{HTML: `<img src="asset:` + one + `">`}, Recipient{})
	add("another image", delivery.Content{HTML: `<img src="asset:` + two + `">`}, Recipient{})
	add("an attachment", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: one}}}, Recipient{})
	add("its name", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: one, Name: "b.png"}}}, Recipient{})
	add("another", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: two}}}, Recipient{})
	add("both", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: one}, {Asset: two}}}, Recipient{})
	add("in the other order", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{Asset: two}, {Asset: one}}}, Recipient{})
	add("no file", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "a"}}}, Recipient{Files: []File{{}}})
	add("a file", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "a"}}}, Recipient{Files: []File{{"a", []byte("a")}}})
	add("an empty one", delivery.Content{HTML: "x", Attachments: []delivery.Attachment{{File: "a"}}}, Recipient{Files: []File{{"a", []byte{}}}})
}

// A parameter is what RFC 2231 and 2045 allow, on lines that fit, and reads as it
// was.
func TestParameter(t *testing.T) {
	for value, want := range map[string]string{
		"a.pdf":       ` filename="a.pdf"`,
		"two words":   ` filename="two words"`,
		"café.pdf":    ` filename*=utf-8''caf%C3%A9.pdf`,
		`a"b`:         ` filename*=utf-8''a%22b`,
		"{{ x }}.pdf": ` filename*=utf-8''%7B%7B%20x%20%7D%7D.pdf`,
		strings.Repeat("世", 6): " filename*0*=utf-8''%E4%B8%96%E4%B8%96%E4%B8%96%E4%B8%96;\r\n" +
			" filename*1*=%E4%B8%96%E4%B8%96",
	} {
		if got := string(appendParameter(nil, "filename", value)); got != want {
			t.Errorf("%s\n%s, want\n%s", value, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		value := asset.Name(rapid.String().Draw(t, "name"))
		data := "MIME-Version: 1.0\r\nContent-Type: text/plain\r\nContent-Disposition: attachment;\r\n" + string(appendParameter(nil, "filename", value)) + "\r\n\r\nx\r\n"
		for line := range strings.SplitSeq(data, "\r\n") {
			if len(line) > 76 {
				t.Fatalf("%q", line)
			}
		}
		if got := readDisposition(t, data); got != value {
			t.Fatalf("%q, want %q", got, value)
		}
	})
}

// readDisposition is the file name that the standard library reads.
func readDisposition(t fataler, data string) string {
	msg, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatalf("%v", err)
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Disposition"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return params["filename"]
}
