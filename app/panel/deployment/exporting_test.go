package deployment_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// exporting opens the form of a list.
func exporting(t *testing.T, e *bridgetest.Engine, o paneltest.Options, tab string) *paneltest.Window {
	t.Helper()
	w, _ := open(t, e, o, tab)
	w.Env.Become(e.Grant(1))
	w.SaveFile = filepath.Join(t.TempDir(), "list.xlsx")
	w.Tap(w.Words.T("deployment.export"))
	return w
}

// write chooses the file and waits until it is written or refused.
func write(w *paneltest.Window, refusal string) {
	w.T.Helper()
	w.Tap(w.Words.T("deployment.export_choose"))
	w.UI.Until(w.T, "the end of the export", func() bool { return !widgets.IsOpen(w.Window) || refusal != "" && w.Says(refusal) })
	w.Settle()
}

// What is in the list is written, in the words and with the columns of the
// window, and its folder is offered.
func TestExport(t *testing.T) {
	e := sending()
	w := exporting(t, e, paneltest.Options{Lang: "nl", W: 968, H: 600}, "rejected")
	w.Want("XLSX, voor Excel en LibreOffice", "Wat nu in de lijst staat (173)", "Alles (9.786)")
	w.NothingIsCut()
	w.Picture("deployment-export-nl")
	write(w, "")
	x := e.Exports()
	if len(x) != 1 || x[0].File != w.SaveFile || x[0].Sheet != "Verzendlog" || x[0].Delivery != 95 || len(x[0].Query.States) != 1 || x[0].Rows != nil {
		t.Fatalf("asked %+v", x)
	}
	if got, want := strings.Join(x[0].Header, "|"), "Nummer|Datum|Status|Adres|Aard van de fout|Reden|Pogingen|Volgende poging"; got != want {
		t.Errorf("header %q", got)
	}
	rows := e.Exported()
	if len(rows) != 173 || rows[0][2] != "Geweigerd" || len(rows[0]) != len(x[0].Header) {
		t.Errorf("%d rows, the first is %v", len(rows), rows[0])
	}
	if _, ok := rows[0][1].(time.Time); !ok {
		t.Errorf("the date is a %T", rows[0][1])
	}
	if widgets.IsOpen(w.Window) || len(w.Toasts) != 1 || w.Toasts[0] != "173 rijen staan in list.xlsx." {
		t.Errorf("said %q", w.Toasts)
	}
	w.Offered[0]()
	if len(w.Launched) != 1 || w.Launched[0] != filepath.Dir(w.SaveFile) {
		t.Errorf("opened %v", w.Launched)
	}
}

// All rows are written when that was chosen, and a list at hand as it stands.
func TestExportAllAndOthers(t *testing.T) {
	e := sending()
	w := exporting(t, e, paneltest.Options{}, "rejected")
	w.Choose("All (9,786)")
	write(w, "")
	if x := e.Exports(); len(x) != 1 || len(x[0].Query.States) != 8 || len(e.Exported()) != 9786 {
		t.Errorf("%d rows of %+v", len(e.Exported()), x)
	}
	for tab, want := range map[string]int{"exclusions": 214, "causes": 5, "log": 2, "in_doubt": 1} {
		e := sending()
		w := exporting(t, e, paneltest.Options{}, tab)
		write(w, "")
		if got := e.Exported(); len(got) != want || len(got[0]) != len(e.Exports()[0].Header) {
			t.Errorf("%s: %d rows, want %d", tab, len(got), want)
		}
	}
}

func TestExportNeedsTheRight(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Sending))
	w, p := open(t, e, paneltest.Options{Lang: "nl", W: 968, H: 600}, "sending")
	if w.Button("Lijst exporteren") != nil {
		t.Error("it is offered without the right")
	}
	w.Want("Geen recht om te exporteren")
	w.NothingIsCut()
	w.Picture("deployment-noright-nl")
	w.Env.Become(e.Grant(1, "export"))
	p.Reload()
	ready(w)
	if w.Button("Lijst exporteren") == nil {
		t.Error("it is not offered to somebody who may")
	}
}

// A refusal stays in the form, and the next try may succeed; no file dialog
// answer is no export.
func TestExportIsRefused(t *testing.T) {
	e := sending()
	e.Fail("export", &delivery.Error{Kind: delivery.KindDiskFull, File: "list.xlsx"})
	w := exporting(t, e, paneltest.Options{}, "sending")
	file := w.SaveFile
	w.SaveFile = ""
	w.Tap("Choose file…")
	if len(e.Exports()) != 0 || !widgets.IsOpen(w.Window) {
		t.Error("the file dialog was cancelled, and yet something happened")
	}
	w.SaveFile = file
	write(w, "The disk is full: list.xlsx cannot be written.")
	e.Fail("export", nil)
	write(w, "")
	if widgets.IsOpen(w.Window) || len(e.Exported()) != 9786 {
		t.Errorf("%d rows", len(e.Exported()))
	}
}

// An export shows how far it is and can be cancelled.
func TestExportIsCancelled(t *testing.T) {
	e := sending()
	release := e.HoldExport()
	defer release()
	w := exporting(t, e, paneltest.Options{}, "sending")
	w.Tap("Choose file…")
	w.UI.Until(t, "progress", func() bool { return w.Says("4,893 of 9,786 rows written") })
	w.Settle()
	w.Picture("deployment-export-running")
	w.Tap("Cancel")
	w.UI.Until(t, "the end", func() bool { return len(w.Toasts) > 0 })
	if widgets.IsOpen(w.Window) || w.Toasts[0] != "The export was cancelled. No file was made." || e.Exported() != nil {
		t.Errorf("said %q, open %v", w.Toasts, widgets.IsOpen(w.Window))
	}
}

// Everything is reached by the keyboard alone.
func TestKeyboardReachesEverything(t *testing.T) {
	e := sending()
	w, p := open(t, e, paneltest.Options{W: 1048, H: 720}, "sending")
	p.Focus()
	if w.Window.Canvas().Focused() != paneltest.All[*widgets.Table](w)[0].Target() {
		t.Error("the list does not have the keyboard")
	}
	seen := map[fyne.Focusable]bool{}
	var labels []string
	c := w.Window.Canvas()
	c.Unfocus()
	for range 60 {
		c.(interface{ FocusNext() }).FocusNext()
		f := c.Focused()
		if f == nil || seen[f] {
			break
		}
		seen[f] = true
		if a, ok := f.(interface{ AccessibilityLabel() string }); ok {
			labels = append(labels, a.AccessibilityLabel())
		}
	}
	all := strings.Join(labels, "|")
	for _, want := range []string{"214 excluded", "0 cancelled", "Compute stats", "Log", "In doubt (1)", "All states", "All causes", "Export list", "Date", "Reason"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is not reached: %s", want, all)
		}
	}
}
