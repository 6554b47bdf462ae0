package bridgetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	_ "image/jpeg" // those that tests add
	_ "image/png"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// AddAsset keeps a picture.
func (e *Engine) AddAsset(_ context.Context, _ access.Principal, name string, data []byte) (delivery.Asset, error) {
	e.mu.Lock()
	err := e.fail["asset"]
	e.mu.Unlock()
	if err != nil {
		return delivery.Asset{}, err
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return delivery.Asset{}, &delivery.Error{Kind: delivery.KindInvalid, Field: "image", Detail: "format"}
	}
	sum := sha256.Sum256(data)
	a := delivery.Asset{Hash: hex.EncodeToString(sum[:]), Name: name, Type: "image/" + kind, Size: int64(len(data)), Width: c.Width, Height: c.Height, Added: Now()}
	e.SetAsset(a.Hash, data)
	return a, nil
}
