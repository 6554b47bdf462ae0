// Package personal is the menu with which a text is made personal: the fields of
// the audience with a default and a format, what is there for everybody, and parts
// that only some people get. Every place in which a text is written can offer it.
//
// Everything here lives on the UI goroutine.
package personal
