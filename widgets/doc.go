// Package widgets holds the parts that screens are made of: texts, boxes,
// buttons, figures, inputs, dialogs and layouts. It knows nothing of e-mail; what
// happens is told by callbacks.
//
// Everything here belongs to the UI goroutine. Methods that set something
// compare first and refresh nothing when nothing changed, so they may be called
// at every tick. Colours are names of the package look and are read from the
// theme at every Refresh.
//
// Heights depend on widths: a part remembers the last width it was given, and
// the layouts here give the width before they ask for the height.
package widgets
