package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// Fact is a label with a value. Code is set in a fixed-width face and can be
// selected. Link is a word below that leads somewhere, empty for none.
type Fact struct {
	Label string
	Value string
	Code  bool
	Link  string
}

// Facts is a list of labels above values, for a side panel.
type Facts struct {
	widget.BaseWidget
	facts  []Fact
	rows   []factRow
	list   *fyne.Container
	onLink func(i int)
}

type factRow struct {
	label *Text
	value *Text
	code  *Selectable
	link  *Link
	box   *fyne.Container
}

// NewFacts makes an empty list.
func NewFacts() *Facts {
	f := &Facts{list: VStack(12)}
	f.ExtendBaseWidget(f)
	return f
}

// SetOnLink is called with the number of the fact whose link was pressed.
func (f *Facts) SetOnLink(do func(i int)) { f.onLink = do }

// Set changes the facts. Rows are kept, so this is cheap while nothing changes.
func (f *Facts) Set(facts []Fact) {
	for i, x := range facts {
		if i == len(f.rows) {
			r := factRow{label: NewText("", Caption()).Trim(), value: NewText("", Body()).Wrap(), code: NewSelectable("", true)}
			r.link = NewLink("", func() { f.onLink(i) })
			r.box = VStack(1, r.label, r.value, r.code, HStack(0, r.link))
			f.rows = append(f.rows, r)
		}
		r := f.rows[i]
		r.label.Set(x.Label)
		if x.Code {
			r.code.Set(x.Value)
		} else {
			r.value.Set(x.Value)
		}
		Show(r.value, !x.Code)
		Show(r.code, x.Code)
		r.link.Set(x.Link)
		Show(r.box.Objects[3], x.Link != "")
	}
	same := len(facts) == len(f.facts)
	for i := range facts {
		same = same && facts[i] == f.facts[i]
	}
	f.facts = append(f.facts[:0], facts...)
	if same {
		return
	}
	var os []fyne.CanvasObject
	for _, r := range f.rows[:len(facts)] {
		os = append(os, r.box)
	}
	Replace(f.list, os...)
}

// CreateRenderer implements fyne.Widget.
func (f *Facts) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.list) }

// FactRow is one line of a FactTable: a label, a bold value, a muted rest that
// may be cut, and a word at the right that shows more.
type FactRow struct {
	Label string
	Value string
	Rest  string
	Tone  look.Tone // of the value
	Link  string
	OnTap func()
}

// NewFactTable makes the facts of a dialog, one to a line, with labels of a
// width.
func NewFactTable(label float32, rows ...FactRow) fyne.CanvasObject {
	list := VStack(0)
	for _, r := range rows {
		list.Add(newFactLine(label, r))
	}
	return list
}

// factLine is one line of 30 units. The value wraps where it is too long; the
// rest goes under it when it does not fit beside.
type factLine struct {
	widget.BaseWidget
	label, value, rest *Text
	dot                *Text // between value and rest, when both are on one line
	link               *Link
	indent             float32
}

func newFactLine(indent float32, r FactRow) *factLine {
	l := &factLine{indent: indent, label: NewText(r.Label, SmallMuted()).Trim(), value: NewText(r.Value, SmallStrong().In(r.Tone.Text())).Wrap(),
		rest: NewText(r.Rest, SmallMuted()).Wrap(), dot: NewText("·", SmallMuted()), link: NewLink(r.Link, r.OnTap)}
	Show(l.link, r.Link != "" && r.OnTap != nil)
	l.ExtendBaseWidget(l)
	return l
}

const dotGap float32 = 3

// parts are the widths and heights at a width of the line.
func (l *factLine) parts(w float32) (room float32, one bool, value, rest float32) {
	room = w - l.indent
	if l.link.Visible() {
		room -= l.link.MinSize().Width + 12
	}
	gap := l.dot.Natural() + 2*dotGap
	if l.rest.Text() == "" {
		gap = 0
	}
	one = l.value.Natural()+gap+l.rest.Natural() <= room
	if one {
		return room, true, 17, 17
	}
	value = heightFor(l.value, room)
	if l.rest.Text() != "" {
		rest = heightFor(l.rest, room)
	}
	return room, false, value, rest
}

func (l *factLine) place(s fyne.Size) {
	const top = 6
	put(l.label, 0, top, l.indent-8, l.label.MinSize().Height)
	room, one, value, rest := l.parts(s.Width)
	if one {
		put(l.value, l.indent, top, l.value.Natural(), value)
		x := l.indent + l.value.Natural() + dotGap
		put(l.dot, x, top, l.dot.Natural(), 17)
		put(l.rest, x+l.dot.Natural()+dotGap, top, l.rest.Natural(), rest)
	} else {
		put(l.value, l.indent, top, room, value)
		put(l.rest, l.indent, top+value, room, rest)
	}
	Show(l.dot, one && l.rest.Text() != "")
	m := l.link.MinSize()
	put(l.link, s.Width-m.Width, top, m.Width, m.Height)
}

// CreateRenderer implements fyne.Widget.
func (l *factLine) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{l.label, l.value, l.dot, l.rest, l.link}, layout: l.place,
		min: func() fyne.Size {
			w := l.Size().Width
			if w == 0 {
				return fyne.NewSize(l.indent+160, 30)
			}
			_, one, value, rest := l.parts(w)
			if one {
				return fyne.NewSize(l.indent+160, 30)
			}
			return fyne.NewSize(l.indent+160, value+rest+13)
		}, refresh: func() { l.place(l.Size()) }}
}
