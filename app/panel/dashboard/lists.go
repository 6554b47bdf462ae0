package dashboard

import (
	"context"
	"strings"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
)

// doubtRows is how many messages in doubt the window lists.
const doubtRows = 500

// list opens a list to read.
func (p *Panel) list(title, lead string, tone state.Tone, lines []kit.ListLine) {
	p.reading = confirm.List(p.env.Window, p.env.Text, title, lead, tone, lines)
}

// CloseList closes the list that is open, if one is.
func (p *Panel) CloseList() {
	if p.reading != nil {
		p.reading.Close()
		p.reading = nil
	}
}

// Compute recounts from the sending log and shows every difference.
func (p *Panel) Compute() {
	bridge.Run(p.env.Bridge, "compute stats", func(ctx context.Context) (kpi.Recount, error) {
		return p.env.Engine.ComputeStats(ctx, p.id)
	}, func(r kpi.Recount, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		p.recounted(r)
	})
}

// recounted says what the recount found, "nothing differs" above all, and the
// ledger with every term, so that a person can add it up.
func (p *Panel) recounted(r kpi.Recount) {
	c := p.env.Text
	lead, tone := c.T("stats.nothing"), state.Green
	var lines []kit.ListLine
	if n := int64(len(r.Differences)); n > 0 {
		lead, tone = c.N("stats.differences", n), state.Amber
		for _, d := range r.Differences {
			lines = append(lines, kit.ListLine{Text: c.T("stats.difference", "name", p.counter(d.Name), "stored", d.Stored, "counted", d.Counted), Tone: tone})
		}
	}
	var terms []string
	for _, s := range delivery.MessageStates() {
		terms = append(terms, c.T("stats.term", "n", *r.Counted.Of(s), "state", c.Message(s)))
	}
	lines = append(lines, kit.ListLine{Text: c.T("stats.ledger", "targeted", r.Counted.Targeted, "terms", strings.Join(terms, " + "))})
	p.list(c.T("stats.title"), lead, tone, lines)
}

// counter is the word for a counter by its code.
func (p *Panel) counter(name string) string {
	for _, s := range delivery.MessageStates() {
		if s.String() == name {
			return p.env.Text.Message(s)
		}
	}
	if name == "targeted" {
		return p.env.Text.T("counter.targeted")
	}
	return name
}

// inDoubt lists the messages of which nobody can know.
func (p *Panel) inDoubt() {
	bridge.Run(p.env.Bridge, "in doubt", func(ctx context.Context) ([]delivery.Row, error) {
		return p.env.Engine.Rows(ctx, p.id, delivery.MsgInDoubt, doubtRows)
	}, func(rows []delivery.Row, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		c := p.env.Text
		var lines []kit.ListLine
		for _, r := range rows {
			lines = append(lines, kit.ListLine{Text: c.T("doubt.row", "address", r.Address, "time", c.When(r.At, p.env.Now())), Tone: state.Amber})
		}
		if len(rows) == doubtRows {
			lines = append(lines, kit.ListLine{Text: c.T("doubt.more", "n", len(rows)), Tone: state.Quiet})
		}
		p.list(c.T("doubt.title"), c.T("doubt.sentence"), state.Quiet, lines)
	})
}

// log lists what happened to the delivery, the newest first.
func (p *Panel) log() {
	bridge.Run(p.env.Bridge, "log", func(ctx context.Context) ([]delivery.LogLine, error) {
		return p.env.Engine.Log(ctx, p.id)
	}, func(ls []delivery.LogLine, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		c := p.env.Text
		var lines []kit.ListLine
		for i := len(ls) - 1; i >= 0; i-- {
			tone := map[delivery.Severity]state.Tone{delivery.SeverityWarning: state.Amber, delivery.SeverityError: state.Red}[ls[i].Severity]
			lines = append(lines, kit.ListLine{Text: c.T("log.line", "time", c.ClockSeconds(ls[i].At), "text", c.LogLine(ls[i])), Tone: tone})
		}
		lead := ""
		if len(lines) == 0 {
			lead = c.T("log.empty")
		}
		p.list(c.T("log.title"), lead, state.Quiet, lines)
	})
}
