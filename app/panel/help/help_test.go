package help_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/help"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/event"
	"sendoff/widgets"
)

type nowhere struct{}

func (nowhere) Content() fyne.CanvasObject { return widgets.NewText("", widgets.Body()) }
func (nowhere) Handle([]event.Event)       {}
func (nowhere) Reload()                    {}
func (nowhere) Close()                     {}

// Every screen has its help, in both languages, with nothing cut.
func TestEveryScreen(t *testing.T) {
	for _, lang := range []string{"en", "nl"} {
		w := paneltest.Open(t, bridgetest.New(), paneltest.Options{Lang: lang, W: 1024, H: 700}, func(*panel.Env) paneltest.Screen { return nowhere{} })
		for _, s := range append(panel.Parts(), panel.Delivery, panel.Deployment, panel.Message, panel.Person, panel.Welcome, panel.Gallery) {
			help.Show(w.Env, s, []help.Key{{Label: "New delivery", Keys: "Ctrl+N"}})
			w.Settle()
			for _, k := range []string{"title", "for", "steps"} {
				if !w.Words.Has("help." + k + "." + string(s)) {
					t.Errorf("%s has no %s in %s", s, k, lang)
				}
			}
			w.Want(w.Words.T("help.title."+string(s)), w.Words.T("help.for."+string(s)), "Ctrl+N")
			w.NothingIsCut()
			widgets.Dismiss(w.Window)
			if widgets.IsOpen(w.Window) {
				t.Errorf("the help of %s stays", s)
			}
		}
	}
}
