// Package shell is the window: its header, navigation, menu and shortcuts, the
// screen shown in it and the way back, who works there, light or dark, what can
// be undone, and what happens when it is closed. It hands the engine's events to
// the screen and knows no delivery's details.
//
// A Shell lives on the UI goroutine; Stage, Run and Quit may be used from
// another one.
package shell

import (
	"context"
	"io/fs"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	tooltip "github.com/dweymouth/fyne-tooltip"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/panel/content"
	"sendoff/app/panel/dashboard"
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
	Words     fs.FS  // the sentences of every language, and the toolkit's own in "fyne"
	Theme     string // light, dark or system; empty: as it was left
	Size      fyne.Size
	Start     panel.Place // shown first; without a screen: what was shown last
	Log       *slog.Logger

	// Insist notes that the workspace is to be opened all the same, although it
	// lies in a shared folder or Sendoff crashed with it; the window closes then.
	// nil: there is no such way.
	Insist func()

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
	route    route
	screen   screen
	dash     *dashboard.Panel // the screen, when it is a dashboard
	home     *home.Panel      // the screen, when it is the list
	content  *content.Panel   // the screen, when a content is written
	sending  map[delivery.ID]string
	fatal    string
	toasts   *widgets.Toasts
	asking   bool // the close question is open
	training bool // there is no account but the training relay
	undos    []undo
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
	if s.mode == "" {
		s.mode = cfg.App.Preferences().StringWithFallback(prefTheme, "system")
	}
	s.bridge = bridge.New(cfg.Post, cfg.Log)
	s.applyTheme()
	s.window = cfg.App.NewWindow(cfg.Text.T("app.name"))
	s.env = s.newEnv()
	s.window.SetPadded(false)
	s.dress()
	s.window.Resize(cfg.Size)
	s.window.SetMaster()
	s.window.SetCloseIntercept(s.close)
	s.window.SetOnDropped(s.dropped)
	s.shortcuts()
	if cfg.Start.Screen == "" {
		cfg.Start = s.left()
	}
	s.Go(cfg.Start)
	s.readAccounts()
	s.bridge.Follow(cfg.Engine.Subscribe(), s.handle)
	return s, nil
}

// newEnv is what screens are given.
func (s *Shell) newEnv() *panel.Env {
	return &panel.Env{Engine: s.cfg.Engine, Bridge: s.bridge, Text: s.cfg.Text, Now: s.cfg.Now, Window: s.window,
		Prefs: s.cfg.App.Preferences(), Mode: func() string { return s.mode },
		Choose:   panel.Choices{Mode: s.SetMode, Language: s.SetLanguage},
		Operator: func() access.Operator { return s.operator }, Become: s.Become,
		Toast: s.toast, Did: s.did, Go: s.Go,
		Offer: func(said, action string, do func()) { s.offer(said, state.Green, action, do) },
		Back:  s.Back, Open: s.Open, Home: s.Home,
		Title:  func(title, code string) { s.chrome.title(title, code) },
		Copy:   s.copy,
		Launch: s.launch,
		Pick:   s.pick, Save: s.save}
}

// dress puts what surrounds every screen into the window, in the present
// language.
func (s *Shell) dress() {
	s.chrome = newChrome(s)
	s.toasts = widgets.NewToasts(s.chrome.root.Object(), func(d time.Duration, f func()) { s.bridge.After(d, f) })
	s.window.SetContent(tooltip.AddWindowToolTipLayer(s.toasts, s.window.Canvas()))
	s.chrome.train(s.training)
	if s.fatal != "" {
		s.chrome.alarm(s.fatal)
	}
	s.insistable()
}

// insistable offers to open a workspace that is only looked at for a reason that a
// person may overrule.
func (s *Shell) insistable() {
	err := s.cfg.Engine.ReadOnly()
	if s.cfg.Insist == nil || !delivery.Is(err, delivery.KindShared) && !delivery.Is(err, delivery.KindCrashes) {
		return
	}
	s.chrome.doubt(s.cfg.Text.Error(err), s.cfg.Text.T("app.anyway"), func() {
		s.cfg.Insist()
		s.cfg.App.Quit()
	})
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

// modelled keeps the header with what the dashboard shows.
func (s *Shell) modelled(d state.Dashboard) {
	s.chrome.delivery(d)
}

// handle takes a batch of the engine's events.
func (s *Shell) handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Raise:
			s.window.Show()
			s.window.RequestFocus()
		case event.Warning:
			s.toast(s.env.Text.Error(e.Err), state.Amber)
		case event.Fatal:
			s.fatal = s.env.Text.T("banner.fatal", "reason", s.env.Text.Error(e.Err))
			s.chrome.alarm(s.fatal)
		case event.Status:
			s.note(e.Status)
		case event.Lists:
			s.readOperators()
			s.readAccounts()
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
			if o.ID == s.operator.ID && (o.Name != s.operator.Name || o.Rights.String() != s.operator.Rights.String()) {
				s.Become(o)
			}
		}
	})
}

// readAccounts finds out whether anything can leave this computer at all.
func (s *Shell) readAccounts() {
	bridge.Run(s.bridge, "accounts", func(ctx context.Context) ([]delivery.Account, error) {
		return s.cfg.Engine.Accounts(ctx)
	}, func(as []delivery.Account, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		s.training = !slices.ContainsFunc(as, func(a delivery.Account) bool { return !a.Training() })
		if isPart(s.route.at.Screen) {
			s.chrome.train(s.training)
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
