package engine_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// What a person got can be shown again, to the byte.
func TestMessage(t *testing.T) {
	w := newWork(t, t.TempDir(), 30)
	w.confirm()
	w.Run()
	w.until(delivery.Finished)
	numbers, err := w.MessageNumbers(t.Context(), w.id, delivery.LogQuery{States: []delivery.MessageState{delivery.MsgAccepted}})
	if err != nil || len(numbers) == 0 {
		t.Fatal(numbers, err)
	}
	for _, n := range numbers {
		m, err := w.Message(t.Context(), w.id, n)
		if err != nil {
			t.Fatal(err)
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
	if _, err := w.Message(t.Context(), w.id, 1000); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("a number that is not there: %v", err)
	}
	if _, err := w.Message(t.Context(), 1000, 1); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("a delivery that is not there: %v", err)
	}
}

// After an edit nobody can say any more what the plan meant.
func TestMessageAfterAnEdit(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	w.prepare()
	m, err := w.Message(t.Context(), w.id, 1)
	if err != nil || !m.Sealed || len(m.Attempts) != 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	d := w.view().Draft
	d.Content.Subject = "Another subject"
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	m, err = w.Message(t.Context(), w.id, 1)
	if err != nil || !m.Edited || m.Sealed || m.Raw != nil || m.Address == "" {
		t.Errorf("%+v, %v", m, err)
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
	res, err := w.Export(t.Context(), w.who, req, nil)
	if err != nil || res.Rows != 10 {
		t.Fatal(res, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(string(b), "\n"); len(lines) != 12 || lines[1] != "20,p00019@post.example" {
		t.Errorf("%q", lines)
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
