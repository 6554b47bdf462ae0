package people_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/people"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options, at panel.Place) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return people.New(env, at) })
}

func TestList(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "nl", W: 968, H: 600}, {Lang: "en", Theme: "dark", W: 1048, H: 720}, {Lang: "nl", W: 660, H: 420}} {
		w := open(t, bridgetest.New(), o, panel.Place{})
		w.Want(w.Words.N("people.count", 300), "bell.100@post.example", w.Words.T("people.add"))
		w.NothingIsCut()
		w.Picture("people-" + o.Lang + o.Theme)
	}
}

func TestSearchAndFilter(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{}, panel.Place{Search: "watts"})
	w.Want("42 people") // every seventh of 300
	w.Tap("Everybody")
	w.Choose("On the denylist")
	w.Want("2 people")
	open(t, bridgetest.New(), paneltest.Options{}, panel.Place{Search: "nobody at all"}).Want("Nobody matches.", "Show everybody")
	member := open(t, bridgetest.New(), paneltest.Options{}, panel.Place{Tab: people.AudienceTab(1)})
	member.Want("150 people", "Customers in the Netherlands")
}

// People whom a rule names are shown like those of a list.
func TestRule(t *testing.T) {
	e := bridgetest.New()
	a := e.AddRule("Grown in Utrecht", `city is "Utrecht"`, 150)
	open(t, e, paneltest.Options{}, panel.Place{Tab: people.AudienceTab(a.ID)}).Want("150 people", "Grown in Utrecht")
	w := open(t, e, paneltest.Options{}, panel.Place{})
	w.Tap("Everybody")
	w.Choose("Grown in Utrecht")
	w.Want("150 people")
}

// A row opens by Return, in the order in which it is sorted.
func TestSortAndOpen(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{}, panel.Place{})
	paneltest.All[*widgets.Table](w)[0].Target().FocusGained()
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	w.Key(fyne.KeyReturn)
	if len(w.Went) != 1 || w.Went[0].Screen != panel.Person {
		t.Fatalf("went to %v", w.Went)
	}
}

// Who may not prepare can look and change nothing.
func TestRights(t *testing.T) {
	e := bridgetest.New()
	e.SetReadOnly(&delivery.Error{Kind: delivery.KindNewerSchema})
	w := open(t, e, paneltest.Options{}, panel.Place{})
	if w.Button("Add person") != nil {
		t.Error("a read-only workspace offers changes")
	}
}

func TestAdd(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{Lang: "nl", W: 968, H: 600}, panel.Place{})
	w.Tap("Persoon toevoegen")
	w.Picture("person-add-nl")
	address := paneltest.All[*widgets.Entry](w)[0]
	for typed, says := range map[string]string{"niemand": "Dit is geen e-mailadres.", "bell.100@post.example": "Iemand met dit adres staat er al."} {
		address.SetText(typed)
		w.Tap("Opslaan")
		w.Want(says)
		if address.Text() != typed {
			t.Errorf("%q was lost", typed)
		}
	}
	address.SetText("nieuw@post.example")
	w.Tap("Opslaan")
	if got := w.Engine.Commands(); got[len(got)-1] != "add_profile nieuw@post.example" {
		t.Errorf("the engine was told %q", got)
	}
	if !strings.Contains(strings.Join(w.Toasts, " "), "nieuw@post.example") || w.Went[0].Number != 301 {
		t.Errorf("said %q, went to %v", w.Toasts, w.Went)
	}
}

// One comes back to the people that one left: search, filter, order and row.
func TestPlace(t *testing.T) {
	e := bridgetest.New()
	w := open(t, e, paneltest.Options{W: 1024, H: 700}, panel.Place{Search: "post"})
	w.Want("300 people")
	table := paneltest.All[*widgets.Table](w)[0]
	w.Window.Canvas().Focus(table.Target())
	w.Key(fyne.KeyEnd, fyne.KeyPageUp)
	p := w.Screen.(*people.Panel)
	at := p.Place()
	if at.Row < 200 || at.Scroll < 200*35 || at.Search != "post" {
		t.Fatalf("the keys did not move it: %+v", at)
	}
	back := open(t, e, paneltest.Options{W: 1024, H: 700}, at)
	if got := back.Screen.(*people.Panel).Place(); got != at {
		t.Errorf("came back to %+v, want %+v", got, at)
	}
	for _, tab := range []string{"", "audience:1", "audience:1?desc=1&sort=created", "?denied=1"} {
		w := open(t, e, paneltest.Options{}, panel.Place{Screen: panel.People, Tab: tab, Search: "a"})
		if got := w.Screen.(*people.Panel).Place(); got.Tab != tab || got.Search != "a" {
			t.Errorf("%q became %+v", tab, got)
		}
	}
}

// Test profiles are made and found, and it can be undone.
func TestTestProfiles(t *testing.T) {
	e := bridgetest.New()
	w := open(t, e, paneltest.Options{}, panel.Place{Search: "bell.100"})
	who := access.Principal{Operator: 1}
	if err := e.SetTest(t.Context(), who, []int64{101}, true); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	w = open(t, e, paneltest.Options{}, panel.Place{Tab: "?test=1"})
	w.Want("1 person", "bell.100@post.example", "Test profile")
	if got := w.Screen.(*people.Panel).Place(); got.Tab != "?test=1" {
		t.Errorf("%+v", got)
	}
	w.Tap("Test profiles")
	w.Choose("Everybody")
	w.Want("300 people")
}
