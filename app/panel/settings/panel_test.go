package settings_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/settings"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/widgets"
)

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return settings.New(env, panel.Place{}) })
}

func TestSettings(t *testing.T) {
	for _, o := range []paneltest.Options{{Lang: "nl", W: 968, H: 1600}, {Lang: "en", Theme: "dark", W: 1048, H: 1000}} {
		w := open(t, bridgetest.New(), o)
		w.Want("Marieke", "Joris", "memory", "Sendoff "+state.Version)
		w.NothingIsCut()
		w.Picture("settings-" + o.Lang + o.Theme)
	}
}

func TestChoices(t *testing.T) {
	w := open(t, bridgetest.New(), paneltest.Options{})
	var modes, languages []string
	w.Env.Choose = panel.Choices{Mode: func(s string) { modes = append(modes, s) }, Language: func(s string) { languages = append(languages, s) }}
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		a, named := o.(fyne.Accessible)
		x, ok := o.(fyne.Tappable)
		if named && ok && (a.AccessibilityLabel() == "Dark" || a.AccessibilityLabel() == "Nederlands") {
			x.Tapped(nil)
		}
	})
	if !slices.Equal(modes, []string{"dark"}) || !slices.Equal(languages, []string{"nl"}) {
		t.Errorf("chose %v and %v", modes, languages)
	}
}

// Somebody with the right adds and edits who works here; it can be undone.
func TestOperators(t *testing.T) {
	e := bridgetest.New()
	if open(t, e, paneltest.Options{}).Button("Add somebody") != nil {
		t.Error("who may not administer is offered to")
	}
	e.Grant(1, access.Start, access.Prepare, access.Admin)
	w := open(t, e, paneltest.Options{})
	w.Tap("Add somebody")
	w.Tap("Save")
	w.Want("Give the person a name.")
	paneltest.All[*widgets.Entry](w)[0].SetText("Fatima")
	w.Tap("Save")
	w.Want("Fatima")
	w.Tap("Edit Joris")
	for _, k := range paneltest.All[*widgets.Check](w) {
		if !k.Checked() {
			k.Tapped(nil)
		}
	}
	w.Tap("Save")
	w.Want("Start deliveries, Prepare deliveries, Export lists and Administration")
	w.Undo()
	os, _ := e.Operators(t.Context())
	if os[1].Rights.String() != "prepare" {
		t.Errorf("after the undo Joris may %s", os[1].Rights)
	}
}

// Every library that go.mod asks for, tests aside, is named.
func TestLibraries(t *testing.T) {
	b, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	onlyInTests := []string{"github.com/emersion/go-msgauth", "github.com/jhillyerd/enmime/v2", "github.com/wneessen/go-mail", "pgregory.net/rapid"}
	named := map[string]bool{}
	for _, l := range state.Libraries() {
		named[l.Path] = true
		if l.Licence == "" || l.Name == "" {
			t.Errorf("%+v", l)
		}
	}
	n := 0
	for _, line := range strings.Split(string(b), "\n") {
		m := regexp.MustCompile(`^\t(\S+) v\S+$`).FindStringSubmatch(line)
		if m == nil || slices.Contains(onlyInTests, m[1]) {
			continue
		}
		if n++; !named[m[1]] {
			t.Errorf("%s is not named", m[1])
		}
	}
	if n < 10 {
		t.Errorf("found %d libraries in go.mod", n)
	}
}

// Diagnostics tell nothing of a person.
func TestDiagnostics(t *testing.T) {
	s := state.Diagnostics("dark", "nl", 1024, 700)
	home, _ := os.UserHomeDir()
	if !strings.Contains(s, "1024 x 700") || home != "" && strings.Contains(s, home) {
		t.Error(s)
	}
}
