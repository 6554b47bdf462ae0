// Package draft keeps what somebody types into a form in the workspace until it is
// saved or called off, so that it survives the window.
//
// Everything here lives on the UI goroutine; the engine is asked off it.
package draft

import (
	"context"
	"time"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/engine/delivery"
)

// Pause is how long nothing is typed before it is kept.
const Pause = time.Second

// Keeper keeps one form.
type Keeper struct {
	env  *panel.Env
	key  string
	get  func() string
	pace int // counts the changes
	over bool
	busy bool // one is being kept
	has  bool // and next follows
	next string
}

// Keep begins to keep a form under a key; get is what it holds now. Nothing is
// kept before the first Changed.
func Keep(env *panel.Env, key string, get func() string) *Keeper {
	return &Keeper{env: env, key: key, get: get}
}

// Changed is called after every change. Once a person pauses, the form is kept.
func (k *Keeper) Changed() {
	if k.over {
		return
	}
	k.pace++
	n := k.pace
	k.env.Bridge.After(Pause, func() {
		if n == k.pace && !k.over {
			k.store(k.get())
		}
	})
}

// Now keeps the form at once: the screen goes.
func (k *Keeper) Now() {
	if !k.over && k.pace > 0 {
		k.pace++
		k.store(k.get())
	}
}

// Clear forgets what is kept; what is changed from now on is kept again.
func (k *Keeper) Clear() {
	if !k.over && k.pace > 0 {
		k.pace++
		k.store("")
	}
}

// Forget ends it: the form was saved or called off.
func (k *Keeper) Forget() {
	if !k.over {
		k.over = true
		if k.pace > 0 {
			k.store("")
		}
	}
}

// store hands values over one after the other, so that the last one stays.
func (k *Keeper) store(value string) {
	k.next, k.has = value, true
	if k.busy {
		return
	}
	k.busy, k.has = true, false
	bridge.Run(k.env.Bridge, "draft", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, k.env.Engine.SaveDraft(ctx, k.key, value)
	}, func(_ struct{}, err error) {
		k.busy = false
		// A workspace that is read-only keeps nothing; saving says so.
		if err != nil && !delivery.Is(err, delivery.KindReadOnly) {
			k.env.Fail(err)
		}
		if k.has {
			k.store(k.next)
		}
	})
}

// Take gives back what was kept under a key, if anything was.
func Take(env *panel.Env, key string, use func(value string)) {
	bridge.Run(env.Bridge, "draft", func(ctx context.Context) (delivery.FormDraft, error) {
		return env.Engine.Draft(ctx, key)
	}, func(d delivery.FormDraft, err error) {
		if err == nil && d.Value != "" {
			use(d.Value)
		}
	})
}
