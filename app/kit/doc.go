// Package kit is what screens are made of: it gives the plain models of
// app/state their widgets, colours and spacing. It knows no engine and no
// sentence.
//
// Everything here lives on the UI goroutine. Set methods compare before they
// refresh, so they may be called at every tick.
package kit
