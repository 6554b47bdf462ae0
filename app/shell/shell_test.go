package shell_test

import (
	"errors"
	"fmt"
	"image"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel"
	"sendoff/app/panel/paneltest"
	"sendoff/app/shell"
	"sendoff/app/text"
	"sendoff/app/tour"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
	"sendoff/engine/preview"
	"sendoff/resources/translations"
	"sendoff/widgets"
)

// window is a shell over an engine in memory.
type window struct {
	*shell.Shell
	t      *testing.T
	engine *bridgetest.Engine
	ui     *bridgetest.UI
	words  *text.Catalog
}

type options struct {
	insist      func()
	lang, theme string
	w, h        float32
	first       delivery.ID
	operator    int
}

// start is the dashboard that a test names, or what was shown last.
func start(o options) panel.Place {
	if o.first == 0 {
		return panel.Place{}
	}
	return panel.Place{Screen: panel.Delivery, Delivery: o.first}
}

func open(t *testing.T, e *bridgetest.Engine, o options) *window {
	t.Helper()
	if o.lang == "" {
		o.lang = "en"
	}
	if o.theme == "" {
		o.theme = "light"
	}
	if o.w == 0 {
		o.w, o.h = 1280, 820
	}
	words, err := text.Load(translations.FS, o.lang, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	operators, _ := e.Operators(t.Context())
	operators = append(operators[o.operator:], operators[:o.operator]...)
	ui := bridgetest.NewUI()
	s, err := shell.New(shell.Config{App: test.NewTempApp(t), Engine: e, Operators: operators, Text: words, Words: translations.FS,
		Theme: o.theme, Size: fyne.NewSize(o.w, o.h), Start: start(o), Post: ui.Post, Now: bridgetest.Now, Insist: o.insist})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Window().Close)
	w := &window{Shell: s, t: t, engine: e, ui: ui, words: words}
	ui.Settle()
	w.relayout()
	return w
}

// relayout does what a window's next frame does: sizes that changed are asked
// for anew.
func (w *window) relayout() {
	size := w.Window().Canvas().Size()
	for range 2 {
		w.Window().Resize(size.AddWidthHeight(1, 1))
		w.Window().Resize(size)
	}
}

func (w *window) each(f func(fyne.CanvasObject, fyne.Position)) {
	paneltest.Walk(w.Window().Content(), fyne.Position{}, f)
	for _, o := range w.Window().Canvas().Overlays().List() {
		paneltest.Walk(o, fyne.Position{}, f)
	}
}

// says reports whether the window shows a text, in one line or broken.
func (w *window) says(s string) bool {
	var all strings.Builder
	w.each(func(o fyne.CanvasObject, _ fyne.Position) {
		if t, ok := o.(*canvas.Text); ok {
			all.WriteString(t.Text + " ")
		}
	})
	join := func(s string) string { return strings.Join(strings.Fields(s), "") }
	return strings.Contains(join(all.String()), join(s))
}

func (w *window) want(sentences ...string) {
	w.t.Helper()
	for _, s := range sentences {
		if !w.says(s) {
			w.t.Errorf("the window does not say %q", s)
		}
	}
}

func (w *window) button(label string) *widgets.Button {
	var b *widgets.Button
	w.each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(*widgets.Button); ok && k.Text() == label {
			b = k
		}
	})
	return b
}

func (w *window) tap(label string) {
	w.t.Helper()
	b := w.button(label)
	if b == nil {
		w.t.Fatalf("there is no button %q", label)
	}
	b.Tapped(nil)
	w.ui.Settle()
	w.relayout()
}

// Every state is shown, in either language, with nothing cut off or sticking out
// in the narrowest window.
func TestEveryStateIsShown(t *testing.T) {
	for _, lang := range text.Languages() {
		for _, s := range delivery.States() {
			t.Run(fmt.Sprint(lang, "/", s), func(t *testing.T) {
				e := bridgetest.New(bridgetest.Sample(95, s))
				e.SetSeries(bridgetest.Points(60))
				w := open(t, e, options{lang: lang, w: 1024, h: 700, first: 95})
				w.want("DM95", "Summer time", w.words.T("block.audience"), "Customers in the Netherlands", w.words.T("block.content"))
				if s != delivery.Editing {
					w.want(w.words.T("headline." + string(s)))
				}
				w.nothingIsCut()
			})
		}
	}
}

func (w *window) nothingIsCut() {
	w.t.Helper()
	preparing := w.words.T("headline.preparing") // ends in dots of its own
	w.each(func(o fyne.CanvasObject, at fyne.Position) {
		k, ok := o.(*canvas.Text)
		if !ok {
			return
		}
		if at.X < 0 || at.X+k.MinSize().Width > 1024 {
			w.t.Errorf("%q reaches from %v to %v", k.Text, at.X, at.X+k.MinSize().Width)
		}
		if strings.HasSuffix(k.Text, "…") && !strings.HasSuffix(preparing, k.Text) {
			w.t.Errorf("%q is cut", k.Text)
		}
	})
}

func TestDark(t *testing.T) {
	for _, s := range []delivery.State{delivery.Ready, delivery.Sending, delivery.Finished} {
		w := open(t, bridgetest.New(bridgetest.Sample(95, s)), options{theme: "dark", first: 95})
		if !w.Dark() {
			t.Error("not dark")
		}
		w.want(w.words.T("headline." + string(s)))
	}
}

func TestConfirmOnce(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	w := open(t, e, options{first: 95})
	confirm := w.button("Confirm send")
	if confirm == nil {
		t.Fatal("no Confirm send")
	}
	confirm.Tapped(nil)
	confirm.Tapped(nil) // a double click opens one dialog
	w.ui.Settle()
	w.relayout()
	if n := len(w.Window().Canvas().Overlays().List()); n != 1 {
		t.Fatalf("%d dialogs are open", n)
	}
	w.want("9,786", "214 excluded", "Acme Garden <news@acme.example>", "plan 7f3a")
	ok := w.button("OK, send 9,786 messages")
	if ok == nil {
		t.Fatal("no OK")
	}
	ok.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.ui.Settle()
	if len(e.Confirms()) != 0 {
		t.Fatal("Return confirmed")
	}
	ok.Tapped(nil)
	ok.Tapped(nil)
	w.ui.Settle()
	if got := e.Confirms(); len(got) != 1 || got[0] != bridgetest.Plan().Hash {
		t.Errorf("Confirm was called with %v, want once with the plan's hash", got)
	}
	w.want("Sending")
}

func TestEscapeIsNo(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	w := open(t, e, options{first: 95})
	w.tap("Confirm send")
	w.Window().Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	w.ui.Settle()
	if widgets.IsOpen(w.Window()) || len(e.Confirms()) != 0 {
		t.Errorf("open %v, confirmed %v", widgets.IsOpen(w.Window()), e.Confirms())
	}
	w.tap("Confirm send")
	w.tap("Cancel")
	if len(e.Confirms()) != 0 {
		t.Error("Cancel confirmed")
	}
}

func TestNumberMustBeTyped(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Ready)
	v.Plan.Usual = 2410
	e := bridgetest.New(v)
	w := open(t, e, options{first: 95})
	w.tap("Confirm send")
	w.want("Larger than usual.")
	if ok := w.button("OK, send 9,786 messages"); ok == nil || !ok.Disabled() {
		t.Fatal("OK can be pressed before the number was typed")
	}
	st := w.Stage()
	if st.ConfirmAccept() || len(e.Confirms()) != 0 {
		t.Fatal("accepted without the number")
	}
	st.ConfirmFill()
	if !st.ConfirmAccept() {
		t.Fatal("not accepted with the number")
	}
	w.ui.Settle()
	if len(e.Confirms()) != 1 {
		t.Errorf("confirmed %v", e.Confirms())
	}
}

func TestWithoutTheRight(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	w := open(t, e, options{first: 95, operator: 1})
	w.want("Your permissions do not allow you to confirm a delivery.")
	if w.button("Confirm send") != nil {
		t.Error("Joris sees Confirm send")
	}
	w.Stage().Act(delivery.Confirm) // no other way in either
	w.ui.Settle()
	if widgets.IsOpen(w.Window()) || len(e.Confirms()) != 0 {
		t.Error("there is another way in")
	}
	w.Become(access.Operator{ID: 1, Name: "Marieke", Rights: access.Rights{access.Start, access.Prepare}})
	w.ui.Settle()
	if w.button("Confirm send") == nil {
		t.Error("Marieke does not see Confirm send")
	}
}

func TestStalePlanIsSaid(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	e.Fail("confirm", &delivery.Error{Op: "confirm", Kind: delivery.KindStalePlan})
	w := open(t, e, options{first: 95})
	w.tap("Confirm send")
	w.tap("OK, send 9,786 messages")
	w.want("The plan changed while you were looking. Nothing was sent; please look again.")
}

func TestErrorsAreSaid(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	e.Fail("prepare", &delivery.Error{Kind: delivery.KindDiskFull, File: "sendoff.db"})
	w := open(t, e, options{first: 95})
	w.tap("Prepare")
	w.want("The disk is full: sendoff.db cannot be written.")
	e.Hub.Publish(event.Fatal{Err: &delivery.Error{Kind: delivery.KindDiskFull, File: "sendoff.db"}})
	w.ui.Until(t, "the alarm", func() bool { w.relayout(); return w.says("Sending stands still") })
}

// picture writes what the window shows to the folder SENDOFF_PICTURES, if there is
// one.
func (w *window) picture(name string) {
	(&paneltest.Window{T: w.t, Window: w.Window()}).Picture(name)
}

// TestFault20And29Insist: why a workspace is only looked at stands above every screen,
// with the way to open it all the same.
func TestFault20And29Insist(t *testing.T) {
	for _, err := range []*delivery.Error{
		{Kind: delivery.KindCrashes, Detail: "3", File: "/home/ann/sendoff"},
		{Kind: delivery.KindShared, Detail: "OneDrive", File: "/home/ann/OneDrive/sendoff"},
	} {
		e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
		e.SetReadOnly(err)
		insisted := false
		w := open(t, e, options{first: 95, insist: func() { insisted = true }})
		w.want(w.words.Error(err))
		w.want("Read-only: the notice at the top says why.")
		w.picture("insist-" + string(err.Kind))
		w.each(func(o fyne.CanvasObject, at fyne.Position) {
			if k, ok := o.(*canvas.Text); ok && k.Text == "Open all the same" {
				test.TapCanvas(w.Window().Canvas(), at.AddXY(3, 3))
			}
		})
		if !insisted {
			t.Errorf("%s: nothing happens", err.Kind)
		}
	}
}

func TestReadOnlyIsSaid(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	e.SetReadOnly(&delivery.Error{Kind: delivery.KindNewerSchema})
	w := open(t, e, options{first: 95})
	w.want("This workspace was made by a newer Sendoff.")
	if w.button("Prepare") != nil || w.button("Confirm send") != nil {
		t.Error("a read-only workspace offers to change something")
	}
}

func TestLiveFigures(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	e := bridgetest.New(v)
	w := open(t, e, options{first: 95})
	w.want("118 deferred, next try 09:51", "1 in doubt", "5,992")
	for i := range int64(2000) {
		st := v.Status
		st.Counters.Accepted, st.Counters.Pending = 5992+i, 3502-i
		e.Hub.Publish(event.Status{Status: st})
	}
	w.ui.Until(t, "the last figure", func() bool { return w.says("7,991") })
	var chip *widgets.Chip
	w.each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(*widgets.Chip); ok && strings.Contains(k.Text(), "in doubt") {
			chip = k
		}
	})
	chip.Tapped(nil)
	w.ui.Settle()
	if want := (panel.Place{Screen: panel.Deployment, Delivery: 95, Tab: "in_doubt"}); w.At() != want {
		t.Errorf("the chip leads to %v, want %v", w.At(), want)
	}
}

func TestComputeStats(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Finished)
	e := bridgetest.New(v)
	e.SetRecount(kpi.Recount{Stored: v.Counters, Counted: v.Counters})
	w := open(t, e, options{first: 95})
	w.tap("Compute stats")
	w.want("Recounted from the sending log: nothing differs.", "10,000 targeted =", "9,502 accepted")
	w.tap("Close")
	e.SetRecount(kpi.Recount{Counted: v.Counters, Differences: []kpi.Difference{{Name: "accepted", Stored: 9500, Counted: 9502}}})
	w.tap("Compute stats")
	w.want("1 figure differed", "accepted: 9,500 was stored, 9,502 counted")
}

func TestClosingAsksWhileSending(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Sending))
	w := open(t, e, options{first: 95})
	w.AskToClose()
	w.AskToClose()
	w.relayout()
	w.want("Sending is under way")
	if n := len(w.Window().Canvas().Overlays().List()); n != 1 {
		t.Errorf("%d questions", n)
	}
	w.tap("Keep sending")
	if widgets.IsOpen(w.Window()) {
		t.Error("the question stays")
	}
}

func TestHome(t *testing.T) {
	newer := bridgetest.Sample(96, delivery.Sending)
	newer.Label = "Spring sale"
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready), newer)
	w := open(t, e, options{})
	w.want("Summer time", "Spring sale", "Sending · 63", "Prepared, and waits for your confirmation.")
	w.tap("New delivery")
	if at := w.At(); at.Screen != panel.Content || at.Delivery != 97 {
		t.Errorf("a new delivery begins at %v", at)
	}
	w.Press(fyne.KeyLeftBracket)
	w.ui.Settle()
	w.relayout()
	w.want("DM97", "Untitled delivery", "Still missing:")
	w.Home()
	w.ui.Settle()
	if w := open(t, bridgetest.New(), options{}); !w.says("No deliveries yet") || w.button("Open the training sample") == nil {
		t.Error("an empty workspace shows no way in")
	}
}

// blind takes its pictures with the lens cap on: they are slow to paint.
type blind struct{ tour.Stage }

func (blind) Capture() image.Image { return image.NewGray(image.Rect(0, 0, 4, 4)) }

// The tour plays the whole job through the window's handlers and leaves two
// pictures of each step.
func TestTour(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Editing))
	e.Richer()
	e.SetRisks(preview.Risk{Reason: preview.Emoji, Profile: 7})
	w := open(t, e, options{w: 1024, h: 700})
	done := make(chan error, 1)
	var res tour.Result
	go func() {
		var err error
		res, err = tour.Run(t.Context(), blind{w.Stage()}, tour.Options{Dir: t.TempDir(), ID: 95, Bound: 20 * time.Second, Paint: time.Millisecond})
		done <- err
	}()
	var err error
	finished := false
	w.ui.Until(t, "the end of the tour", func() bool {
		if len(e.Confirms()) > 0 && !finished {
			finished = true
			time.AfterFunc(300*time.Millisecond, func() { e.Put(bridgetest.Sample(95, delivery.Finished)) })
		}
		select {
		case err = <-done:
			return true
		default:
			return false
		}
	})
	if err != nil || len(res.Pictures) != 54 || res.Last.State != delivery.Finished || len(e.Confirms()) != 1 {
		t.Errorf("%v, %d pictures, ends %s, confirmed %v", err, len(res.Pictures), res.Last.State, e.Confirms())
	}
}

// A step that does not come ends the tour with its name.
func TestTourGivesUp(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Finished))
	w := open(t, e, options{})
	done := make(chan error, 1)
	go func() {
		_, err := tour.Run(t.Context(), w.Stage(), tour.Options{Dir: t.TempDir(), ID: 95, Bound: 200 * time.Millisecond, Paint: time.Millisecond})
		done <- err
	}()
	var err error
	w.ui.Until(t, "the end of the tour", func() bool {
		select {
		case err = <-done:
			return true
		default:
			return false
		}
	})
	var f *tour.Failure
	if !errors.As(err, &f) || f.Step != "start" {
		t.Errorf("got %v, want a failure of the first step", err)
	}
}

func TestSchedule(t *testing.T) {
	e := bridgetest.New(bridgetest.Sample(95, delivery.Ready))
	w := open(t, e, options{first: 95})
	var pens []*widgets.Block
	w.each(func(o fyne.CanvasObject, _ fyne.Position) {
		if b, ok := o.(*widgets.Block); ok {
			pens = append(pens, b)
		}
	})
	if len(pens) != 4 {
		t.Fatalf("%d blocks", len(pens))
	}
	w.EditSchedule()
	w.relayout()
	w.want("Messages to be sent once confirmed", "Saving breaks the seal of the prepared plan")
	w.tap("Save")
	if got := e.Commands(); got[len(got)-1] != "edit DM95" {
		t.Errorf("commands %v", got)
	}
}
