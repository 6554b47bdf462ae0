package shell

import (
	"errors"
	"net/url"
	"path/filepath"

	"fyne.io/fyne/v2"

	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/accounts"
	"sendoff/app/panel/files"
	"sendoff/app/panel/help"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// toast says something in passing.
func (s *Shell) toast(sentence string, tone state.Tone) {
	s.toasts.Say(look.Tone(tone), kit.IconOf(tone), sentence)
}

// SetMode chooses light, dark or what the system has, for the next time too.
func (s *Shell) SetMode(mode string) {
	if mode == s.mode {
		return
	}
	s.mode = mode
	s.cfg.App.Preferences().SetString(prefTheme, mode)
	s.applyTheme()
	if f, ok := s.screen.(interface{ Look() }); ok {
		f.Look()
	}
}

// offer says what was done, with a way to take it back.
func (s *Shell) offer(sentence string, tone state.Tone, action string, do func()) {
	s.toasts.Offer(look.Tone(tone), kit.IconOf(tone), sentence, action, do)
}

// help tells what the screen is for and what can be done on it.
func (s *Shell) help() {
	if widgets.IsOpen(s.window) {
		return
	}
	var keys []help.Key
	for _, group := range s.commands() {
		for _, k := range group {
			if k.key != "" && (k.enabled == nil || k.enabled()) {
				keys = append(keys, help.Key{Label: k.label, Keys: kit.Keys(k.key, k.alone)})
			}
		}
	}
	help.Show(s.env, s.route.at.Screen, keys)
}

// connect opens the guide to an account.
func (s *Shell) connect() {
	accounts.Add(s.env, func(delivery.Account) { s.Go(panel.Place{Screen: panel.Accounts}) })
}

// applyTheme gives the application the colours of the chosen mode.
func (s *Shell) applyTheme() { s.cfg.App.Settings().SetTheme(kit.NewTheme(s.mode)) }

// Dark reports whether the window is dark now.
func (s *Shell) Dark() bool { return kit.Dark(s.cfg.App, s.mode) }

// flip changes light to dark and back.
func (s *Shell) flip() {
	if s.Dark() {
		s.SetMode("light")
		return
	}
	s.SetMode("dark")
}

func (s *Shell) toggleSide() {
	if s.dash != nil {
		s.dash.ToggleSide()
	}
}

// close asks before the window goes while something is being sent.
func (s *Shell) close() {
	if s.asking {
		return
	}
	if s.fatal != "" {
		s.end()
		return
	}
	s.leave(s.closing)
}

// closing asks when something is being sent.
func (s *Shell) closing() {
	if len(s.sending) == 0 {
		s.end()
		return
	}
	c := s.env.Text
	label := ""
	for _, l := range s.sending {
		label = l
	}
	s.asking = true
	confirm.Ask(s.window, confirm.Question{Title: c.T("close.title"), Sentence: c.T("close.sentence", "label", label),
		OK: c.T("close.close"), Cancel: c.T("close.stay")}, func(yes bool) {
		s.asking = false
		if yes {
			s.end()
		}
	})
}

func (s *Shell) end() {
	s.keepSize()
	if s.screen != nil {
		s.screen.Close()
	}
	s.bridge.Cancel()
	s.window.Close()
}

// pick asks for a file to read.
func (s *Shell) pick(title string, endings []string, done func(path string)) {
	files.Open(s.env, title, endings, done)
}

// save asks where a file goes.
func (s *Shell) save(name string, done func(path string)) {
	files.Save(s.env, s.env.Text.T("files.save_title"), name, done)
}

// copy puts a text on the clipboard.
func (s *Shell) copy(text string) {
	s.cfg.App.Clipboard().SetContent(text)
	s.toast(s.env.Text.T("common.copied"), state.Green)
}

// launch opens a web page, a file or a folder with the system's program for it.
func (s *Shell) launch(what string) error {
	u, err := url.Parse(what)
	if err != nil || u.Scheme == "" || filepath.IsAbs(what) {
		u, err = &url.URL{Scheme: "file", Path: filepath.ToSlash(what)}, nil
	}
	return errors.Join(err, s.cfg.App.OpenURL(u))
}

// guarded runs a command of the menu only when no dialog is open: dialogs do not
// keep shortcuts out by themselves.
func (s *Shell) guarded(f func()) func() {
	return func() {
		if !widgets.IsOpen(s.window) {
			f()
		}
	}
}

// Sorry shows why Sendoff cannot start, until the window is closed.
func Sorry(a fyne.App, c *text.Catalog, mode string, err error) {
	a.Settings().SetTheme(kit.NewTheme(mode))
	w := a.NewWindow(c.T("app.name"))
	w.SetPadded(false)
	w.SetContent(widgets.NewEmptyState(widgets.IconError, c.T("start.failed"), c.Error(err),
		kit.NewButton(c.T("common.close"), kit.IconNone, state.Primary, w.Close)))
	w.Resize(fyne.NewSize(640, 320))
	w.ShowAndRun()
}
