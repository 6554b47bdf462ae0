package block_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sendoff/engine/block"
	"sendoff/engine/delivery"
	"sendoff/engine/enginetest/browser"
	"sendoff/engine/message"
)

// picture is 2 by 1 pixels.
const picture = "data:image/gif;base64,R0lGODlhAgABAIAAAP///wAAACH5BAAAAAAALAAAAAACAAEAAAICDAoAOw=="

// TestLayout lays every block out, in every form, on a phone and on a desk, by
// day and by night.
func TestLayout(t *testing.T) {
	b := browser.Start(t)
	for name, d := range map[string]block.Document{"everything": everything("en"), "right-to-left": everything("ar")} {
		source, err := block.HTML(d)
		if err != nil {
			t.Fatal(err)
		}
		c, findings := message.Compile(delivery.Content{From: "a@a.example", Subject: "x", HTML: source})
		if c == nil {
			t.Fatalf("%+v", findings)
		}
		p, err := c.Preview(message.Recipient{Address: "a@a.example", Fields: map[string]string{"city": "Utrecht"}}, message.Envelope{UnsubscribeMailto: "mailto:x@a.example"})
		if err != nil {
			t.Fatal(err)
		}
		html := strings.ReplaceAll(p.HTML, "https://a.example/picture.png", picture)
		for _, window := range []int{360, 1280} {
			for _, dark := range []bool{false, true} {
				b.Show(html, window, dark)
				l := b.Letter()
				for _, f := range l.Faults(window) {
					t.Errorf("%s at %d, dark %v: %s", name, window, dark, f)
				}
				if len(l.Buttons) != 12 || len(l.Images) != 12 || len(l.Columns) != 6 {
					t.Errorf("%s at %d: %d buttons, %d pictures, %d rows of columns", name, window, len(l.Buttons), len(l.Images), len(l.Columns))
				}
				if dir := os.Getenv("SENDOFF_PICTURES"); dir != "" {
					file := fmt.Sprintf("blocks-%s-%d-%v.png", name, window, map[bool]string{true: "dark", false: "light"}[dark])
					if err := os.WriteFile(filepath.Join(dir, file), b.Picture("png", 0), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}
