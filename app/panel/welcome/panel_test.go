package welcome_test

import (
	"testing"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/panel/welcome"
)

func TestThreeWaysIn(t *testing.T) {
	connected := 0
	w := paneltest.Open(t, bridgetest.New(), paneltest.Options{Lang: "nl", W: 1024, H: 640}, func(env *panel.Env) paneltest.Screen {
		return welcome.New(env, func() { connected++ })
	})
	w.NothingIsCut()
	w.Picture("welcome-nl")
	w.Tap("Account toevoegen…")
	if connected != 1 {
		t.Error("the guide to an account was not opened")
	}
	w.Tap("Personen importeren…")
	w.Tap("Oefencampagne openen")
	if len(w.Went) != 2 || w.Went[0].Screen != panel.Import || w.Went[1].Screen != panel.Delivery || w.Went[1].Delivery != 95 {
		t.Errorf("went to %v", w.Went)
	}
}
