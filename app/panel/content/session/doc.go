// Package session is one delivery while its content is written: the draft as it
// stands, the way back and forth through it, what is kept of it meanwhile, and
// what is found about it. The tabs of the content screen share one.
//
// Everything here lives on the UI goroutine; the engine is asked off it.
package session
