package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// rows are the rows of a table: a list that also knows the keys of a table.
type rows struct {
	widget.List
	t  *Table
	at int // the row that the keyboard is on
}

func newRows(t *Table) *rows {
	l := &rows{t: t}
	l.Length = t.count
	l.CreateItem = func() fyne.CanvasObject { return newTableRow(t) }
	l.UpdateItem = func(row widget.ListItemID, o fyne.CanvasObject) { o.(*tableRow).show(row) }
	l.OnHighlighted = func(row widget.ListItemID) { l.at = row }
	l.OnSelected = func(row widget.ListItemID) {
		l.Unselect(row)
		l.open(row)
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *rows) open(row int) {
	if l.t.onOpen != nil && row >= 0 && row < l.t.count() {
		l.t.onOpen(row)
	}
}

// TypedKey implements fyne.Focusable.
func (l *rows) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(l.Size().Height/look.RowHeight)-1)
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		l.open(l.at)
	case fyne.KeyPageDown:
		l.moveTo(l.at + page)
	case fyne.KeyPageUp:
		l.moveTo(l.at - page)
	case fyne.KeyHome:
		l.moveTo(0)
	case fyne.KeyEnd:
		l.moveTo(l.t.count() - 1)
	case fyne.KeySpace:
		if l.t.onTick == nil {
			l.List.TypedKey(e)
		} else if l.at < l.t.count() {
			l.t.onTick(l.at)
		}
	case fyne.KeyUp, fyne.KeyDown:
		l.List.TypedKey(e)
	default:
		unused(l, e)
	}
}

func (l *rows) moveTo(row int) {
	row = max(0, min(row, l.t.count()-1))
	was := l.at
	l.Highlight(row)
	l.ScrollTo(row)
	l.RefreshItem(was)
	l.RefreshItem(row)
}

// TypedShortcut implements fyne.Shortcutable: it copies the row.
func (l *rows) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		if l.t.onCopy != nil && l.at < l.t.count() {
			l.t.onCopy(l.at)
		}
		return
	}
	passOn(l, s)
}

// tableRow is one row.
type tableRow struct {
	widget.BaseWidget
	t     *Table
	row   int
	texts []*Text
	icons []*Icon
	tick  *tick // nil without a column of boxes
}

var _ fyne.SecondaryTappable = (*tableRow)(nil)

func newTableRow(t *Table) *tableRow {
	r := &tableRow{t: t}
	for _, c := range t.cols {
		style := Small()
		style.Tabular = c.Number
		x := NewText("", style).Trim()
		if c.Number {
			x.Right()
		}
		i := NewIcon(NoIcon, 14, look.Ink)
		i.Hide()
		r.texts, r.icons = append(r.texts, x), append(r.icons, i)
		if c.Tick {
			r.tick = newTick(func() {
				if t.onTick != nil && r.row < t.count() {
					t.onTick(r.row)
				}
			})
		}
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *tableRow) show(row int) {
	r.row = row
	moved := false
	for i := range r.t.cols {
		if !r.t.fit[i] {
			continue
		}
		c := r.t.cell(row, i)
		if r.t.cols[i].Tick {
			r.tick.set(c.Ticked)
			continue
		}
		r.texts[i].Set(c.Text)
		r.texts[i].SetTone(c.Tone)
		r.icons[i].Set(c.Icon, c.Tone.Text())
		moved = Show(r.icons[i], c.Icon != NoIcon) || moved
	}
	if moved {
		r.place(r.Size())
	}
}

// TappedSecondary implements fyne.SecondaryTappable.
func (r *tableRow) TappedSecondary(*fyne.PointEvent) {
	if r.t.onMenu != nil && r.row < r.t.count() {
		r.t.onMenu(r.row, r)
	}
}

func (r *tableRow) place(s fyne.Size) {
	for i := range r.t.cols {
		Show(r.texts[i], r.t.fit[i])
		if !r.t.fit[i] {
			Show(r.icons[i], false)
		}
	}
	r.t.places(s.Width, func(i int, x, w float32) {
		if r.t.cols[i].Tick {
			put(r.tick, x-tablePad, 0, tablePad+w, s.Height)
			return
		}
		t, left := r.texts[i], x
		if r.icons[i].Visible() {
			put(r.icons[i], x, floor((s.Height-14)/2), 14, 14)
			left += 22
		}
		h := t.MinSize().Height
		put(t, left, floor((s.Height-h)/2), x+w-left, h)
	})
}

// CreateRenderer implements fyne.Widget.
func (r *tableRow) CreateRenderer() fyne.WidgetRenderer {
	var os []fyne.CanvasObject
	for i := range r.t.cols {
		os = append(os, r.texts[i], r.icons[i])
	}
	if r.tick != nil {
		os = append(os, r.tick)
	}
	return &drawn{objects: os, layout: r.place, min: func() fyne.Size { return fyne.NewSize(100, look.RowHeight-1) },
		refresh: func() { r.place(r.Size()); canvas.Refresh(r) }}
}

// tableHeader is the row of titles.
type tableHeader struct {
	widget.BaseWidget
	t     *Table
	heads []*tableTitle
}

func newTableHeader(t *Table) *tableHeader {
	h := &tableHeader{t: t}
	for i := range t.cols {
		h.heads = append(h.heads, newTableTitle(t, i))
	}
	h.ExtendBaseWidget(h)
	return h
}

func (h *tableHeader) update() {
	for _, x := range h.heads {
		x.Refresh()
	}
}

func (h *tableHeader) place(s fyne.Size) {
	for i, x := range h.heads {
		Show(x, h.t.fit[i])
	}
	h.t.places(s.Width, func(i int, x, w float32) { put(h.heads[i], x-6, 3, w+12, s.Height-6) })
}

// CreateRenderer implements fyne.Widget.
func (h *tableHeader) CreateRenderer() fyne.WidgetRenderer {
	os := make([]fyne.CanvasObject, len(h.heads))
	for i, x := range h.heads {
		os[i] = x
	}
	return &drawn{objects: os, layout: h.place, min: func() fyne.Size { return fyne.NewSize(100, tableHead) },
		refresh: func() { h.place(h.Size()); h.update() }}
}

// tableTitle is the title of one column. Pressing it sorts.
type tableTitle struct {
	widget.BaseWidget
	t       *Table
	col     int
	text    *Text
	icon    *Icon
	ground  *canvas.Rectangle
	hover   bool
	focused bool
}

var (
	_ fyne.Tappable      = (*tableTitle)(nil)
	_ desktop.Hoverable  = (*tableTitle)(nil)
	_ desktop.Cursorable = (*tableTitle)(nil)
)

// newTableTitle makes a title; only one that sorts can have the keyboard.
func newTableTitle(t *Table, col int) *tableTitle {
	x := &tableTitle{t: t, col: col, text: NewText(t.cols[col].Title, TextStyle{Size: look.SizeCaption, Weight: Medium, Color: look.Muted}).Trim(),
		icon: NewIcon(NoIcon, 12, look.Ink), ground: canvas.NewRectangle(nil)}
	x.ExtendBaseWidget(x)
	return x
}

func (x *tableTitle) sorts() bool { return x.t.cols[x.col].Sorts && x.t.onSort != nil }

// Tapped implements fyne.Tappable. The first press sorts upwards, the second
// downwards.
func (x *tableTitle) Tapped(*fyne.PointEvent) {
	if x.sorts() {
		k := x.t.cols[x.col].Key
		x.t.onSort(k, k == x.t.sorted && !x.t.desc)
	}
}

// MouseIn implements desktop.Hoverable.
func (x *tableTitle) MouseIn(*desktop.MouseEvent) { x.hover = true; x.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (x *tableTitle) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (x *tableTitle) MouseOut() { x.hover = false; x.Refresh() }

// Cursor implements desktop.Cursorable.
func (x *tableTitle) Cursor() desktop.Cursor {
	if x.sorts() {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable.
func (x *tableTitle) FocusGained() { x.focused = true; x.Refresh() }

// FocusLost implements fyne.Focusable.
func (x *tableTitle) FocusLost() { x.focused = false; x.Refresh() }

// TypedKey implements fyne.Focusable: Space sorts.
func (x *tableTitle) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		x.Tapped(nil)
		return
	}
	unused(x.text, e)
}

// TypedRune implements fyne.Focusable.
func (x *tableTitle) TypedRune(rune) {}

// Disabled implements fyne.Disableable: the keyboard passes titles that do not
// sort.
func (x *tableTitle) Disabled() bool { return !x.sorts() }

// Enable implements fyne.Disableable.
func (x *tableTitle) Enable() {}

// Disable implements fyne.Disableable.
func (x *tableTitle) Disable() {}

// AccessibilityLabel implements fyne.Accessible.
func (x *tableTitle) AccessibilityLabel() string { return x.text.Text() }

// AccessibilityRole implements fyne.Accessible.
func (x *tableTitle) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (x *tableTitle) place(s fyne.Size) {
	c := x.t.cols[x.col]
	sorted := c.Key != "" && c.Key == x.t.sorted
	x.ground.CornerRadius = 6
	x.ground.FillColor = paint(x.text, look.Clear)
	if x.focused {
		x.ground.FillColor = paint(x.text, look.BlueOn)
	}
	put(x.ground, 0, 2, s.Width, s.Height-4)
	style := look.Muted
	if sorted || x.hover && x.sorts() {
		style = look.Ink
	}
	x.text.SetColor(style)
	h := x.text.MinSize().Height
	y := floor((s.Height - h) / 2)
	w := min(x.text.Natural(), s.Width-12)
	icon := NoIcon
	if sorted {
		if icon = IconUp; x.t.desc {
			icon = IconLower
		}
		w = min(w, s.Width-12-16)
	}
	x.icon.Set(icon, look.Ink)
	Show(x.icon, icon != NoIcon)
	left := float32(6)
	if c.Number {
		left = s.Width - 6 - w
		if sorted {
			put(x.icon, left-16, floor((s.Height-12)/2), 12, 12)
		}
	} else if sorted {
		put(x.icon, left+w+4, floor((s.Height-12)/2), 12, 12)
	}
	put(x.text, left, y, w, h)
}

// CreateRenderer implements fyne.Widget.
func (x *tableTitle) CreateRenderer() fyne.WidgetRenderer {
	return &drawn{objects: []fyne.CanvasObject{x.ground, x.text, x.icon}, layout: x.place,
		min:     func() fyne.Size { return fyne.NewSize(24, tableHead-6) },
		refresh: func() { x.place(x.Size()); canvas.Refresh(x) }}
}
