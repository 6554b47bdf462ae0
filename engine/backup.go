package engine

import (
	"context"
	"errors"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// How often a copy of the database is made while the engine runs, and how soon one
// that failed is tried again.
const (
	daily       = 24 * time.Hour
	backupAgain = time.Hour
)

// keepBackups makes a copy of the database once a day until ctx ends. One that fails
// is said and holds nothing up; the copies that there are stay.
func (e *Engine) keepBackups(ctx context.Context) {
	for {
		wait := backupAgain
		last, err := e.store.LastBackup(ctx)
		if err == nil {
			if wait = time.Until(last.Add(e.every)); wait <= 0 || wait > e.every { // the clock may have been set
				err = e.store.DailyBackup(ctx, time.Now())
				wait = min(e.every, backupAgain)
			}
		}
		if err != nil && ctx.Err() == nil {
			e.log.Warn("no copy of the workspace", "error", err)
			e.hub.Publish(event.Warning{Err: backupError(err)})
			wait = min(e.every, backupAgain)
		}
		timer := time.NewTimer(min(wait, backupAgain)) // it stands still while the machine sleeps
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// backupError has the reason of a copy that could not be made as its detail.
func backupError(err error) error {
	out := &delivery.Error{Op: "backup", Kind: delivery.KindBackup, Detail: string(delivery.KindOf(err)), Err: err}
	var e *delivery.Error
	if errors.As(err, &e) {
		out.File = e.File
	}
	return out
}
