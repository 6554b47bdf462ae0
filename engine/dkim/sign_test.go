package dkim

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"sendoff/engine/delivery"
)

// moment is when the tests sign: what they sign must not be from the future.
func moment() time.Time { return time.Date(2026, 8, 10, 9, 0, 0, 0, time.UTC) }

func signer(t testing.TB, a delivery.DKIMAlgorithm) *Signer {
	t.Helper()
	key, err := Generate(a)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(key, "Acme.Example.", string(a))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func algorithms() []delivery.DKIMAlgorithm {
	return []delivery.DKIMAlgorithm{delivery.DKIMEd25519, delivery.DKIMRSA}
}

// verify is go-msgauth's verdict on the one signature of a message.
func verify(t testing.TB, s *Signer, message []byte) error {
	t.Helper()
	record, err := s.Record()
	if err != nil {
		t.Fatal(err)
	}
	vs, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != s.Name() {
			return nil, fmt.Errorf("asked for %s", name)
		}
		return []string{record}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(vs) != 1 {
		t.Fatalf("%d signatures", len(vs))
	}
	return vs[0].Err
}

// anyMessage is a message of fields and a body such as relays, people and
// programs make them. With old, white space stands before some colons, which is
// obsolete syntax (RFC 5322 section 4.5).
func anyMessage(r *rand.Rand, old bool) []byte {
	var b bytes.Buffer
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	words := func(n int, gaps ...string) string {
		var s strings.Builder
		for range n {
			s.WriteString(pick("news", "=C3=A9", "a", "0", "Our shop", "=", ".", "<p>", "x;y", "\"q\"", ":", "b=", "=?utf-8?q?=C3=A9?="))
			s.WriteString(pick(gaps...))
		}
		return s.String() + "z"
	}
	colons := []string{":", ": ", ":  ", ":\t", ":\r\n "}
	if old {
		colons = append(colons, " : ")
	}
	colon := func() string { return pick(colons...) }
	field := func(name, value string) { b.WriteString(name + colon() + value + pick("", "", " ", "\t ") + "\r\n") }
	fields := []func(){
		func() { field(pick("From", "from", "FROM"), `"Acme, Ltd" <news@acme.example>`) },
		func() { field("To", "ann@example.org") },
		func() { field("Subject", words(r.IntN(12), " ", "  ", "\r\n ", "\r\n\t", "\t")) },
		func() { field("Date", "Mon, 10 Aug 2026 09:00:00 +0200") },
		func() { field(pick("Message-ID", "Message-Id"), fmt.Sprintf("<%x@acme.example>", r.Uint64())) },
		func() { field("MIME-Version", "1.0") },
		func() { field("Content-Type", "multipart/alternative;\r\n boundary=\"=_x\"") },
		func() { field("List-Unsubscribe", "<mailto:news@acme.example?subject=x>") },
		func() { field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") },
	}
	for _, more := range []func(){
		func() { field("Reply-To", "help@acme.example") },
		func() { field("List-ID", "<news.acme.example>") },
		func() { field("Precedence", "bulk") },
		func() { field("X-Mailer", words(3, " ")) },
		func() { field("Comments", words(2, " ")); field("Comments", words(2, " ")) },
		func() { field("List-Post", words(2, " ")); field("list-post", words(2, " ")) },
		func() { field("Received", "from a by b; Mon, 10 Aug 2026 09:00:00 +0200") },
		func() { field("Keywords", "") },
	} {
		if r.IntN(2) == 0 {
			fields = append(fields, more)
		}
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	for _, f := range fields {
		f()
	}
	b.WriteString("\r\n")
	for range r.IntN(30) {
		switch r.IntN(8) {
		case 0:
			b.WriteString("\r\n")
		case 1:
			b.WriteString(pick(" ", "\t", "  \t ") + "\r\n")
		case 2:
			b.WriteString(strings.Repeat("x", r.IntN(900)) + "\r\n")
		default:
			b.WriteString(pick("", " ", "\t") + words(r.IntN(12), " ", "  ", "\t", "") + pick("", "", " ", "\t\t") + "\r\n")
		}
	}
	b.WriteString(pick("", "the end\r\n", "\r\n\r\n\r\n", " \r\n\r\n"))
	return b.Bytes()
}

func random() *rand.Rand { return rand.New(rand.NewPCG(6376, 8463)) }

func TestSignaturesVerify(t *testing.T) {
	for _, a := range algorithms() {
		s, r := signer(t, a), random()
		var out []byte
		for i := range 1000 {
			m := anyMessage(r, true)
			var err error
			if out, err = s.Sign(append(out[:0], "before"...), m, moment()); err != nil {
				t.Fatalf("%s %d: %v", a, i, err)
			}
			signed := bytes.TrimPrefix(out, []byte("before"))
			if !bytes.HasSuffix(signed, m) || len(signed) == len(out) {
				t.Fatalf("%s %d: the message itself was changed", a, i)
			}
			head := strings.TrimSuffix(string(signed[:len(signed)-len(m)]), "\r\n")
			for l := range strings.SplitSeq(head, "\r\n") {
				if len(l) > lineLength || strings.ContainsAny(l, "\r\n") || strings.HasSuffix(l, " ") || strings.TrimSpace(l) == "" {
					t.Fatalf("%s %d: the line %q", a, i, l)
				}
			}
			if err := verify(t, s, signed); err != nil {
				t.Fatalf("%s %d: %v\n%q", a, i, err, signed)
			}
		}
	}
}

// plain is a message like ours.
const plain = "Date: Mon, 10 Aug 2026 09:00:00 +0200\r\nFrom: Acme <news@acme.example>\r\nReply-To: help@acme.example\r\nList-ID: <news.acme.example>\r\n" +
	"Precedence: bulk\r\nMIME-Version: 1.0\r\nTo: ann@example.org\r\nSubject: Summer\r\nMessage-ID: <1@acme.example>\r\n" +
	"List-Unsubscribe: <mailto:news@acme.example?subject=x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" +
	"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nDear Ann,\r\n\r\nsee you.\r\n"

// tampered are messages that must not verify any more, made of a signed one, and
// what was done to them.
func tampered(signed []byte) map[string][]byte {
	out := map[string][]byte{}
	head, body, _ := bytes.Cut(signed, []byte("\r\n\r\n"))
	end := bytes.Index(signed, []byte("Date:"))
	for _, added := range []string{"From: Eve <eve@evil.example>", "To: bob@example.org", "Cc: bob@example.org", "Subject: Win", "Date: Tue, 11 Aug 2026 09:00:00 +0200",
		"Message-ID: <2@evil.example>", "Reply-To: eve@evil.example", "List-Unsubscribe: <https://evil.example/>",
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click", "MIME-Version: 1.0", "Content-Type: text/html", "Content-Transfer-Encoding: base64"} {
		name, _, _ := strings.Cut(added, ":")
		out[name+" added on top"] = append([]byte(added+"\r\n"), signed...)
		out[name+" added below"] = fmt.Appendf(nil, "%s\r\n%s\r\n\r\n%s", head, added, body)
		out[name+" added in between"] = fmt.Appendf(nil, "%s%s\r\n%s", signed[:end], strings.ToLower(added[:1])+added[1:], signed[end:])
	}
	for _, line := range bytes.SplitAfter(signed[end:len(head)+2], []byte("\r\n")) {
		if name, _, ok := bytes.Cut(line, []byte(":")); ok {
			out[string(name)+" removed"] = bytes.Replace(signed, line, nil, 1)
			out[string(name)+" changed"] = bytes.Replace(signed, line, fmt.Appendf(nil, "%s x\r\n", line[:len(line)-2]), 1)
		}
	}
	return out
}

func TestWhatIsAddedOrChangedBreaksTheSignature(t *testing.T) {
	for _, a := range algorithms() {
		s := signer(t, a)
		signed, err := s.Sign(nil, []byte(plain), moment())
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(t, s, signed); err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		for what, m := range tampered(signed) {
			if verify(t, s, m) == nil {
				t.Errorf("%s: %s, and it still verifies", a, what)
			}
		}
		start := bytes.Index(signed, []byte("\r\n\r\n")) + 4
		for i := start; i < len(signed); i++ {
			for _, bit := range []byte{1, 0x40} {
				m := bytes.Clone(signed)
				m[i] ^= bit
				if verify(t, s, m) == nil {
					t.Errorf("%s: the body's octet %d was %q, is %q, and it still verifies", a, i-start, signed[i], m[i])
				}
			}
		}
		// What relays do by right does not hurt.
		m := append([]byte("Received: from a by b; Mon, 10 Aug 2026 09:00:00 +0200\r\nX-Spam: no\r\nFeedback-ID: 1:ses\r\n"), signed...)
		if err := verify(t, s, append(m, "\r\n\r\n"...)); err != nil {
			t.Errorf("%s: a relay's fields: %v", a, err)
		}
	}
}

func TestSignatureIsOfItsTime(t *testing.T) {
	s := signer(t, delivery.DKIMEd25519)
	signed, err := s.Sign(nil, []byte(plain), time.Unix(1_786_352_400, 999))
	if err != nil || !bytes.Contains(signed, []byte(" t=1786352400;")) {
		t.Errorf("%v\n%s", err, signed)
	}
	if !bytes.HasPrefix(signed, []byte("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=acme.example;")) {
		t.Errorf("%s", signed)
	}
}

func TestWhatIsNoMessageIsNotSigned(t *testing.T) {
	s := signer(t, delivery.DKIMEd25519)
	for _, m := range []string{"", "\r\n", "\r\n\r\nbody", "From: a@b.example", "From: a@b.example\r\n", "From: a@b.example\r\nTo: x", "From: a@b.example\n\nbody\n",
		" From: a@b.example\r\n\r\n", "nonsense\r\n\r\n", "To: a@b.example\r\n\r\nno sender\r\n", ": a\r\n\r\n", "From: a@b.example\rBcc: x\r\n\r\n"} {
		out, err := s.Sign([]byte("kept"), []byte(m), moment())
		if !delivery.Is(err, delivery.KindInvalid) || string(out) != "kept" {
			t.Errorf("%q: %q, %v", m, out, err)
		}
	}
}

// TestManyGoroutinesOneSigner is for the race detector.
func TestManyGoroutinesOneSigner(t *testing.T) {
	s := signer(t, delivery.DKIMEd25519)
	done := make(chan error)
	for g := range 4 {
		go func() {
			r := rand.New(rand.NewPCG(1, uint64(g)))
			for range 50 {
				m, err := s.Sign(nil, anyMessage(r, true), moment())
				if err == nil {
					err = verify(t, s, m)
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func FuzzSign(f *testing.F) {
	f.Add([]byte(plain))
	r := random()
	for range 8 {
		f.Add(anyMessage(r, true))
	}
	s := signer(f, delivery.DKIMEd25519)
	f.Fuzz(func(t *testing.T, m []byte) {
		out, err := s.Sign(nil, m, moment())
		if err != nil {
			return
		}
		if !bytes.HasSuffix(out, m) {
			t.Fatal("the message itself was changed")
		}
		// What lets the other one stumble is no message: lines that end otherwise,
		// octets that no name has.
		for i, c := range m {
			if c == '\n' && (i == 0 || m[i-1] != '\r') || c == '\r' && (i+1 == len(m) || m[i+1] != '\n') || c >= 0x7f || c < ' ' && c != '\r' && c != '\n' && c != '\t' {
				return
			}
		}
		head, _, _ := bytes.Cut(m, []byte("\r\n\r\n"))
		for line := range strings.SplitSeq(string(head), "\r\n") {
			name, _, _ := strings.Cut(line, ":")
			if line[0] != ' ' && line[0] != '\t' && strings.ContainsAny(name, " \t;") || strings.TrimSpace(line) == "" || strings.EqualFold(name, "DKIM-Signature") {
				return
			}
		}
		if err := verify(t, s, out); err != nil {
			t.Fatalf("%v\n%q", err, out)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	m := []byte(plain)
	for len(m) < 12_600 {
		m = append(m, "Our shop has kept something special for you, dear = friend, and we=\r\n"...)
	}
	for _, a := range algorithms() {
		b.Run(string(a), func(b *testing.B) {
			s := signer(b, a)
			var out []byte
			var err error
			b.ReportAllocs()
			for b.Loop() {
				if out, err = s.Sign(out[:0], m, moment()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
