package blocks

import (
	"bytes"
	"context"
	"image"
	_ "image/gif" // pictures of letters
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/engine/block"
	"sendoff/engine/delivery"
)

// pictures reads the stored pictures of a letter, each once.
type pictures struct {
	env    *panel.Env
	have   map[string]image.Image // by hash; nil while it is read, and when it cannot be
	loaded func()
}

func newPictures(env *panel.Env, loaded func()) *pictures {
	return &pictures{env: env, have: map[string]image.Image{}, loaded: loaded}
}

// widest is how many pixels of a picture are kept: a letter is not wider, on a
// screen of twice the resolution.
const widest = 1400

// of is the picture of an address, nil when it is not stored here or not read
// yet. Nothing is fetched from the web.
func (p *pictures) of(src string) image.Image {
	if len(src) <= len(block.AssetScheme) || src[:len(block.AssetScheme)] != block.AssetScheme {
		return nil
	}
	hash := src[len(block.AssetScheme):]
	m, asked := p.have[hash]
	if asked {
		return m
	}
	p.have[hash] = nil
	bridge.Run(p.env.Bridge, "picture", func(ctx context.Context) (image.Image, error) {
		_, data, err := p.env.Engine.Asset(ctx, hash)
		if err != nil {
			return nil, err
		}
		m, _, err := image.Decode(bytes.NewReader(data))
		return smaller(m), err
	}, func(m image.Image, err error) {
		if err == nil {
			p.have[hash] = m
			p.loaded()
		}
	})
	return nil
}

func smaller(m image.Image) image.Image {
	if m == nil || m.Bounds().Dx() <= widest {
		return m
	}
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, widest, max(1, b.Dy()*widest/b.Dx())))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), m, b, draw.Src, nil)
	return out
}

// endings are the files that can be chosen.
func endings() []string { return []string{".png", ".jpg", ".jpeg", ".gif", ".webp"} }

// pick asks for a picture and stores it.
func (p *pictures) pick(title string, done func(delivery.Asset)) {
	p.env.Pick(title, endings(), func(path string) { p.add(path, done) })
}

// add stores a file as a picture.
func (p *pictures) add(path string, done func(delivery.Asset)) {
	who := p.env.Who()
	bridge.Run(p.env.Bridge, "add picture", func(ctx context.Context) (delivery.Asset, error) {
		info, err := os.Stat(path)
		if err == nil && info.Size() > delivery.MaxAsset {
			return delivery.Asset{}, &delivery.Error{Op: "picture", Kind: delivery.KindInvalid, Field: "asset", Detail: "too_large", File: path}
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return delivery.Asset{}, &delivery.Error{Op: "picture", Kind: delivery.KindIO, File: path, Err: err}
		}
		a, err := p.env.Engine.AddAsset(ctx, who, filepath.Base(path), data)
		if err == nil && !a.Image() {
			err = &delivery.Error{Op: "picture", Kind: delivery.KindInvalid, Field: "image", Detail: "format", File: path}
		}
		return a, err
	}, func(a delivery.Asset, err error) {
		if err != nil {
			p.env.Fail(err)
			return
		}
		done(a)
	})
}
