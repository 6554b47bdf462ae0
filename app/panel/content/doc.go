// Package content is the screen on which a person writes what a delivery says: a
// head with sender, subject and preheader as inboxes show them, and below it tabs
// for the design, the source, the text, a preview, what is found, and settings.
//
// Everything here lives on the UI goroutine; package session asks the engine off
// it.
package content
