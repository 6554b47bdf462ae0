// Package state turns what the engine says of a delivery into what a screen
// shows: pure functions from views, rights and an instant to plain models with
// finished sentences. It draws nothing, calls no engine and never reads the
// clock; every function is given the time it is to believe.
//
// All types are values; a model is not changed once it was returned.
package state
