// Package panel holds what every screen is given: the engine through its
// bridge, the words, the person who works, and the few things a window does for
// its screens. Screens are packages of their own below it.
//
// Everything in an Env is used on the UI goroutine only, except Engine.
package panel

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Env is the window as its screens see it.
type Env struct {
	Engine bridge.Engine
	Bridge *bridge.Bridge
	Text   *text.Catalog
	Now    func() time.Time
	Window fyne.Window

	Operator func() access.Operator             // who works now
	Toast    func(text string, tone state.Tone) // says something in passing
	Open     func(id delivery.ID)               // shows a delivery
	Home     func()                             // shows the list
	Pick     func(title string, extensions []string, done func(path string))
}

// Who is the principal of the person who works now.
func (e *Env) Who() access.Principal { return access.Principal{Operator: e.Operator().ID} }

// Fail says what went wrong. A nil error says nothing; neither does one that the
// person asked for by cancelling.
func (e *Env) Fail(err error) {
	switch {
	case err == nil, errors.Is(err, context.Canceled), delivery.Is(err, delivery.KindCancelled):
	case delivery.Is(err, delivery.KindStalePlan):
		e.Toast(e.Text.T("confirm.changed"), state.Amber)
	default:
		e.Toast(e.Text.Error(err), state.Red)
	}
}

// ReadOnly is why nothing can be changed, or empty.
func (e *Env) ReadOnly() string {
	if err := e.Engine.ReadOnly(); err != nil {
		return e.Text.Error(err)
	}
	return ""
}
