package deployment

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// logLines is how many lines of a log are shown before a person asks for all.
const logLines = 200

// log is the tab of the delivery's own log, the newest line first. Its sentences
// can be selected.
type log struct {
	p      *Panel
	lines  []delivery.LogLine
	events []state.LogEvent
	filter state.LogFilter
	whole  bool // all lines are shown
	read   bool
	stale  bool
	turn   int // of the reading

	which *kit.Button
	copy  *kit.Button
	count *kit.Text
	none  *kit.Text
	more  *widgets.Link
	rows  []*logRow
	list  *fyne.Container
	body  fyne.CanvasObject
}

func newLog(p *Panel) *log {
	c := p.env.Text
	l := &log{p: p, filter: state.LogEverything, count: kit.NewText(kit.Muted, "…"), none: kit.NewText(kit.Muted, ""), list: kit.VStack(0)}
	l.which = kit.NewButton("", kit.IconNone, state.Outlined, nil).SetTrailing(widgets.IconDown)
	l.which.SetOnTap(func() { kit.PopUp(l.which, l.filters()) })
	l.copy = kit.NewButton(c.T("deployment.log_copy"), widgets.IconCopy, state.QuietButton, func() { p.env.Copy(l.text()) })
	l.more = widgets.NewLink("", func() {
		l.whole = true
		l.show()
	})
	kit.Show(l.none, false)
	kit.Show(l.more, false)
	page := widgets.Inset(widgets.Insets{Top: 6, Right: 18, Bottom: 10, Left: 18}, kit.VStack(8, l.none, l.list, kit.HStack(0, l.more)))
	l.body = kit.Fill(kit.Gap, widgets.Tools(l.which, kit.HStack(10, l.count, l.copy, newExport(p, l.source))),
		widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Insets{Top: 1, Right: 1, Bottom: 1, Left: 1}, widgets.Scroll(page)))
	return l
}

func (l *log) object() fyne.CanvasObject { return l.body }
func (l *log) loaded() bool              { return l.read && !l.stale }
func (l *log) target() fyne.Focusable    { return l.which }
func (l *log) find() bool                { return false }
func (l *log) close()                    {}

func (l *log) moved(_, _ delivery.Counters) {}

func (l *log) enter() {
	if !l.read || l.stale {
		l.ask()
	}
}

func (l *log) reload() {
	if l.p.parts[l.p.shown] == tab(l) {
		l.ask()
		return
	}
	l.stale = true
}

func (l *log) ask() {
	l.turn++
	turn := l.turn
	l.stale = false
	bridge.Run(l.p.env.Bridge, "log", func(ctx context.Context) ([]delivery.LogLine, error) {
		return l.p.env.Engine.Log(ctx, l.p.id)
	}, func(lines []delivery.LogLine, err error) {
		if l.p.closed || turn != l.turn {
			return
		}
		if err != nil {
			l.p.env.Fail(err)
			return
		}
		l.lines, l.read = lines, true
		l.show()
	})
}

func (l *log) filters() []kit.Item {
	var items []kit.Item
	for _, f := range state.LogFilters() {
		items = append(items, kit.Item{Label: l.p.env.Text.T("deployment.log_filter." + string(f)), Checked: f == l.filter, Tap: func() {
			l.filter = f
			l.show()
		}})
	}
	return items
}

// show makes the rows say what the filter lets through. Rows are kept.
func (l *log) show() {
	c := l.p.env.Text
	l.which.SetText(c.T("deployment.log_filter." + string(l.filter)))
	l.events = state.LogEvents(c, l.lines, l.filter, l.p.env.Now())
	l.count.Set(c.N("deployment.log_lines", int64(len(l.events))))
	l.none.Set(c.T("deployment.log_none"))
	if len(l.lines) == 0 {
		l.none.Set(c.T("log.empty"))
	}
	kit.Show(l.none, len(l.events) == 0)
	kit.Show(l.copy, len(l.events) > 0)
	n := len(l.events)
	if !l.whole {
		n = min(n, logLines)
	}
	l.more.Set(c.T("deployment.log_all", "n", len(l.events)))
	kit.Show(l.more, n < len(l.events))
	for len(l.rows) < n {
		l.rows = append(l.rows, newLogRow(len(l.rows) == 0))
	}
	objects := make([]fyne.CanvasObject, n)
	widest := float32(0)
	for i := range n {
		l.rows[i].set(l.events[i])
		widest = max(widest, l.rows[i].time.Natural())
	}
	for i := range n {
		l.rows[i].indent(logTime + widest + logGap)
		objects[i] = l.rows[i]
	}
	if n != len(l.list.Objects) {
		kit.Replace(l.list, objects)
	}
}

// text is what is shown, for the clipboard.
func (l *log) text() string {
	lines := make([]string, len(l.events))
	for i, e := range l.events {
		lines[i] = e.String()
	}
	return strings.Join(lines, "\n")
}

// source is the log as it is filtered now.
func (l *log) source() source {
	c, now := l.p.env.Text, l.p.env.Now()
	lines, shown := l.lines, l.events
	return source{tab: state.TabLog, shown: int64(len(shown)), all: int64(len(lines)), narrowed: l.filter != state.LogEverything,
		request: func(all bool) bridge.ExportRequest {
			if all {
				shown = state.LogEvents(c, lines, state.LogEverything, now)
			}
			r := bridge.ExportRequest{Header: []string{c.T("deployment.column.at"), c.T("deployment.column.severity"),
				c.T("deployment.column.event"), c.T("deployment.column.operator")}}
			for _, e := range shown {
				r.Rows = append(r.Rows, []any{e.At, e.Word, e.Text, e.By})
			}
			return r
		}}
}

// logRow is one line: icon, time, sentence, and who did it.
type logRow struct {
	widget.BaseWidget
	rule *widgets.Box
	icon *widgets.Icon
	time *kit.Text
	text *widgets.Selectable
	by   *kit.Text
	left float32 // edge of the sentence
}

// Measures of a line.
const (
	logTime float32 = 26 // left edge of the time
	logGap  float32 = 20
	logPad  float32 = 9
)

func newLogRow(first bool) *logRow {
	r := &logRow{rule: widgets.Rule(), icon: widgets.NewIcon(widgets.IconInfo, 14, look.Muted), time: kit.NewText(kit.Small, ""),
		text: widgets.NewSelectable("", false).Prose(), by: kit.NewText(kit.Small, "")}
	kit.Show(r.rule, !first)
	r.ExtendBaseWidget(r)
	return r
}

func (r *logRow) set(e state.LogEvent) {
	tone := look.Tone(e.Tone)
	r.icon.Set(kit.IconOf(e.Tone), tone.Text())
	r.time.Set(e.Time)
	r.by.Set(e.By)
	if r.text.Text() != e.Text {
		r.text.Set(e.Text)
		r.Refresh()
	}
}

// indent moves the left edge of the sentence.
func (r *logRow) indent(left float32) {
	if left != r.left {
		r.left = left
		r.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (r *logRow) CreateRenderer() fyne.WidgetRenderer { return &logRenderer{r} }

type logRenderer struct{ r *logRow }

func (k *logRenderer) Destroy() {}

func (k *logRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{k.r.rule, k.r.icon, k.r.time, k.r.text, k.r.by}
}

// room is the width of the sentence.
func (k *logRenderer) room(w float32) float32 { return max(80, w-k.r.left-k.r.by.Natural()-16) }

func (k *logRenderer) Layout(s fyne.Size) {
	r := k.r
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(r.rule, 0, 0, s.Width, 1)
	put(r.icon, 0, logPad+2, 14, 14)
	h := r.time.MinSize().Height
	put(r.time, logTime, logPad+1, r.time.Natural(), h)
	put(r.text, r.left, logPad, k.room(s.Width), s.Height-2*logPad)
	put(r.by, s.Width-r.by.Natural(), logPad+1, r.by.Natural(), h)
}

func (k *logRenderer) MinSize() fyne.Size {
	r := k.r
	w := r.Size().Width
	if w > 0 && r.text.Size().Width != k.room(w) {
		r.text.Resize(fyne.NewSize(k.room(w), r.text.Size().Height))
	}
	return fyne.NewSize(320, max(18, r.text.MinSize().Height)+2*logPad)
}

func (k *logRenderer) Refresh() {
	k.Layout(k.r.Size())
	for _, o := range k.Objects() {
		o.Refresh()
	}
}
