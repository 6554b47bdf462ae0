// Package imports is the screen that makes a list of a file of people, in five
// steps: which file, what its columns are, what would happen, the import, and what
// it did, with the way back.
//
// A Panel lives on the UI goroutine; files are read off it.
package imports

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// The steps, in order.
const (
	stepFile = iota
	stepColumns
	stepCheck
	stepImport
	stepDone
)

// widest is as wide as the screen gets.
const widest float32 = 1180

// Extensions lists the endings of the files that can be imported.
func Extensions() []string { return []string{".csv", ".tsv", ".txt", ".xlsx", ".vcf"} }

// Panel is the screen.
type Panel struct {
	env    *panel.Env
	at     panel.Place
	closed bool
	turn   int    // of what is asked of the engine: an answer to an older question is not shown
	cancel func() // of what is being asked

	step  int
	form  state.ImportForm
	found audience.Inspection
	check *bridge.ImportCheck
	sort  string // of the rows that are open; empty for none

	shell      *widgets.Shell
	steps      *widgets.Steps
	back, next *kit.Button
	wrong      *kit.Banner
	file       *fileStep
	columns    *columnStep
	checking   *checkStep
	running    *runStep
}

// New makes the screen. A file in the place is looked at at once; with a delivery,
// the list can be used for it.
func New(env *panel.Env, at panel.Place) *Panel {
	c := env.Text
	env.Title(c.T("import.title"), "")
	p := &Panel{env: env, at: at, form: state.NewImportForm(at.File)}
	var names []string
	for _, s := range []string{"file", "columns", "check", "import", "done"} {
		names = append(names, c.T("import.step."+s))
	}
	p.steps = widgets.NewSteps(names...)
	p.back = kit.NewButton(c.T("import.back"), kit.IconNone, state.Outlined, p.goBack)
	p.next = kit.NewButton(c.T("import.next"), kit.IconNone, state.Primary, p.goOn)
	p.wrong = kit.NewBanner()
	kit.Show(p.wrong, false)
	bar := widgets.NewBox(look.Surface, "", 0, widgets.Pad(9, look.Margin), widgets.Ends(p.steps, kit.HStack(8, p.back, p.next)))
	p.shell = widgets.NewShell(nil, bar, kit.VStack(0))
	p.show(stepFile)
	if at.File != "" {
		p.chosen(at.File)
	}
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.shell }

// Place is where the screen stands; its file is not opened again by itself.
func (p *Panel) Place() panel.Place {
	return panel.Place{Screen: panel.Import, Delivery: p.at.Delivery}
}

// Focus puts the keyboard where one begins.
func (p *Panel) Focus() {
	if p.step == stepFile {
		p.env.Window.Canvas().Focus(p.file.choose)
	}
}

// Close ends what is still awaited. An import that runs goes on, and tells when it
// is done.
func (p *Panel) Close() {
	p.closed = true
	if p.cancel != nil && p.step != stepImport {
		p.cancel()
	}
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		if _, ok := e.(event.Lists); ok && p.step == stepFile {
			p.file.reload()
			return
		}
	}
}

// Reload asks for the earlier imports.
func (p *Panel) Reload() {
	if p.step == stepFile {
		p.file.reload()
	}
}

func (p *Panel) may() bool {
	return p.env.Operator().Rights.Has(access.Prepare) && p.env.ReadOnly() == ""
}

// show brings a step into sight.
func (p *Panel) show(step int) {
	p.step = step
	p.steps.Set(step)
	p.fail("")
	var page fyne.CanvasObject
	switch step {
	case stepFile:
		p.file = newFileStep(p)
		page = p.file.page
	case stepColumns:
		p.columns = newColumnStep(p)
		page = p.columns.page
	case stepCheck:
		p.checking = newCheckStep(p)
		page = p.checking.page
	case stepImport:
		p.running = newRunStep(p)
		page = p.running.page
	case stepDone:
		page = newDoneStep(p)
	}
	p.buttons()
	p.shell.SetPage(widgets.Page(widest, p.wrong, page))
}

// buttons shows what can be done in a step.
func (p *Panel) buttons() {
	c := p.env.Text
	kit.Show(p.back, p.step == stepColumns || p.step == stepCheck)
	kit.Show(p.next, p.step <= stepCheck)
	p.next.SetText(c.T("import.next"))
	p.next.SetEnabled(p.step != stepFile || strings.TrimSpace(p.form.File) != "")
	if p.step == stepCheck {
		n := int64(0)
		if p.check != nil {
			n = p.check.Rows - p.check.Merged
		}
		p.next.SetText(c.N("import.start", n))
		p.next.SetEnabled(p.check != nil && n > 0 && p.may())
		if !p.may() {
			p.next.SetToolTip(c.T("why.prepare_right"))
		}
	}
}

// fail says what is wrong above the step, or nothing.
func (p *Panel) fail(sentence string) {
	if sentence != "" {
		kit.SetBanner(p.wrong, sentence, state.Red)
	}
	kit.Show(p.wrong, sentence != "")
	p.shell.Refresh()
}

func (p *Panel) goBack() {
	if p.cancel != nil {
		p.cancel()
	}
	p.turn++
	p.show(p.step - 1)
}

func (p *Panel) goOn() {
	switch p.step {
	case stepFile:
		p.chosen(p.form.File)
	case stepColumns:
		if s := p.form.ColumnsProblem(p.env.Text); s != "" {
			p.fail(s)
			return
		}
		p.show(stepCheck)
		p.checkNow()
	case stepCheck:
		if s := p.form.CheckProblem(p.env.Text); s != "" {
			p.fail(s)
			return
		}
		p.start()
	}
}

// chosen takes a file: it is looked at, and its columns are shown.
func (p *Panel) chosen(path string) {
	if path != p.form.File || len(p.form.Columns) == 0 {
		p.form = state.NewImportForm(path)
	}
	p.form.File = path
	p.file.path.SetText(path)
	p.inspect(true)
}

// Drop takes a file that was dragged onto the window.
func (p *Panel) Drop(path string) {
	if p.step == stepImport {
		return
	}
	p.form = state.ImportForm{}
	if p.step != stepFile {
		p.show(stepFile)
	}
	p.chosen(path)
}

// request is what the form asks for.
func (p *Panel) request() bridge.ImportRequest {
	o := p.form.Options()
	day, _ := p.form.Consent()
	return bridge.ImportRequest{File: p.form.File, Name: strings.TrimSpace(p.form.Name), Kind: o.Kind, Encoding: o.Encoding, Delimiter: o.Delimiter,
		Header: o.Header, Sheet: o.Sheet, Map: o.Map, Without: o.Without, Types: o.Types, Existing: p.form.Existing, Join: p.form.Join,
		ConsentSource: strings.TrimSpace(p.form.ConsentSource), ConsentAt: day}
}

// inspect looks at the file. anew takes what is found for the columns; else only
// their warnings follow what a person chose.
func (p *Panel) inspect(anew bool) {
	p.turn++
	turn := p.turn
	r := p.request()
	if anew {
		o := p.form.Reading
		r = bridge.ImportRequest{File: p.form.File, Kind: o.Kind, Encoding: o.Encoding, Delimiter: o.Delimiter, Header: o.Header, Sheet: o.Sheet}
	}
	p.cancel = bridge.Run(p.env.Bridge, "look at a file", func(ctx context.Context) (audience.Inspection, error) {
		return p.env.Engine.Inspect(ctx, r)
	}, func(in audience.Inspection, err error) {
		if p.closed || turn != p.turn {
			return
		}
		p.cancel = nil
		if err != nil {
			if anew {
				p.fail(p.env.Text.Error(err))
			}
			return
		}
		if !anew {
			p.form.Warned(p.env.Text, in)
			p.columns.warn()
			return
		}
		p.found = in
		p.form.Found(p.env.Text, in)
		p.show(stepColumns)
	})
}

// start imports.
func (p *Panel) start() {
	r, who, c := p.request(), p.env.Who(), p.env.Text
	if p.cancel != nil {
		p.cancel() // a check that still runs
	}
	p.turn++
	p.show(stepImport)
	latest := bridge.NewLatest(p.env.Bridge, p.running.progress)
	p.cancel = bridge.Run(p.env.Bridge, "import", func(ctx context.Context) (bridge.ImportResult, error) {
		return p.env.Engine.Import(ctx, who, r, latest.Set)
	}, func(res bridge.ImportResult, err error) {
		p.cancel = nil
		switch {
		case delivery.Is(err, delivery.KindCancelled):
			p.env.Toast(c.T("import.cancelled"), state.Amber)
			if !p.closed {
				p.show(stepCheck)
				p.checkNow()
			}
		case p.closed && err != nil:
			p.env.Fail(err)
		case p.closed:
			p.env.Did(c.T("import.done", "name", res.Audience.Name), func(ctx context.Context, who access.Principal) error {
				_, err := p.env.Engine.UndoImport(ctx, who, res.Import)
				return err
			})
		case err != nil:
			p.show(stepCheck)
			p.checkNow()
			p.fail(c.Error(err))
		default:
			p.running.result = res
			p.show(stepDone)
		}
	})
}

// today is the day on which somebody most likely agreed: the last one that passed.
func (p *Panel) today() string { return p.env.Now().Format(time.DateOnly) }
