package widgets

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/widgets/look"
)

// calendar shows a month, weeks from Monday. Arrow keys move the day, Page Up
// and Page Down the month; Space and Return choose.
type calendar struct {
	widget.BaseWidget
	months     [12]string
	day, today time.Time // midnights in UTC: days, not moments
	title      *Text
	prev, next *Button
	heads      [7]*Text
	cells      [42]*dayCell
	choose     func(time.Time)
	close      func()
}

const (
	cellWidth  float32 = 36
	cellHeight float32 = 32
	calHead    float32 = 36
	calDays    float32 = 22
)

func newCalendar(words PickerWords, day, today time.Time, choose func(time.Time), close func()) *calendar {
	c := &calendar{months: words.Months, day: day, today: today, choose: choose, close: close, title: NewText("", Heading()).Center()}
	c.prev = NewIconButton(IconBack, words.Previous, func() { c.move(c.day.AddDate(0, -1, 0)) })
	c.next = NewIconButton(IconForward, words.Next, func() { c.move(c.day.AddDate(0, 1, 0)) })
	for i := range c.heads {
		c.heads[i] = NewText(words.Days[i], Caption()).Center()
	}
	for i := range c.cells {
		c.cells[i] = newDayCell(c)
	}
	c.ExtendBaseWidget(c)
	c.fill()
	return c
}

// first is the Monday at the top left.
func (c *calendar) first() time.Time {
	d := c.day.AddDate(0, 0, 1-c.day.Day())
	return d.AddDate(0, 0, -(int(d.Weekday())+6)%7)
}

func (c *calendar) fill() {
	c.title.Set(c.months[c.day.Month()-1] + " " + strconv.Itoa(c.day.Year()))
	d := c.first()
	for _, k := range c.cells {
		k.set(d, d.Month() != c.day.Month(), d.Equal(c.day), d.Equal(c.today))
		d = d.AddDate(0, 0, 1)
	}
}

func (c *calendar) move(d time.Time) {
	c.day = d
	c.fill()
}

// TypedKey implements fyne.Focusable.
func (c *calendar) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft:
		c.move(c.day.AddDate(0, 0, -1))
	case fyne.KeyRight:
		c.move(c.day.AddDate(0, 0, 1))
	case fyne.KeyUp:
		c.move(c.day.AddDate(0, 0, -7))
	case fyne.KeyDown:
		c.move(c.day.AddDate(0, 0, 7))
	case fyne.KeyPageUp:
		c.move(c.day.AddDate(0, -1, 0))
	case fyne.KeyPageDown:
		c.move(c.day.AddDate(0, 1, 0))
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		c.choose(c.day)
	case fyne.KeyEscape:
		c.close()
	}
}

// TypedRune implements fyne.Focusable.
func (c *calendar) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (c *calendar) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (c *calendar) FocusLost() {}

// CreateRenderer implements fyne.Widget.
func (c *calendar) CreateRenderer() fyne.WidgetRenderer {
	objects := []fyne.CanvasObject{c.title, c.prev, c.next}
	for _, h := range c.heads {
		objects = append(objects, h)
	}
	for _, k := range c.cells {
		objects = append(objects, k)
	}
	layout := func(s fyne.Size) {
		h := c.title.MinSize().Height
		put(c.prev, 0, 2, 32, 32)
		put(c.next, s.Width-32, 2, 32, 32)
		put(c.title, 36, floor((calHead-h)/2), s.Width-72, h)
		x := floor((s.Width - 7*cellWidth) / 2)
		for i, h := range c.heads {
			put(h, x+float32(i)*cellWidth, calHead, cellWidth, 16)
		}
		for i, k := range c.cells {
			put(k, x+float32(i%7)*cellWidth, calHead+calDays+float32(i/7)*cellHeight, cellWidth, cellHeight)
		}
	}
	return &drawn{objects: objects, layout: layout,
		min:     func() fyne.Size { return fyne.NewSize(7*cellWidth, calHead+calDays+6*cellHeight) },
		refresh: func() { layout(c.Size()); canvas.Refresh(c) }}
}

// dayCell is one day.
type dayCell struct {
	widget.BaseWidget
	c                      *calendar
	date                   time.Time
	other, selected, isNow bool
	hover                  bool
	text                   *Text
	ground                 *crisp
}

func newDayCell(c *calendar) *dayCell {
	d := &dayCell{c: c, text: NewText("", Small().Counting()).Center(), ground: newCrisp()}
	d.ExtendBaseWidget(d)
	return d
}

func (d *dayCell) set(date time.Time, other, selected, isNow bool) {
	if date.Equal(d.date) && other == d.other && selected == d.selected && isNow == d.isNow {
		return
	}
	d.date, d.other, d.selected, d.isNow = date, other, selected, isNow
	d.text.Set(strconv.Itoa(date.Day()))
	d.Refresh()
}

// Tapped implements fyne.Tappable.
func (d *dayCell) Tapped(*fyne.PointEvent) { d.c.choose(d.date) }

// MouseIn implements desktop.Hoverable.
func (d *dayCell) MouseIn(*desktop.MouseEvent) { d.hover = true; d.Refresh() }

// MouseMoved implements desktop.Hoverable.
func (d *dayCell) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (d *dayCell) MouseOut() { d.hover = false; d.Refresh() }

// CreateRenderer implements fyne.Widget.
func (d *dayCell) CreateRenderer() fyne.WidgetRenderer {
	layout := func(s fyne.Size) {
		fill, ink := fyne.ThemeColorName(""), look.Ink
		switch {
		case d.selected:
			fill, ink = look.Action, look.PrimaryText
		case d.hover:
			fill = look.Chip
		case d.isNow:
			fill, ink = look.BlueOn, look.Blue
		case d.other:
			ink = look.Muted
		}
		d.ground.set(paint(d, fill), paint(d, ""), look.RadiusSmall, 0, scaleOf(d))
		d.ground.place(1, 1, fyne.NewSize(s.Width-2, s.Height-2))
		d.text.SetColor(ink)
		h := d.text.MinSize().Height
		put(d.text, 0, floor((s.Height-h)/2), s.Width, h)
	}
	return &drawn{objects: append(d.ground.objects(), d.text), layout: layout,
		min:     func() fyne.Size { d.ground.rescale(d); return fyne.NewSize(cellWidth, cellHeight) },
		refresh: func() { layout(d.Size()); canvas.Refresh(d) }}
}
