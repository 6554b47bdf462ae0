package transport_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"sendoff/engine/transport"
)

func TestParseReply(t *testing.T) {
	big := strings.Repeat("x", 1990)
	for _, c := range []struct {
		in   string
		want transport.Reply // without a code: an error
	}{
		// RFC 5321 section 4.2: the text and its space may be missing.
		{"250\r\n", transport.Reply{Code: 250}},
		{"250 \r\n", transport.Reply{Code: 250}},
		{"250 OK\r\n", transport.Reply{Code: 250, Text: "OK"}},
		{"250-\r\n250\r\n", transport.Reply{Code: 250}},
		{"250-one\r\n250-two\r\n250 three\r\n", transport.Reply{Code: 250, Text: "one two three"}},
		{"550 5.1.1 no such user\r\n", transport.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}},
		{"550-5.1.1 no such\r\n550 5.1.1 user\r\n", transport.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}},
		{"550 5.7.515\r\n", transport.Reply{Code: 550, Enhanced: "5.7.515"}},
		// RFC 3463 section 2: at most three digits, classes 2, 4 and 5.
		{"550 5.1.1000 x\r\n", transport.Reply{Code: 550, Text: "5.1.1000 x"}},
		{"550 3.1.1 x\r\n", transport.Reply{Code: 550, Text: "3.1.1 x"}},
		{"550 5.1 x\r\n", transport.Reply{Code: 550, Text: "5.1 x"}},
		{"550 10.0.0.1 blocked\r\n", transport.Reply{Code: 550, Text: "10.0.0.1 blocked"}},
		{"250 a\tb\x07\x1b[31mc\u202ed\xff\r\n", transport.Reply{Code: 250, Text: "a b[31mcd\ufffd"}},
		{"250 " + big + "\r\n", transport.Reply{Code: 250, Text: big}},
		{"250 OK\r\n550 the next one\r\n", transport.Reply{Code: 250, Text: "OK"}},

		{"", transport.Reply{}},
		{"250 OK", transport.Reply{}},
		{"250 OK\r", transport.Reply{}},
		{"250 OK\n", transport.Reply{}}, // bare LF
		{"250-one\r\n", transport.Reply{}},
		{"250-one\r\n251 two\r\n", transport.Reply{}},
		{"250-one\r\ntwo\r\n", transport.Reply{}},
		{"25 OK\r\n", transport.Reply{}},
		{"2500 OK\r\n", transport.Reply{}},
		{"25000\r\n", transport.Reply{}},
		{"250OK\r\n", transport.Reply{}},
		{"250\tOK\r\n", transport.Reply{}},
		{" 250 OK\r\n", transport.Reply{}},
		{"150 OK\r\n", transport.Reply{}},
		{"650 OK\r\n", transport.Reply{}},
		{"2a0 OK\r\n", transport.Reply{}},
		{"\r\n", transport.Reply{}},
		{"HTTP/1.1 400 Bad Request\r\n", transport.Reply{}},
		{"250 " + strings.Repeat("x", 2000) + "\r\n", transport.Reply{}},
		{strings.Repeat("x", 100_000), transport.Reply{}},
		{strings.Repeat("250-x\r\n", 10_000) + "250 x\r\n", transport.Reply{}},
	} {
		got, err := transport.ParseReply(c.in)
		if (err != nil) != (c.want.Code == 0) || got != c.want {
			t.Errorf("%.60q: got %+v, %v; want %+v", c.in, got, err, c.want)
		}
	}
}

// FuzzReply: what parses is an SMTP reply by the grammar of RFC 5321 section
// 4.2, read off by an independent expression, and its text is fit for a log.
func FuzzReply(f *testing.F) {
	for _, s := range []string{"250 OK\r\n", "250-a\r\n250 b\r\n", "550 5.1.1 no\r\n", "250\r\n", "2\r\n", "250-a\r\n251 b\r\n", "354 \xff\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := transport.ParseReply(s)
		if err != nil {
			if r != (transport.Reply{}) {
				t.Fatalf("%q: %+v with %v", s, r, err)
			}
			return
		}
		code := fmt.Sprint(r.Code)
		grammar := regexp.MustCompile(`^(` + code + `-[^\n]*\r\n)*` + code + `( [^\n]*)?\r\n`)
		if !grammar.MatchString(s) || r.Code < 200 || r.Code > 599 {
			t.Fatalf("%q is no reply, got %+v", s, r)
		}
		if !utf8.ValidString(r.Text) || strings.ContainsFunc(r.Text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			t.Fatalf("%q: text %q", s, r.Text)
		}
		if r.Enhanced != "" && !regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`).MatchString(r.Enhanced) {
			t.Fatalf("%q: enhanced %q", s, r.Enhanced)
		}
	})
}
