// Package bridge is the one seam between the engine and the window: it names
// what the window needs of an engine, carries events to the UI goroutine and
// carries work away from it. It knows no screen and no sentence.
//
// Concurrency: everything that a screen owns is touched on the UI goroutine
// only, in closures that a Bridge posts. Follow, Run, After and Latest may be
// called from any goroutine. A subscription has at most one closure on its way,
// acknowledged before the next one, and at most one for each tick, so the window
// stays responsive however fast the engine is; the last value is always applied.
package bridge
