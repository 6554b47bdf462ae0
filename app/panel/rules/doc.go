// Package rules is the screen on which an audience by rule is made: conditions in
// groups, the sentence that they make, how many people that is now, and some of
// them.
//
// Everything here lives on the UI goroutine; the engine is asked off it.
package rules
