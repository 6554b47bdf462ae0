package widgets

import (
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Question is what a SafeDialog asks.
type Question struct {
	Title    string
	Subtitle string
	Content  fyne.CanvasObject // may be nil
	Note     string            // small code at the bottom left
	OK       string            // empty: there is only Cancel
	Cancel   string
	Danger   bool    // OK does harm: it is red
	Width    float32 // 0 for the usual 700
}

// SafeDialog is a question that must not be answered by accident. Its answer
// comes exactly once; Escape and Cancel are no; Return does nothing; Cancel has
// the keyboard when it opens, and Tab stays inside.
type SafeDialog struct {
	sheet   *sheet
	ok      *Button
	cancel  *Button
	gate    *gate
	enabled bool
	answer  sync.Once
	done    func(bool)
}

// ShowSafe opens a question. done is called once, with true for OK; it is called
// with false too when the dialog is closed by Close or with the one below it.
func ShowSafe(w fyne.Window, q Question, done func(ok bool)) *SafeDialog {
	d := &SafeDialog{done: done, enabled: true, gate: newGate()}
	d.cancel = NewButton(q.Cancel, NoIcon, Outlined, d.Cancel)
	kind := Primary
	if q.Danger {
		kind = FilledDanger
	}
	d.ok = NewButton(q.OK, NoIcon, kind, func() { d.Accept() })
	Show(d.ok, q.OK != "")
	var body []fyne.CanvasObject
	if q.Content != nil {
		body = append(body, q.Content)
	}
	d.gate.entry.SetOnChanged(func(string) { d.check() })
	d.gate.Hide()
	body = append(body, d.gate)
	d.sheet = openSheet(w, q.Title, q.Subtitle, q.Width, body, sheetFoot(q.Note, d.cancel, d.ok), d.Cancel, func() { d.end(false) })
	w.Canvas().Focus(d.cancel)
	return d
}

// Require keeps OK from being pressed until exactly text was typed, spaces
// around it aside. The prompt says so.
func (d *SafeDialog) Require(prompt, text string) {
	d.gate.prompt.Set(prompt)
	d.gate.want = text
	Show(d.gate, text != "")
	d.check()
	d.sheet.fit()
}

// SetEnabled lets OK be pressed or not, besides what Require asks.
func (d *SafeDialog) SetEnabled(on bool) {
	d.enabled = on
	d.check()
}

func (d *SafeDialog) check() { d.ok.SetEnabled(d.open()) }

func (d *SafeDialog) open() bool { return d.enabled && d.ok.Visible() && d.gate.open() }

// Type types into the field that Require shows.
func (d *SafeDialog) Type(s string) { d.gate.entry.SetText(s); d.check() }

// Accept presses OK; false when it cannot be pressed.
func (d *SafeDialog) Accept() bool {
	if !d.open() {
		return false
	}
	return d.end(true)
}

// Cancel presses Cancel.
func (d *SafeDialog) Cancel() { d.end(false) }

// Close takes the dialog away, which is no.
func (d *SafeDialog) Close() { d.end(false) }

// Fit gives it the height that it needs now, after its content changed.
func (d *SafeDialog) Fit() { d.sheet.fit() }

// end answers; false when it was answered before.
func (d *SafeDialog) end(yes bool) (first bool) {
	// Closing comes back here, so nothing is done inside of Do.
	d.answer.Do(func() { first = true })
	if first {
		d.sheet.close()
		d.done(yes)
	}
	return first
}

// gate is the amber line in which a number must be typed.
type gate struct {
	widget.BaseWidget
	want   string
	prompt *Text
	entry  *Entry
	box    *Box
}

func newGate() *gate {
	g := &gate{prompt: NewText("", TextStyle{Weight: Medium, Color: look.Amber}).Wrap(), entry: NewEntry("", "")}
	g.box = NewBox(look.AmberOn, "", look.RadiusSmall, Pad(6, 12), Ends(g.prompt, Sized(130, look.ButtonHeight, g.entry)))
	g.ExtendBaseWidget(g)
	return g
}

func (g *gate) open() bool { return g.want == "" || trimmed(g.entry.Text()) == g.want }

// CreateRenderer implements fyne.Widget.
func (g *gate) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(g.box) }

// FormSpec is what a Form is made of.
type FormSpec struct {
	Title    string
	Subtitle string
	Content  fyne.CanvasObject
	Save     string
	Cancel   string
	Head     fyne.CanvasObject // stays above what scrolls; may be nil
	Left     fyne.CanvasObject // at the left of the buttons; may be nil
	Focus    fyne.Focusable    // what has the keyboard at first; nil for the first input
	Width    float32           // 0 for 560
	OnSave   func(*Form)       // Save was pressed; the form stays until Close
	OnClose  func()            // it is gone; may be nil
}

// Form is a dialog with inputs. Escape and Cancel close it; Return does nothing
// but what the input it is typed in does.
type Form struct {
	sheet  *sheet
	save   *Button
	cancel *Button
	wrong  *Banner
}

// ShowForm opens a form.
func ShowForm(w fyne.Window, s FormSpec) *Form {
	f := &Form{wrong: NewBanner(look.RedTone, IconError, "")}
	f.wrong.Hide()
	f.cancel = NewButton(s.Cancel, NoIcon, Outlined, f.Close)
	f.save = NewButton(s.Save, NoIcon, Primary, func() { s.OnSave(f) })
	if s.Width == 0 {
		s.Width = 560
	}
	foot := sheetFoot("", f.cancel, f.save)
	if s.Left != nil {
		foot = Ends(HStack(0, s.Left), HStack(10, f.cancel, f.save))
	}
	f.sheet = openSheet(w, s.Title, s.Subtitle, s.Width, []fyne.CanvasObject{s.Content, f.wrong}, foot, f.Close, s.OnClose)
	if s.Head != nil {
		f.sheet.head.Add(Inset(Insets{Top: 8}, s.Head))
	}
	Show(f.save, s.Save != "")
	if s.Focus == nil {
		w.Canvas().FocusNext()
		return f
	}
	w.Canvas().Focus(s.Focus)
	return f
}

// SetError says below the inputs what keeps the form from being saved; empty for
// nothing.
func (f *Form) SetError(s string) {
	f.wrong.Set(look.RedTone, IconError, s)
	Show(f.wrong, s != "")
	f.Fit()
}

// SetSave changes the label of Save; empty for no such button.
func (f *Form) SetSave(label string) {
	f.save.SetText(label)
	Show(f.save, label != "")
	f.sheet.foot.Refresh()
	f.Fit()
}

// SetCancel changes the label of Cancel.
func (f *Form) SetCancel(label string) {
	f.cancel.SetText(label)
	f.sheet.foot.Refresh()
	f.Fit()
}

// SetBusy keeps Save from being pressed while it is at work.
func (f *Form) SetBusy(on bool) { f.save.SetEnabled(!on) }

// Fit gives it the height that it needs now, after its content changed.
func (f *Form) Fit() { f.sheet.fit() }

// Save presses Save.
func (f *Form) Save() { f.save.Tapped(nil) }

// Close takes the form away.
func (f *Form) Close() { f.sheet.close() }
