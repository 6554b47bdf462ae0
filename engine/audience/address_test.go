package audience

import (
	"encoding/xml"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
)

func TestParseAddress(t *testing.T) {
	l64 := strings.Repeat("l", 64)
	d63 := strings.Repeat("d", 63)
	for _, c := range []struct{ in, normal, key, reason string }{
		{in: "anna@post.example", normal: "anna@post.example", key: "anna@post.example"},
		{in: "Anna.Visser@Post.Example", normal: "Anna.Visser@post.example", key: "anna.visser@post.example"},
		{in: " \t anna@post.example \u00a0", normal: "anna@post.example", key: "anna@post.example"},
		{in: "\ufeffanna@post.example\u200b", normal: "anna@post.example", key: "anna@post.example"},
		{in: "anna+news@post.example", normal: "anna+news@post.example", key: "anna+news@post.example"},
		{in: "!#$%&'*+-/=?^_`{|}~@post.example", normal: "!#$%&'*+-/=?^_`{|}~@post.example", key: "!#$%&'*+-/=?^_`{|}~@post.example"},
		{in: "a@ab--cd.example", normal: "a@ab--cd.example", key: "a@ab--cd.example"},
		{in: "a@123.example", normal: "a@123.example", key: "a@123.example"},
		{in: "a@b.4u", normal: "a@b.4u", key: "a@b.4u"},
		{in: l64 + "@post.example", normal: l64 + "@post.example", key: l64 + "@post.example"},
		{in: "a@" + d63 + ".example", normal: "a@" + d63 + ".example", key: "a@" + d63 + ".example"},
		// International domains; the A-labels are those that the UASG publishes
		// for its test domains, and RFC 3492's Bücher.
		{in: "info1@ua-test.link", normal: "info1@ua-test.link", key: "info1@ua-test.link"},
		{in: "info2@ua-test.technology", normal: "info2@ua-test.technology", key: "info2@ua-test.technology"},
		{in: "info3@普遍接受-测试.top", normal: "info3@xn----f38am99bqvcd5liy1cxsg.top", key: "info3@xn----f38am99bqvcd5liy1cxsg.top"},
		{in: "info5@普遍接受-测试.世界", normal: "info5@xn----f38am99bqvcd5liy1cxsg.xn--rhqv96g", key: "info5@xn----f38am99bqvcd5liy1cxsg.xn--rhqv96g"},
		{in: "info4@ua-test.世界", normal: "info4@ua-test.xn--rhqv96g", key: "info4@ua-test.xn--rhqv96g"},
		{in: "Info@BÜCHER.example", normal: "Info@xn--bcher-kva.example", key: "info@xn--bcher-kva.example"},
		{in: "info@XN--BCHER-KVA.example", normal: "info@xn--bcher-kva.example", key: "info@xn--bcher-kva.example"},
		{in: "info@bücher。example", normal: "info@xn--bcher-kva.example", key: "info@xn--bcher-kva.example"},
		{in: "a@faß.example", normal: "a@xn--fa-hia.example", key: "a@xn--fa-hia.example"}, // not "fass": IDNA2008
		// Quoted strings. The quotes are no part of the mailbox's name.
		{in: `"Anna"@post.example`, normal: `"Anna"@post.example`, key: "anna@post.example"},
		{in: `"a\n\na"@post.example`, normal: `"a\n\na"@post.example`, key: "anna@post.example"},
		{in: `"a@b"@post.example`, normal: `"a@b"@post.example`, key: `"a@b"@post.example`},
		{in: `"a\@\B"@post.example`, normal: `"a\@\B"@post.example`, key: `"a@b"@post.example`},
		{in: `"a..b"@post.example`, normal: `"a..b"@post.example`, key: `"a..b"@post.example`},
		{in: `"\"\\"@post.example`, normal: `"\"\\"@post.example`, key: `"\"\\"@post.example`},

		{in: "", reason: ReasonEmpty},
		{in: " \t\u00a0", reason: ReasonEmpty},
		{in: "anna", reason: ReasonNoAt},
		{in: `"anna@post.example"`, reason: ReasonNoAt},
		{in: "@post.example", reason: ReasonLocal},
		{in: ".a@post.example", reason: ReasonLocal},
		{in: "a.@post.example", reason: ReasonLocal},
		{in: "a..b@post.example", reason: ReasonLocal},
		{in: "a,b@post.example", reason: ReasonLocal},
		{in: "(hi)a@post.example", reason: ReasonLocal},
		{in: `""@post.example`, reason: ReasonLocal},
		{in: `"a"b@post.example`, reason: ReasonLocal},
		{in: `"a"."b"@post.example`, reason: ReasonLocal},
		{in: `"a\"@post.example`, reason: ReasonLocal},
		{in: `"`, reason: ReasonLocal},
		{in: `"\`, reason: ReasonLocal},
		{in: l64 + "l@post.example", reason: ReasonLocalTooLong},
		{in: `"` + l64 + `"@post.example`, reason: ReasonLocalTooLong},
		{in: "zoë@post.example", reason: ReasonSMTPUTF8},
		{in: `"zoë"@post.example`, reason: ReasonSMTPUTF8},
		{in: "a@", reason: ReasonDomain},
		{in: "a@post..example", reason: ReasonDomain},
		{in: "a@.post.example", reason: ReasonDomain},
		{in: "a@post.example.", reason: ReasonDomain},
		{in: "a@-post.example", reason: ReasonDomain},
		{in: "a@post-.example", reason: ReasonDomain},
		{in: "a@po_st.example", reason: ReasonDomain},
		{in: "a@post.example;", reason: ReasonDomain},
		{in: "a@" + d63 + "d.example", reason: ReasonLabelTooLong},
		{in: "a@localhost", reason: ReasonDotless},
		{in: "a@1.2.3.4", reason: ReasonNumericTLD},
		{in: "a@[1.2.3.4]", reason: ReasonLiteral},
		{in: "a@[IPv6:::1]", reason: ReasonLiteral},
		{in: "a@b.example,c@d.example", reason: ReasonSeveral},
		{in: "a@b.example; c@d.example", reason: ReasonSeveral},
		{in: "a@b@c.example", reason: ReasonSeveral},
		{in: "anna visser@post.example", reason: ReasonSpace},
		{in: `"anna visser"@post.example`, reason: ReasonSpace},
		{in: "a@post .example", reason: ReasonSpace},
		{in: "a\u00a0b@post.example", reason: ReasonSpace},
		{in: "<a@post.example>", reason: ReasonAngle},
		{in: "Anna <a@post.example>", reason: ReasonAngle},
		{in: "a@post.example> SIZE=1", reason: ReasonAngle},
		{in: `"a>b"@post.example`, reason: ReasonAngle},
		{in: "mailto:a@post.example", reason: ReasonMailto},
		{in: "MAILTO:a@post.example", reason: ReasonMailto},
		{in: "a@post.example\r\nBcc: b@post.example", reason: ReasonControl},
		{in: "a@post.example\n", reason: ReasonControl},
		{in: "\ra@post.example", reason: ReasonControl},
		{in: "a\x00@post.example", reason: ReasonControl},
		{in: "a\x7f@post.example", reason: ReasonControl},
		{in: "a@post\u0085.example", reason: ReasonControl},
		{in: "a@post\xff.example", reason: ReasonEncoding},
		{in: "a@xn--a.example", reason: ReasonIDN},
		{in: "a@xn--example-.example", reason: ReasonIDN},
		{in: "a@\u202epost.example", reason: ReasonIDN},
		{in: "a@b\uff20ücher.example", reason: ReasonIDN}, // a full-width @
		{in: "a@" + strings.Repeat(d63+".", 3) + strings.Repeat("e", 61), reason: ReasonTooLong},
		{in: "a@" + strings.Repeat("ü.", 600) + "example", reason: ReasonTooLong},
	} {
		a, err := ParseAddress(c.in)
		if c.reason != "" {
			checkInvalid(t, c.in, err, c.reason)
			continue
		}
		if err != nil || a.Normal != c.normal || a.Key != c.key {
			t.Errorf("%q: got %q, %q, %v", c.in, a.Normal, a.Key, err)
		}
	}
}

func checkInvalid(t *testing.T, in string, err error, reason string) {
	t.Helper()
	e, ok := err.(*delivery.Error)
	if !ok || e.Kind != delivery.KindInvalid || e.Field != "address" || e.Detail != reason {
		t.Errorf("%q: got %v, want reason %s", in, err, reason)
	}
}

// TestAddressLength checks the limit of 254 octets to the octet.
func TestAddressLength(t *testing.T) {
	d63 := strings.Repeat("d", 63)
	longest := strings.Repeat("l", 2) + "@" + d63 + "." + d63 + "." + d63 + "." + strings.Repeat("e", 59)
	if len(longest) != 254 {
		t.Fatal(len(longest))
	}
	if _, err := ParseAddress(longest); err != nil {
		t.Error(err)
	}
	_, err := ParseAddress(longest + "e")
	checkInvalid(t, longest+"e", err, ReasonTooLong)
}

// refusedThough lists the addresses of the is_email corpus that are legal and
// refused nevertheless, with the reason; whole categories first, then tests.
var refusedThough = map[string]string{
	"ISEMAIL_RFC5321_TLD":             ReasonDotless,
	"ISEMAIL_RFC5321_TLDNUMERIC":      ReasonNumericTLD,
	"ISEMAIL_RFC5321_ADDRESSLITERAL":  ReasonLiteral,
	"ISEMAIL_RFC5321_IPV6DEPRECATED":  ReasonLiteral,
	"test@io":                         ReasonDotless,
	`""@iana.org`:                     ReasonLocal, // legal for the grammar, and nobody's name
	`"test\ test"@iana.org`:           ReasonSpace,
	"\r\n test@iana.org":              ReasonControl, // folding belongs to headers
	" \r\n test@iana.org":             ReasonControl,
	"test@iana.org\r\n ":              ReasonControl,
	"test@iana.org \r\n ":             ReasonControl,
	"(comment)test@iana.org":          ReasonLocal, // so do comments
	"(comment(comment))test@iana.org": ReasonLocal,
}

// TestIsEmailCorpus runs the corpus of Dominic Sayers' is_email (BSD licence,
// in the file).
func TestIsEmailCorpus(t *testing.T) {
	data, err := os.ReadFile("testdata/isemail.xml")
	if err != nil {
		t.Fatal(err)
	}
	var corpus struct {
		Tests []struct {
			ID        string `xml:"id,attr"`
			Address   string `xml:"address"`
			Category  string `xml:"category"`
			Diagnosis string `xml:"diagnosis"`
		} `xml:"test"`
	}
	if err := xml.Unmarshal(data, &corpus); err != nil {
		t.Fatal(err)
	}
	if len(corpus.Tests) != 164 {
		t.Fatalf("%d tests, want 164", len(corpus.Tests))
	}
	for _, c := range corpus.Tests {
		in := strings.Map(func(r rune) rune { // control characters are written as their symbols
			if r >= 0x2400 && r <= 0x241f {
				return r - 0x2400
			}
			return r
		}, c.Address)
		_, err := ParseAddress(in)
		want, listed := refusedThough[in]
		if !listed {
			want, listed = refusedThough[c.Diagnosis]
		}
		switch c.Category {
		case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_RFC5321", "ISEMAIL_DNSWARN":
			if listed {
				checkInvalid(t, in, err, want)
			} else if err != nil {
				t.Errorf("%s %q is valid: %v", c.ID, in, err)
			}
		case "ISEMAIL_CFWS":
			// Plain white space around an address is dropped; the rest is not
			// a Mailbox of RFC 5321.
			if ok := strings.Trim(in, " ") == "test@iana.org"; ok != (err == nil) {
				t.Errorf("%s %q: %v", c.ID, in, err)
			} else if listed {
				checkInvalid(t, in, err, want)
			}
		default: // ERR, RFC5322, DEPREC
			if err == nil {
				t.Errorf("%s %q is accepted, %s", c.ID, in, c.Diagnosis)
			}
		}
	}
}

// checkAddress holds what is true of every accepted address.
func checkAddress(t interface {
	Helper()
	Fatalf(string, ...any)
}, in string, a Address) {
	t.Helper()
	for _, s := range []string{a.Normal, a.Key} {
		if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '<' || r == '>' }) {
			t.Fatalf("%q: %q holds what no envelope may", in, s)
		}
		ats, open := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case open && s[i] == '\\':
				i++
			case s[i] == '"':
				open = !open
			case s[i] == '@' && !open:
				ats++
			}
		}
		if ats != 1 || open {
			t.Fatalf("%q: %q has %d @ outside quotes", in, s, ats)
		}
	}
	if len(a.Normal) > 254 {
		t.Fatalf("%q: %d octets", in, len(a.Normal))
	}
	again, err := ParseAddress(a.Normal)
	if err != nil || again != a {
		t.Fatalf("%q: %q read again is %q, %v", in, a, again, err)
	}
	key, err := ParseAddress(a.Key)
	if err != nil || key.Normal != a.Key || key.Key != a.Key {
		t.Fatalf("%q: key %q read again is %q, %v", in, a.Key, key, err)
	}
}

// TestFastAgreesWithSlow holds the short cut against the long way.
func TestFastAgreesWithSlow(t *testing.T) {
	part := rapid.StringMatching(`[A-Za-z0-9._+@"\\ -]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		s := trimAddress(part.Draw(t, "local") + "@" + part.Draw(t, "domain") + rapid.SampledFrom([]string{"", ".example", ".4", ".Xn--bcher-kva"}).Draw(t, "top"))
		fast, ok := fastAddress(s)
		slow, reason := slowAddress(s)
		if ok && (reason != "" || fast != slow) {
			t.Fatalf("%q: fast %v, slow %v %s", s, fast, slow, reason)
		}
		if reason == "" {
			checkAddress(t, s, slow)
		}
	})
}

// TestKeyIgnoresCase: the same person written in another case is a duplicate.
func TestKeyIgnoresCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-z0-9]{1,8}(\.[a-z+]{1,5})?@[a-z]{1,9}\.example`).Draw(t, "address")
		a, err := ParseAddress(s)
		if err != nil {
			t.Fatal(err)
		}
		b, err := ParseAddress(strings.ToUpper(s))
		if err != nil || a.Key != b.Key || a.Key != s {
			t.Fatalf("%q and %q: %v", a, b, err)
		}
	})
}

func TestFastPathDoesNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		if _, reason := parseAddress("anna.visser+news@mail.post.example"); reason != "" {
			t.Fatal(reason)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{
		"anna@post.example", `"a\"b"@post.example`, "info@bücher.example", "a@xn--bcher-kva.example",
		"<a@b.example>", "a@[1.2.3.4]", "mailto:a@b.example", " a@b.example\n", "a@b\u3002example", `"\`,
	} {
		f.Add(s)
	}
	known := make(map[string]bool)
	for _, r := range Reasons() {
		known[r] = true
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAddress(s)
		if err == nil {
			checkAddress(t, s, a)
			return
		}
		if e, ok := err.(*delivery.Error); !ok || !known[e.Detail] {
			t.Fatalf("%q: %v", s, err)
		}
		if utf8.ValidString(s) == (err.(*delivery.Error).Detail == ReasonEncoding) {
			t.Fatalf("%q: %v", s, err)
		}
	})
}
