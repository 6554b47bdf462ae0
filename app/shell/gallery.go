package shell

import (
	"fyne.io/fyne/v2"

	"sendoff/engine/event"
	"sendoff/widgets/gallery"
)

// showcase is the gallery of widgets as a screen.
type showcase struct{ o fyne.CanvasObject }

func newShowcase() showcase { return showcase{gallery.New()} }

func (s showcase) Content() fyne.CanvasObject { return s.o }
func (showcase) Handle([]event.Event)         {}
func (showcase) Reload()                      {}
func (showcase) Close()                       {}
