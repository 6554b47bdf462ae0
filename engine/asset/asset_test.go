package asset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

func picture(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w {
		m.Set(i, i%h, color.NRGBA{uint8(i), 20, 200, 255})
	}
	return m
}

func encoded(t testing.TB, kind string, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, picture(w, h))
	case "jpeg":
		err = jpeg.Encode(&b, picture(w, h), nil)
	case "gif":
		err = gif.Encode(&b, picture(w, h), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claim rewrites the dimensions in the header of a PNG, its checksum included.
func claim(data []byte, w, h uint32) []byte {
	data = bytes.Clone(data)
	binary.BigEndian.PutUint32(data[16:], w)
	binary.BigEndian.PutUint32(data[20:], h)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestInspect(t *testing.T) {
	for kind, typ := range map[string]string{"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"} {
		data := encoded(t, kind, 31, 17)
		sum := sha256.Sum256(data)
		a, err := Inspect(`C:\pictures\a.exe`, data) // the bytes tell
		want := delivery.Asset{Hash: hex.EncodeToString(sum[:]), Name: "a.exe", Type: typ, Size: int64(len(data)), Width: 31, Height: 17}
		if err != nil || a != want {
			t.Errorf("%s: %+v, %v", kind, a, err)
		}
		if !a.Image() {
			t.Errorf("%s is an image", kind)
		}
		// A file that was cut off on its way.
		if _, err := Inspect("x", data[:len(data)/2]); detail(err) != Broken {
			t.Errorf("%s cut in half: %v", kind, err)
		}
	}
	a, err := Inspect("invoice.pdf", []byte("%PDF-1.7\n%…"))
	if err != nil || a.Type != "application/pdf" || a.Image() {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestInspectRefuses(t *testing.T) {
	small := encoded(t, "png", 4, 4)
	for name, c := range map[string]struct {
		file   string
		data   []byte
		kind   delivery.Kind
		detail string
	}{
		"empty":     {"a.png", nil, delivery.KindInvalid, "empty"},
		"too large": {"a.bin", make([]byte, delivery.MaxAsset+1), delivery.KindInvalid, "too_large"},
		"bomb":      {"a.png", claim(small, 60000, 60000), delivery.KindInvalid, "dimensions 60000x60000"},
		"long bomb": {"a.png", claim(small, 1, 10001), delivery.KindInvalid, "dimensions 1x10001"},
		"area":      {"a.png", claim(small, 5001, 5000), delivery.KindInvalid, "dimensions 5001x5000"},
		"huge":      {"a.png", claim(small, 1<<31-1, 1<<31-1), delivery.KindInvalid, Broken},
		"svg":       {"a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), delivery.KindInvalid, SVG},
		"svg as png": {"a.png", []byte("\xef\xbb\xbf \n<?xml version='1.0'?>\n<!DOCTYPE svg><svg onload='alert(1)'/>"), delivery.KindInvalid,
			SVG},
		"only a header": {"a.jpg", []byte("\xff\xd8\xff\xe0"), delivery.KindInvalid, Broken},
		"only a riff":   {"a.webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), delivery.KindInvalid, Broken},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Inspect(c.file, c.data)
			if !delivery.Is(err, c.kind) || detail(err) != c.detail {
				t.Errorf("%v", err)
			}
		})
	}
}

func detail(err error) string {
	e, ok := err.(*delivery.Error)
	if !ok {
		return ""
	}
	return e.Detail
}

func TestType(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"a.docx", "PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.XLSX", "PK\x03\x04rest", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"a.pdf", "PK\x03\x04rest", "application/zip"}, // a name proves nothing
		{"a.docx", "hello", "text/plain"},
		{"event.ics", "BEGIN:VCALENDAR\r\n", "text/calendar"}, // RFC 5545
		{"me.vcf", "BEGIN:VCARD\r\n", "text/vcard"},           // RFC 6350
		{"list.csv", "a,b\n", "text/csv"},                     // RFC 4180
		{"list.csv", "a\x00b", "application/octet-stream"},
		{"mail.eml", "From: a@b.example\r\n\r\nx", "text/plain"}, // never message/rfc822, which may not be base64 (RFC 2046 section 5.2.1)
		{"none", "\x00\x01\x02", "application/octet-stream"},
		{"page.html", "<p>hi", "text/html"},
	} {
		if got := Type(c.name, []byte(c.data)); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.name, c.data, got, c.want)
		}
	}
}

func TestDanger(t *testing.T) {
	for name, want := range map[string]string{"setup.EXE": ".exe", "a.pdf.js": ".js", "budget.xlsm": ".xlsm", "setup.exe. .": ".exe",
		"a.pdf": "", "a.docx": "", "js": "", "a.zip": ""} {
		if got := Danger(name, []byte("x")); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if Danger("invoice.pdf", []byte("MZ\x90\x00")) != "program" {
		t.Error("a program by another name")
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		`C:\x\Offerte 2026.pdf`: "Offerte 2026.pdf", "/etc/passwd": "passwd", "../../x.pdf": "x.pdf", "..": "file", "": "file", "/": "file",
		"a\r\nBcc: x.pdf": "aBcc_ x.pdf", "inv\u202efdp.exe": "invfdp.exe", "ⅴ Ünïcødé 世界.pdf": "ⅴ Ünïcødé 世界.pdf", "a. ": "a",
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 116) + ".pdf", "bad\xff.pdf": "bad\uFFFD.pdf",
	} {
		if got := Name(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Whatever a stranger's file holds: no panic, no image beyond the bounds, and a
// type and a name that fit into a header.
func FuzzInspect(f *testing.F) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		f.Add("a."+kind, encoded(f, kind, 3, 2))
	}
	f.Add("a.svg", []byte("<svg>"))
	f.Add("a.webp", []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		a, err := Inspect(name, data)
		if err != nil && a.Image() {
			t.Errorf("refused, and still an image: %+v", a)
		}
		if a.Width > MaxSide || a.Height > MaxSide || a.Width*a.Height > MaxPixels {
			t.Errorf("%+v", a)
		}
		if a.Name == "" || strings.ContainsAny(a.Name, "\r\n\x00/\\\"") || !utf8.ValidString(a.Name) {
			t.Errorf("name %q", a.Name)
		}
		if err == nil && (!strings.Contains(a.Type, "/") || strings.ContainsAny(a.Type, "; \r\n")) {
			t.Errorf("type %q", a.Type)
		}
	})
}
