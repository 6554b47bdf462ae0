package engine

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func (e *Engine) ProfileNumbers(ctx context.Context, q delivery.ProfileQuery) ([]int64, error) {
	return nil, errSoon
}
func (e *Engine) ProfileRows(ctx context.Context, numbers []int64) ([]delivery.Profile, error) {
	return nil, errSoon
}
func (e *Engine) Profile(ctx context.Context, id int64) (delivery.Profile, error) {
	return delivery.Profile{}, errSoon
}
func (e *Engine) AddProfile(ctx context.Context, who access.Principal, p delivery.Profile) (int64, error) {
	return 0, errSoon
}
func (e *Engine) EditProfile(ctx context.Context, who access.Principal, p delivery.Profile) error {
	return errSoon
}
func (e *Engine) DeleteProfile(ctx context.Context, who access.Principal, id int64) error {
	return errSoon
}
func (e *Engine) Deny(ctx context.Context, who access.Principal, ids []int64, denied bool) error {
	return errSoon
}
func (e *Engine) FieldNames(ctx context.Context) ([]string, error) { return nil, errSoon }
func (e *Engine) QuarantineNumbers(ctx context.Context, q delivery.QuarantineQuery) ([]int64, error) {
	return nil, errSoon
}
func (e *Engine) QuarantineRows(ctx context.Context, numbers []int64) ([]delivery.Quarantined, error) {
	return nil, errSoon
}
func (e *Engine) AddQuarantine(ctx context.Context, who access.Principal, address string) error {
	return errSoon
}
func (e *Engine) Release(ctx context.Context, who access.Principal, keys []string) error {
	return errSoon
}
func (e *Engine) DeleteAudience(ctx context.Context, who access.Principal, id int64) error {
	return errSoon
}
func (e *Engine) RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error {
	return errSoon
}
func (e *Engine) EditOperator(ctx context.Context, who access.Principal, o access.Operator) error {
	return errSoon
}
func (e *Engine) SaveDraft(ctx context.Context, key, value string) error { return errSoon }
func (e *Engine) Draft(ctx context.Context, key string) (delivery.FormDraft, error) {
	return delivery.FormDraft{}, errSoon
}
