package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Row puts cells beside each other as a table does: the first gets two shares of
// the width, the others one each.
func Row(cells ...fyne.CanvasObject) *fyne.Container { return container.New(cellRow{}, cells...) }

type cellRow struct{}

const cellGap float32 = 12

func (cellRow) Layout(os []fyne.CanvasObject, s fyne.Size) {
	share := (s.Width - cellGap*float32(len(os)-1)) / float32(len(os)+1)
	x := float32(0)
	for i, o := range os {
		w := share
		if i == 0 {
			w = 2 * share
		}
		w = float32(int(w))
		h := o.MinSize().Height
		o.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		o.Resize(fyne.NewSize(w, h))
		x += w + cellGap
	}
}

func (cellRow) MinSize(os []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range os {
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(60*float32(len(os)), h)
}
