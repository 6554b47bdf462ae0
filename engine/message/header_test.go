package message

import (
	"bytes"
	"net/mail"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

func TestMessageByTheBook(t *testing.T) {
	tpl := compile(t, delivery.Content{From: "Acme News <news@acme.example>", ReplyTo: "help@acme.example", Subject: "Hello", HTML: "<p>Hi {{ name }}</p>"})
	var b Buffer
	m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"name": "Ann"}}, envelope())
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`Date: Mon, 10 Aug 2026 09:00:00 +0200
From: Acme News <news@acme.example>
Reply-To: help@acme.example
List-ID: <news.acme.example>
Precedence: bulk
MIME-Version: 1.0
To: ann@example.org
Subject: Hello
Message-ID: ID
List-Unsubscribe: <mailto:news@acme.example?subject=unsubscribe%20abc>
Content-Type: multipart/alternative;
 boundary="=_TOKEN"

--=_TOKEN
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hi =
Ann=


--=_TOKEN
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>Hi =
Ann=
</p>
--=_TOKEN--
`, "\n", "\r\n")
	id := envelope().MessageID
	want = strings.NewReplacer("Message-ID: ID", "Message-ID: "+id, "TOKEN", strings.TrimSuffix(id[1:], "@acme.example>")).Replace(want)
	if string(m.Data) != want {
		t.Errorf("got\n%s\nwant\n%s", m.Data, want)
	}
	if m.From != "news@acme.example" || m.To != "ann@example.org" {
		t.Errorf("envelope %q, %q", m.From, m.To)
	}
	if bytes.Contains(m.Data, []byte("Auto-Submitted")) {
		t.Error("a campaign is no automatic reply")
	}
}

func TestTextAlone(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "s", Text: "Hi {{ name }}"})
	var b Buffer
	m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"name": "x "}}, envelope())
	if err != nil {
		t.Fatal(err)
	}
	if got := readStd(t, m.Data); got.text != "Hi x \n" || got.html != "" {
		t.Errorf("%q\n%s", got, m.Data)
	}
	if err := Guard(m.Data, 0); err != nil {
		t.Error(err)
	}
}

func TestEnvelopesThatWouldBreakAMessage(t *testing.T) {
	tpl := compile(t, delivery.Content{Subject: "s", Text: "t"})
	var b Buffer
	for _, a := range []string{"", "ann", "@example.org", "ann@", "a b@example.org", "ann@example.org\r\nBcc: x@y.example", "<ann@example.org>", "ann@example.org>", "ann@exam ple.org",
		"ann@example.org,bob@example.org", "änn@example.org", "ann@exämple.org", "\"a b\"@example.org", "a@b@example.org", "ann@example.org> NOTIFY=NEVER", "ann\x00@example.org", "ann@[127.0.0.1]",
		".ann@example.org", "ann.@example.org", "a..b@example.org", "ann@-x.org", "ann@x..org"} {
		if _, err := tpl.Render(&b, Recipient{Address: a}, envelope()); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("address %q: %v", a, err)
		}
	}
	for _, id := range []string{"", "x", "<x>", "<a@b", "a@b>", "<a@b>\r\nBcc: x", "<a b@c>", "<é@b>"} {
		e := envelope()
		e.MessageID = id
		if _, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, e); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("Message-ID %q: %v", id, err)
		}
	}
	for _, u := range []string{"https://x.example", "mailto:x>\r\nBcc: y", "mailto:a b", "mailto:a,b", "mailto:<a>"} {
		e := envelope()
		e.UnsubscribeMailto = u
		if _, err := tpl.Render(&b, Recipient{Address: "ann@example.org"}, e); !delivery.Is(err, delivery.KindInvalid) {
			t.Errorf("unsubscribe %q: %v", u, err)
		}
	}
	empty := compile(t, delivery.Content{Subject: "s"})
	if _, err := empty.Render(&b, Recipient{Address: "ann@example.org"}, envelope()); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("no content: %v", err)
	}
}

func TestDisplayNames(t *testing.T) {
	names := append(hostile(), strings.Repeat("Ä", 100), strings.Repeat("word ", 40), "Müller & Söhne", `back\slash "quoted"`, "dot. dot", "=?utf-8?q?x?=")
	for _, n := range names {
		n = strings.TrimSpace(oneLine(clean(n)))
		for _, address := range []string{"news@acme.example", strings.Repeat("a", 60) + "@acme.example"} {
			field := string(appendMailbox(nil, "From", mailbox{n, address}))
			for l := range strings.SplitSeq(strings.TrimSuffix(field, "\r\n"), "\r\n") {
				if len(l) > headerLine && n != "" { // an address alone cannot be folded
					t.Errorf("%.50q: a line of %d: %q", n, len(l), l)
				}
			}
			m, err := mail.ReadMessage(strings.NewReader(field + "\r\n"))
			if err != nil {
				t.Errorf("%.50q: %v in %q", n, err, field)
				continue
			}
			list, err := m.Header.AddressList("From")
			if err != nil || len(list) != 1 || list[0].Name != n || list[0].Address != address {
				t.Errorf("%.50q reads %+v, %v from %q", n, list, err, field)
			}
		}
	}
}

// outlook is what MJML makes of a column: conditional comments for Outlook,
// style sheets, entities.
const outlook = `<!doctype html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head>
<title>Summer</title>
<!--[if !mso]><!-->
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<!--<![endif]-->
<style type="text/css">#outlook a{padding:0}@media only screen and (min-width:480px){.mj-column-per-100{width:100%!important;max-width:100%}}</style>
<!--[if mso]>
<noscript><xml><o:OfficeDocumentSettings><o:AllowPNG/><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml></noscript>
<![endif]-->
<!--[if lte mso 11]><style type="text/css">.mj-outlook-group-fix { width:100% !important; }</style><![endif]-->
</head>
<body style="word-spacing:normal;background-color:#fff;">
<!-- a comment -- with {curly} and &amp; -->
<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" style="width:600px;" width="600" ><tr><td style="line-height:0px;font-size:0px;mso-line-height-rule:exactly;"><![endif]-->
<p>Dear NAME,&nbsp;caf&eacute; &copy;	tabs  and trailing   
</p>
<!--[if mso]><v:roundrect href="LINK" style="height:40px"></v:roundrect><![endif]-->
<a href="LINK">Order</a>
<!--[if mso | IE]></td></tr></table><![endif]-->
</body>
</html>
`

func TestOutlookSurvives(t *testing.T) {
	source := strings.NewReplacer("NAME", "{{ name }}", "LINK", "{{ link }}").Replace(outlook)
	for _, fast := range []bool{true, false} {
		tpl, findings := compileFrom(delivery.Content{From: "a@b.example", Subject: "s", Preheader: "Look: {{ name }} & co", HTML: source}, Resources{}, fast)
		if len(findings) > 0 {
			t.Fatalf("%+v", findings)
		}
		var b Buffer
		m, err := tpl.Render(&b, Recipient{Address: "ann@example.org", Fields: map[string]string{"name": "Ann & Bob", "link": "https://x.example/?a=1&b"}}, envelope())
		if err != nil {
			t.Fatal(err)
		}
		if err := Guard(m.Data, 0); err != nil {
			t.Error(err)
		}
		want := strings.NewReplacer("NAME", "Ann &amp; Bob", "LINK", "https://x.example/?a=1&amp;b").Replace(outlook)
		body := `<body style="word-spacing:normal;background-color:#fff;">`
		want = strings.Replace(want, body, body+preheaderOpen+"Look: Ann &amp; Bob &amp; co"+strings.Repeat(preheaderPad, preheaderPads)+preheaderClose, 1)
		got := readStd(t, m.Data)
		if got.html != want {
			t.Errorf("fast %v: got\n%s\nwant\n%s", fast, got.html, want)
		}
		if text := "Dear Ann & Bob, café © tabs and trailing\n\nOrder <https://x.example/?a=1&b>\n"; got.text != text {
			t.Errorf("text %q, want %q", got.text, text)
		}
	}
}

func TestPreheaderGoesWhereTheBodyBegins(t *testing.T) {
	in := preheaderOpen + "P" + strings.Repeat(preheaderPad, preheaderPads) + preheaderClose
	for html, want := range map[string]string{
		"<p>x</p>":                                    "|<p>x</p>",
		"<!-- <body> --><body\nclass='>'>x":           "<!-- <body> --><body\nclass='>'>|x",
		"<html><head></head><BODY>x":                  "<html><head></head><BODY>|x",
		"<html><head><title>a</title></head><p>x":     "<html><head><title>a</title></head>|<p>x",
		"<!DOCTYPE html><p>x":                         "<!DOCTYPE html>|<p>x",
		"<html lang=nl><p>x":                          "<html lang=nl>|<p>x",
		"{{ n }}<p>x":                                 "|N<p>x",
		"<body title='{{ n }}'>x":                     "<body title='N'>|x",
		"<style>a:after{content:'<body>'}</style>x":   "|<style>a:after{content:'<body>'}</style>x",
		"{% if n %}<body>{% else %}<body>{% endif %}": "<body>|",
	} {
		tpl := compile(t, delivery.Content{Subject: "s", Preheader: "P", HTML: html})
		p, err := tpl.Preview(Recipient{Address: "ann@example.org", Fields: map[string]string{"n": "N"}}, envelope())
		if want = strings.Replace(want, "|", in, 1); err != nil || p.HTML != want {
			t.Errorf("%s: got %q, want %q (%v)", html, p.HTML, want, err)
		}
		if p.Preheader != "P" {
			t.Errorf("%s: preheader %q", html, p.Preheader)
		}
	}
}
