package bridgetest

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

func (e *Engine) Providers() []provider.Provider { return nil }
func (e *Engine) LookUp(context.Context, string) (provider.Found, error) {
	return provider.Found{}, nil
}
func (e *Engine) TestAccount(context.Context, delivery.Account, string, func(delivery.AccountStep)) (delivery.AccountTest, error) {
	return delivery.AccountTest{}, nil
}
func (e *Engine) AddAccount(_ context.Context, _ access.Principal, a delivery.Account, _ string) (delivery.Account, error) {
	return a, nil
}
func (e *Engine) EditAccount(context.Context, access.Principal, delivery.Account, string) error {
	return nil
}
func (e *Engine) DeleteAccount(context.Context, access.Principal, int64) error { return nil }
func (e *Engine) Passwords(context.Context) (delivery.Passwords, error) {
	return delivery.Passwords{Keyring: true}, nil
}
func (e *Engine) OpenPasswords(context.Context, string) error { return nil }
