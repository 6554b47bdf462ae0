package deployment

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// causes is the tab of why people are not written to: every cause with its share
// of everybody, zeros too.
type causes struct {
	p      *Panel
	counts []delivery.Cause
	asking bool
	again  bool
	lead   *kit.Text
	rows   []*causeRow
	list   *fyne.Container
	body   fyne.CanvasObject
}

func newCauses(p *Panel) *causes {
	t := &causes{p: p, lead: kit.NewText(kit.Body, "").Wrap(), list: kit.VStack(0)}
	card := widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Insets{Top: 6, Right: 1, Bottom: 8, Left: 1}, t.list)
	t.body = kit.Fill(kit.Gap, widgets.Ends(t.lead, newExport(p, t.source)), widgets.Scroll(kit.VStack(0, card)))
	return t
}

func (t *causes) object() fyne.CanvasObject { return t.body }
func (t *causes) loaded() bool              { return t.counts != nil && !t.asking }
func (t *causes) find() bool                { return false }
func (t *causes) close()                    {}

func (t *causes) target() fyne.Focusable {
	if len(t.rows) > 0 {
		return t.rows[0]
	}
	return nil
}

func (t *causes) enter()  { t.count() }
func (t *causes) reload() { t.count() }

func (t *causes) moved(before, after delivery.Counters) {
	if before == after || before.Excluded != after.Excluded || before.Targeted != after.Targeted {
		t.count()
	}
}

// count shows what the plan counted or, when people were excluded since, what
// the log says.
func (t *causes) count() {
	if !t.p.loaded {
		return
	}
	counts, known := state.CausesKnown(t.p.view)
	if known {
		t.show(counts)
		return
	}
	if t.p.parts[t.p.shown] != tab(t) {
		return
	}
	if t.again = t.asking; t.asking {
		return
	}
	t.asking = true
	bridge.Run(t.p.env.Bridge, "exclusion causes", func(ctx context.Context) ([]delivery.Cause, error) {
		var out []delivery.Cause
		for _, n := range delivery.Causes() {
			q := delivery.LogQuery{States: []delivery.MessageState{delivery.MsgExcluded}, Natures: []delivery.Nature{n}}
			numbers, err := t.p.env.Engine.MessageNumbers(ctx, t.p.id, q)
			if err != nil {
				return nil, err
			}
			out = append(out, delivery.Cause{Nature: n, Count: int64(len(numbers))})
		}
		return out, nil
	}, func(counts []delivery.Cause, err error) {
		t.asking = false
		switch {
		case t.p.closed:
			return
		case err != nil:
			t.p.env.Fail(err)
		default:
			t.show(counts)
		}
		if t.again {
			t.count()
		}
	})
}

func (t *causes) show(counts []delivery.Cause) {
	t.counts = counts
	lead, rows := state.CausesOf(t.p.env.Text, t.p.view.Counters, counts)
	t.lead.Set(lead)
	if len(rows) != len(t.rows) {
		t.rows = nil
		var os []fyne.CanvasObject
		for i, x := range rows {
			r := newCauseRow(i == 0, func() {
				t.p.visit(state.LogPlace{Tab: state.TabExclusions, Query: delivery.LogQuery{Natures: []delivery.Nature{x.Nature}}})
			})
			t.rows, os = append(t.rows, r), append(os, r)
		}
		kit.Replace(t.list, os)
	}
	for i, x := range rows {
		t.rows[i].set(x)
	}
}

// source is the causes as counted.
func (t *causes) source() source {
	c, counts := t.p.env.Text, t.counts
	return source{tab: state.TabCauses, shown: int64(len(counts)), all: int64(len(counts)), request: func(bool) bridge.ExportRequest {
		r := bridge.ExportRequest{Header: []string{c.T("deployment.column.cause"), c.T("deployment.column.people")}}
		for _, x := range counts {
			r.Rows = append(r.Rows, []any{c.Nature(x.Nature), x.Count})
		}
		return r
	}}
}

// causeRow is one cause: its name, a bar, how many and their share. It opens
// those people.
type causeRow struct {
	widget.BaseWidget
	rule, ground       *widgets.Box
	name, count, share *kit.Text
	bar                *widgets.ProgressLine
	open               func()
	hover, focused     bool
}

var (
	_ fyne.Tappable      = (*causeRow)(nil)
	_ fyne.Focusable     = (*causeRow)(nil)
	_ fyne.Accessible    = (*causeRow)(nil)
	_ desktop.Hoverable  = (*causeRow)(nil)
	_ desktop.Cursorable = (*causeRow)(nil)
)

func newCauseRow(first bool, open func()) *causeRow {
	r := &causeRow{rule: widgets.Rule(), ground: widgets.NewBox("", "", 0, widgets.Insets{}, nil), name: kit.NewText(kit.Body, "").Trim(),
		count: kit.NewText(kit.Strong, "").Right(), share: kit.NewText(kit.Small, "").Right(), bar: widgets.NewProgressLine(), open: open}
	kit.Show(r.rule, !first)
	r.ExtendBaseWidget(r)
	return r
}

func (r *causeRow) set(x state.Cause) {
	r.name.Set(x.Name)
	r.count.Set(x.Count)
	r.share.Set(x.Share)
	r.bar.Set(x.Part)
	tone := state.Neutral
	if x.None {
		tone = state.Quiet
	}
	kit.SetTone(r.name, tone)
	kit.SetTone(r.count, tone)
	kit.Show(r.bar, !x.None)
}

// Tapped implements fyne.Tappable.
func (r *causeRow) Tapped(*fyne.PointEvent) { r.open() }

// TypedKey implements fyne.Focusable: Return and Space open, as in a table.
func (r *causeRow) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.open()
	default:
		widgets.Unused(r, e)
	}
}

// TypedRune implements fyne.Focusable.
func (r *causeRow) TypedRune(rune) {}

// FocusGained implements fyne.Focusable.
func (r *causeRow) FocusGained() { r.focused = true; r.light() }

// FocusLost implements fyne.Focusable.
func (r *causeRow) FocusLost() { r.focused = false; r.light() }

// MouseIn implements desktop.Hoverable.
func (r *causeRow) MouseIn(*desktop.MouseEvent) { r.hover = true; r.light() }

// MouseMoved implements desktop.Hoverable.
func (r *causeRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (r *causeRow) MouseOut() { r.hover = false; r.light() }

// Cursor implements desktop.Cursorable.
func (r *causeRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// AccessibilityLabel implements fyne.Accessible.
func (r *causeRow) AccessibilityLabel() string { return r.name.Text() + ", " + r.count.Text() }

// AccessibilityRole implements fyne.Accessible.
func (r *causeRow) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

func (r *causeRow) light() {
	fill := fyne.ThemeColorName("")
	switch {
	case r.focused:
		fill = look.BlueOn
	case r.hover:
		fill = look.Chip
	}
	r.ground.SetColors(fill, "")
}

// CreateRenderer implements fyne.Widget.
func (r *causeRow) CreateRenderer() fyne.WidgetRenderer { return &causeRenderer{r} }

type causeRenderer struct{ r *causeRow }

func (k *causeRenderer) Destroy() {}

func (k *causeRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{k.r.ground, k.r.rule, k.r.name, k.r.bar, k.r.count, k.r.share}
}

func (k *causeRenderer) Layout(s fyne.Size) {
	r := k.r
	put := func(o fyne.CanvasObject, x, w, h float32) {
		o.Move(fyne.NewPos(x, float32(int((s.Height-h)/2))))
		o.Resize(fyne.NewSize(w, h))
	}
	const pad, name, count, share = 18, 230, 80, 76
	put(r.ground, 0, s.Width, s.Height)
	r.rule.Move(fyne.NewPos(0, 0))
	r.rule.Resize(fyne.NewSize(s.Width, 1))
	put(r.name, pad, name, r.name.MinSize().Height)
	put(r.share, s.Width-pad-share, share, r.share.MinSize().Height)
	put(r.count, s.Width-pad-share-count, count, r.count.MinSize().Height)
	put(r.bar, pad+name+16, max(40, s.Width-2*pad-name-share-count-32), r.bar.MinSize().Height)
}

func (k *causeRenderer) MinSize() fyne.Size { return fyne.NewSize(320, 44) }

func (k *causeRenderer) Refresh() {
	k.Layout(k.r.Size())
	for _, o := range k.Objects() {
		o.Refresh()
	}
}
