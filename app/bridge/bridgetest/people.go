package bridgetest

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func (e *Engine) ProfileNumbers(context.Context, delivery.ProfileQuery) ([]int64, error) {
	return nil, nil
}
func (e *Engine) ProfileRows(context.Context, []int64) ([]delivery.Profile, error) { return nil, nil }
func (e *Engine) Profile(context.Context, int64) (delivery.Profile, error) {
	return delivery.Profile{}, nil
}
func (e *Engine) AddProfile(context.Context, access.Principal, delivery.Profile) (int64, error) {
	return 0, nil
}
func (e *Engine) EditProfile(context.Context, access.Principal, delivery.Profile) error { return nil }
func (e *Engine) DeleteProfile(context.Context, access.Principal, int64) error          { return nil }
func (e *Engine) Deny(context.Context, access.Principal, []int64, bool) error           { return nil }
func (e *Engine) FieldNames(context.Context) ([]string, error)                          { return nil, nil }
func (e *Engine) QuarantineNumbers(context.Context, delivery.QuarantineQuery) ([]int64, error) {
	return nil, nil
}
func (e *Engine) QuarantineRows(context.Context, []int64) ([]delivery.Quarantined, error) {
	return nil, nil
}
func (e *Engine) AddQuarantine(context.Context, access.Principal, string) error         { return nil }
func (e *Engine) Release(context.Context, access.Principal, []string) error             { return nil }
func (e *Engine) DeleteAudience(context.Context, access.Principal, int64) error         { return nil }
func (e *Engine) RenameAudience(context.Context, access.Principal, int64, string) error { return nil }
