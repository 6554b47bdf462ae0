package shell

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"

	"sendoff/app/confirm"
	"sendoff/app/kit"
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

// closeDialogs closes what is open to read.
func (s *Shell) closeDialogs() {
	if s.dash != nil {
		s.dash.CloseList()
	}
}

// close asks before the window goes while something is being sent.
func (s *Shell) close() {
	if s.asking {
		return
	}
	if len(s.sending) == 0 || s.fatal != "" {
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
	s.bridge.Cancel()
	s.window.Close()
}

// pick asks for a file.
func (s *Shell) pick(_ string, extensions []string, done func(path string)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err != nil {
			s.env.Fail(&delivery.Error{Op: "open", Kind: delivery.KindIO, Err: err})
			return
		}
		if r == nil {
			return
		}
		defer r.Close()
		done(r.URI().Path())
	}, s.window)
	d.SetFilter(storage.NewExtensionFileFilter(extensions))
	size := s.window.Canvas().Size()
	d.Resize(fyne.NewSize(size.Width*0.8, size.Height*0.8))
	d.Show()
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

// command is one thing the menu can do. Every one is reachable by mouse; key is
// its shortcut with Ctrl (Command on a Mac), empty for none.
type command struct {
	label   string
	key     fyne.KeyName
	do      func()
	enabled func() bool
	checked func() bool
}

// commands lists the menus: File, Delivery, View. Confirm has no key: what lets
// mail go is never one key away.
func (s *Shell) commands() [][]command {
	c := s.env.Text
	act := func(a delivery.Action, key fyne.KeyName) command {
		return command{label: c.Action(a), key: key, do: func() { s.dash.Act(a) },
			enabled: func() bool { return s.dash != nil && s.dash.Can(a) }}
	}
	mode := func(label, m string) command {
		return command{label: label, do: func() { s.SetMode(m) }, checked: func() bool { return s.mode == m }}
	}
	return [][]command{
		{{label: c.T("menu.new"), key: fyne.KeyN, do: s.newDelivery}, {label: c.T("menu.import"), key: fyne.KeyI, do: s.importPeople}},
		{act(delivery.Prepare, fyne.KeyP), act(delivery.StopPreparation, ""), act(delivery.Confirm, ""),
			act(delivery.Pause, ""), act(delivery.Resume, ""), act(delivery.Stop, "")},
		{{label: c.T("menu.home"), key: fyne.KeyL, do: s.Home},
			{label: c.T("header.panel"), key: fyne.KeyB, do: s.toggleSide, enabled: func() bool { return s.dash != nil }},
			mode(c.T("menu.light"), "light"), mode(c.T("menu.dark"), "dark"), mode(c.T("menu.system"), "system")},
		{{label: c.T("menu.close"), key: fyne.KeyW, do: s.close}},
	}
}

// menu makes the menu as it stands now; only what is possible now is in it.
func (s *Shell) menu() []kit.Item {
	var items []kit.Item
	for i, group := range s.commands() {
		if i > 0 {
			items = append(items, kit.Item{})
		}
		for _, k := range group {
			if k.enabled != nil && !k.enabled() {
				continue
			}
			items = append(items, kit.Item{Label: k.label, Tap: s.guarded(k.do), Key: k.key,
				Checked: k.checked != nil && k.checked()})
		}
	}
	return items
}

// shortcuts binds the keys of the commands, guarded like their items.
func (s *Shell) shortcuts() {
	for _, group := range s.commands() {
		for _, k := range group {
			if k.key == "" {
				continue
			}
			s.window.Canvas().AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: fyne.KeyModifierShortcutDefault},
				func(fyne.Shortcut) {
					s.guarded(func() {
						if k.enabled == nil || k.enabled() {
							k.do()
						}
					})()
				})
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
