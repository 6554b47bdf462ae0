package codeedit

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever is done, a buffer is what a new one of the same text would be.
func TestBufferIsItsText(t *testing.T) {
	part := rapid.SampledFrom([]string{"a", " ", "\n", "<p>", "</style>", "<style>", "{{ x }}", "{% raw %}", "<!--", "-->", "é", "🎉", "\t", "word and more words to break ", "\n\n", "\"", "a{b:c}"})
	rapid.Check(t, func(t *rapid.T) {
		b := newBuffer()
		b.setWidth(rapid.IntRange(20, 40).Draw(t, "width"))
		want := ""
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			s := strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "new"), "")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				b.set(s)
				want = s
			case 1: // something in sight is drawn
				b.pieces(rapid.IntRange(0, len(b.rows)-1).Draw(t, "row"))
			case 2:
				b.setWidth(rapid.IntRange(20, 40).Draw(t, "other width"))
			default:
				x := b.place(rapid.IntRange(0, len(want)).Draw(t, "from"))
				y := b.place(rapid.IntRange(0, len(want)).Draw(t, "to"))
				x, y = b.clamp(x), b.clamp(y)
				if y.before(x) {
					x, y = y, x
				}
				i, j := b.offset(x), b.offset(y)
				if got := b.slice(x, y); got != want[i:j] {
					t.Fatalf("between %v and %v stands %q, want %q", x, y, got, want[i:j])
				}
				end := b.replace(x, y, s)
				want = want[:i] + s + want[j:]
				if b.offset(end) != i+len(s) {
					t.Fatalf("the end is at %d, want %d", b.offset(end), i+len(s))
				}
			}
		}
		if b.text() != want {
			t.Fatalf("is %q, want %q", b.text(), want)
		}
		fresh := newBuffer()
		fresh.setWidth(b.width)
		fresh.set(want)
		if !slices.Equal(b.rows, fresh.rows) {
			t.Fatalf("rows %v, want %v", b.rows, fresh.rows)
		}
		for i := range b.rows {
			got, wanted := slices.Clone(b.pieces(i)), fresh.pieces(i)
			if b.states[i] != fresh.states[i] || !slices.Equal(got, wanted) {
				t.Fatalf("row %d of %q is %v, want %v", i, want, got, wanted)
			}
		}
	})
}

func TestRowsHoldTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("ab <>é漢🎉\t\u0301"))).Draw(t, "line")
		most := rapid.IntRange(20, 30).Draw(t, "width")
		rows := wrapLine(nil, 0, s, 0, most)
		at := 0
		for _, r := range rows {
			if r.from != at || r.to < r.from || r.to == r.from && len(rows) > 1 {
				t.Fatalf("%v", rows)
			}
			at = r.to
			k := s[r.from:r.to]
			if n := cellAt(k, len(k)); n > most {
				t.Fatalf("%q has %d cells, at most %d fit", k, n, most)
			}
			if !utf8.ValidString(k) {
				t.Fatalf("%q is half a letter", k)
			}
		}
		if at != len(s) {
			t.Fatalf("ends at %d of %d", at, len(s))
		}
	})
}

// A letter is what people take for one (UAX #29).
func TestLetters(t *testing.T) {
	for _, s := range []string{"a", "é", "e\u0301", "👍🏽", "👨‍👩‍👧", "🇳🇱", "漢"} {
		text := "x" + s + "y"
		if got := next(text, 1); got != 1+len(s) {
			t.Errorf("behind %q is %d", s, got)
		}
		if got := prev(text, 1+len(s)); got != 1 {
			t.Errorf("before %q is %d", s, got)
		}
	}
}

func TestCells(t *testing.T) {
	for s, want := range map[string]int{"abc": 3, "漢": 2, "🎉": 2, "e\u0301": 1, "\t": 4, "ab\tc": 5, "👍🏽": 2} {
		if got := cellAt(s, len(s)); got != want {
			t.Errorf("%q has %d cells, want %d", s, got, want)
		}
	}
}

func big(n int) string {
	line := `<tr><td class="x" style="color: #333">Hello {{ first_name | default: "you" }}, see <a href="https://x.example/">this</a></td></tr>`
	return strings.Repeat(line+"\n", n/len(line)+1)
}

func BenchmarkReadAll(b *testing.B) {
	k := newBuffer()
	k.set(big(600 << 10))
	for b.Loop() {
		k.read = 0
		k.to(len(k.rows) - 1)
	}
}
