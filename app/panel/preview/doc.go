// Package preview is the tab that shows a message, while it is written, as one person
// of the audience gets it: its outline drawn in the window, a true picture where a
// browser is installed, its text part, and the whole of it in the browser.
//
// Everything here lives on the UI goroutine; messages are rendered, images decoded and
// pictures taken off it.
package preview
