package engine

import (
	"context"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/asset"
	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// AddAsset keeps a file that contents can refer to: HTML as src="asset:HASH",
// attachments by the hash. The same bytes are kept once. Needs the right Prepare.
// Errors: KindInvalid with Field "asset" (Detail: "empty", or "too_large" for more
// than delivery.MaxAsset) or "image" (one that mail cannot show; Detail as in
// package asset).
func (e *Engine) AddAsset(ctx context.Context, who access.Principal, name string, data []byte) (delivery.Asset, error) {
	a, err := asset.Inspect(name, data)
	if err != nil {
		return delivery.Asset{}, err
	}
	return e.store.AddAsset(ctx, who, a, data)
}

// Asset reads a kept file. KindNotFound with Field "asset" when there is none.
func (e *Engine) Asset(ctx context.Context, hash string) (delivery.Asset, []byte, error) {
	return e.store.Asset(ctx, hash)
}

// Assets lists the kept files, the newest first.
func (e *Engine) Assets(ctx context.Context) ([]delivery.Asset, error) { return e.store.Assets(ctx) }

// dropAssets forgets files that nothing has referred to for a while.
func (e *Engine) dropAssets(ctx context.Context) {
	if _, err := e.store.DropAssets(context.WithoutCancel(ctx), time.Now().Add(-store.KeepAsset)); err != nil {
		e.log.Warn("unused assets stay", "error", err)
	}
}
