package files_test

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/files"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// nowhere is a screen with nothing on it.
type nowhere struct{}

func (nowhere) Content() fyne.CanvasObject { return widgets.NewText("", widgets.Body()) }
func (nowhere) Handle([]event.Event)       {}
func (nowhere) Reload()                    {}
func (nowhere) Close()                     {}

// world is a folder with folders and files, and a window that shows it first.
func world(t *testing.T, lang string) (*paneltest.Window, string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	for _, d := range []string{"Documents", "archive", ".hidden"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"people.csv", "Zebra.CSV", "picture.png", ".secret.csv", "archive/old.csv"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("email\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := paneltest.Open(t, bridgetest.New(), paneltest.Options{Lang: lang, W: 1024, H: 700}, func(*panel.Env) paneltest.Screen { return nowhere{} })
	return w, dir
}

func TestOpenByKeys(t *testing.T) {
	w, dir := world(t, "en")
	got := ""
	files.Open(w.Env, "Import people", []string{".csv"}, func(p string) { got = p })
	w.Settle()
	w.Want("archive", "Documents", "people.csv", "Zebra.CSV", "Home")
	for _, s := range []string{"picture.png", ".secret.csv", ".hidden"} {
		if w.Says(s) {
			t.Errorf("%s is shown", s)
		}
	}
	w.NothingIsCut()
	w.Picture("files-open")
	w.Key(fyne.KeyReturn) // the first line: archive
	w.Want("old.csv")
	w.Key(fyne.KeyReturn)
	if want := filepath.Join(dir, "archive", "old.csv"); got != want {
		t.Errorf("chose %q, want %q", got, want)
	}
	if widgets.IsOpen(w.Window) {
		t.Error("the dialog is still open")
	}
	// The next time begins where this one ended.
	files.Open(w.Env, "Import people", []string{".csv"}, func(string) {})
	w.Settle()
	w.Want("old.csv")
}

func TestTypedPaths(t *testing.T) {
	for _, c := range []struct {
		typed, want, says string // want below the folder; empty: nothing is chosen
	}{
		{"~/people.csv", "people.csv", ""},
		{"people.csv", "people.csv", ""},
		{"  archive/old.csv ", "archive/old.csv", ""},
		{"archive", "", "old.csv"}, // a folder is opened
		{"missing.csv", "", "missing.csv"},
	} {
		w, dir := world(t, "en")
		got := ""
		files.Open(w.Env, "Import people", []string{".csv"}, func(p string) { got = p })
		w.Settle()
		paneltest.All[*widgets.Entry](w)[0].SetText(c.typed)
		w.Tap("Open")
		want := ""
		if c.want != "" {
			want = filepath.Join(dir, c.want)
		}
		if got != want {
			t.Errorf("%q chose %q, want %q", c.typed, got, want)
		}
		if c.says != "" {
			w.Want(c.says)
		}
	}
}

// A file that is there is replaced only when a person presses twice.
func TestSave(t *testing.T) {
	w, dir := world(t, "nl")
	var got []string
	files.Save(w.Env, "Waar?", "people.csv", func(p string) { got = append(got, p) })
	w.Settle()
	w.Picture("files-save")
	w.Tap("Opslaan")
	if len(got) != 0 {
		t.Fatalf("replaced %v without asking", got)
	}
	w.Want("“people.csv” bestaat al.")
	entries := paneltest.All[*widgets.Entry](w)
	entries[1].SetText("")
	w.Tap("Opslaan")
	w.Want("Geef het bestand een naam.")
	entries[1].SetText("people.csv")
	w.Tap("Opslaan")
	if len(got) != 0 {
		t.Fatal("the press before the change counted")
	}
	entries[1].SetText("report")
	w.Tap("Opslaan")
	if want := filepath.Join(dir, "report.csv"); len(got) != 1 || got[0] != want {
		t.Errorf("chose %v, want %s", got, want)
	}

	got = nil
	files.Save(w.Env, "Waar?", "people.csv", func(p string) { got = append(got, p) })
	w.Settle()
	w.Tap("Opslaan")
	w.Tap("Opslaan")
	if want := filepath.Join(dir, "people.csv"); len(got) != 1 || got[0] != want {
		t.Errorf("chose %v, want %s", got, want)
	}
}

func TestTyped(t *testing.T) {
	t.Setenv("HOME", "/home/ann")
	for in, want := range map[string]string{"": "", "  ": "", "~/a.csv": "/home/ann/a.csv", "/x/../y.csv": "/y.csv", " b.csv ": "b.csv"} {
		if got := files.Typed(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
