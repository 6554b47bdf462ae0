// Package proof asks to whom a test of a delivery goes, sends it, and says what became
// of it. It is opened from the dashboard, with what is saved, and from the content
// screen, with what is being written.
//
// Everything here lives on the UI goroutine.
package proof
