// Command sendoff is the window of Sendoff: it prepares an e-mail delivery,
// shows exactly what will leave, lets it go and shows what became of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"sendoff/app/bridge"
	"sendoff/app/bridge/live"
	"sendoff/app/panel"
	"sendoff/app/shell"
	"sendoff/app/text"
	"sendoff/app/tour"
	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

// appID names the application to the system: preferences, notifications.
const appID = "io.github.sendoff.Sendoff"

// trainer is who works in a new training workspace.
const trainer = "Marieke"

func main() {
	// Whoever waits for the disk holds a processor of the scheduler's.
	runtime.GOMAXPROCS(runtime.NumCPU() + 2)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// options are the command line's.
type options struct {
	workspace string
	language  string
	theme     string
	size      fyne.Size
	sample    bool
	gallery   bool
	tour      string
	slow      bool
	verbose   bool
	insist    bool
	args      []string // all of it, to start again with
}

func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", err)
		return 2
	}
	a := app.NewWithID(appID)
	left, size := shell.Remembered(a.Preferences())
	if o.language == "" && o.tour == "" {
		o.language = left
	}
	if o.size.IsZero() {
		if o.size = size; size.IsZero() || o.tour != "" {
			o.size = fyne.NewSize(1280, 820)
		}
	}
	lang, err := text.Choose(o.language, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if err != nil {
		fmt.Fprintf(stderr, "sendoff: --language is one of %s\n", strings.Join(text.Languages(), ", "))
		return 2
	}
	o.language = lang
	words, err := text.Load(translations.FS, lang, text.LocalZone())
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", err)
		return 1
	}
	level := slog.LevelWarn
	if o.verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
	return launch(a, o, words, log, stdout, stderr)
}

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{args: args}
	var size, pace string
	f := flag.NewFlagSet("sendoff", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.workspace, "workspace", "", "`folder` of the workspace (created when missing)")
	f.StringVar(&o.language, "language", "", "en or nl; as it was left, or the system's, when absent")
	f.StringVar(&o.theme, "theme", "", "light, dark or system; as it was left when absent")
	f.StringVar(&size, "size", "", "size of the window, such as 1280x820; as it was left when absent")
	f.BoolVar(&o.sample, "sample", false, "add the training sample when it is not there")
	f.BoolVar(&o.gallery, "gallery", false, "show the parts that screens are made of")
	f.StringVar(&o.tour, "tour", "", "play the main job with the training sample and put pictures in this `folder`")
	f.StringVar(&pace, "pace", "", "slow: wait between the steps of the tour")
	f.BoolVar(&o.insist, "start-anyway", false, "open a workspace in a shared folder, or one with which Sendoff crashed, all the same")
	f.BoolVar(&o.verbose, "verbose", false, "log more")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("what is %q? Options begin with --", f.Arg(0))
	}
	switch o.theme {
	case "", "light", "dark", "system":
	default:
		return o, errors.New("--theme is light, dark or system")
	}
	switch pace {
	case "", "slow":
		o.slow = pace == "slow"
	default:
		return o, errors.New("--pace is slow, or absent")
	}
	if size == "" {
		return o, nil
	}
	w, h, ok := strings.Cut(size, "x")
	width, err1 := strconv.ParseFloat(w, 32)
	height, err2 := strconv.ParseFloat(h, 32)
	if !ok || err1 != nil || err2 != nil || width < 720 || height < 480 || width > 16384 || height > 16384 {
		return o, errors.New("--size is WIDTHxHEIGHT, from 720x480")
	}
	o.size = fyne.NewSize(float32(width), float32(height))
	return o, nil
}

// launch opens the workspace and shows the window until it is closed.
func launch(a fyne.App, o options, words *text.Catalog, log *slog.Logger, stdout, stderr io.Writer) int {
	dir := o.workspace
	if dir == "" {
		d, err := engine.DefaultDir()
		if err != nil {
			fmt.Fprintln(stderr, "sendoff:", words.Error(err))
			return 1
		}
		dir = d
	}
	e, at, err := open(dir, o, log)
	if delivery.Is(err, delivery.KindLocked) && o.tour == "" {
		if engine.Raise(dir) == nil {
			fmt.Fprintln(stderr, "sendoff:", words.T("start.raised"))
			return 0
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", words.Error(err))
		if o.tour == "" && hasDisplay() {
			shell.Sorry(a, words, o.theme, err)
		}
		return 1
	}
	if err := e.ReadOnly(); err != nil {
		fmt.Fprintln(stderr, "sendoff:", words.Error(err))
	}
	again, status := false, 0
	bridge.Guard(e, func() {
		status = show(a, e, at, o, words, log, func() { again = true }, stdout, stderr)
	})
	if err := e.Close(); err != nil {
		log.Error("closing the workspace", "error", err)
	}
	if again {
		return restart(o, stdout, stderr)
	}
	return status
}

// restart starts the program anew with a workspace that a person wants open all the
// same: a toolkit's application runs once a process.
func restart(o options, stdout, stderr io.Writer) int {
	path, err := os.Executable()
	if err == nil {
		c := exec.Command(path, append(slices.Clone(o.args), "--start-anyway")...)
		c.Stdout, c.Stderr = stdout, stderr
		err = c.Start()
	}
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", err)
		return 1
	}
	return 0
}

// open opens the workspace and, when asked, the training sample. The place is the
// one to begin with; without a screen it is where the window was left.
func open(dir string, o options, log *slog.Logger) (*engine.Engine, panel.Place, error) {
	ctx := context.Background()
	options := engine.Options{Dir: dir, Window: true, Watch: true, Insist: o.insist, Log: log, Language: o.language}
	if o.sample || o.tour != "" {
		options.Operator = trainer
	}
	e, err := engine.Open(ctx, options)
	if err != nil {
		return nil, panel.Place{}, err
	}
	at, err := begin(ctx, e, o)
	if err != nil {
		return nil, at, errors.Join(err, e.Close())
	}
	return e, at, nil
}

func begin(ctx context.Context, e *engine.Engine, o options) (panel.Place, error) {
	if o.sample && o.tour == "" && e.ReadOnly() != nil {
		return panel.Place{}, nil
	}
	if o.sample || o.tour != "" {
		id, err := e.AddSample(ctx)
		if err == nil && o.tour != "" {
			id, err = playable(ctx, e, id)
		}
		return panel.Place{Screen: panel.Delivery, Delivery: id}, err
	}
	if o.gallery {
		return panel.Place{Screen: panel.Gallery}, nil
	}
	vs, err := e.Deliveries(ctx)
	if err != nil || len(vs) > 0 {
		return panel.Place{}, err
	}
	as, err := e.Audiences(ctx)
	if err != nil || len(as) > 0 {
		return panel.Place{}, err
	}
	return panel.Place{Screen: panel.Welcome}, nil
}

// playable is the sample itself while it can be prepared, else a copy of it: a
// tour may be played again and again.
func playable(ctx context.Context, e *engine.Engine, id delivery.ID) (delivery.ID, error) {
	v, err := e.Delivery(ctx, id)
	if err != nil || !v.State.Sealed() {
		return id, err
	}
	os, err := e.Operators(ctx)
	if err != nil {
		return 0, err
	}
	return e.DuplicateDelivery(ctx, access.Principal{Operator: os[0].ID}, id)
}

// show runs the window, and the tour in it, until either ends.
func show(a fyne.App, e *engine.Engine, at panel.Place, o options, words *text.Catalog, log *slog.Logger, insist func(), stdout, stderr io.Writer) int {
	operators, err := e.Operators(context.Background())
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", words.Error(err))
		return 1
	}
	e.Run()
	w, err := shell.New(shell.Config{App: a, Engine: live.Engine{Engine: e}, Operators: operators,
		Text: words, Words: translations.FS, Theme: o.theme, Size: o.size, Start: at, Log: log, Insist: insist})
	if err != nil {
		fmt.Fprintln(stderr, "sendoff:", words.Error(err))
		return 1
	}
	status := make(chan int, 1)
	if o.tour != "" {
		w.OnShown(func() { go play(w, at.Delivery, o, words, stdout, stderr, status) })
	}
	w.Run()
	select {
	case s := <-status:
		return s
	default:
	}
	if o.tour != "" {
		fmt.Fprintln(stderr, "sendoff:", words.T("error.tour", "step", "…", "cause", words.T("error.cancelled")))
		return 1
	}
	return 0
}

// play runs the tour and closes the window behind it.
func play(w *shell.Shell, id delivery.ID, o options, words *text.Catalog, stdout, stderr io.Writer, status chan<- int) {
	res, err := tour.Run(context.Background(), w.Stage(), tour.Options{Dir: o.tour, ID: id, Slow: o.slow})
	s := 0
	var f *tour.Failure
	switch {
	case errors.As(err, &f):
		fmt.Fprintln(stderr, "sendoff:", words.T("error.tour", "step", f.Step, "cause", words.Error(f.Err)))
		s = 1
	case err != nil:
		fmt.Fprintln(stderr, "sendoff:", words.Error(err))
		s = 1
	default:
		if p := res.Last.Deployment; p != nil {
			for _, k := range p.KPIs {
				fmt.Fprintf(stdout, "%-24s %12s  %s\n", k.Label, k.Value, k.Note)
			}
		}
		fmt.Fprintln(stdout, words.N("tour.pictures", int64(len(res.Pictures)), "dir", o.tour))
	}
	status <- s
	w.Quit()
}

// hasDisplay guesses whether a window can be shown at all.
func hasDisplay() bool {
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}
