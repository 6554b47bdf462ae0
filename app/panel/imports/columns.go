package imports

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/audience"
	"sendoff/widgets"
)

// columnStep shows what was found and says what each column is.
type columnStep struct {
	p        *Panel
	page     fyne.CanvasObject
	warnings []*kit.Text
}

func newColumnStep(p *Panel) *columnStep {
	c := p.env.Text
	s := &columnStep{p: p}
	found := kit.VStack(12, kit.NewText(kit.Small, state.ImportFound(c, p.found)).Wrap(), s.readings())
	rows := kit.VStack(0, thirds(kit.NewText(kit.Small, c.T("import.column")), kit.NewText(kit.Small, c.T("import.field")), kit.NewText(kit.Small, c.T("import.type"))))
	var names []string
	for _, ch := range state.ImportChoices() {
		names = append(names, c.T("import.type."+ch.Key))
	}
	for i := range p.form.Columns {
		rows.Add(widgets.Inset(widgets.Insets{Top: 8}, widgets.Rule()))
		rows.Add(widgets.Inset(widgets.Insets{Top: 10}, s.row(i, names)))
	}
	s.page = kit.VStack(kit.Gap, kit.NewBlock(c.T("import.found"), "", nil, found), kit.NewBlock(c.T("import.step.columns"), "", nil, rows),
		kit.NewBlock(c.T("import.preview"), "", nil, s.preview()))
	return s
}

// readings are the parts of how the file is read that a person may know better.
func (s *columnStep) readings() fyne.CanvasObject {
	c, p := s.p.env.Text, s.p
	var fields []fyne.CanvasObject
	add := func(label string, options []string, at int, choose func(int)) {
		sel := widgets.NewSelect(options, "", func(i int) {
			choose(i)
			p.inspect(true)
		})
		sel.SetSelected(at)
		fields = append(fields, widgets.Sized(212, 0, widgets.Field(label, sel)))
	}
	if p.found.Kind != audience.KindXLSX {
		encodings := audience.Encodings()
		add(c.T("import.encoding"), encodings, slices.Index(encodings, p.found.Encoding), func(i int) { p.form.Reading.Encoding = encodings[i] })
	}
	if p.found.Kind == audience.KindCSV {
		marks := []rune{',', ';', '\t', '|'}
		names := []string{c.T("delimiter.comma"), c.T("delimiter.semicolon"), c.T("delimiter.tab"), c.T("delimiter.pipe")}
		add(c.T("import.delimiter"), names, slices.Index(marks, p.found.Delimiter), func(i int) { p.form.Reading.Delimiter = marks[i] })
	}
	if len(p.found.Sheets) > 1 {
		add(c.T("import.sheet"), p.found.Sheets, slices.Index(p.found.Sheets, p.found.Sheet), func(i int) { p.form.Reading.Sheet = p.found.Sheets[i] })
	}
	if p.found.Kind != audience.KindVCard {
		at := 1
		if p.found.Header {
			at = 0
		}
		add(c.T("import.header"), []string{c.T("import.header_yes"), c.T("import.header_no")}, at, func(i int) {
			p.form.Reading.Header = []audience.Header{audience.HeaderPresent, audience.HeaderAbsent}[i]
		})
	}
	return widgets.Wrap(16, fields...)
}

// row is one column: its header and samples, the name that its field gets, and
// what it is.
func (s *columnStep) row(i int, names []string) fyne.CanvasObject {
	p := s.p
	k := p.form.Columns[i]
	name := kit.NewEntry("")
	name.SetText(k.Name)
	warning := kit.NewText(kit.Small, k.Warning).Wrap()
	kit.SetTone(warning, state.Amber)
	kit.Show(warning, k.Warning != "")
	s.warnings = append(s.warnings, warning)
	typ := widgets.NewSelect(names, "", nil)
	enable := func() {
		ch := state.ImportChoices()[p.form.Columns[i].Choice]
		kit.Show(name, !ch.Email && !ch.Out)
	}
	typ.SetOnChanged(func(j int) {
		p.form.Columns[i].Choice = j
		if ch := state.ImportChoices()[j]; !ch.Email && !ch.Out && p.form.Columns[i].Name == "" {
			p.form.Columns[i].Name = audience.FieldName(k.Header)
			name.SetText(p.form.Columns[i].Name)
		}
		enable()
		p.fail("")
		p.inspect(false)
	})
	typ.SetSelected(k.Choice)
	name.SetOnChanged(func(s string) {
		p.form.Columns[i].Name = s
		p.fail("")
	})
	enable()
	words := kit.VStack(2, kit.NewText(kit.Heading, k.Header).Trim(), kit.NewText(kit.Small, k.Samples).Trim())
	return kit.VStack(4, thirds(words, name, typ), warning)
}

// warn shows the warnings of the form.
func (s *columnStep) warn() {
	for i, t := range s.warnings {
		t.Set(s.p.form.Columns[i].Warning)
		kit.Show(t, s.p.form.Columns[i].Warning != "")
	}
	s.p.shell.Refresh()
}

// shown is how many columns the preview has at most: more are not readable.
const shown = 12

// preview shows the first rows as they stand in the file.
func (s *columnStep) preview() fyne.CanvasObject {
	in := s.p.found
	n := min(len(in.Columns), shown)
	cols := make([]widgets.Column, n)
	for i := range cols {
		cols[i] = widgets.Column{Title: in.Columns[i].Header, Width: -1, Drop: i}
	}
	rows := in.Preview[:min(len(in.Preview), 8)]
	return widgets.NewTable(len(rows), cols, func() int { return len(rows) }, func(row, col int) widgets.Cell {
		if col < len(rows[row]) {
			return widgets.Cell{Text: rows[row][col]}
		}
		return widgets.Cell{}
	})
}

// thirds puts what a column is called, its field and its type beside each other.
func thirds(a, b, c fyne.CanvasObject) fyne.CanvasObject {
	return container.New(thirdLayout{}, a, b, c)
}

type thirdLayout struct{}

const thirdGap float32 = 16

func (thirdLayout) Layout(os []fyne.CanvasObject, s fyne.Size) {
	w := s.Width - 2*thirdGap
	x := float32(0)
	for i, share := range []float32{0.42, 0.28, 0.30} {
		h := os[i].MinSize().Height
		os[i].Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		os[i].Resize(fyne.NewSize(float32(int(w*share)), h))
		x += float32(int(w*share)) + thirdGap
	}
}

func (thirdLayout) MinSize(os []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, o := range os {
		h = max(h, o.MinSize().Height)
	}
	return fyne.NewSize(320, h)
}
