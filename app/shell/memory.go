package shell

import (
	"fyne.io/fyne/v2"

	"sendoff/app/panel"
	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// What this computer remembers of the window. The names never change their
// meaning.
const (
	prefTheme    = "window.theme"
	prefLanguage = "window.language"
	prefWidth    = "window.width"
	prefHeight   = "window.height"
	prefScreen   = "window.screen"
	prefDelivery = "window.delivery"
	prefFolder   = "window.workspace" // whose delivery that is
)

// Remembered is what was left the last time: the language, empty for none, and
// the size, zero for none.
func Remembered(p fyne.Preferences) (language string, size fyne.Size) {
	size = fyne.NewSize(float32(p.Float(prefWidth)), float32(p.Float(prefHeight)))
	if size.Width < 720 || size.Height < 480 || size.Width > 16384 || size.Height > 16384 {
		size = fyne.Size{}
	}
	language = p.String(prefLanguage)
	if _, err := text.Choose(language); err != nil {
		language = ""
	}
	return language, size
}

// remember keeps where the window is.
func (s *Shell) remember() {
	p := s.cfg.App.Preferences()
	p.SetString(prefScreen, string(s.route.at.Screen))
	p.SetInt(prefDelivery, int(s.route.at.Delivery))
	p.SetString(prefFolder, s.cfg.Engine.Dir())
}

func (s *Shell) keepSize() {
	size := s.window.Canvas().Size()
	p := s.cfg.App.Preferences()
	p.SetFloat(prefWidth, float64(size.Width))
	p.SetFloat(prefHeight, float64(size.Height))
}

// left is where the window was left; the list of deliveries when that was
// nowhere that stands by itself.
func (s *Shell) left() panel.Place {
	p := s.cfg.App.Preferences()
	at := panel.Place{Screen: panel.Screen(p.String(prefScreen)), Delivery: delivery.ID(p.Int(prefDelivery))}
	switch {
	case isPart(at.Screen):
		return panel.Place{Screen: at.Screen}
	case at.Screen == panel.Delivery && at.Delivery > 0 && p.String(prefFolder) == s.cfg.Engine.Dir():
		return at
	}
	return panel.Place{Screen: panel.Deliveries}
}

// SetLanguage makes the window speak another language, now and the next time.
// What was typed and not saved is in the drafts of its form.
func (s *Shell) SetLanguage(language string) {
	if language == s.cfg.Text.Language() {
		return
	}
	words, err := text.Load(s.cfg.Words, language, s.cfg.Text.Zone())
	if err == nil {
		err = speak(s.cfg.Words, language)
	}
	if err != nil {
		s.env.Fail(err)
		return
	}
	s.cfg.App.Preferences().SetString(prefLanguage, language)
	s.cfg.Text, s.env.Text = words, words
	s.dress()
	s.visit(s.where())
}
