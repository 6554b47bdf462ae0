package rules

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

const (
	// debounce is how long nothing is typed before people are counted.
	debounce = 150 * time.Millisecond
	// recount is the least time between two counts that events ask for.
	recount = 2 * time.Second
	// samples is how many people are shown.
	samples = 6
)

// live is what the rule means now: its sentence, how many people, and some of
// them.
type live struct {
	p        *Panel
	card     fyne.CanvasObject
	sample   *widgets.Block
	sentence *kit.Text
	note     *kit.Text
	figure   *widgets.KPITile
	people   *fyne.Container
	pace     *bridge.Pace
	said     string // text of the rule that was counted last, or is being counted
	turn     int
	cancel   func()
}

func newLive(p *Panel) *live {
	c := p.env.Text
	l := &live{p: p, sentence: kit.NewText(kit.Main, "").Wrap(), note: kit.NewText(kit.Small, "").Wrap(), figure: widgets.NewKPITile(false),
		people: kit.VStack(0), sample: widgets.NewBlock(c.T("rule.sample"), nil)}
	l.figure.Set(c.T("rule.matching"), c.None(), " ", look.Neutral)
	words := kit.VStack(6, kit.NewText(kit.Note, c.T("rule.who")), l.sentence, l.note)
	l.card = widgets.NewBox(look.Surface, look.Line, look.Radius, widgets.Insets{Top: 16, Right: look.CardMargin, Bottom: 16, Left: look.CardMargin},
		widgets.Ends(words, widgets.Sized(150, 0, l.figure)))
	l.sample.SetContent(l.people)
	l.sample.Hide()
	l.pace = bridge.NewPace(p.env.Bridge, recount, func() {
		l.said = ""
		l.ask()
	})
	return l
}

func (l *live) close() {
	l.pace.Close()
	if l.cancel != nil {
		l.cancel()
	}
}

// ask says the rule and counts it, once nothing more is typed.
func (l *live) ask() {
	c := l.p.env.Text
	e, missing, ok := l.p.tree.Rule()
	if len(missing) > 0 {
		// The rest is said while one condition is still being filled in.
		l.stop()
		rest, _, _ := l.p.tree.Complete().Rule()
		l.sentence.Set(c.Rule(rest, l.p.names()))
		if rest.Op == rule.Everyone {
			l.sentence.Set(c.T("rule.begin"))
		}
		l.note.Set(c.N("rule.incomplete", int64(len(missing))))
		l.note.SetTone(look.AmberTone)
		l.figure.Set(c.T("rule.matching"), c.None(), " ", look.Quiet)
		l.refresh()
		return
	}
	if !ok {
		l.stop()
		l.fail(e.Validate())
		return
	}
	l.sentence.Set(c.Rule(e, l.p.names()))
	text := e.String()
	if text == l.said {
		return
	}
	l.stop()
	l.said = text
	l.note.Set("")
	l.refresh()
	turn := l.turn
	l.p.env.Bridge.After(debounce, func() {
		if turn == l.turn && !l.p.closed {
			l.count(e, text)
		}
	})
}

// stop forgets what was asked.
func (l *live) stop() {
	l.turn++
	l.said = ""
	if l.cancel != nil {
		l.cancel()
		l.cancel = nil
	}
}

func (l *live) count(e rule.Expr, text string) {
	c, turn := l.p.env.Text, l.turn
	latest := bridge.NewLatest(l.p.env.Bridge, func(g delivery.Progress) {
		if turn == l.turn && l.cancel != nil {
			l.note.Set(c.T("rule.reading", "share", c.Percent(g.Done, max(1, g.Total))))
			l.note.SetTone(look.Quiet)
			l.refresh()
		}
	})
	l.cancel = bridge.Run(l.p.env.Bridge, "count", func(ctx context.Context) (bridge.RuleCount, error) {
		return l.p.env.Engine.CountRule(ctx, text, samples, latest.Set)
	}, func(n bridge.RuleCount, err error) {
		if l.p.closed || turn != l.turn {
			return
		}
		l.cancel = nil
		switch {
		case delivery.Is(err, delivery.KindCancelled):
		case err != nil:
			l.fail(err)
		default:
			l.show(e, n)
		}
	})
}

func (l *live) fail(err error) {
	c := l.p.env.Text
	l.note.Set(c.Error(err))
	l.note.SetTone(look.RedTone)
	l.figure.Set(c.T("rule.matching"), c.None(), " ", look.Quiet)
	l.refresh()
}

func (l *live) show(e rule.Expr, n bridge.RuleCount) {
	c := l.p.env.Text
	l.note.Set("")
	share := c.T("rule.share", "share", c.Percent(n.Count, n.Total), "total", n.Total)
	l.figure.Set(c.T("rule.matching"), c.Number(n.Count), share, look.Neutral)
	var rows []fyne.CanvasObject
	if n.Count == 0 {
		rows = append(rows, kit.NewText(kit.Muted, c.T("rule.nobody")))
	}
	fields := l.shown(e)
	for i, v := range n.Sample {
		if i > 0 {
			rows = append(rows, widgets.Rule())
		}
		rows = append(rows, l.person(v, fields))
	}
	kit.Replace(l.people, rows)
	kit.Show(l.sample, true)
	title := c.T("rule.sample")
	if n.Count > int64(len(n.Sample)) && len(n.Sample) > 0 {
		title += " · " + c.T("rule.sample_of", "n", len(n.Sample), "total", n.Count)
	}
	l.sample.SetTitle(title)
	l.refresh()
}

// shown are the fields that the rule asks for, at most three: why somebody is in it.
func (l *live) shown(e rule.Expr) []string {
	var out []string
	e.Walk(func(x *rule.Expr) {
		if x.Field == "" || x.Field == rule.FieldEmail || x.Field == rule.FieldAdded || len(out) == 3 {
			return
		}
		for _, f := range out {
			if f == x.Field {
				return
			}
		}
		out = append(out, x.Field)
	})
	return out
}

// person is one line of the sample.
func (l *live) person(v delivery.Profile, fields []string) fyne.CanvasObject {
	c := l.p.env.Text
	name := v.Address
	if name == "" {
		name = c.T("people.no_address")
	}
	cells := []fyne.CanvasObject{widgets.HStack(0, widgets.NewLink(name, func() {
		l.p.env.Go(panel.Place{Screen: panel.Person, Number: v.ID})
	})), kit.NewText(kit.Body, state.PersonName(v.Fields)).Trim()}
	for _, f := range fields {
		value := v.Fields[f]
		if value == "" {
			value = c.None()
		}
		cells = append(cells, kit.NewText(kit.Muted, value).Trim())
	}
	return widgets.Inset(widgets.Pad(7, 0), kit.Row(cells...))
}

func (l *live) refresh() {
	kit.Show(l.note, strings.TrimSpace(l.note.Text()) != "")
	l.p.root.Object().Refresh()
}
