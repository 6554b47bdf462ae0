package dkim

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// program finds a verifier that nobody here wrote: make test names it, or the
// system has it.
func program(t *testing.T, variable, name string) string {
	t.Helper()
	if path := os.Getenv(variable); path != "" {
		return path
	}
	for _, n := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(n); err == nil {
			return path
		}
	}
	t.Skip(variable + " does not name " + name + "; make test does")
	return ""
}

// judged is what a foreign program said of one message.
type judged int

const (
	unsaid judged = iota
	good
	bad
)

// foreign verifies the files of a folder, named by number; keys is a file of
// names and records.
type foreign func(t *testing.T, dir, keys string, files []string) []judged

func openDKIM(t *testing.T, dir, keys string, files []string) []judged {
	path := program(t, "OPENDKIM", "opendkim")
	config := filepath.Join(dir, "opendkim.conf")
	user := strconv.Itoa(os.Getuid()) + ":" + strconv.Itoa(os.Getgid())
	if err := os.WriteFile(config, []byte("Mode v\nSyslog no\nUserID "+user+"\nTestPublicKeys "+keys+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-x", config, "-t", strings.Join(files, ","))
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("opendkim: %v\n%s", err, out)
	}
	js := make([]judged, len(files))
	for line := range strings.Lines(string(out)) {
		rest, ok := strings.CutPrefix(line, "opendkim: ")
		name, said, found := strings.Cut(rest, ": verification ")
		if !ok || !found {
			continue
		}
		n, err := strconv.Atoi(name)
		if err != nil {
			t.Fatalf("opendkim says %q", line)
		}
		js[n] = bad
		if strings.HasSuffix(strings.TrimSpace(said), ") succeeded") {
			js[n] = good
		}
	}
	return js
}

func dkimPy(t *testing.T, dir, keys string, files []string) []judged {
	path := program(t, "DKIMPY", "dkimpy")
	script, err := filepath.Abs("testdata/verify.py")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, append([]string{script, keys}, files...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("dkimpy: %v\n%s", err, out)
	}
	js := make([]judged, len(files))
	for line := range strings.Lines(string(out)) {
		said, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(name)
		if err != nil {
			t.Fatalf("dkimpy says %q", out)
		}
		js[n] = map[string]judged{"ok": good, "bad": bad}[said]
	}
	return js
}

// ours is a message that the engine renders.
func ours(t *testing.T, seq int64, fields map[string]string) []byte {
	t.Helper()
	tpl, findings := message.Compile(delivery.Content{From: "Ácme <news@acme.example>", ReplyTo: "help@acme.example", Subject: "Hi {{ a }}, {{ b }}", Preheader: "{{ b }}",
		HTML: "<html>\n<body>\n  <p>Dear {{ a }},\t{{ b }}  \n</p>\n\n\n{{ a }}</body></html>\n\n", Text: "Dear {{ a }},\n\n{{ b }}  \n\n"})
	if tpl == nil {
		t.Fatal(findings)
	}
	var buf message.Buffer
	m, err := tpl.Render(&buf, message.Recipient{Address: "ann@example.org", Fields: fields}, message.Envelope{Delivery: 1, Date: moment(), Today: moment(),
		MessageID: message.MessageID(1, "w", seq, "acme.example"), UnsubscribeMailto: "mailto:news@acme.example?subject=unsubscribe"})
	if err != nil {
		t.Fatal(err)
	}
	return m.Data
}

// TestForeignersVerify has a thousand messages signed with each algorithm and
// held against two programs that nobody here wrote; then whatever was done to a
// message must break its signature there too.
func TestForeignersVerify(t *testing.T) {
	for name, check := range map[string]foreign{"opendkim": openDKIM, "dkimpy": dkimPy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, a := range algorithms() {
				s, r := signer(t, a), random()
				dir := t.TempDir()
				record, err := s.Record()
				if err != nil {
					t.Fatal(err)
				}
				keys := filepath.Join(dir, "keys")
				if err := os.WriteFile(keys, []byte(s.Name()+" "+record+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				var files, what []string
				var want []judged
				add := func(m []byte, w judged, is string) {
					n := strconv.Itoa(len(files))
					if err := os.WriteFile(filepath.Join(dir, n), m, 0o600); err != nil {
						t.Fatal(err)
					}
					files, want, what = append(files, n), append(want, w), append(what, is)
				}
				sign := func(m []byte) []byte {
					out, err := s.Sign(nil, m, moment())
					if err != nil {
						t.Fatal(err)
					}
					return out
				}
				for i := range 1000 {
					m := anyMessage(r, false)
					if i%2 == 1 {
						m = ours(t, int64(i), map[string]string{"a": strings.Repeat("é ", r.IntN(90)), "b": fmt.Sprintf(" .%x=\t\r\n\r\n", r.Uint64())})
					}
					add(sign(m), good, "as it was signed")
				}
				signed := sign([]byte(plain))
				add(signed, good, "as it was signed")
				for is, m := range tampered(signed) {
					add(m, bad, is)
				}
				start := bytes.Index(signed, []byte("\r\n\r\n")) + 4
				for i := start; i < len(signed); i++ {
					if c := signed[i]; c == '\r' || c == '\n' {
						continue // what a line's end is for a file is the program's affair
					}
					m := bytes.Clone(signed)
					m[i] ^= 1
					add(m, bad, fmt.Sprintf("octet %d of the body is %q", i-start, m[i]))
				}
				for i, j := range check(t, dir, keys, files) {
					// A message that a program will not read is not verified either.
					if want[i] == good && j != good || want[i] == bad && j == good {
						t.Errorf("%s: %s: verdict %d, want %d", a, what[i], j, want[i])
					}
				}
			}
		})
	}
}
