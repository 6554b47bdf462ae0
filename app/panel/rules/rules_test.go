package rules_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/rules"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, at panel.Place) *paneltest.Window {
	t.Helper()
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return rules.New(env, at) })
	counted(w)
	return w
}

// counted waits until the rule that is shown was counted.
func counted(w *paneltest.Window) {
	w.T.Helper()
	w.UI.Until(w.T, "the count", func() bool {
		return !w.Says(w.Words.T("rule.matching")+" –") || w.Says(w.Words.T("rule.incomplete.one", "n", 1))
	})
	w.Settle()
}

// wait lets what was typed be counted.
func wait(w *paneltest.Window, says string) {
	w.T.Helper()
	w.UI.Until(w.T, says, func() bool { return w.Says(says) })
	w.Settle()
}

func rich() *bridgetest.Engine {
	e := bridgetest.New()
	e.Richer()
	return e
}

const long = `city one of ("Utrecht", "Den Haag") and age >= 25 and (joined in the last 90 days or not (member is yes) or did not get delivery DM1) and not in audience "Customers in the Netherlands"`

func TestPictures(t *testing.T) {
	for _, o := range []paneltest.Options{{}, {Theme: "dark", Lang: "nl", W: 1024 - 232, H: 616}, {Lang: "nl", W: 560, H: 620}, {Theme: "dark", W: 1448, H: 920}} {
		w := open(t, rich(), o, panel.Place{Search: long})
		w.NothingIsCut()
		name := o.Lang + o.Theme
		if o.W == 560 {
			name += "narrow"
		}
		w.Picture("rule-" + name)
	}
}

// A rule is read, said in words and counted.
func TestWhatARuleSays(t *testing.T) {
	w := open(t, rich(), paneltest.Options{}, panel.Place{Search: `city is "Utrecht" and age > 30`})
	w.Want("People who live in “Utrecht” and whose age is more than 30.", "of 300", "For example")
	if got := paneltest.All[*widgets.Link](w); len(got) < 6 {
		t.Errorf("%d people are shown", len(got))
	}
	nl := open(t, rich(), paneltest.Options{Lang: "nl"}, panel.Place{Search: `city is "Utrecht"`})
	nl.Want("Personen die in “Utrecht” wonen.", "Personen nu", "100")
}

// By keys alone: a condition is made, filled in, and saved.
func TestByKeysAlone(t *testing.T) {
	w := open(t, rich(), paneltest.Options{}, panel.Place{})
	w.Want("1 condition is not complete yet.")
	press := func(label string) {
		t.Helper()
		b := w.Button(label)
		if b == nil {
			t.Fatalf("there is no %q", label)
		}
		w.Window.Canvas().Focus(b)
		w.Key(fyne.KeySpace)
	}
	press("Voornaam")
	for _, r := range "plaats" {
		w.Window.Canvas().Focused().TypedRune(r)
	}
	w.Settle()
	w.Key(fyne.KeyDown, fyne.KeyReturn)
	press("is")
	w.Picture("rule-menu")
	w.Key(fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	w.Want("contains")
	press("Values that people have")
	w.Key(fyne.KeyDown, fyne.KeyReturn)
	wait(w, "People whose plaats contains “Utrecht”.")
	press("Condition")
	w.Want("1 condition is not complete yet.")
	press("Remove")
	press("Save audience")
	w.Want("Name of the audience")
	for _, r := range "Utrecht" {
		w.Window.Canvas().Focused().TypedRune(r)
	}
	w.Tap("Save")
	cs := w.Engine.Commands()
	if got := cs[len(cs)-1]; !strings.HasPrefix(got, "create_audience Utrecht: ") {
		t.Errorf("the engine was told %q", got)
	}
	if len(w.Went) != 1 || w.Went[0].Screen != panel.Audiences {
		t.Errorf("went to %v", w.Went)
	}
}

func TestGroups(t *testing.T) {
	w := open(t, rich(), paneltest.Options{}, panel.Place{Search: `age > 30`})
	w.Tap("Group")
	w.Want("At least one of these", "1 condition is not complete yet.")
	entries := paneltest.All[*widgets.Entry](w)
	entries[len(entries)-1].SetText("Anna")
	wait(w, "People whose age is more than 30 and whose voornaam is “Anna”.")
	w.Tap("Duplicate") // the last one: of the condition in the group
	wait(w, "People whose age is more than 30 and (whose voornaam is “Anna” or whose voornaam is “Anna”).")
	w.Tap("At least one of these")
	w.Choose("None of these")
	wait(w, "who are not among those whose voornaam is “Anna”")
}

// An audience that is edited keeps its name; undo brings the old rule back.
func TestEditAndUndo(t *testing.T) {
	e := rich()
	a := e.AddRule("Grown", `age >= 18`, 300)
	w := open(t, e, paneltest.Options{}, panel.Place{Number: a.ID})
	if w.Title != "Grown" {
		t.Errorf("titled %q", w.Title)
	}
	paneltest.All[*widgets.Entry](w)[0].SetText("21")
	wait(w, "at least 21")
	w.Tap("Save audience")
	last := func() string { cs := e.Commands(); return cs[len(cs)-1] }
	if last() != "edit_audience 2: age >= 21" {
		t.Errorf("told %q", last())
	}
	w.Undo()
	if last() != "edit_audience 2: age >= 18" {
		t.Errorf("told %q", last())
	}
}

// Made from a delivery, it is that delivery's audience.
func TestForADelivery(t *testing.T) {
	e := bridgetest.New(delivery.View{Delivery: delivery.Delivery{ID: 1, State: delivery.Editing, Draft: delivery.Draft{Label: "Spring"}}})
	e.Richer()
	w := open(t, e, paneltest.Options{}, panel.Place{Delivery: 1, Search: `age > 30`})
	w.Tap("Save audience")
	paneltest.All[*widgets.Entry](w)[len(paneltest.All[*widgets.Entry](w))-1].SetText("Older")
	w.Tap("Save")
	v, err := w.Engine.Delivery(t.Context(), 1)
	if err != nil || v.Audience != 2 || len(w.Went) != 1 || w.Went[0].Delivery != 1 {
		t.Errorf("audience %d, %v, went to %v", v.Audience, err, w.Went)
	}
}

// A rule that was written as text and compares otherwise than its field's type is
// shown as it is, and so is a field that is gone.
func TestWhatIsNotOfferedIsShown(t *testing.T) {
	w := open(t, rich(), paneltest.Options{}, panel.Place{Search: `city > 3 and gone is "x" and random part 1 to 10 of 100 seed 5 and got delivery DM99`})
	w.Want("is more than", "gone", "DM99", "random part 1–10 of 100")
	w.NothingIsCut()
}

func TestSplit(t *testing.T) {
	e := rich()
	a := e.AddRule("Grown", `age >= 18`, 300)
	w := open(t, e, paneltest.Options{}, panel.Place{Number: a.ID})
	w.Tap("Split…")
	w.Want("Split at random", "50, 50", "Grown A, Grown B")
	w.Picture("rule-split")
	entries := paneltest.All[*widgets.Entry](w)
	shares, names := entries[len(entries)-2], entries[len(entries)-1]
	if names.Text() != "Grown A, Grown B" {
		t.Errorf("proposes %q", names.Text())
	}
	shares.SetText("50, x")
	w.Tap("Split")
	w.Want("Write two shares or more as whole numbers")
	shares.SetText("10/20/70")
	names.SetText("Small")
	w.Tap("Split")
	cs := e.Commands()
	if got := cs[len(cs)-1]; got != "split 2 [10 20 70] [Small Grown B Grown C]" {
		t.Errorf("told %q", got)
	}
}

func TestWithoutTheRight(t *testing.T) {
	e := rich()
	e.SetReadOnly(&delivery.Error{Kind: delivery.KindNewerSchema})
	w := open(t, e, paneltest.Options{}, panel.Place{Search: `age > 30`})
	if w.Button("Save audience") != nil {
		t.Error("a read-only workspace offers to save")
	}
}
