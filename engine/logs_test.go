package engine_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// What a person got can be shown again, to the byte.
func TestMessage(t *testing.T) {
	w := newWork(t, t.TempDir(), 300)
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	numbers, err := w.MessageNumbers(t.Context(), w.id, delivery.LogQuery{States: []delivery.MessageState{delivery.MsgAccepted}})
	if err != nil || len(numbers) == 0 {
		t.Fatal(numbers, err)
	}
	again := 0
	for _, n := range numbers {
		m, err := w.Message(t.Context(), w.id, n)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range m.Attempts {
			want := delivery.MsgAccepted
			if i < len(m.Attempts)-1 {
				want = delivery.MsgDeferred // greylisted
				again++
			}
			if a.Number != i+1 || a.State != want || a.Code/100 != map[bool]int{true: 2, false: 4}[want == delivery.MsgAccepted] || i > 0 && !a.At.After(m.Attempts[i-1].At) {
				t.Errorf("%d: attempt %+v", n, a)
			}
		}
		if !m.Sealed || m.Edited || len(m.Attempts) != m.Row.Attempts {
			t.Errorf("%d: sealed %v, edited %v, %d attempts of %d", n, m.Sealed, m.Edited, len(m.Attempts), m.Row.Attempts)
		}
		if m.Subject != "Hello "+m.Fields["first_name"] || !strings.Contains(m.HTML, "in Utrecht") || m.From == "" {
			t.Errorf("%d: %q, %q", n, m.Subject, m.HTML)
		}
		if !bytes.Contains(m.Raw, []byte("To: "+m.Address)) && !bytes.Contains(m.Raw, []byte("<"+m.Address+">")) || !bytes.Contains(m.Raw, []byte(m.MessageID)) {
			t.Errorf("%d: %s", n, m.Raw)
		}
	}
	if again == 0 {
		t.Error("nobody was tried twice: this test says too little")
	}
	if _, err := w.Message(t.Context(), w.id, 1000); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("a number that is not there: %v", err)
	}
	if _, err := w.Message(t.Context(), 1000, 1); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("a delivery that is not there: %v", err)
	}
}

// After an edit nobody can say any more what the plan meant, unless the edit is
// of something that no message shows.
func TestMessageAfterAnEdit(t *testing.T) {
	for _, c := range []struct {
		name  string
		tag   string // more of the text
		edit  func(w *work, d *delivery.Draft)
		shown bool
	}{
		{"the subject", "", func(_ *work, d *delivery.Draft) { d.Content.Subject = "Another subject" }, false},
		{"a template that has an error now", "", func(_ *work, d *delivery.Draft) { d.Content.Subject = "{{ first_name" }, false},
		{"a label that the text prints", "{{ delivery.label }}", func(_ *work, d *delivery.Draft) { d.Label = "Another label" }, false},
		{"a label that the text does not print", "", func(_ *work, d *delivery.Draft) { d.Label = "Another label" }, true},
		{"the list", "", func(w *work, d *delivery.Draft) {
			res, err := w.Import(w.Context(), w.who, engine.ImportRequest{File: csv(w.TB, 2), Name: "Others"}, nil)
			if err != nil {
				w.Fatal(err)
			}
			d.Audience = res.Audience.ID
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWork(t, t.TempDir(), 3)
			d := w.view().Draft
			d.Content.HTML += c.tag
			if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
				t.Fatal(err)
			}
			w.prepare()
			before, err := w.Message(t.Context(), w.id, 1)
			if err != nil || !before.Sealed || before.Edited || len(before.Attempts) != 0 || before.Raw == nil {
				t.Fatalf("%+v, %v", before, err)
			}
			c.edit(w, &d)
			if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
				t.Fatal(err)
			}
			m, err := w.Message(t.Context(), w.id, 1)
			if err != nil || m.Edited == c.shown || m.Sealed != c.shown || m.Address == "" {
				t.Errorf("%+v, %v", m, err)
			}
			if c.shown != bytes.Equal(m.Raw, before.Raw) || !c.shown && (m.Raw != nil || m.HTML != "" || m.Subject != "") {
				t.Errorf("%s", m.Raw)
			}
		})
	}
}

// An export holds what the query selects, needs its right, and leaves nothing
// when it is cancelled.
func TestExport(t *testing.T) {
	w := newWork(t, t.TempDir(), 5000)
	w.prepare()
	file := filepath.Join(t.TempDir(), "log.csv")
	req := engine.ExportRequest{File: file, Header: []string{"Number", "Address"}, Delivery: w.id,
		Query: delivery.LogQuery{Search: "p0001", Sort: delivery.LogByAddress, Desc: true},
		Row:   func(r delivery.Row) []any { return []any{r.Seq, r.Address} }}
	var told []int64
	tell := func(done, total int64) { told = append(told, done, total) }
	res, err := w.Export(t.Context(), w.who, req, tell)
	if err != nil || res.Rows != 10 || !slices.Equal(told, []int64{0, 10, 10, 10}) {
		t.Fatal(res, told, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(string(b), "\r\n"); len(lines) != 12 || lines[1] != "20,p00019@post.example" {
		t.Errorf("%q", lines)
	}

	told = nil
	table := engine.ExportRequest{File: filepath.Join(t.TempDir(), "table.csv"), Header: []string{"a"}, Rows: [][]any{{"x"}, {int64(1)}}}
	if res, err := w.Export(t.Context(), w.who, table, tell); err != nil || res != (engine.ExportResult{File: table.File, Rows: 2}) || !slices.Equal(told, []int64{0, 2, 2, 2}) {
		t.Error(res, told, err)
	}
	if b, err := os.ReadFile(table.File); err != nil || string(b) != "\ufeffa\r\nx\r\n1\r\n" {
		t.Errorf("%q, %v", b, err)
	}

	joris, err := w.AddOperator(t.Context(), w.who, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	req.File = filepath.Join(t.TempDir(), "again.csv")
	if _, err := w.Export(t.Context(), access.Principal{Operator: joris.ID}, req, nil); !delivery.Is(err, delivery.KindRight) {
		t.Errorf("without the right: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	req.Query = delivery.LogQuery{}
	_, err = w.Export(ctx, w.who, req, func(done, total int64) {
		if total != 5000 {
			t.Errorf("total %d", total)
		}
		if done > 0 {
			cancel()
		}
	})
	if !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(req.File)); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}
