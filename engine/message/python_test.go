package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

// pythonReader reads messages, each behind its length, with Python's email package
// and says what is in them. Its strict policy raises what it calls a defect.
const pythonReader = `
import sys, json, struct, hashlib
from email import policy, message_from_bytes
for_policy = policy.default.clone(raise_on_defect=True)
while True:
    head = sys.stdin.buffer.read(4)
    if not head: break
    m = message_from_bytes(sys.stdin.buffer.read(struct.unpack(">I", head)[0]), policy=for_policy)
    text, html, files = "", "", []
    for p in m.walk():
        if p.is_multipart(): continue
        if p.get_content_disposition() in ("attachment", "inline"):
            files.append([p.get_content_disposition(), p.get_filename(), str(p.get("Content-ID", "")), hashlib.sha256(p.get_payload(decode=True)).hexdigest()])
        elif p.get_content_type() == "text/html": html = p.get_content()
        else: text = p.get_content()
    print(json.dumps({"subject": str(m["Subject"]), "text": text, "html": html, "files": files}))
`

// TestPythonReadsThem has somebody else's parser find every part of every message as
// it was, names and bytes, whatever a recipient is called.
func TestPythonReadsThem(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here")
	}
	s := shelf{}
	logo := s.add(t, "löge.png", dot(t, 3))
	terms := s.add(t, "Algemene voorwaarden – 2026.pdf", []byte("%PDF-1.7 terms"))
	tpl := with(t, delivery.Content{Subject: "x {{ n }}", HTML: `<p>x {{ n }}<img alt="" src="asset:` + logo + `">`, Text: "x {{ n }}",
		Attachments: []delivery.Attachment{{Asset: terms}, {Name: "{{ n }}.pdf", File: "{{ n }}"}}}, s.resources())
	var in bytes.Buffer
	var b Buffer
	values := append(naughty(t), "Zoë", "世界 🎉", strings.Repeat("é", 300), "a\r\nBcc: eve@x.example")
	for range 3 {
		values = append(values, values[len(values)-4:]...)
	}
	type want struct{ text, html, name, sum string }
	var wants []want
	for i, v := range values {
		r := Recipient{Address: "ann@example.org", Fields: map[string]string{"n": v}, Files: []File{{Path: "x", Data: []byte(fmt.Sprint(i, v))}}}
		m, err := tpl.Render(&b, r, envelope())
		if err != nil {
			t.Fatalf("%q: %v", v, err)
		}
		in.Write(binary.BigEndian.AppendUint32(nil, uint32(len(m.Data))))
		in.Write(m.Data)
		p, err := tpl.Preview(r, envelope())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(r.Files[0].Data)
		wants = append(wants, want{p.Text, strings.ReplaceAll(p.HTML, "asset:"+logo, "cid:"+logo[:32]+"@acme.example"), asset.Name(oneLine(clean(v)) + ".pdf"), hex.EncodeToString(sum[:])})
	}
	cmd := exec.CommandContext(t.Context(), python, "-c", pythonReader)
	cmd.Stdin = &in
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, trouble.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(values) {
		t.Fatalf("%d messages of %d", len(lines), len(values))
	}
	same := func(a, b string) bool {
		return strings.TrimRight(strings.ReplaceAll(a, "\r\n", "\n"), "\n") == strings.TrimRight(b, "\n")
	}
	for i, line := range lines {
		var got struct {
			Text, HTML string
			Files      [][4]string
		}
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		w := wants[i]
		if !same(got.Text, w.text) || !same(got.HTML, w.html) {
			t.Errorf("%q: text %q, want %q; HTML %q, want %q", values[i], got.Text, w.text, got.HTML, w.html)
		}
		files := [][4]string{{"inline", "löge.png", "<" + logo[:32] + "@acme.example>", logo}, {"attachment", "Algemene voorwaarden – 2026.pdf", "", terms}, {"attachment", w.name, "", w.sum}}
		if fmt.Sprint(got.Files) != fmt.Sprint(files) {
			t.Errorf("%q: %q, want %q", values[i], got.Files, files)
		}
	}
}
