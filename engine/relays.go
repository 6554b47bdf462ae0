package engine

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

func (e *Engine) Providers() []provider.Provider { return nil }
func (e *Engine) LookUp(ctx context.Context, address string) (provider.Found, error) {
	return provider.Found{}, errSoon
}
func (e *Engine) TestAccount(ctx context.Context, a delivery.Account, password string, progress func(delivery.AccountStep)) (delivery.AccountTest, error) {
	return delivery.AccountTest{}, errSoon
}
func (e *Engine) EditAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) error {
	return errSoon
}
func (e *Engine) DeleteAccount(ctx context.Context, who access.Principal, id int64) error {
	return errSoon
}
func (e *Engine) Passwords(ctx context.Context) (delivery.Passwords, error) {
	return delivery.Passwords{}, errSoon
}
func (e *Engine) OpenPasswords(ctx context.Context, passphrase string) error { return errSoon }
