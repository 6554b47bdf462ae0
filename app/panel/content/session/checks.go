package session

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/engine/delivery"
)

// checks are the findings about what is written.
type checks struct {
	found []delivery.Finding
	known bool // found is about what is written now
	turn  int
	stop  func()
}

func (k *checks) close() {
	k.turn++
	if k.stop != nil {
		k.stop()
	}
}

// Findings are what was found the last time, in the order of the preparation.
// known tells whether they are about what is written now.
func (s *Session) Findings() (found []delivery.Finding, known bool) {
	return s.checks.found, s.checks.known
}

// look looks at what is written once a person pauses.
func (s *Session) look() {
	s.check()
	s.render()
}

func (s *Session) check() {
	k := &s.checks
	k.close()
	turn := k.turn
	k.known = false
	wait := Idle
	if !s.looked {
		wait = 0 // nobody types yet
	}
	s.looked = true
	k.stop = s.env.Bridge.After(wait, func() {
		if turn != k.turn || s.closed {
			return
		}
		d := s.now
		k.stop = bridge.Run(s.env.Bridge, "checks", func(ctx context.Context) ([]delivery.Finding, error) {
			return s.env.Engine.CheckContent(ctx, d)
		}, func(fs []delivery.Finding, err error) {
			if turn != k.turn || s.closed {
				return
			}
			if err != nil {
				s.env.Fail(err)
				return
			}
			k.found, k.known = fs, true
			s.changed()
		})
	})
}
