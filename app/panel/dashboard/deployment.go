package dashboard

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/widgets"
)

// deploymentBlock is what preparation and sending look like.
type deploymentBlock struct {
	p     *Panel
	block *kit.Block
	count *kit.Button // Compute stats

	hero     *fyne.Container
	natural  float32 // width of the figures when they were last placed
	ring     *kit.Ring
	headline *kit.Text
	sentence *kit.Text
	detail   *kit.Text
	chips    *kit.Chips
	logs     fyne.CanvasObject
	shown    []state.Chip
	kpis     *kit.KPIs
	findings *fyne.Container
	found    []state.Finding
	chart    *kit.Chart
}

func newDeploymentBlock(p *Panel) *deploymentBlock {
	c := p.env.Text
	b := &deploymentBlock{p: p}
	b.ring = kit.NewRing()
	b.headline = kit.NewText(kit.Headline, "").Wrap()
	b.sentence = kit.NewText(kit.Body, "").Wrap()
	b.detail = kit.NewText(kit.Note, "").Wrap()
	b.chips = kit.NewChips()
	b.kpis = kit.NewKPIs()
	b.findings = kit.NewNotes()
	b.count = kit.NewButton(c.T("stats.compute"), kit.IconNone, state.Outlined, p.Compute)
	b.count.SetToolTip(c.T("stats.tip"))
	b.count.Hide()
	b.chart = kit.NewChart(c, p.env.Bridge, b.count)
	b.logs = kit.NewLink(c.T("nav.deployment"), func() { p.logs("") })
	b.hero = widgets.Hero(b.ring, kit.VStack(4, b.headline, b.sentence, b.detail, b.chips, b.logs), b.kpis)
	b.block = widgets.NewBlock(c.T("block.deployment"), nil)
	b.block.SetMenu(c.T("common.more"), func(at fyne.CanvasObject) { kit.PopUp(at, b.menu()) })
	b.block.SetContent(kit.VStack(14, b.hero, b.findings, b.chart))
	return b
}

// menu lists what the block can open.
func (b *deploymentBlock) menu() []kit.Item {
	c, p := b.p.env.Text, b.p
	items := []kit.Item{{Label: c.T("log.menu"), Tap: func() { p.logs(string(state.TabLog)) }}}
	if p.in.View.Plan != nil {
		items = append(items, kit.Item{Label: c.T("deployment.tab.sending"), Tap: func() { p.logs(string(state.TabSending)) }},
			kit.Item{Label: c.T("causes.title"), Tap: func() { p.logs(string(state.TabCauses)) }},
			kit.Item{Label: c.T("findings.title"), Tap: p.allFindings})
	}
	return items
}

// set changes the leaves that differ.
func (b *deploymentBlock) set(d state.Deployment) {
	kit.Show(b.ring, d.Ring.Shown)
	if d.Ring.Shown {
		kit.SetRing(b.ring, d.Ring.Share, d.Ring.Tone)
	}
	b.headline.Set(d.Headline)
	kit.SetTone(b.headline, d.HeadlineTone)
	b.sentence.Set(d.Sentence)
	kit.SetTone(b.sentence, d.SentenceTone)
	b.detail.Set(d.Detail)
	kit.Show(b.detail, d.Detail != "")
	b.setChips(d.Chips)
	kit.SetKPIs(b.kpis, d.KPIs, d.Live)
	if n := b.kpis.Natural(); n != b.natural {
		// Wider figures take room from the words beside them.
		b.natural = n
		b.hero.Layout.Layout(b.hero.Objects, b.hero.Size())
	}
	if !slices.Equal(d.Findings, b.found) {
		b.found = d.Findings
		kit.SetNotes(b.findings, d.Findings)
	}
	kit.Show(b.findings, len(d.Findings) > 0)
	kit.Show(b.chart, d.Chart)
	kit.Show(b.count, d.Compute)
}

// setChips keeps the chips as long as they are the same ones.
func (b *deploymentBlock) setChips(cs []state.Chip) {
	same := len(cs) == len(b.shown)
	for i := range cs {
		same = same && cs[i].Key == b.shown[i].Key
	}
	b.shown = cs
	if same {
		kit.UpdateChips(b.chips, cs)
		return
	}
	kit.SetChips(b.chips, cs, func(k state.ChipKey) func() {
		at, ok := state.ChipPlace(k)
		if !ok {
			return nil
		}
		return func() { b.p.logs(at.String()) }
	})
	kit.Show(b.chips, len(cs) > 0)
}

func (b *deploymentBlock) draw(c state.Curve) { b.chart.Set(c) }

// allFindings lists what the control rules found.
func (p *Panel) allFindings() {
	c := p.env.Text
	var lines []kit.ListLine
	for _, f := range state.Findings(c, p.in.View.Plan) {
		lines = append(lines, kit.ListLine{Text: f.Text, Tone: f.Tone})
	}
	lead := c.T("findings.sentence")
	if len(lines) == 0 {
		lead = c.T("findings.none")
	}
	p.list(c.T("findings.title"), lead, state.Quiet, lines)
}
