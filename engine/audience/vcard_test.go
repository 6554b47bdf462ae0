package audience

import (
	"os"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/delivery"
)

// cards are one of each version, as Outlook, Google and Apple write them.
const cards = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;\r\n" +
	"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB=\r\n M=C3=BCller\r\nTEL;WORK;VOICE:+31 20 1234567\r\nEMAIL;INTERNET:zoe@work.example\r\n" +
	"EMAIL;PREF;INTERNET:zoe@x.example\r\nADR;HOME:;;Kerkstraat 1;Utrecht;;3511 AA;Nederland\r\nPHOTO;JPEG;ENCODING=BASE64:\r\n /9j/4AAQSk\r\n ZJRg\r\n\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\nVERSION:3.0\nN:Vries;Anna;de;;\nFN:Anna de Vries\nORG:Acme\\, Inc.;Sales\nEMAIL;TYPE=WORK:anna@x.example\nBDAY:1980-05-01\nNOTE:two\\nlines and a long one that is\n  folded\nEND:VCARD\n" +
	"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bob\r\nEMAIL;PREF=2:second@x.example\r\nitem1.EMAIL;PREF=1:mailto:bob@x.example\r\nLANG:nl\r\nTZ:Europe/Amsterdam\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nEND:VCARD\r\n"

func TestCards(t *testing.T) {
	f := onDisk(t, "contacts.vcf", func(f *os.File) { f.WriteString(cards) })
	r, err := Open(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	e, err := readAll(t, r)
	if err != nil {
		t.Fatal(err)
	}
	of := func(i int, name string) string { return e.rows[i].Fields[slices.Index(r.Columns(), name)] }
	for _, c := range []struct {
		row         int
		name, value string
	}{
		{0, "first_name", "Zoë"}, {0, "last_name", "Müller"}, {0, "email_2", "zoe@work.example"}, {0, "phone", "+31 20 1234567"},
		{0, "city", "Utrecht"}, {0, "postal_code", "3511 AA"}, {0, "country", "Nederland"},
		{1, "first_name", "Anna"}, {1, "name", "Anna de Vries"}, {1, "birthday", "1980-05-01"}, {1, "organization", "Acme, Inc., Sales"},
		{2, "name", "Bob"}, {2, "email_2", "second@x.example"}, {2, "language", "nl"}, {2, "zone", "Europe/Amsterdam"},
	} {
		if got := of(c.row, c.name); got != c.value {
			t.Errorf("card %d: %s is %q, want %q", c.row, c.name, got, c.value)
		}
	}
	if len(e.rows) != 3 || e.rows[0].Address.Normal != "zoe@x.example" || e.rows[1].Address.Normal != "anna@x.example" || e.rows[2].Address.Normal != "bob@x.example" {
		t.Errorf("addresses %+v: the preferred one is the person's", e.rows)
	}
	if len(e.rejects) != 1 || e.rejects[0].Reason != ReasonEmpty || e.rejects[0].Line != strings.Count(cards[:strings.LastIndex(cards, "BEGIN")], "\n")+1 {
		t.Errorf("rejects %+v", e.rejects)
	}
	if r.Kind() != KindVCard || r.Encoding() != "utf-8" {
		t.Errorf("kind %s, %s", r.Kind(), r.Encoding())
	}
	in, err := Inspect(f, Options{})
	if err != nil || in.Email != 0 || in.Rows != 4 || in.Columns[1].Samples[0] != "Zoë" {
		t.Errorf("%+v, %v", in, err)
	}
}

// TestLargePictures are passed over, whatever their size.
func TestLargePictures(t *testing.T) {
	line := " " + strings.Repeat("A", 74) + "\r\n"
	f := onDisk(t, "x.vcf", func(f *os.File) {
		f.WriteString("BEGIN:VCARD\r\nVERSION:3.0\r\nPHOTO;ENCODING=b:" + strings.Repeat(line, 3*MaxRecord/len(line)) + "\r\nEMAIL:ann@x.example\r\nEND:VCARD\r\n")
	})
	if err := readThrough(f, Options{}); err != nil {
		t.Error(err)
	}
}

// FuzzCards: no text brings the reader down, and every row is UTF-8 within limits.
func FuzzCards(f *testing.F) {
	f.Add(cards)
	f.Add("BEGIN:VCARD\nEMAIL;X=\":a\nEND:VCARD")
	f.Fuzz(func(t *testing.T, s string) {
		file := onDisk(t, "x.vcf", func(f *os.File) { f.WriteString(s) })
		r, err := Open(file, Options{Kind: KindVCard})
		if err != nil {
			if delivery.KindOf(err) == delivery.KindInternal {
				t.Fatal(err)
			}
			return
		}
		defer r.Close()
		e, _ := readAll(t, r)
		for _, row := range e.rows {
			if reason, _ := flawIn(row.Fields, len(row.Fields)); reason != "" {
				t.Fatalf("%q: %s", row.Fields, reason)
			}
		}
	})
}
