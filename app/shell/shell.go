// Package shell is the window: its header, menu and shortcuts, the screen shown
// in it, who works there, light or dark, and what happens when it is closed. It
// hands the engine's events to the screen and knows no delivery's details.
//
// A Shell lives on the UI goroutine; Stage, Run and Quit may be used from
// another one.
package shell

import (
	"context"
	"io/fs"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"
	tooltip "github.com/dweymouth/fyne-tooltip"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/panel/dashboard"
	"sendoff/app/panel/editors"
	"sendoff/app/panel/home"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// Config is what a window is made of. Operators must not be empty: the first
// one works until another is chosen.
type Config struct {
	App       fyne.App
	Engine    bridge.Engine
	Operators []access.Operator
	Text      *text.Catalog
	Words     fs.FS // the toolkit's own words, in "fyne"
	Theme     string
	Size      fyne.Size
	First     delivery.ID // shown first; 0: the list
	Log       *slog.Logger

	Post bridge.Post      // nil: the running application's UI goroutine
	Now  func() time.Time // nil: the clock
}

// screen is what fills the window below the header.
type screen interface {
	Content() fyne.CanvasObject
	Handle([]event.Event)
	Reload()
	Close()
}

// Shell is the window of one workspace.
type Shell struct {
	cfg    Config
	env    *panel.Env
	bridge *bridge.Bridge
	window fyne.Window
	mode   string // light, dark or system

	operator access.Operator
	chrome   *chrome
	screen   screen
	dash     *dashboard.Panel // the screen, when it is a dashboard
	home     *home.Panel      // the screen, when it is the list
	sending  map[delivery.ID]string
	fatal    string
	toasts   *widgets.Toasts
	asking   bool // the close question is open
	training bool // what was last shown goes to the training relay
}

// New makes the window and its first screen.
func New(cfg Config) (*Shell, error) {
	if cfg.Post == nil {
		cfg.Post = bridge.UI()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if err := speak(cfg.Words, cfg.Text.Language()); err != nil {
		return nil, err
	}
	s := &Shell{cfg: cfg, mode: cfg.Theme, operator: cfg.Operators[0], sending: map[delivery.ID]string{}}
	s.bridge = bridge.New(cfg.Post, cfg.Log)
	s.applyTheme()
	s.window = cfg.App.NewWindow(cfg.Text.T("app.name"))
	s.env = &panel.Env{Engine: cfg.Engine, Bridge: s.bridge, Text: cfg.Text, Now: cfg.Now, Window: s.window,
		Operator: func() access.Operator { return s.operator },
		Toast:    s.toast, Open: s.Open, Home: s.Home, Pick: s.pick}
	s.chrome = newChrome(s)
	s.window.SetPadded(false)
	s.toasts = widgets.NewToasts(s.chrome.root.Object(), func(d time.Duration, f func()) { s.bridge.After(d, f) })
	s.window.SetContent(tooltip.AddWindowToolTipLayer(s.toasts, s.window.Canvas()))
	s.window.Resize(cfg.Size)
	s.window.SetMaster()
	s.window.SetCloseIntercept(s.close)
	s.shortcuts()
	if cfg.First != 0 {
		s.Open(cfg.First)
	} else {
		s.Home()
	}
	s.bridge.Follow(cfg.Engine.Subscribe(), s.handle)
	return s, nil
}

// Window is the window itself.
func (s *Shell) Window() fyne.Window { return s.window }

// OnShown calls f once the window is on the screen.
func (s *Shell) OnShown(f func()) { s.cfg.App.Lifecycle().SetOnStarted(f) }

// Run shows the window until it is closed.
func (s *Shell) Run() {
	s.window.ShowAndRun()
	s.bridge.Close()
}

// Quit closes the window without asking.
func (s *Shell) Quit() {
	s.bridge.Do("quit", func() { s.cfg.App.Quit() })
}

// Home shows the list of deliveries.
func (s *Shell) Home() {
	if s.home != nil {
		return
	}
	p := home.New(s.env)
	s.show(p)
	s.home = p
	s.chrome.home()
}

// Open shows the dashboard of a delivery.
func (s *Shell) Open(id delivery.ID) {
	if s.dash != nil && s.dash.ID() == id {
		return
	}
	p := dashboard.New(s.env, id)
	s.show(p)
	s.dash = p
	s.chrome.delivery(id)
	p.Watch(s.modelled)
}

func (s *Shell) show(p screen) {
	if s.screen != nil {
		s.screen.Close()
	}
	s.dash, s.home = nil, nil
	s.screen = p
	s.chrome.body(p.Content())
}

// modelled keeps the header with what the dashboard shows.
func (s *Shell) modelled(d state.Dashboard) {
	s.chrome.title(d)
}

// handle takes a batch of the engine's events.
func (s *Shell) handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Raise:
			s.window.Show()
			s.window.RequestFocus()
		case event.Fatal:
			s.fatal = s.env.Text.T("banner.fatal", "reason", s.env.Text.Error(e.Err))
			s.chrome.alarm(s.fatal)
		case event.Status:
			s.note(e.Status)
		case event.Lists:
			s.readOperators()
		}
	}
	if s.screen != nil {
		s.screen.Handle(es)
	}
}

// note remembers what is being sent, for the question at closing.
func (s *Shell) note(st delivery.Status) {
	switch st.State {
	case delivery.Sending, delivery.Retrying, delivery.Preparing:
		s.sending[st.ID] = st.ID.String()
	default:
		delete(s.sending, st.ID)
	}
}

func (s *Shell) readOperators() {
	bridge.Run(s.bridge, "operators", func(ctx context.Context) ([]access.Operator, error) {
		return s.cfg.Engine.Operators(ctx)
	}, func(os []access.Operator, err error) {
		if err != nil || len(os) == 0 {
			s.env.Fail(err)
			return
		}
		s.cfg.Operators = os
		for _, o := range os {
			if o.ID == s.operator.ID && o.Rights.String() != s.operator.Rights.String() {
				s.Become(o)
			}
		}
	})
}

// Become lets another person work. Rights go with the person.
func (s *Shell) Become(o access.Operator) {
	s.operator = o
	s.chrome.operator(o)
	if s.screen != nil {
		s.screen.Reload()
	}
}

// SetMode chooses light, dark or what the system has.
func (s *Shell) SetMode(mode string) {
	if mode == s.mode {
		return
	}
	s.mode = mode
	s.applyTheme()
}

// newDelivery makes a delivery and opens it.
func (s *Shell) newDelivery() { editors.NewDelivery(s.env) }

// importPeople opens the import; what is imported is there for every delivery.
func (s *Shell) importPeople() { editors.Import(s.env, nil) }
