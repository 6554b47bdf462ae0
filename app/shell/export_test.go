package shell

import "sendoff/app/panel/editors"

// AskToClose does what the close button of the window does.
func (s *Shell) AskToClose() { s.close() }

// EditSchedule does what the pencil of the Schedule block does.
func (s *Shell) EditSchedule() { editors.Schedule(s.env, s.dash.View()) }
