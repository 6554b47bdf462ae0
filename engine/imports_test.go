package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/delivery"
)

func TestImportOfBadRows(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	dir := t.TempDir()
	path := filepath.Join(dir, "list.csv")
	if err := os.WriteFile(path, []byte("E-mailadres;Voornaam\nann@x.example;Ann\nnot an address;Bob\n;Cas\nann@X.EXAMPLE;Anna\nzoe@bücher.example;Zoë\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var last engine.ImportProgress
	res, err := w.Import(t.Context(), w.who, engine.ImportRequest{File: path, Name: "List"}, func(p engine.ImportProgress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if res.Rows != 3 || res.Merged != 1 || res.Rejected != 2 || res.Audience.Size != 2 || last.Rows != 3 || last.Bytes != last.Total {
		t.Errorf("%+v, progress %+v", res, last)
	}
	b, err := os.ReadFile(res.RejectFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n3;", "\n4;", "not an address"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the reject file lacks %q:\n%s", want, b)
		}
	}
	as, err := w.Audiences(t.Context())
	if err != nil || as[0].Name != "List" || !slices.Equal(as[0].Columns, []string{"voornaam"}) && !slices.Equal(as[0].Columns, []string{"Voornaam"}) {
		t.Errorf("audiences %+v, %v", as, err)
	}
}

func TestCancelledImportKeepsNothing(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.Import(ctx, w.who, engine.ImportRequest{File: csv(t, 50000), Name: "Big"}, func(p engine.ImportProgress) {
		if p.Rows > 10000 {
			cancel()
		}
	})
	if !delivery.Is(err, delivery.KindCancelled) {
		t.Fatalf("got %v", err)
	}
	if as, _ := w.Audiences(t.Context()); len(as) != 1 {
		t.Errorf("audiences %+v", as)
	}
	left, _ := filepath.Glob(filepath.Join(w.Dir(), "scratch-*"))
	if len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}
