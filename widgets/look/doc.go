// Package look is the theme: colours for a light and a dark window, typefaces,
// sizes and distances. It draws nothing.
//
// A Theme may be read from any goroutine. SetVariant is for the UI goroutine and
// shows after the application's settings were told of the theme again.
package look
