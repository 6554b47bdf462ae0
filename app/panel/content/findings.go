package content

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// findings is a list of what was found, each leading to its place.
type findings struct {
	s     *session.Session
	want  func(delivery.Finding) bool
	list  *fyne.Container
	root  fyne.CanvasObject
	shown []delivery.Finding
	most  int // rows; 0: all
}

func newFindings(s *session.Session, want func(delivery.Finding) bool) *findings {
	f := &findings{s: s, want: want, list: kit.VStack(2)}
	f.root = f.list
	f.list.Hide() // until there is one
	s.Watch(f.render)
	return f
}

// short keeps it to a few rows.
func (f *findings) short() *findings {
	f.most = 2
	f.render()
	return f
}

func (f *findings) object() fyne.CanvasObject { return f.root }

func (f *findings) render() {
	fs, known := f.s.Findings()
	if !known {
		return // what was found stays until the next is known
	}
	var now []delivery.Finding
	for _, x := range state.Sorted(fs) {
		if f.want(x) {
			now = append(now, x)
		}
	}
	if slices.Equal(now, f.shown) {
		return
	}
	f.shown = now
	var rows []fyne.CanvasObject
	for i, x := range now {
		if f.most > 0 && i == f.most-1 && len(now) > f.most {
			more := kit.NewText(kit.Small, f.s.Env().Text.N("content.more_findings", int64(len(now)-i)))
			rows = append(rows, widgets.NewRow(more.Text(), more, func() { f.s.Show(TabChecks, 0, 0) }))
			break
		}
		rows = append(rows, f.row(x))
	}
	kit.Replace(f.list, rows)
	kit.Show(f.list, len(rows) > 0)
}

// row is one finding, its place at the right.
func (f *findings) row(x delivery.Finding) fyne.CanvasObject {
	c := f.s.Env().Text
	tone := state.FindingTone(x)
	said := kit.NewText(kit.Body, state.FindingSaid(c, x))
	where := kit.NewText(kit.Small, state.FindingPlace(c, x))
	if f.most > 0 {
		said.Trim()
	} else {
		said.Wrap()
	}
	icon := widgets.NewIcon(kit.IconOf(tone), 14, look.Tone(tone).Text())
	line := widgets.Ends(widgets.HFill(10, icon, said), where)
	return widgets.NewRow(c.Finding(x), line, func() { f.open(x) })
}

// open leads to the place of a finding.
func (f *findings) open(x delivery.Finding) {
	tab := state.FindingTab(x, f.s.Draft().Content.Design != "")
	if tab == "" {
		return
	}
	f.s.Show(tab, x.Line, x.Column)
}
