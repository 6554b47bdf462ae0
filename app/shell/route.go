package shell

import (
	"sendoff/app/panel"
	"sendoff/app/panel/accounts"
	"sendoff/app/panel/audiences"
	"sendoff/app/panel/content"
	"sendoff/app/panel/dashboard"
	"sendoff/app/panel/deployment"
	"sendoff/app/panel/home"
	"sendoff/app/panel/imports"
	"sendoff/app/panel/message"
	"sendoff/app/panel/people"
	"sendoff/app/panel/person"
	"sendoff/app/panel/rules"
	"sendoff/app/panel/settings"
	"sendoff/app/panel/suppression"
	"sendoff/app/panel/welcome"
	"sendoff/engine/delivery"
)

// place is where the window is, and where it was before.
type route struct {
	at   panel.Place
	past []panel.Place
}

// remembered is how many steps back are kept.
const remembered = 50

// Go shows a place. A place of the navigation begins the way back anew.
func (s *Shell) Go(p panel.Place) {
	if s.screen != nil && p == s.route.at {
		return
	}
	s.leave(func() { s.enter(p) })
}

// leave goes on once the screen can be left: one on which something is written and
// not saved may keep a person here.
func (s *Shell) leave(then func()) {
	if x, ok := s.screen.(interface{ Leave(then func()) }); ok {
		x.Leave(then)
		return
	}
	then()
}

// enter shows a place and keeps the way back.
func (s *Shell) enter(p panel.Place) {
	switch {
	case isPart(p.Screen):
		s.route.past = nil
	case s.screen != nil:
		s.route.past = append(s.route.past, s.where())
		if len(s.route.past) > remembered {
			s.route.past = s.route.past[1:]
		}
	}
	s.visit(p)
}

// where is the place that is shown, as far as a person has gone within it: its
// tab, what was searched for.
func (s *Shell) where() panel.Place {
	if x, ok := s.screen.(interface{ Place() panel.Place }); ok {
		return x.Place()
	}
	return s.route.at
}

// Back shows what was shown before, the list of deliveries at last.
func (s *Shell) Back() { s.leave(s.back) }

func (s *Shell) back() {
	n := len(s.route.past)
	if n == 0 {
		if !isPart(s.route.at.Screen) {
			s.visit(panel.Place{Screen: panel.Deliveries})
		}
		return
	}
	p := s.route.past[n-1]
	s.route.past = s.route.past[:n-1]
	s.visit(p)
}

// Home shows the list of deliveries.
func (s *Shell) Home() { s.Go(panel.Place{Screen: panel.Deliveries}) }

// Open shows the dashboard of a delivery.
func (s *Shell) Open(id delivery.ID) { s.Go(panel.Place{Screen: panel.Delivery, Delivery: id}) }

func isPart(x panel.Screen) bool {
	for _, p := range panel.Parts() {
		if p == x {
			return true
		}
	}
	return false
}

// visit replaces what is in the window.
func (s *Shell) visit(p panel.Place) {
	if s.screen != nil {
		s.screen.Close()
	}
	s.route.at = p
	s.chrome.at(p, s.before())
	s.dash, s.home, s.content = nil, nil, nil
	s.screen = s.build(p)
	s.chrome.body(s.screen.Content())
	s.remember()
	if f, ok := s.screen.(interface{ Focus() }); ok {
		f.Focus()
	}
}

// before is the screen that Back leads to.
func (s *Shell) before() panel.Screen {
	if n := len(s.route.past); n > 0 {
		return s.route.past[n-1].Screen
	}
	return panel.Deliveries
}

// build makes the screen of a place.
func (s *Shell) build(p panel.Place) screen {
	switch p.Screen {
	case panel.Delivery:
		d := dashboard.New(s.env, p.Delivery)
		s.dash = d
		d.Watch(s.modelled)
		return d
	case panel.Deployment:
		return deployment.New(s.env, p)
	case panel.Content:
		s.content = content.New(s.env, p)
		return s.content
	case panel.Message:
		return message.New(s.env, p)
	case panel.People:
		return people.New(s.env, p)
	case panel.Person:
		return person.New(s.env, p)
	case panel.Audiences:
		return audiences.New(s.env, p)
	case panel.Rule:
		return rules.New(s.env, p)
	case panel.Import:
		return imports.New(s.env, p)
	case panel.Suppression:
		return suppression.New(s.env, p)
	case panel.Accounts:
		return accounts.New(s.env, p)
	case panel.Settings:
		return settings.New(s.env, p)
	case panel.Gallery:
		s.chrome.title(s.env.Text.T("nav.gallery"), "")
		return newShowcase()
	case panel.Welcome:
		return welcome.New(s.env, s.connect)
	}
	s.home = home.New(s.env)
	return s.home
}
