// Package message is the page of one recipient's message: what became of it, every
// attempt, and exactly what that person got.
//
// A Panel lives on the UI goroutine.
package message
