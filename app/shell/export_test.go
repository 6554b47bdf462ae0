package shell

import "sendoff/app/panel/editors"

// AskToClose does what the close button of the window does.
func (s *Shell) AskToClose() { s.close() }

// EditSchedule does what the pencil of the Schedule block does.
func (s *Shell) EditSchedule() { editors.Schedule(s.env, s.dash.View()) }

// EditContent does what the pencil of the Content block does.
func (s *Shell) EditContent() { editors.Content(s.env, s.dash.View()) }

// EditAudience does what the pencil of the Audience block does.
func (s *Shell) EditAudience() { editors.Audience(s.env, s.dash.View()) }

// ImportPeople does what Import people does.
func (s *Shell) ImportPeople() { s.importPeople() }
