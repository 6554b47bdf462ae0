package accounts_test

import (
	"os"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/accounts"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

var (
	small = paneltest.Options{Lang: "nl", W: 968, H: 600}
	usual = paneltest.Options{Lang: "en", W: 1048, H: 720}
	dark  = paneltest.Options{Lang: "en", Theme: "dark", W: 1048, H: 720}
)

// admin is an engine whose first operator may change accounts.
func admin() *bridgetest.Engine {
	e := bridgetest.New()
	e.Grant(1, access.Admin)
	return e
}

func open(t *testing.T, e *bridgetest.Engine, o paneltest.Options) *paneltest.Window {
	t.Helper()
	return paneltest.Open(t, e, o, func(env *panel.Env) paneltest.Screen { return accounts.New(env, panel.Place{Screen: panel.Accounts}) })
}

// name is a picture's.
func name(part string, o paneltest.Options) string {
	if o.Theme == "" {
		o.Theme = "light"
	}
	return "accounts-" + part + "-" + o.Lang + "-" + o.Theme
}

// looks reports whether somebody wants pictures. Painting them takes longer than
// everything else here.
func looks() bool { return os.Getenv("SENDOFF_PICTURES") != "" }

func picture(w *paneltest.Window, name string) {
	w.T.Helper()
	if looks() {
		w.Picture(name)
	}
}

// sheets runs a test at the sizes that pictures are made of. Dark ones are made
// only for somebody to look at.
func sheets(t *testing.T, part string, e func() *bridgetest.Engine, do func(w *paneltest.Window)) {
	t.Helper()
	for _, o := range []paneltest.Options{small, usual, dark} {
		if o == dark && !looks() {
			continue
		}
		w := open(t, e(), o)
		do(w)
		w.NothingIsCut()
		picture(w, name(part, o))
		w.Screen.Close()
		widgets.Dismiss(w.Window)
	}
}

// entry is the visible field below a label.
func entry(w *paneltest.Window, label string) *widgets.Entry {
	w.T.Helper()
	var found *widgets.Entry
	before := ""
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		switch o := o.(type) {
		case *widgets.Entry:
			own := test.WidgetRenderer(o).Objects()[0].(*fyne.Container).Objects[0].(*widgets.Text)
			if own.Visible() {
				before = own.Text()
			}
			if before == label {
				found = o
			}
		case *widgets.Text:
			before = o.Text()
		}
	})
	if found == nil {
		w.T.Fatalf("there is no field %q", label)
	}
	return found
}

// fill types into fields by their labels.
func fill(w *paneltest.Window, pairs ...string) {
	w.T.Helper()
	for i := 0; i < len(pairs); i += 2 {
		entry(w, w.Words.T(pairs[i])).SetText(pairs[i+1])
	}
	w.Settle()
}

// account is a stored account by its name.
func account(t *testing.T, e *bridgetest.Engine, name string) delivery.Account {
	t.Helper()
	as, err := e.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range as {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("there is no account %q among %+v", name, as)
	return delivery.Account{}
}
