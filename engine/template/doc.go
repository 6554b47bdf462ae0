// Package template holds letters to begin with: documents of engine/block in
// English and Dutch, with pictures that were drawn for them (see draw). Each has
// a subject and a preheader, merge tags with defaults, so that it can be sent to
// anybody, and addresses that end in .example, so that nothing is reached by
// accident before they are replaced.
//
// The pictures of the gallery are those that a browser takes of the letters:
//
//	SENDOFF_PREVIEWS=1 go test -run Layout ./engine/template
//
// Everything here is a function of its arguments and may be called from any
// goroutine. What is returned belongs to the caller, save for the bytes of the
// pictures, which nobody may change.
package template
