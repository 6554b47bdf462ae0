// Package tour plays the main job in the real window: it looks at the sample
// delivery, at an import and a rule, writes with a template and takes it back,
// sends a proof, prepares, opens the confirm dialog, lets it go, watches it leave,
// recounts, and then visits every other screen. It uses the handlers that a
// person's clicks and keys use, and photographs each step in both themes. Of what
// it does besides the delivery nothing stays.
//
// Run belongs to a goroutine of its own; whatever touches the window it posts
// through the Stage.
package tour

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"time"

	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Stage is the window as the tour drives it. Do runs a closure on the UI
// goroutine and waits for it; every other method is called inside one.
type Stage interface {
	Do(func())
	Open(delivery.ID)
	Home()
	Go(panel.Place)
	Help() // opens the help of the screen
	Dashboard() (state.Dashboard, bool)
	Act(delivery.Action)
	ConfirmOpen() bool
	ConfirmFill()                              // types the number when the dialog asks for it
	ConfirmAccept() bool                       // false when OK cannot be pressed
	Compute()                                  // recounts and shows the result
	CloseDialogs()                             // and what is said in passing
	Asked() bool                               // a dialog is open
	Reach(wanted func(label string) bool) bool // moves the keyboard to a control by its name, as Tab does
	Press()                                    // presses what has the keyboard
	Type(string)                               // types into what has the keyboard
	Words() *text.Catalog
	HomeShown() bool
	Dark() bool
	SetDark(bool)
	Capture() image.Image
}

// Options of a tour.
type Options struct {
	Dir   string        // where the pictures go; created when missing
	ID    delivery.ID   // the delivery it plays with; must be editable
	Slow  bool          // waits between the steps, for people who watch
	Bound time.Duration // the longest a step may take; 0: five minutes
	Paint time.Duration // how long a repaint is waited for; 0: 250 ms
}

// Failure says at which step a tour stopped.
type Failure struct {
	Step string
	Err  error
}

// Error names the step and the cause.
func (f *Failure) Error() string { return f.Step + ": " + f.Err.Error() }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Result is what a tour leaves behind.
type Result struct {
	Pictures []string
	Last     state.Dashboard
}

type player struct {
	o     Options
	stage Stage
	words *text.Catalog
	list  string // a file of people
	res   Result
}

// Run plays the tour. Its error is a *Failure, or ctx's.
func Run(ctx context.Context, stage Stage, o Options) (Result, error) {
	if o.Bound <= 0 {
		o.Bound = 5 * time.Minute
	}
	if o.Paint <= 0 {
		o.Paint = 250 * time.Millisecond
	}
	p := &player{o: o, stage: stage}
	stage.Do(func() { p.words = stage.Words() })
	scratch, err := os.MkdirTemp("", "sendoff-tour-")
	if err != nil {
		return p.res, &Failure{"start", err}
	}
	defer os.RemoveAll(scratch)
	if p.list, err = writeList(scratch, p.words.Language()); err != nil {
		return p.res, &Failure{"start", err}
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return p.res, &Failure{"start", err}
	}
	for _, s := range []struct {
		name string
		play func(context.Context) error
	}{
		{"start", p.start},
		{"import-columns", p.columns}, {"import-check", p.check}, {"rule", p.rule},
		{"templates", p.templates}, {"design", p.design}, {"preview", p.preview},
		{"content", p.source}, // what was begun is taken back
		{"checks", p.visit(panel.Place{Screen: panel.Content, Delivery: o.ID, Tab: "checks"})},
		{"proof", p.proof}, {"prepare", p.prepare}, {"confirm", p.confirm}, {"sending", p.sending},
		{"finished", p.finished}, {"stats", p.stats},
		{"logs", p.visit(panel.Place{Screen: panel.Deployment, Delivery: o.ID, Tab: "sending"})},
		{"causes", p.visit(panel.Place{Screen: panel.Deployment, Delivery: o.ID, Tab: "causes"})},
		{"message", p.visit(panel.Place{Screen: panel.Message, Delivery: o.ID, Number: 40})},
		{"home", p.home},
		{"people", p.visit(panel.Place{Screen: panel.People})},
		{"person", p.visit(panel.Place{Screen: panel.Person, Number: 40})},
		{"audiences", p.visit(panel.Place{Screen: panel.Audiences})},
		{"accounts", p.visit(panel.Place{Screen: panel.Accounts})},
		{"quarantine", p.visit(panel.Place{Screen: panel.Suppression, Tab: "quarantine"})},
		{"settings", p.visit(panel.Place{Screen: panel.Settings})},
		{"welcome", p.visit(panel.Place{Screen: panel.Welcome})},
		{"help", p.help},
	} {
		step, cancel := context.WithTimeout(ctx, o.Bound)
		err := s.play(step)
		if err == nil {
			err = p.photograph(step, s.name)
		}
		cancel()
		if err != nil {
			return p.res, &Failure{s.name, err}
		}
		if o.Slow && !sleep(ctx, 3*time.Second) {
			return p.res, ctx.Err()
		}
	}
	return p.res, nil
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// until waits for what is asked on the UI goroutine.
func (p *player) until(ctx context.Context, what string, ask func() bool) error {
	for {
		var ok bool
		p.stage.Do(func() { ok = ask() })
		if ok {
			return nil
		}
		if !sleep(ctx, 50*time.Millisecond) {
			return fmt.Errorf("%s did not come within %v", what, p.o.Bound)
		}
	}
}

// state waits for one of the states.
func (p *player) state(ctx context.Context, what string, wanted ...delivery.State) error {
	return p.until(ctx, what, func() bool {
		d, ok := p.stage.Dashboard()
		if ok {
			p.res.Last = d
		}
		for _, s := range wanted {
			if ok && d.State == s {
				return true
			}
		}
		return false
	})
}

func (p *player) start(ctx context.Context) error {
	p.stage.Do(func() { p.stage.Open(p.o.ID) })
	return p.until(ctx, "the dashboard with Prepare", func() bool {
		d, ok := p.stage.Dashboard()
		return ok && d.ID == p.o.ID && offers(d, delivery.Prepare)
	})
}

func offers(d state.Dashboard, a delivery.Action) bool {
	for _, b := range d.Buttons {
		if b.Action == a {
			return true
		}
	}
	return false
}

func (p *player) prepare(ctx context.Context) error {
	if err := p.sendProof(ctx); err != nil {
		return err
	}
	p.stage.Do(func() { p.stage.Act(delivery.Prepare) })
	if err := p.state(ctx, "the prepared plan", delivery.Ready, delivery.PreparationFailed); err != nil {
		return err
	}
	if p.res.Last.State == delivery.PreparationFailed {
		return errors.New("the preparation found errors")
	}
	p.stage.Do(p.stage.CloseDialogs)
	return p.until(ctx, "Confirm send", func() bool {
		d, _ := p.stage.Dashboard()
		return offers(d, delivery.Confirm)
	})
}

func (p *player) confirm(ctx context.Context) error {
	p.stage.Do(func() { p.stage.Act(delivery.Confirm) })
	if err := p.until(ctx, "the confirm dialog", p.stage.ConfirmOpen); err != nil {
		return err
	}
	p.stage.Do(p.stage.ConfirmFill)
	return nil
}

func (p *player) sending(ctx context.Context) error {
	if err := p.until(ctx, "OK", p.stage.ConfirmAccept); err != nil {
		return err
	}
	// Half-way it shows most: a curve, chips and figures that move.
	return p.until(ctx, "the first half of the messages", func() bool {
		d, ok := p.stage.Dashboard()
		return ok && d.Deployment != nil && d.Deployment.Chart && (d.State.Ended() || d.Deployment.Ring.Share >= 0.4)
	})
}

func (p *player) finished(ctx context.Context) error {
	return p.state(ctx, "the end of the sending", delivery.Finished)
}

func (p *player) stats(ctx context.Context) error {
	p.stage.Do(p.stage.Compute)
	sleep(ctx, p.o.Paint)
	return ctx.Err()
}

func (p *player) home(ctx context.Context) error {
	p.stage.Do(func() {
		p.stage.CloseDialogs()
		p.stage.Home()
	})
	return p.until(ctx, "the list of deliveries", p.stage.HomeShown)
}

// visit shows a screen and gives it time to read what it shows.
func (p *player) visit(at panel.Place) func(context.Context) error {
	return func(ctx context.Context) error {
		p.stage.Do(func() {
			p.stage.CloseDialogs()
			p.stage.Go(at)
		})
		sleep(ctx, p.o.Paint)
		return ctx.Err()
	}
}

func (p *player) help(ctx context.Context) error {
	p.stage.Do(func() {
		p.stage.Go(panel.Place{Screen: panel.Delivery, Delivery: p.o.ID})
	})
	if err := p.state(ctx, "the dashboard again", delivery.Finished); err != nil {
		return err
	}
	p.stage.Do(p.stage.Help)
	return nil
}

// photograph takes the window in both themes and leaves it in the first.
func (p *player) photograph(ctx context.Context, step string) error {
	var was bool
	p.stage.Do(func() { was = p.stage.Dark() })
	n := len(p.res.Pictures)/2 + 1
	for _, dark := range []bool{false, true} {
		p.stage.Do(func() { p.stage.SetDark(dark) })
		if !sleep(ctx, p.o.Paint) {
			return fmt.Errorf("the picture did not come within %v", p.o.Bound)
		}
		var img image.Image
		p.stage.Do(func() { img = p.stage.Capture() })
		if img == nil {
			return errors.New("the window gave no picture")
		}
		theme := "light"
		if dark {
			theme = "dark"
		}
		path := filepath.Join(p.o.Dir, fmt.Sprintf("%02d-%s-%s.png", n, step, theme))
		if err := write(path, img); err != nil {
			return err
		}
		p.res.Pictures = append(p.res.Pictures, path)
	}
	p.stage.Do(func() { p.stage.SetDark(was) })
	return nil
}

func write(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
