package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/widgets/look"
)

// Hero puts a ring and words at the left and figures at the right, or below
// where there is no room. The ring may be nil or hidden.
func Hero(ring *Ring, words fyne.CanvasObject, row *KPIRow) *fyne.Container {
	os := []fyne.CanvasObject{words, row}
	if ring != nil {
		os = append(os, ring)
	}
	return container.New(&hero{ring: ring, words: words, row: row}, os...)
}

// hero puts a ring and words at the left and figures at the right, or below
// where the words would get too little room.
type hero struct {
	ring  *Ring
	words fyne.CanvasObject
	row   *KPIRow
	width float32
}

const (
	heroGap   float32 = 26  // from the ring to the words
	heroRight float32 = 40  // from the words to the figures
	heroWords float32 = 220 // the least that the words need
)

func (l *hero) left() float32 {
	if l.ring == nil || !l.ring.Visible() {
		return 0
	}
	return l.ring.diameter + heroGap
}

func (l *hero) beside(w float32) bool {
	if !l.row.Visible() || l.row.n == 0 {
		return false
	}
	return l.row.Natural()+l.left()+heroRight+heroWords <= w
}

// top is the height of ring and words, and width that of the words.
func (l *hero) top(w float32) (height, width float32) {
	width = w - l.left()
	if l.beside(w) {
		width -= l.row.Natural() + heroRight
	}
	height = heightFor(l.words, width)
	if l.left() > 0 {
		height = max(height, l.ring.diameter)
	}
	return height, width
}

func (l *hero) Layout(_ []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	h, w := l.top(s.Width)
	if l.left() > 0 {
		put(l.ring, 0, floor((h-l.ring.diameter)/2), l.ring.diameter, l.ring.diameter)
	}
	k := heightFor(l.words, w)
	put(l.words, l.left(), floor((h-k)/2), w, k)
	if !l.row.Visible() {
		return
	}
	if l.beside(s.Width) {
		n := l.row.Natural()
		k := l.row.height(n)
		put(l.row, s.Width-n, max(0, floor((h-k)/2)), n, k)
		return
	}
	put(l.row, 0, h+look.Gap, s.Width, l.row.height(s.Width))
}

func (l *hero) MinSize([]fyne.CanvasObject) fyne.Size {
	w := l.width
	if w == 0 {
		w = 800
	}
	h, _ := l.top(w)
	switch {
	case !l.row.Visible() || l.row.n == 0:
	case l.beside(w):
		h = max(h, l.row.height(l.row.Natural()))
	default:
		h += look.Gap + l.row.height(w)
	}
	return fyne.NewSize(heroWords+l.left(), h)
}
