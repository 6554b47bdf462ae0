package audience

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"sendoff/engine/delivery"
)

func TestRejectWriter(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rejects.csv")
	if err := os.WriteFile(path, []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := NewRejectWriter(path, []string{"email", "=name"}, ';')
	for _, r := range []*Reject{
		{2, ReasonNoAt, "=x", []string{"=x", "A \"B\"; C"}},
		{5, ReasonNUL, "n", []string{"a@b.example", "x\x00\ny", "-1"}},
	} {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if data, _ := os.ReadFile(path); string(data) != "older" {
		t.Error("the file changes before it is whole")
	}
	got, err := w.Close()
	if err != nil || got != path || w.Count() != 2 {
		t.Fatal(got, err, w.Count())
	}
	w.Abort() // deferred by everyone; must not hurt
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(data), "\ufeff")
	if !marked {
		t.Error("no byte order mark")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	want := [][]string{
		{"line", "reason", "detail", "email", "'=name"},
		{"2", "no_at", "'=x", "'=x", "A \"B\"; C"},
		{"5", "nul", "n", "a@b.example", "x\u2400\ny", "'-1"},
	}
	if err != nil || !slices.EqualFunc(rows, want, slices.Equal) {
		t.Errorf("got %q, %v", rows, err)
	}
	checkDir(t, dir, "rejects.csv")
}

func TestRejectWriterLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rejects.csv")
	w := NewRejectWriter(path, []string{"email"}, ',')
	if got, err := w.Close(); got != "" || err != nil {
		t.Error(got, err)
	}
	w = NewRejectWriter(path, []string{"email"}, ',')
	if err := w.Write(&Reject{Line: 1}); err != nil {
		t.Fatal(err)
	}
	checkDir(t, dir, "") // one temporary file
	w.Abort()
	w.Abort()
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Error(entries)
	}
	if err := w.Write(&Reject{Line: 2}); !errors.Is(err, fs.ErrClosed) || !delivery.Is(err, delivery.KindIO) {
		t.Error(err)
	}
}

// When the file cannot take its name, nothing is left and the error says so.
func TestRejectWriterFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rejects.csv")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	w := NewRejectWriter(path, []string{"email"}, ',')
	if err := w.Write(&Reject{Line: 1}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Close(); got != "" || delivery.KindOf(err) != delivery.KindIO {
		t.Error(got, err)
	}
	checkDir(t, dir, "rejects.csv")

	w = NewRejectWriter(filepath.Join(dir, "no", "rejects.csv"), nil, ',')
	if err := w.Write(&Reject{Line: 1}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	w.Abort()
}

func TestRejectWriterKinds(t *testing.T) {
	w := NewRejectWriter("rejects.csv", nil, ',')
	for err, want := range map[error]delivery.Kind{
		&fs.PathError{Err: syscall.ENOSPC}: delivery.KindDiskFull,
		&fs.PathError{Err: syscall.EACCES}: delivery.KindPermission,
		&fs.PathError{Err: syscall.EIO}:    delivery.KindIO,
	} {
		var e *delivery.Error
		if got := w.wrap(err); !errors.As(got, &e) || e.Kind != want || e.File != "rejects.csv" || !errors.Is(got, err) {
			t.Errorf("%v: %v", err, got)
		}
	}
	if got := (&Reject{Line: 3, Reason: ReasonNUL, Detail: "name"}).Error(); !strings.Contains(got, ReasonNUL) || !strings.Contains(got, "name") {
		t.Error(got)
	}
}

// checkDir wants one entry, of this name when it is not empty.
func checkDir(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || name != "" && entries[0].Name() != name {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestDefuse(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "Anna": "Anna", " Anna": " Anna", "a=b": "a=b", "'x": "'x", " ": " ",
		"=1+1": "'=1+1", "+31": "'+31", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"\nx": "'\nx", "  =1": "'  =1", "|x": "'|x", "%x": "'%x", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		"a\x00b": "a\u2400b", "\x00=1": "\u2400=1",
	} {
		if got := Defuse(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
