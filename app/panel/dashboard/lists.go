package dashboard

import (
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
)

// list opens a list to read.
func (p *Panel) list(title, lead string, tone state.Tone, lines []kit.ListLine) {
	confirm.List(p.env.Window, p.env.Text, title, lead, tone, lines)
}

// Compute recounts from the sending log and shows every difference.
func (p *Panel) Compute() { logs.Compute(p.env, p.id, func() bool { return !p.closed }) }

// logs shows the Deployment window; an empty tab is the one with most to say.
func (p *Panel) logs(tab string) {
	p.env.Go(panel.Place{Screen: panel.Deployment, Delivery: p.id, Tab: tab})
}
