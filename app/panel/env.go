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

	Prefs  fyne.Preferences // what this computer remembers of the window; nothing that must survive a crash
	Mode   func() string    // light, dark or system
	Choose Choices

	Operator func() access.Operator               // who works now
	Become   func(access.Operator)                // another person works from now on
	Toast    func(text string, tone state.Tone)   // says something in passing
	Did      func(done string, undo Undo)         // says what was done and offers to undo it
	Offer    func(said, action string, do func()) // says something and offers one thing to do
	Go       func(Place)                          // shows a screen
	Back     func()                               // shows what was shown before
	Title    func(title, code string)             // names the screen in the header
	Open     func(id delivery.ID)                 // shows a delivery
	Home     func()                               // shows the list
	Copy     func(text string)                    // puts a text on the clipboard and says so
	Launch   func(path string) error              // opens a web page or a folder with the system's program
	Pick     func(title string, extensions []string, done func(path string))
	Save     func(name string, done func(path string)) // asks where a file goes; name is a proposal
}

// Choices change how the window looks and speaks, at once and for the next time.
type Choices struct {
	Mode     func(string)
	Language func(string)
}

// Undo takes a change back.
type Undo func(context.Context, access.Principal) error

// Screen is one of the places in the window.
type Screen string

// Screens. Those of the navigation come first.
const (
	Deliveries  Screen = "deliveries"
	People      Screen = "people"
	Audiences   Screen = "audiences"
	Accounts    Screen = "accounts"
	Suppression Screen = "suppression" // quarantine and denylist
	Settings    Screen = "settings"

	Delivery   Screen = "delivery"   // the dashboard of one
	Deployment Screen = "deployment" // its logs
	Message    Screen = "message"    // one message of it
	Content    Screen = "content"    // what it says, being written
	Person     Screen = "person"
	Rule       Screen = "rule"    // an audience by rule, being made
	Import     Screen = "import"  // a list of people from a file
	Welcome    Screen = "welcome" // the first start
	Gallery    Screen = "gallery"
)

// Place is a screen with what it shows.
type Place struct {
	Screen   Screen
	Delivery delivery.ID // of Delivery, Content, Deployment and Message
	Number   int64       // of Message, Person and Rule
	File     string      // of Import; empty to choose one
	Tab      string      // the tab that is open at first; the screen's own names
	Search   string      // what is searched for at first
	Row      int         // of its list, that the keyboard is on
	Scroll   float32     // how far its list is scrolled, in units
}

// Parts are the places that the navigation lists.
func Parts() []Screen {
	return []Screen{Deliveries, People, Audiences, Accounts, Suppression, Settings}
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
	err := e.Engine.ReadOnly()
	switch delivery.KindOf(err) {
	case "":
		return ""
	case delivery.KindShared, delivery.KindCrashes:
		return e.Text.T("app.read_only_why") // the window says it above every screen
	}
	return e.Text.Error(err)
}
