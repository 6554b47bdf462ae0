package home_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/home"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// full is a list with one delivery in each of the usual states.
func full() *bridgetest.Engine {
	var vs []delivery.View
	for i, x := range []struct {
		label string
		state delivery.State
	}{{"Christmas opening hours", delivery.Editing}, {"Wrong price list", delivery.Stopped}, {"Spring sale", delivery.Finished},
		{"Summer time", delivery.Sending}, {"Weekly tips with a name that goes on and on, as names of newsletters do when everybody has added a word", delivery.Ready}} {
		v := bridgetest.Sample(delivery.ID(90+i), x.state)
		v.Label = x.label
		vs = append(vs, v)
	}
	return bridgetest.New(vs...)
}

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options) (*paneltest.Window, *home.Panel) {
	t.Helper()
	var p *home.Panel
	w := paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen {
		p = home.New(env)
		return p
	})
	return w, p
}

func titles(w *paneltest.Window) []string {
	var out []string
	for _, k := range paneltest.All[*kit.Card](w) {
		out = append(out, k.Model().Title[:6])
	}
	return out
}

func TestList(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "nl", W: 968, H: 600}, {Lang: "en", W: 1048, H: 720}, {Lang: "en", Theme: "dark", W: 1048, H: 720}, {Lang: "en", W: 720, H: 480}} {
		w, _ := open(t, full(), o)
		w.Want("Summer time", "Spring sale", "Wrong price list", "Christmas opening hours")
		w.NothingIsCut()
		w.Picture("home-" + o.Lang + o.Theme)
	}
}

// What is in doubt leads to where it is decided, by its word and by the menu; who
// may not decide is not asked.
func TestInDoubt(t *testing.T) {
	w, _ := open(t, full(), paneltest.Options{W: 1048, H: 720})
	w.Want("1 message is in doubt: nobody can know whether it arrived.")
	w.Picture("home-doubt")
	want := panel.Place{Screen: panel.Deployment, Delivery: 93, Tab: "in_doubt"}
	var word fyne.Tappable
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(interface {
			fyne.Tappable
			AccessibilityLabel() string
		}); ok && k.AccessibilityLabel() == "Decide" {
			word = k
		}
	})
	if word == nil {
		t.Fatal("there is no word to press")
	}
	word.Tapped(nil)
	if len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v, want %v", w.Went, want)
	}
	w, _ = open(t, full(), paneltest.Options{Operator: 1})
	if w.Says("1 message is in doubt") {
		t.Error("somebody without the right is asked")
	}
}

// A card opens without a mouse.
func TestCardKeys(t *testing.T) {
	w, _ := open(t, full(), paneltest.Options{})
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace} {
		w.Went = nil
		w.Window.Canvas().Focus(paneltest.All[*kit.Card](w)[1])
		w.Key(k)
		if want := (panel.Place{Screen: panel.Delivery, Delivery: 93}); len(w.Went) != 1 || w.Went[0] != want {
			t.Errorf("%s went to %v", k, w.Went)
		}
	}
}

func TestFilterAndSort(t *testing.T) {
	w, _ := open(t, full(), paneltest.Options{})
	if got, want := titles(w), []string{"Weekly", "Summer", "Spring", "Wrong ", "Christ"}; !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	choose := func(menu, item string) {
		w.Tap(menu)
		w.Choose(item)
	}
	choose("Newest first", "By name")
	if got, want := titles(w), []string{"Christ", "Spring", "Summer", "Weekly", "Wrong "}; !slices.Equal(got, want) {
		t.Errorf("by name: %q, want %q", got, want)
	}
	for _, c := range []struct {
		filter string
		want   []string
	}{
		{"Waiting for you", []string{"Christ", "Summer", "Weekly"}}, // one message of Summer time is in doubt
		{"Under way", []string{"Summer"}},
		{"Ended", []string{"Spring", "Wrong "}},
		{"In trouble", []string{"Wrong "}},
		{"All states", []string{"Christ", "Spring", "Summer", "Weekly", "Wrong "}},
	} {
		before := w.Words.T("home.filter.all")
		for _, f := range []string{"waiting", "underway", "ended", "trouble"} {
			if w.Button(w.Words.T("home.filter."+f)) != nil {
				before = w.Words.T("home.filter." + f)
			}
		}
		choose(before, c.filter)
		if got := titles(w); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.filter, got, c.want)
		}
	}
	// The order is kept for the next time, the filter is not.
	again, _ := open(t, full(), paneltest.Options{})
	if again.Button("All states") == nil {
		t.Error("the filter was kept")
	}
}

func TestSearch(t *testing.T) {
	w, p := open(t, full(), paneltest.Options{})
	for search, want := range map[string][]string{"": {"Weekly", "Summer", "Spring", "Wrong ", "Christ"}, "SALE": {"Spring"}, "dm93": {"Summer"},
		"stopped price": {"Wrong "}, "customers": {"Weekly", "Summer", "Spring", "Wrong ", "Christ"}, "nothing of it": nil} {
		p.Search(search)
		w.Settle()
		if got := titles(w); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
	}
	p.Search("nobody")
	w.Settle()
	w.Want("No delivery matches “nobody”.")
	for _, l := range paneltest.All[*widgets.Link](w) {
		if l.AccessibilityLabel() == "Look for people who match “nobody”" {
			l.Tapped(nil)
		}
	}
	if want := (panel.Place{Screen: panel.People, Search: "nobody"}); len(w.Went) != 1 || w.Went[0] != want {
		t.Errorf("went to %v", w.Went)
	}
}

// A new delivery is blank, or begins from one that ended.
func TestNew(t *testing.T) {
	w, _ := open(t, full(), paneltest.Options{})
	w.Tap("New delivery")
	w.Choose("From “Spring sale”, 23 Nov 2026")
	if got := w.Engine.Commands(); len(got) != 1 || got[0] != "create DM95" {
		t.Errorf("the engine was told %q", got)
	}
	bare, _ := open(t, bridgetest.New(), paneltest.Options{})
	bare.Want("No deliveries yet")
	bare.Tap("New delivery")
	if got := bare.Engine.Commands(); len(got) != 1 || got[0] != "create DM1" {
		t.Errorf("the engine was told %q", got)
	}
}

// Who may not prepare finds no button that would refuse.
func TestRights(t *testing.T) {
	e := full()
	e.SetReadOnly(&delivery.Error{Kind: delivery.KindNewerSchema})
	w, _ := open(t, e, paneltest.Options{})
	if w.Button("New delivery") != nil || w.Button("Import people") != nil {
		t.Error("a read-only workspace offers changes")
	}
}
