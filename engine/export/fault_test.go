package export_test

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sendoff/engine/audience"
	"sendoff/engine/export"
)

// naughty reads the Big List of Naughty Strings.
func naughty(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("../message/testdata/blns/blns.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if err := json.Unmarshal(b, &out); err != nil || len(out) < 400 {
		t.Fatal(len(out), err)
	}
	return out
}

// inert is what CWE-1236 and OWASP's "CSV Injection" ask of a cell.
func inert(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " "))
	return !strings.ContainsRune("=+-@|%\t\r\n＝＋－＠", r) || s == ""
}

// through writes names to a CSV file, looks at its cells and imports it again.
func through(t interface{ Fatal(...any) }, dir string, names []string) (cells, back []string) {
	path := filepath.Join(dir, "people.csv")
	f, err := export.Create(path, "", []string{"email", "name"})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if err := f.Row([]any{"a@b.example", n}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	cells = cellsOf(t, path)
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	r, err := audience.Open(in, audience.Options{Kind: audience.KindCSV, Delimiter: ',', Header: audience.HeaderPresent})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return cells, back
		}
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, row.Fields[0])
	}
}

// Fault 82: hostile names go out harmless for a spreadsheet, and come back as they
// were; a NUL as the symbol for it.
func TestFault82HostileNamesGoOutAndComeBack(t *testing.T) {
	names := append(naughty(t), "=1+1", "'=1+1", "''@x", " =cmd|' /C calc'!A0", "-5", "+31 20 1234567", "'tis", "＝1", "\t=x", "a\r\n=b")
	cells, back := through(t, t.TempDir(), names)
	for i, n := range names {
		if !inert(cells[i]) {
			t.Errorf("%q goes out as %q", n, cells[i])
		}
		if want := imported(n); back[i] != want {
			t.Errorf("%q comes back as %q", n, back[i])
		}
	}
}

func TestAnyTextGoesOutAndComesBack(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		part := rapid.SampledFrom([]string{"'", "=", "+", "-", "@", " ", "|", "%", "\t", "＝", "a", "\"", ",", ";", "é", "\n"})
		names := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(part, 1, 6), func(p []string) string { return strings.Join(p, "") }), 1, 20).Draw(rt, "names")
		cells, back := through(rt, dir, names)
		if i := slices.IndexFunc(cells, func(s string) bool { return !inert(s) }); i >= 0 {
			rt.Fatalf("%q goes out as %q", names[i], cells[i])
		}
		for i, n := range names {
			if back[i] != imported(n) {
				rt.Fatalf("%q comes back as %q", n, back[i])
			}
		}
	})
}

// imported is a name as an import keeps it.
func imported(s string) string { return strings.ReplaceAll(s, "\x00", "\u2400") }

// cellsOf is the second cell of each row, as another reader of RFC 4180 has it.
func cellsOf(t interface{ Fatal(...any) }, path string) (cells []string) {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff")))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		cells = append(cells, row[1])
	}
	return cells
}
