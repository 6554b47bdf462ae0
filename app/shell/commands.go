package shell

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// command is one thing the menu can do. Every one is reachable by mouse; key is
// its shortcut with Ctrl (Command on a Mac), empty for none.
type command struct {
	label   string
	key     fyne.KeyName
	alone   bool // the key works by itself
	do      func()
	enabled func() bool
	checked func() bool
	hidden  bool // a key only; its control is elsewhere on the screen
}

// commands lists the menus: File, Delivery, View, Help. Confirm has no key: what
// lets mail go is never one key away.
func (s *Shell) commands() [][]command {
	c := s.env.Text
	named := func(a delivery.Action, label string) command {
		return command{label: label, do: func() { s.dash.Act(a) }, enabled: func() bool { return s.dash != nil && s.dash.Can(a) }}
	}
	act := func(a delivery.Action, key fyne.KeyName) command {
		k := named(a, c.Action(a))
		k.key = key
		return k
	}
	mode := func(label, m string) command {
		return command{label: label, do: func() { s.SetMode(m) }, checked: func() bool { return s.mode == m }}
	}
	undo := c.T("menu.undo")
	if n := len(s.undos); n > 0 {
		undo = c.T("menu.undo_what", "what", s.undos[n-1].done)
	}
	dash := func() bool { return s.dash != nil }
	written := s.content != nil
	return [][]command{
		{{label: c.T("menu.new"), key: fyne.KeyN, do: s.newDelivery}, {label: c.T("menu.import"), key: fyne.KeyI, do: s.importPeople},
			{label: c.T("common.save"), key: fyne.KeyS, do: func() { s.content.Save() }, enabled: func() bool { return s.content != nil }},
			{label: undo, key: fyne.KeyZ, do: s.undo, enabled: func() bool { return !written && len(s.undos) > 0 }},
			{label: c.T("menu.undo"), key: fyne.KeyZ, do: func() { s.content.Undo() }, enabled: func() bool { return written && s.content.CanUndo() }},
			{label: c.T("menu.redo"), key: fyne.KeyY, do: func() { s.content.Redo() }, enabled: func() bool { return written && s.content.CanRedo() }}},
		{named(state.Test, c.T("preview.proof")), act(delivery.Prepare, fyne.KeyP), act(delivery.StopPreparation, ""), act(delivery.Confirm, ""),
			act(delivery.Pause, ""), act(delivery.Resume, ""), act(delivery.Stop, ""),
			{label: c.T("menu.logs"), key: fyne.KeyG, enabled: dash,
				do: func() { s.Go(panel.Place{Screen: panel.Deployment, Delivery: s.dash.ID()}) }},
			{label: c.T("menu.duplicate"), key: fyne.KeyD, enabled: dash, do: s.duplicate},
			named(state.Correct, c.T("follow.correct")), named(state.TopUp, c.T("follow.top_up"))},
		s.places(),
		{{label: c.T("header.panel"), key: fyne.KeyB, do: s.toggleSide, enabled: dash},
			mode(c.T("menu.light"), "light"), mode(c.T("menu.dark"), "dark"), mode(c.T("menu.system"), "system")},
		{{label: c.T("menu.help"), key: fyne.KeyF1, alone: true, do: s.help},
			{label: c.T("menu.find"), key: fyne.KeyF, do: s.focusSearch, hidden: true},
			{label: c.T("menu.back"), key: fyne.KeyLeftBracket, do: s.Back, hidden: true},
			{label: c.T("menu.refresh"), key: fyne.KeyF5, alone: true, do: s.reload, hidden: true},
			{label: c.T("menu.menu"), key: fyne.KeyF10, alone: true, do: func() { s.chrome.header.OpenMenu() }, hidden: true},
			{label: c.T("menu.close"), key: fyne.KeyW, do: s.close}},
	}
}

// places are the screens of the navigation, by number.
func (s *Shell) places() []command {
	var out []command
	for i, p := range panel.Parts() {
		out = append(out, command{label: s.env.Text.T("nav." + string(p)), key: fyne.KeyName(strconv.Itoa(i + 1)),
			do: func() { s.Go(panel.Place{Screen: p}) }, checked: func() bool { return s.route.at.Screen == p }})
	}
	return out
}

// menu makes the menu as it stands now; only what is possible now is in it.
func (s *Shell) menu() []kit.Item {
	var items []kit.Item
	for _, group := range s.commands() {
		first := true
		for _, k := range group {
			if k.hidden || k.enabled != nil && !k.enabled() {
				continue
			}
			if first && len(items) > 0 {
				items = append(items, kit.Item{})
			}
			first = false
			items = append(items, kit.Item{Label: k.label, Tap: s.guarded(k.do), Key: k.key, Alone: k.alone,
				Checked: k.checked != nil && k.checked()})
		}
	}
	return items
}

// shortcuts binds the keys of the commands, guarded like their items. They are
// looked up when pressed, because languages and screens change.
func (s *Shell) shortcuts() {
	canvas := s.window.Canvas()
	for _, group := range s.commands() {
		for _, k := range group {
			switch {
			case k.key == "" || k.alone:
			case k.key == fyne.KeyZ:
				canvas.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { s.press(fyne.KeyZ, false) })
			case k.key == fyne.KeyY:
				redo := func(fyne.Shortcut) { s.press(fyne.KeyY, false) }
				canvas.AddShortcut(&fyne.ShortcutRedo{}, redo)
				canvas.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}, redo)
			default:
				canvas.AddShortcut(&desktop.CustomShortcut{KeyName: k.key, Modifier: fyne.KeyModifierShortcutDefault},
					func(fyne.Shortcut) { s.press(k.key, false) })
			}
		}
	}
	canvas.SetOnTypedKey(func(e *fyne.KeyEvent) { s.press(e.Name, true) })
	canvas.SetOnTypedRune(func(r rune) {
		if r == '?' {
			s.press(fyne.KeyF1, true)
		}
	})
}

// press does what a key means now; alone is without Ctrl.
func (s *Shell) press(key fyne.KeyName, alone bool) {
	for _, group := range s.commands() {
		for _, k := range group {
			if k.key == key && k.alone == alone && (k.enabled == nil || k.enabled()) {
				s.guarded(k.do)()
				return
			}
		}
	}
}

// newDelivery makes a delivery and opens it.
func (s *Shell) newDelivery() { editors.NewDelivery(s.env) }

// importPeople opens the import; what is imported is there for every delivery.
func (s *Shell) importPeople() { s.Go(panel.Place{Screen: panel.Import}) }

// duplicate copies the delivery on the screen.
func (s *Shell) duplicate() { editors.Duplicate(s.env, s.dash.ID()) }

// reload asks the engine for what is shown.
func (s *Shell) reload() { s.screen.Reload() }

// focusSearch goes to the search of the screen, or of the window.
func (s *Shell) focusSearch() {
	if f, ok := s.screen.(interface{ Find() }); ok {
		f.Find()
		return
	}
	if s.chrome.search.Visible() {
		s.window.Canvas().Focus(s.chrome.search.Target())
	}
}

// find narrows the list of deliveries.
func (s *Shell) find(text string) {
	if s.home != nil {
		s.home.Search(text)
	}
}
