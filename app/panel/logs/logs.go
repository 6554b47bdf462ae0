// Package logs is what the screens of a delivery's logs share: the recount from
// the sending log, and the pictures of message states.
//
// It lives on the UI goroutine.
package logs

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/kpi"
	"sendoff/widgets"
)

// Compute recounts and opens the result, unless the screen that asked is not
// wanted any more by then.
func Compute(env *panel.Env, id delivery.ID, wanted func() bool) {
	bridge.Run(env.Bridge, "compute stats", func(ctx context.Context) (kpi.Recount, error) {
		return env.Engine.ComputeStats(ctx, id)
	}, func(r kpi.Recount, err error) {
		if !wanted() {
			return
		}
		if err != nil {
			env.Fail(err)
			return
		}
		m := state.RecountOf(env.Text, r)
		lines := make([]kit.ListLine, len(m.Lines))
		for i, l := range m.Lines {
			lines[i] = kit.ListLine(l)
		}
		confirm.List(env.Window, env.Text, m.Title, m.Lead, m.Tone, lines)
	})
}

// Icon is the picture of a message's state.
func Icon(s delivery.MessageState) kit.Icon {
	switch s {
	case delivery.MsgAccepted:
		return widgets.IconCheck
	case delivery.MsgRejected:
		return widgets.IconClose
	case delivery.MsgDeferred:
		return widgets.IconClock
	case delivery.MsgInDoubt:
		return widgets.IconQuestion
	case delivery.MsgClaimed, delivery.MsgCommitting:
		return widgets.IconSend
	case delivery.MsgCancelled:
		return widgets.IconStop
	case delivery.MsgExcluded:
		return widgets.IconBlocked
	}
	return widgets.IconMore
}

// Offer says that a file was written and offers to show its folder.
func Offer(env *panel.Env, said, folder string) {
	env.Offer(said, env.Text.T("deployment.show_folder"), func() {
		if err := env.Launch(folder); err != nil {
			env.Fail(&delivery.Error{Op: "open", Kind: delivery.KindIO, File: folder, Err: err})
		}
	})
}
