package imports_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/imports"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, at panel.Place) *paneltest.Window {
	t.Helper()
	at.Screen = panel.Import
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return imports.New(env, at) })
}

// figure is the button with the figure of a sort.
func figure(w *paneltest.Window, label string) *widgets.FigureButton {
	w.T.Helper()
	for _, f := range paneltest.All[*widgets.FigureButton](w) {
		if f.AccessibilityLabel() == label {
			return f
		}
	}
	w.T.Fatalf("no figure %q", label)
	return nil
}

// TestAllSteps goes from the file to the undo, in both languages and themes, and
// looks at every step.
func TestAllSteps(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "nl", W: 792, H: 616}, {Lang: "en", Theme: "dark", W: 1048, H: 720}, {Lang: "en", W: 1280, H: 820}} {
		e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
		w := open(t, e, o, panel.Place{})
		c := w.Words
		name := "import-" + o.Lang + o.Theme + "-"
		w.Want(c.T("import.drop"), "leden-2026.xlsx", c.T("import.earlier"))
		w.NothingIsCut()
		w.Picture(name + "1")

		w.PickFile = "/home/marieke/Leden 2026.csv"
		w.Tap(c.T("import.choose"))
		w.Want("windows-1252", "Lid sinds", "01-02-2024", c.T("import.ambiguous_date"), c.N("import.misfits_here", 3))
		w.NothingIsCut()
		w.Picture(name + "2")

		w.Tap(c.T("import.next"))
		w.Want("900", "60", "30", c.T("import.list_new"))
		w.Picture(name + "3")
		figure(w, c.T("import.sort.added")).Tapped(nil)
		w.Settle()
		w.Want("anna@post.example", c.T("import.first_rows", "sort", c.T("import.sort.added")))
		w.NothingIsCut()
		w.Picture(name + "3rows")
		figure(w, c.T("import.sort.rejected")).Tapped(nil)
		w.Settle()
		w.Want("piet.post.example", c.T("import.reason.no_at"))
		figure(w, c.T("import.sort.updated")).TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		w.Settle()
		w.Want("Land: BE → NL")

		release := e.HoldImport()
		w.Tap(c.N("import.start", 990))
		w.Want(c.T("import.running", "rows", 400, "rejected", 2))
		w.Picture(name + "4")
		release()
		w.Settle()
		w.Want(c.T("import.done", "name", "Leden 2026"), "/home/marieke/leden-rejected.csv")
		w.NothingIsCut()
		w.Picture(name + "5")

		w.Tap(c.T("import.undo"))
		w.Tap(c.T("import.undo_ok"))
		w.Want(c.T("import.was_taken_back"), c.N("import.undone_removed", 898), c.N("import.undone_kept", 2))
		if got := strings.Join(e.Commands(), "; "); !strings.Contains(got, "undo import 7") {
			t.Errorf("told %q", got)
		}
	}
}

// TestRequest: what a person chose is what the engine is asked for.
func TestRequest(t *testing.T) {
	e := bridgetest.New()
	w := open(t, e, paneltest.Options{}, panel.Place{File: "/tmp/Members.csv"})
	c := w.Words
	for _, x := range [][2]string{{"import.type.bool", "import.type.out"}, {"import.type.date_dmy", "import.type.date_mdy"}} {
		w.Tap(c.T(x[0]))
		w.Choose(c.T(x[1]))
	}
	w.Tap(c.T("import.next"))
	for _, x := range []struct{ label, typed string }{{"import.consent_source", "Fair"}, {"import.consent_date", "2026-10-01"}} {
		for _, in := range paneltest.All[*widgets.Entry](w) {
			if in.Label() == c.T(x.label) {
				in.SetText(x.typed)
			}
		}
	}
	w.Settle()
	w.Tap(c.N("import.start", 990))
	r := e.Imported()
	if r.File != "/tmp/Members.csv" || r.Name != "Members" || r.Map["email"] != "#1" || r.Map["lid_sinds"] != "#3" || r.Types["lid_sinds"].String() != "date:mdy" ||
		len(r.Without) != 1 || r.Without[0] != "#6" || r.ConsentSource != "Fair" || r.ConsentAt.Format("2006-01-02") != "2026-10-01" || r.Existing != delivery.ExistingUpdate {
		t.Errorf("asked for %+v", r)
	}
}

// TestRefusals: what cannot be is said, and the step stays.
func TestRefusals(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{}, panel.Place{File: "/tmp/broken.xlsx"})
	w.Want("is packed in a way that no list of people is")
	if b := w.Button(w.Words.T("import.next")); b == nil || b.Disabled() {
		t.Error("the file cannot be tried again")
	}
	e := bridgetest.New()
	e.Fail("check_import", &delivery.Error{Kind: delivery.KindRecordTooLong, File: "/tmp/x.csv", Line: 7})
	w = open(t, e, paneltest.Options{}, panel.Place{File: "/tmp/x.csv"})
	w.Tap(w.Words.T("import.next"))
	w.Want("begins at line 7")
	if b := w.Button(w.Words.N("import.start", 0)); b == nil || !b.Disabled() {
		t.Error("an import that cannot be begins")
	}
}

// TestCancel keeps nothing and leads back to the check.
func TestCancel(t *testing.T) {
	e := bridgetest.New()
	release := e.HoldImport()
	defer release()
	w := open(t, e, paneltest.Options{}, panel.Place{File: "/tmp/Members.csv"})
	w.Tap(w.Words.T("import.next"))
	w.Tap(w.Words.N("import.start", 990))
	w.Tap(w.Words.T("import.cancel"))
	w.Want(w.Words.T("import.would"))
	if len(w.Toasts) != 1 || w.Toasts[0] != w.Words.T("import.cancelled") {
		t.Errorf("says %q", w.Toasts)
	}
}

// TestNameAtTheLastMoment: a name that is typed right before the start is the
// list's, and counting it again does not end the import.
func TestNameAtTheLastMoment(t *testing.T) {
	e := bridgetest.New()
	release := e.HoldImport()
	w := open(t, e, paneltest.Options{}, panel.Place{File: "/tmp/Members.csv"})
	w.Tap(w.Words.T("import.next"))
	for _, in := range paneltest.All[*widgets.Entry](w) {
		if in.Label() == w.Words.T("import.name") {
			in.SetText("Frie")
			in.SetText("Friends")
		}
	}
	w.Button(w.Words.N("import.start", 990)).Tapped(nil)
	w.Settle()
	release()
	w.Settle()
	w.Want(w.Words.T("import.done", "name", "Friends"))
	if e.Imported().Name != "Friends" {
		t.Errorf("imported as %q", e.Imported().Name)
	}
}

// TestUseForADelivery gives the list to the delivery that asked for it.
func TestUseForADelivery(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	w := open(t, e, paneltest.Options{}, panel.Place{File: "/tmp/Members.csv", Delivery: 95})
	w.Tap(w.Words.T("import.next"))
	w.Tap(w.Words.N("import.start", 990))
	w.Tap(w.Words.T("import.use"))
	if v, _ := e.Delivery(t.Context(), 95); v.Audience != 2 {
		t.Errorf("the delivery is for list %d", v.Audience)
	}
	if len(w.Went) == 0 || w.Went[0].Delivery != 95 {
		t.Errorf("went to %v", w.Went)
	}
}
