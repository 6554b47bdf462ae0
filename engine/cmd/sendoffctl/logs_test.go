package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"sendoff/engine/delivery"
)

// written is a delivery with a row for each kind of cell.
func written() *fake {
	return &fake{views: []delivery.View{ready()}, rows: []delivery.Row{
		{Seq: 1, Address: "=cmd@acme.example", State: delivery.MsgAccepted, Code: 250, Enhanced: "2.0.0", Reply: "OK", Attempts: 2, At: when},
		{Seq: 2, Address: "b@acme.example", State: delivery.MsgExcluded, Nature: delivery.NatureDuplicate, At: when},
		{Seq: 3, Address: "c@acme.example", State: delivery.MsgPending},
	}}
}

// The ending decides: another reader than our writer finds the rows in a workbook,
// with numbers as numbers, times as times and nothing that runs.
func TestLogsToWorkbook(t *testing.T) {
	file := filepath.Join(t.TempDir(), "Sent.XLSX")
	r := ctl(t, written(), "delivery", "logs", "3", "--tab", "sending", "--out", file)
	if r.status != 0 || r.out != "Wrote 2 rows to "+file+"\n" {
		t.Fatalf("status %d: %s%s", r.status, r.out, r.err)
	}
	b, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for cell, want := range map[string]string{"A1": "seq", "B1": "address", "I1": "at", "A2": "1", "B2": "=cmd@acme.example", "C2": "accepted", "E2": "250",
		"I2": when.Local().Format(time.DateTime), "A3": "3", "B3": "c@acme.example", "E3": "", "I3": "", "A4": ""} {
		if got, err := b.GetCellValue("sending", cell); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", cell, got, err, want)
		}
	}
	if f, err := b.GetCellFormula("sending", "B2"); f != "" || err != nil {
		t.Errorf("an address runs: %q, %v", f, err)
	}
	// In a cell for dates there is a number.
	if raw, err := b.GetCellValue("sending", "I2", excelize.Options{RawCellValue: true}); err != nil || strings.Contains(raw, "-") {
		t.Errorf("the time is text: %q, %v", raw, err)
	}
}

func TestLogsToCSV(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sent.csv")
	r := ctl(t, written(), "--json", "delivery", "logs", "3", "--tab", "exclusions", "--out", file)
	if r.status != 0 || !strings.Contains(r.out, `"rows": 1`) || !strings.Contains(r.out, `"file": "`+file) {
		t.Fatalf("status %d: %s%s", r.status, r.out, r.err)
	}
	b, err := os.ReadFile(file)
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(b)), "2,b@acme.example,duplicate") {
		t.Errorf("%q, %v", b, err)
	}
}

// What cannot be written says why, and leaves no file behind, whole or in part.
func TestLogsToNoFile(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args, errs string
		status     int
		f          *fake
	}{
		{"--out " + filepath.Join(dir, "sent.pdf"), `--out ends in .xlsx or .csv, which decides what is written; "sent.pdf" does neither`, 2, written()},
		{"--out " + filepath.Join(dir, "sent"), "--out ends in .xlsx or .csv", 2, written()},
		{"--format json --out " + filepath.Join(dir, "sent.csv"), "do not go together", 2, written()},
		{"--out " + filepath.Join(dir, "nowhere", "sent.csv"), "nowhere", 1, written()},
		{"--out " + filepath.Join(dir, "sent.xlsx"), "disk", 1, &fake{views: []delivery.View{ready()}, rows: written().rows,
			err: map[string]error{"rows": &delivery.Error{Kind: delivery.KindDiskFull}}}},
	} {
		r := ctl(t, c.f, append(strings.Fields("delivery logs 3 --tab sending"), strings.Fields(c.args)...)...)
		if r.status != c.status || !strings.Contains(r.err, c.errs) {
			t.Errorf("%s: status %d: %s", c.args, r.status, r.err)
		}
	}
	if es, err := os.ReadDir(dir); err != nil || len(es) > 0 {
		t.Errorf("left behind: %v, %v", es, err)
	}
}
