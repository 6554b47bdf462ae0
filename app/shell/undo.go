package shell

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/state"
)

// undo is one change that can be taken back.
type undo struct {
	done string // what was done, as a sentence
	back panel.Undo
}

// kept is how many changes can be taken back.
const kept = 50

// did says what was done and keeps the way back.
func (s *Shell) did(done string, back panel.Undo) {
	s.undos = append(s.undos, undo{done, back})
	if len(s.undos) > kept {
		s.undos = s.undos[1:]
	}
	s.offer(done, state.Green, s.env.Text.T("common.undo"), s.undo)
}

// undo takes the last change back. One that cannot be taken back any more is
// forgotten, with the reason told.
func (s *Shell) undo() {
	n := len(s.undos)
	if n == 0 {
		return
	}
	u := s.undos[n-1]
	s.undos = s.undos[:n-1]
	who := s.env.Who()
	bridge.Run(s.bridge, "undo", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, u.back(ctx, who)
	}, func(_ struct{}, err error) {
		if err != nil {
			s.env.Fail(err)
			return
		}
		s.toast(s.env.Text.T("common.undone", "what", u.done), state.Blue)
	})
}
