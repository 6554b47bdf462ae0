package shell

import (
	"fmt"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/panel/editors"
	"sendoff/engine/delivery"
)

// AskToClose does what the close button of the window does.
func (s *Shell) AskToClose() { s.close() }

// EditSchedule does what the pencil of the Schedule block does.
func (s *Shell) EditSchedule() { editors.Schedule(s.env, s.dash.View()) }

// EditContent does what the pencil of the Content block does.
func (s *Shell) EditContent() {
	s.Go(panel.Place{Screen: panel.Content, Delivery: s.dash.ID()})
}

// EditAudience does what the pencil of the Audience block does.
func (s *Shell) EditAudience() { editors.Audience(s.env, s.dash.View()) }

// ImportPeople does what Import people does.
func (s *Shell) ImportPeople() { s.importPeople() }

// Bridge counts closures.
func (s *Shell) Bridge() *bridge.Bridge { return s.bridge }

// At is the place that is shown.
func (s *Shell) At() panel.Place { return s.route.at }

// KeepSize does what closing the window does first.
func (s *Shell) KeepSize() { s.keepSize() }

// Left is where a window would begin now.
func (s *Shell) Left() panel.Place { return s.left() }

// Shown is the type of the screen in the window.
func (s *Shell) Shown() string { return fmt.Sprintf("%T", s.screen) }

// Did offers to take a change back.
func (s *Shell) Did(done string, back panel.Undo) { s.did(done, back) }

// Drop lets a file fall onto the window.
func (s *Shell) Drop(file fyne.URI) { s.dropped(fyne.Position{}, []fyne.URI{file}) }

// FocusSearch does what the shortcut for searching does.
func (s *Shell) FocusSearch() { s.focusSearch() }

// Press presses a shortcut with Ctrl.
func (s *Shell) Press(key fyne.KeyName) { s.press(key, false) }

// Write writes a subject on the content screen.
func (s *Shell) Write(subject string) {
	s.content.Session().Edit("", func(d *delivery.Draft) { d.Content.Subject = subject })
}

// Written is the subject on the content screen.
func (s *Shell) Written() string { return s.content.Session().Draft().Content.Subject }

// WrittenHTML is the HTML on the content screen; empty without one.
func (s *Shell) WrittenHTML() string {
	if s.content == nil {
		return ""
	}
	return s.content.Session().Draft().Content.HTML
}
