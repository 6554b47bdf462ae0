package content_test

import (
	"strings"
	"testing"

	"sendoff/app/panel/content"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
)

// BenchmarkKeyInSource types into 600 KB of HTML on the whole screen: the editor,
// the draft, and everything that watches it. A key may take 8 ms.
func BenchmarkKeyInSource(b *testing.B) {
	html := strings.Repeat(`<tr><td class="x">Hello {{ first_name | default: "you" }}, see <a href="https://x.example/">this</a></td></tr>`+"\n", 6000)
	b.Run("600 KB", func(b *testing.B) {
		t := &testing.T{}
		w, p := open(t, paneltest.Options{}, content.TabSource, func(v *delivery.View) { v.Content.HTML = html })
		_ = p
		focus(w, "HTML")
		for b.Loop() {
			w.Window.Canvas().Focused().TypedRune('x')
		}
	})
}
