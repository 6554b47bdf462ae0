package text_test

import (
	"strings"
	"testing"

	"sendoff/engine/block"
)

// TestDesign: what engine/block refuses is said with the block's number, as one
// counts.
func TestDesign(t *testing.T) {
	d := block.New("en")
	d.Blocks = []block.Block{{Kind: block.Divider}, {Kind: block.Columns, Columns: []block.Column{{}, {Blocks: []block.Block{{Kind: block.Text, Text: "{{ x | sort }}"}}}}}}
	_, broken := block.HTML(d)
	d.Blocks = []block.Block{{Kind: block.Heading, Level: 7}}
	level := block.Check(d)
	d.Version = 9
	version := block.Check(d)
	for _, c := range []struct {
		err  error
		lang string
		want []string
	}{
		{broken, "en", []string{"block 2", "column 2", "sort"}},
		{broken, "nl", []string{"blok 2", "kolom 2", "sort"}},
		{level, "en", []string{"block 1", "level", "7"}},
		{version, "en", []string{"newer"}},
		{version, "nl", []string{"nieuwere"}},
	} {
		s := load(t, c.lang).Error(c.err)
		for _, w := range c.want {
			if !strings.Contains(strings.ToLower(s), w) {
				t.Errorf("%s: %q does not say %q", c.lang, s, w)
			}
		}
	}
}
