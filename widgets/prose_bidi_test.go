package widgets

import (
	"strings"
	"testing"
)

// Words stand where a reader of both scripts expects them. Hebrew is written with
// capitals here, as in Standard Annex 9, and digits take what is around them.
func TestVisualOrder(t *testing.T) {
	hebrew := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return 'א' + (r - 'A')
			}
			return r
		}, s)
	}
	for _, c := range []struct{ logical, visual string }{
		{"dear ann and bob", "dear ann and bob"},
		{"dear ANN BOB and carl", "dear BOB ANN and carl"},
		{"ANN HAS A CAR", "CAR A HAS ANN"},
		{"ANN HAS two cars NOW", "NOW two cars HAS ANN"},
		{"dear ANN 12 BOB end", "dear BOB 12 ANN end"},
		{"12 ANN BOB", "BOB ANN 12"},
		{"dear ANN 12", "dear ANN 12"},
	} {
		var line []word
		for _, s := range strings.Fields(c.logical) {
			line = append(line, word{text: hebrew(s), space: 4})
		}
		line[0].space = 0
		var got []string
		space := float32(0)
		for _, w := range visual(line, rightToLeft(line)) {
			got = append(got, w.text)
			space += w.space
		}
		if s := strings.Join(got, " "); s != hebrew(c.visual) || space != float32(4*(len(line)-1)) {
			t.Errorf("%s: %s (%v), want %s", c.logical, s, space, c.visual)
		}
	}
}
