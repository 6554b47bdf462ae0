// Package codeedit is an editor for the source of an e-mail: coloured, with the
// numbers of lines, marks at the place of a fault, search and replacement. Long
// lines are broken at the edge. Only what is in sight is drawn, so that a source
// of a megabyte is as quick as one of ten lines.
//
// An editor has no way back of its own: whoever owns the text has it.
//
// Everything here lives on the UI goroutine.
package codeedit
