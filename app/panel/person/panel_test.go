package person_test

import (
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/person"
	"sendoff/widgets"
)

func open(t *testing.T, o paneltest.Options, id int64) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, bridgetest.New(), o, func(env *panel.Env) paneltest.Screen { return person.New(env, panel.Place{Number: id}) })
}

func TestPage(t *testing.T) {
	for id, says := range map[int64]string{1: "Niets houdt mail bij deze persoon weg.", 20: "Op de weigerlijst gezet door Marieke", 25: "Het adres werkt niet"} {
		w := open(t, paneltest.Options{Lang: "nl", W: 968, H: 600}, id)
		w.Want(says, "Utrecht", "Customers in the Netherlands")
		w.NothingIsCut()
		w.Picture("person-nl")
	}
	open(t, paneltest.Options{Lang: "nl"}, 1).Want("Toestemming", "Webshop, 23 nov 2026")
	gone := open(t, paneltest.Options{}, 999)
	if gone.Backs == 0 {
		t.Error("the page of nobody stays")
	}
}

func TestDenyAndUndo(t *testing.T) {
	w := open(t, paneltest.Options{}, 1)
	w.Tap("Put on denylist")
	w.Want("On the denylist")
	w.Undo()
	w.Want("Nothing keeps mail away from this person.")
}

// What was typed and not saved is there again, and an edit can be undone.
func TestEdit(t *testing.T) {
	w := open(t, paneltest.Options{}, 1)
	w.Tap("Edit")
	first := paneltest.All[*widgets.Entry](w)[1]
	first.SetText("Evelien")
	w.UI.Until(t, "the draft", func() bool {
		d, _ := w.Engine.Draft(t.Context(), "person/1")
		return d.Value != ""
	})
	// The window went away without a word; the next one offers it.
	again := paneltest.Open(t, w.Engine, paneltest.Options{}, func(env *panel.Env) paneltest.Screen { return person.New(env, panel.Place{Number: 1}) })
	again.Tap("Edit")
	if got := paneltest.All[*widgets.Entry](again)[1].Text(); got != "Evelien" {
		t.Fatalf("the form holds %q", got)
	}
	again.Tap("Save")
	again.Want("Evelien")
	if d, _ := w.Engine.Draft(t.Context(), "person/1"); d.Value != "" {
		t.Errorf("still kept: %q", d.Value)
	}
	again.Undo()
	again.Want("Eva")
}

func TestDelete(t *testing.T) {
	w := open(t, paneltest.Options{}, 1)
	w.Tap("Delete…")
	w.Tap("Cancel")
	if n := len(w.Engine.Commands()); n != 0 {
		t.Fatalf("%d commands after No", n)
	}
	w.Tap("Delete…")
	w.Tap("Delete")
	if got := w.Engine.Commands(); len(got) != 1 || got[0] != "delete_profile 1" || w.Backs == 0 {
		t.Errorf("%q, back %d", got, w.Backs)
	}
}
