package rules

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/draft"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/rule"
	"sendoff/widgets"
)

// Panel is the screen.
type Panel struct {
	env    *panel.Env
	at     panel.Place // Number: the audience, 0 for a new one; Delivery: what will use it
	root   *kit.Frame
	bar    *widgets.ActionBar
	group  *fyne.Container // the conditions
	live   *live
	keep   *draft.Keeper
	closed bool

	tree      *state.RuleNode
	audience  delivery.Audience // that is edited; zero for a new one
	fields    []delivery.Field
	audiences []delivery.Audience
	others    []delivery.View
	controls  map[*state.RuleNode]*controls
	loaded    bool
}

// world is what rules can refer to.
type world struct {
	fields    []delivery.Field
	audiences []delivery.Audience
	others    []delivery.View
}

// New makes the screen of a place and asks for what rules can refer to.
func New(env *panel.Env, at panel.Place) *Panel {
	c := env.Text
	p := &Panel{env: env, at: at, tree: state.NewRuleGroup(state.JoinAll), controls: map[*state.RuleNode]*controls{}}
	env.Title(c.T("rule.new"), "")
	p.bar = widgets.NewActionBar(c.T("common.more"))
	p.group = kit.VStack(0)
	p.live = newLive(p)
	conditions := widgets.NewBlock(c.T("rule.conditions"), nil)
	conditions.SetContent(p.group)
	p.root = kit.NewFrame(nil, p.bar, p.live.card, conditions, p.live.sample)
	p.keep = draft.Keep(env, p.key(), p.typed)
	p.Reload()
	return p
}

func (p *Panel) key() string {
	if p.at.Number == 0 {
		return "rule/new"
	}
	return "rule/" + strconv.FormatInt(p.at.Number, 10)
}

// typed is what is kept of a rule that was not saved.
func (p *Panel) typed() string {
	b, _ := json.Marshal(p.tree) // plain texts
	return string(b)
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.root.Object() }

// Close ends what is still awaited.
func (p *Panel) Close() {
	p.closed = true
	p.keep.Now()
	p.live.close()
}

// Handle takes events of the engine: people came or went, audiences changed.
func (p *Panel) Handle(es []event.Event) {
	if slices.ContainsFunc(es, func(e event.Event) bool { _, ok := e.(event.Lists); return ok }) && p.loaded {
		p.live.pace.Ask()
	}
}

func (p *Panel) may() bool {
	return p.env.Operator().Rights.Has(access.Prepare) && p.env.ReadOnly() == ""
}

// Reload asks for what rules can refer to, and keeps what was typed.
func (p *Panel) Reload() {
	p.setBar()
	bridge.Run(p.env.Bridge, "fields", func(ctx context.Context) (w world, err error) {
		if w.fields, err = p.env.Engine.Fields(ctx); err != nil {
			return w, err
		}
		if w.audiences, err = p.env.Engine.Audiences(ctx); err != nil {
			return w, err
		}
		w.others, err = p.env.Engine.Deliveries(ctx)
		return w, err
	}, func(w world, err error) {
		if p.closed {
			return
		}
		p.env.Fail(err)
		if err == nil {
			p.fields, p.audiences, p.others = w.fields, w.audiences, w.others
			p.take()
		}
	})
}

// take shows the rule: the one that is stored, or what was typed and not saved.
func (p *Panel) take() {
	c := p.env.Text
	if p.loaded {
		p.build(nil)
		return
	}
	p.loaded = true
	source := p.at.Search
	if i := slices.IndexFunc(p.audiences, func(a delivery.Audience) bool { return a.ID == p.at.Number }); i >= 0 {
		p.audience = p.audiences[i]
		p.env.Title(p.audience.Name, c.T("nav.rule"))
		source = p.audience.Rule
	}
	if e, err := rule.Parse(source); err == nil {
		p.tree = state.RuleTree(e)
	}
	if len(p.tree.Kids) == 0 {
		p.tree.Kids = []*state.RuleNode{p.fresh()}
	}
	p.setBar()
	p.build(nil)
	draft.Take(p.env, p.key(), func(value string) {
		var n state.RuleNode
		if p.closed || json.Unmarshal([]byte(value), &n) != nil || !n.Group() {
			return
		}
		p.tree = &n
		p.env.Toast(c.T("common.restored"), state.Blue)
		p.build(nil)
	})
}

// fresh is a condition to begin with: on the first field that people have.
func (p *Panel) fresh() *state.RuleNode {
	n := &state.RuleNode{Seed: rand.Uint32()}
	if len(p.fields) > 0 {
		n.Ask(p.fields[0].Name, p.fields[0].Type)
	} else {
		n.Ask(rule.FieldEmail, delivery.FieldText)
	}
	return n
}

func (p *Panel) typeOf(field string) delivery.FieldType {
	for _, f := range p.fields {
		if f.Name == field {
			return f.Type
		}
	}
	return delivery.FieldText
}

func (p *Panel) names() text.RuleNames { return state.RuleNames(p.fields, p.others) }

func (p *Panel) setBar() {
	c := p.env.Text
	if !p.may() {
		p.bar.SetButtons()
		p.bar.SetNote(c.T("why.prepare_right"))
		return
	}
	p.bar.SetNote("")
	save := kit.NewButton(c.T("rule.save"), kit.IconCheck, state.Primary, p.save)
	bs := []*kit.Button{save}
	if p.audience.ID != 0 {
		bs = append(bs, kit.NewButton(c.T("rule.save_as"), kit.IconNone, state.Outlined, p.saveAs),
			kit.NewButton(c.T("rule.split"), widgets.IconBranch, state.QuietButton, func() { Split(p.env, p.audience) }))
	}
	p.bar.SetButtons(bs...)
}

// build shows the tree anew; focus gets the keyboard.
func (p *Panel) build(focus func() fyne.Focusable) {
	clear(p.controls)
	kit.Replace(p.group, []fyne.CanvasObject{p.groupOf(p.tree, nil)})
	p.root.Object().Refresh()
	if focus != nil {
		if f := focus(); f != nil {
			p.env.Window.Canvas().Focus(f)
		}
	}
	p.live.ask()
}

// changed is called after every change of a value.
func (p *Panel) changed() {
	p.keep.Changed()
	p.live.ask()
}

// rebuilt is called after a change of the tree.
func (p *Panel) rebuilt(focus func() fyne.Focusable) {
	p.keep.Changed()
	p.build(focus)
}

// indent is how far a group stands in from the one around it.
const indent float32 = 14

// groupOf shows a group: how its parts belong together, the parts, and what can be
// added. parent is nil for the whole rule.
func (p *Panel) groupOf(n, parent *state.RuleNode) fyne.CanvasObject {
	c := p.env.Text
	names := make([]string, 0, 3)
	for _, j := range state.RuleJoins() {
		names = append(names, c.T("rule.join."+string(j)))
	}
	k := &controls{}
	p.controls[n] = k
	join := widgets.NewSelect(names, "", func(i int) {
		n.Join = state.RuleJoins()[i]
		p.changed()
	})
	join.SetSelected(slices.Index(state.RuleJoins(), n.Join))
	k.first = join
	head := []fyne.CanvasObject{widgets.HStack(0, kit.Wide(230, join))}
	if parent != nil {
		head = append(head, p.tools(n, parent, c.T("rule.remove_group")))
	}
	rows := []fyne.CanvasObject{widgets.FillEnd(8, head...)}
	for _, kid := range n.Kids {
		if kid.Group() {
			rows = append(rows, p.groupOf(kid, n))
		} else {
			rows = append(rows, p.row(kid, n))
		}
	}
	add := kit.NewButton(c.T("rule.add_condition"), kit.IconPlus, state.QuietButton, func() { p.add(n, p.fresh()) })
	adds := []fyne.CanvasObject{add}
	if depthOf(p.tree, n) < rule.MaxDepth-3 {
		adds = append(adds, kit.NewButton(c.T("rule.add_group"), kit.IconPlus, state.QuietButton, func() {
			p.add(n, state.NewRuleGroup(otherJoin(n.Join), p.fresh()))
		}))
	}
	rows = append(rows, widgets.HStack(4, adds...))
	stack := kit.VStack(8, rows...)
	if parent == nil {
		return stack
	}
	// One thin line holds a group together.
	return container.New(barred{}, widgets.Rule(), stack)
}

// barred stands a line at the left of a thing.
type barred struct{}

func (barred) Layout(os []fyne.CanvasObject, s fyne.Size) {
	os[0].Move(fyne.NewPos(4, 0))
	os[0].Resize(fyne.NewSize(1, s.Height))
	os[1].Move(fyne.NewPos(4+indent, 0))
	os[1].Resize(fyne.NewSize(s.Width-4-indent, s.Height))
}

func (barred) MinSize(os []fyne.CanvasObject) fyne.Size {
	return os[1].MinSize().AddWidthHeight(4+indent, 0)
}

// otherJoin is what a group within another one most likely is.
func otherJoin(j state.RuleJoin) state.RuleJoin {
	if j == state.JoinAny {
		return state.JoinAll
	}
	return state.JoinAny
}

// depthOf is how deep a group lies, from 1.
func depthOf(tree, n *state.RuleNode) int {
	if tree == n {
		return 1
	}
	for _, k := range tree.Kids {
		if d := depthOf(k, n); k.Group() && d > 0 {
			return d + 1
		}
	}
	return 0
}

func (p *Panel) add(n, kid *state.RuleNode) {
	n.Kids = append(n.Kids, kid)
	p.rebuilt(func() fyne.Focusable { return p.controls[kid].first.Target() })
}

// tools are the buttons that every part has: a copy, and away with it.
func (p *Panel) tools(n, parent *state.RuleNode, remove string) fyne.CanvasObject {
	c := p.env.Text
	twice := kit.NewIconButton(widgets.IconCopy, c.T("rule.duplicate"), func() {
		again := n.Copy()
		parent.Kids = slices.Insert(parent.Kids, slices.Index(parent.Kids, n)+1, again)
		p.rebuilt(func() fyne.Focusable { return p.controls[again].first.Target() })
	})
	away := kit.NewIconButton(widgets.IconClose, remove, func() {
		i := slices.Index(parent.Kids, n)
		parent.Kids = slices.Delete(parent.Kids, i, i+1)
		p.rebuilt(func() fyne.Focusable {
			if len(parent.Kids) == 0 {
				return p.controls[parent].first.Target()
			}
			return p.controls[parent.Kids[min(i, len(parent.Kids)-1)]].first.Target()
		})
	})
	return widgets.HStack(0, twice, away)
}
