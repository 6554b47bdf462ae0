package blocks

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/personal"
	"sendoff/engine/block"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// props is what belongs to the chosen block, or to the brand when none is.
type props struct {
	p    *Pane
	root fyne.CanvasObject
	box  *fyne.Container

	path  block.Path // of the block whose form is shown; nil: the brand's
	kind  block.Kind
	parts int  // columns or links of it
	shown bool // a form was made
	live  bool
	syncs []func(*block.Block) // set the inputs
	brand []func(*block.Brand)
	first fyne.Focusable // gets the keyboard
	wrong map[string]*kit.Entry
}

func newProps(p *Pane) *props {
	q := &props{p: p, box: kit.VStack(14)}
	q.root = widgets.NewBox(look.Surface, look.Line, look.RadiusSmall, widgets.Pad(1, 1),
		kit.NewScroll(widgets.Inset(widgets.Insets{Top: 14, Right: 16, Bottom: 18, Left: 16}, q.box)))
	return q
}

func (q *props) object() fyne.CanvasObject { return q.root }

// T is a word of the window's language.
func (q *props) T(key string) string { return q.p.s.Env().Text.T(key) }

// focus gives the keyboard to the first input.
func (q *props) focus() {
	if q.first != nil {
		q.p.s.Env().Window.Canvas().Focus(q.first)
	}
}

// focus gives it to the letter.
func (l *letter) focus() {
	if !l.board.Focused() {
		l.p.s.Env().Window.Canvas().Focus(l.board)
	}
}

// render makes another form when another block is chosen, else sets its inputs.
func (q *props) render() {
	p := q.p
	b := p.doc.At(p.selected)
	kind, parts := block.Kind(""), 0
	if b != nil {
		kind, parts = b.Kind, len(b.Columns)+len(b.Links)
	}
	if !q.shown || !q.path.Equal(p.selected) || (q.path == nil) != (p.selected == nil) || q.kind != kind || q.parts != parts || q.live != p.editable {
		q.path, q.kind, q.parts, q.shown, q.live = slices.Clone(p.selected), kind, parts, true, p.editable
		q.syncs, q.brand, q.first, q.wrong = nil, nil, nil, map[string]*kit.Entry{}
		var os []fyne.CanvasObject
		switch {
		case b != nil:
			os = q.form(*b)
		case p.selected != nil:
			os = q.emptyColumn()
		default:
			os = q.brandForm()
		}
		kit.Replace(q.box, os)
	}
	if b != nil {
		for _, f := range q.syncs {
			f(b)
		}
	} else if p.selected == nil {
		for _, f := range q.brand {
			f(&p.doc.Brand)
		}
	}
	q.faults()
	q.root.Refresh()
}

// faults shows what is wrong at its field.
func (q *props) faults() {
	f := q.p.fault
	for field, e := range q.wrong {
		if f.err != nil && f.path.Equal(q.path) && f.field == field {
			e.SetError(q.p.s.Env().Text.Error(f.err))
		} else if e.Error() != "" && field != "url" {
			e.SetError("")
		}
	}
}

// title names the block, with what can be done with it.
func (q *props) title(k block.Kind) fyne.CanvasObject {
	c, p := q.p.s.Env().Text, q.p
	do := func(i widgets.IconName, tip string, f func() bool) *kit.Button {
		b := kit.NewIconButton(i, tip, func() { f(); p.letter.focus() })
		b.SetEnabled(p.editable)
		return b
	}
	return widgets.Ends(kit.NewText(kit.Heading, c.T("blocks.kind."+string(k))).Trim(), kit.HStack(0,
		do(widgets.IconUp, q.T("blocks.up"), func() bool { return p.step(-1) }), do(widgets.IconLower, q.T("blocks.down"), func() bool { return p.step(1) }),
		do(widgets.IconCopy, q.T("blocks.duplicate"), p.duplicate), do(widgets.IconTrash, q.T("blocks.delete"), p.remove)))
}

func (q *props) emptyColumn() []fyne.CanvasObject {
	c := q.p.s.Env().Text
	return []fyne.CanvasObject{kit.NewText(kit.Heading, c.T("blocks.empty_column")), kit.NewText(kit.Small, c.T("blocks.empty_column_note")).Wrap()}
}

// remember makes the first input that has the keyboard.
func (q *props) remember(f fyne.Focusable) {
	if q.first == nil {
		q.first = f
	}
}

// entry is an input for a string of the block.
func (q *props) entry(label, field, hint string, rows int, of func(*block.Block) *string) fyne.CanvasObject {
	e := kit.NewEntry(hint)
	if rows > 1 {
		e = kit.NewArea(hint, rows, false)
	}
	e.SetEnabled(q.p.editable)
	at := q.path
	e.SetOnChanged(func(s string) {
		q.p.change(at, field, func(b *block.Block) { *of(b) = s })
	})
	e.SetOnUndo(q.undo)
	e.SetOnEscape(q.p.letter.focus)
	q.syncs = append(q.syncs, func(b *block.Block) { e.Present(*of(b)) })
	q.wrong[field] = e
	q.remember(e.Target())
	return q.labelled(label, e)
}

func (q *props) undo(redo bool) {
	if redo {
		q.p.s.Redo()
		return
	}
	q.p.s.Undo()
}

func (q *props) labelled(label string, o fyne.CanvasObject) fyne.CanvasObject {
	if label == "" {
		return o
	}
	return widgets.Field(label, o)
}

// personal is an entry with the menu of merge tags beside its label.
func (q *props) personal(label, field, hint string, of func(*block.Block) *string) fyne.CanvasObject {
	o := q.entry("", field, hint, 1, of)
	e := q.wrong[field]
	menu := personal.NewIcon(q.p.s, personal.Target{Insert: e.Insert, Enclose: e.Enclose, Focus: e.Target})
	menu.SetEnabled(q.p.editable)
	return kit.VStack(2, widgets.Ends(kit.NewText(kit.Note, label), menu), o)
}

// address is an input for a web address. What lacks its scheme gets one.
func (q *props) address(label, field string, of func(*block.Block) *string) fyne.CanvasObject {
	c := q.p.s.Env().Text
	e := kit.NewEntry("https://")
	e.SetEnabled(q.p.editable)
	at := q.path
	e.SetOnChanged(func(s string) {
		a, ok := block.Address(s)
		if !ok {
			e.SetError(c.T("blocks.address_wrong"))
			return
		}
		e.SetError("")
		q.p.change(at, field, func(b *block.Block) { *of(b) = a })
	})
	e.SetOnUndo(q.undo)
	e.SetOnEscape(q.p.letter.focus)
	q.syncs = append(q.syncs, func(b *block.Block) {
		if a, ok := block.Address(e.Text()); !ok && q.p.s.Env().Window.Canvas().Focused() == e.Target() || ok && a == *of(b) {
			return // it is being typed
		}
		e.SetText(*of(b))
		e.SetError("")
	})
	q.remember(e.Target())
	return q.labelled(label, e)
}

// choice is a menu for one of some values.
func choice[V comparable](q *props, label string, values []V, say func(V) string, get func(*block.Block) V, set func(*block.Block, V)) fyne.CanvasObject {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = say(v)
	}
	at := q.path
	s := widgets.NewSelect(names, "", func(i int) {
		q.p.change(at, "", func(b *block.Block) { set(b, values[i]) })
	})
	s.SetEnabled(q.p.editable)
	q.syncs = append(q.syncs, func(b *block.Block) { s.SetSelected(slices.Index(values, get(b))) })
	return q.labelled(label, s)
}

// check is a yes or no.
func (q *props) check(label string, of func(*block.Block) *bool) fyne.CanvasObject {
	at := q.path
	k := widgets.NewCheck(label, func(on bool) {
		q.p.change(at, "", func(b *block.Block) { *of(b) = on })
	})
	k.SetEnabled(q.p.editable)
	q.syncs = append(q.syncs, func(b *block.Block) { k.SetChecked(*of(b)) })
	return k
}
