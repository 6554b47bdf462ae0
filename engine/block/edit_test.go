package block

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestEditing: whatever is done to a document, it stays one; nothing is lost or
// made but by removing and adding; and the one before is as it was.
func TestEditing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDocument().Draw(t, "document")
		for range 12 {
			ps := d.Paths()
			if len(ps) == 0 {
				break
			}
			before := d.JSON()
			p := rapid.SampledFrom(ps).Draw(t, "at")
			q := slices.Clone(rapid.SampledFrom(ps).Draw(t, "to"))
			q[len(q)-1] += rapid.IntRange(0, 1).Draw(t, "behind")
			n := len(ps)
			was := *d.At(p)
			nested := 0
			for _, c := range was.Columns {
				nested += len(c.Blocks)
			}
			var out Document
			var at Path
			ok := true
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				if out, at, ok = d.Move(p, q); ok && d.At(p).Kind != out.At(at).Kind {
					t.Fatalf("moved %v to %v and found another at %v", p, q, at)
				}
			case 1:
				if out, at, ok = d.Duplicate(p); ok {
					if out.At(at) == nil {
						t.Fatalf("the copy is not at %v", at)
					}
					n += 1 + nested
				}
			case 2:
				out, at = d.Remove(p)
				n -= 1 + nested
				if at != nil && out.At(at) == nil {
					t.Fatalf("%v is not there", at)
				}
			case 3:
				out, _, ok = d.Step(p, rapid.SampledFrom([]int{-1, 1}).Draw(t, "by"))
			}
			if !bytes.Equal(before, d.JSON()) {
				t.Fatal("the document before has changed")
			}
			if !ok {
				continue
			}
			if got := len(out.Paths()); got != n {
				t.Fatalf("%d blocks, want %d", got, n)
			}
			if err := Check(out); err != nil {
				t.Fatal(err)
			}
			d = out
		}
	})
}

// TestMove looks at places by name.
func TestMove(t *testing.T) {
	name := func(s string) Block { return Block{Kind: Text, Text: s} }
	d := New("en")
	d.Blocks = []Block{name("a"), {Kind: Columns, Columns: []Column{{Blocks: []Block{name("l")}}, {Blocks: []Block{name("r")}}}}, name("z")}
	said := func(d Document) (s string) {
		for _, p := range d.Paths() {
			if b := d.At(p); b.Kind == Columns {
				s += "|"
			} else {
				s += b.Text
			}
		}
		return s
	}
	for _, c := range []struct {
		from, to Path
		want     string
		at       Path
		ok       bool
	}{
		{Path{0}, Path{3}, "|lrza", Path{2}, true},
		{Path{2}, Path{0}, "za|lr", Path{0}, true},
		{Path{0}, Path{1, 1, 0}, "|larz", Path{0, 1, 0}, true},
		{Path{1, 0, 0}, Path{2}, "a|rlz", Path{2}, true},
		{Path{1, 0, 0}, Path{1, 1, 1}, "a|rlz", Path{1, 1, 1}, true},
		{Path{1}, Path{1, 0, 0}, "a|lrz", nil, false},
		{Path{1}, Path{0}, "|lraz", Path{0}, true},
		{Path{0}, Path{0}, "a|lrz", Path{0}, true},
		{Path{0}, Path{9}, "a|lrz", nil, false},
	} {
		out, at, ok := d.Move(c.from, c.to)
		if said(out) != c.want || !at.Equal(c.at) || ok != c.ok {
			t.Errorf("%v to %v: %s at %v, %v", c.from, c.to, said(out), at, ok)
		}
	}
	if out, at, ok := d.Step(Path{1, 1, 0}, 1); !ok || said(out) != "a|lrz" || !at.Equal(Path{2}) {
		t.Errorf("%s at %v", said(out), at)
	}
	if _, _, ok := d.Step(Path{0}, -1); ok {
		t.Error("the first went up")
	}
}
