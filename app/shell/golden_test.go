package shell_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// TestMarkup holds every screen against a picture in words: what is drawn, where,
// how large and in what colour, in both languages, both themes and three sizes.
func TestMarkup(t *testing.T) {
	places := []panel.Place{{Screen: panel.Deliveries}, {Screen: panel.Delivery, Delivery: 95}, {Screen: panel.Deployment, Delivery: 96, Tab: "causes"},
		{Screen: panel.People}, {Screen: panel.Person, Number: 20}, {Screen: panel.Audiences}, {Screen: panel.Accounts},
		{Screen: panel.Suppression}, {Screen: panel.Settings}, {Screen: panel.Welcome}}
	for _, o := range []options{{lang: "en", theme: "light", w: 1280, h: 820}, {lang: "nl", theme: "dark", w: 1024, h: 700}, {lang: "nl", theme: "light", w: 720, h: 480}} {
		for _, p := range places {
			name := fmt.Sprintf("%s-%s-%s-%.0f.xml", p.Screen, o.lang, o.theme, o.w)
			t.Run(name, func(t *testing.T) {
				e := bridgetest.New(bridgetest.Sample(95, delivery.Ready), bridgetest.Sample(96, delivery.Finished))
				e.Grant(1, access.Export, access.Admin)
				w := open(t, e, o)
				w.Go(p)
				want, _ := os.ReadFile(filepath.Join("testdata", name))
				// What a screen shows comes from another goroutine, sooner or later.
				for end := time.Now().Add(20 * time.Second); ; {
					w.ui.Settle()
					w.relayout()
					w.ui.Settle()
					if test.RenderToMarkup(w.Window().Canvas()) == string(want) || len(want) == 0 || time.Now().After(end) {
						break
					}
				}
				test.AssertRendersToMarkup(t, name, w.Window().Canvas())
			})
		}
	}
}
