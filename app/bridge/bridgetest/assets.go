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
	"sendoff/engine/htmlimport"
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

// ImportHTML reads a file and keeps its images, as the engine does.
func (e *Engine) ImportHTML(ctx context.Context, who access.Principal, file string) (htmlimport.Result, error) {
	e.mu.Lock()
	err := e.fail["import_html"]
	e.mu.Unlock()
	if err != nil {
		return htmlimport.Result{}, err
	}
	r, err := htmlimport.Import(ctx, file)
	for i, m := range r.Images {
		if err == nil {
			r.Images[i].Asset, err = e.AddAsset(ctx, who, m.Name, m.Data)
		}
	}
	return r, err
}
