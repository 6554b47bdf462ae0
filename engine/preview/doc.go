// Package preview finds the people of an audience whose messages are most likely to
// look wrong, so that a person looks at those and not at the first five.
//
// A Chooser sees every profile once, keeps a bounded number of them whatever the size
// of the audience, and looks only at fields that the content uses. What it says of the
// largest message is an estimate: who asks renders the candidates and takes the
// largest. It is pure: it reads no clock and no database. A Chooser belongs to one
// goroutine; several that saw parts of an audience are merged.
package preview
