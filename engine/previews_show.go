package engine

import (
	"context"

	"sendoff/engine/delivery"
	"sendoff/engine/preview/web"
)

// ShowPreview puts what is being written on a page for the browser of this machine and
// returns its address. The page shows the draft as it is now, as anybody of its audience
// gets it; it goes after a while without a look, and when the engine is closed.
func (e *Engine) ShowPreview(ctx context.Context, id delivery.ID, d delivery.Draft, as PreviewAs, words web.Words, v web.View) (string, error) {
	v.Profile = as.Profile
	return e.pages.Open(drafted{e, id, d, as}, words, v)
}

// drafted is a draft as a page needs it.
type drafted struct {
	e  *Engine
	id delivery.ID
	d  delivery.Draft
	as PreviewAs // who is shown when nobody who is stored is
}

func (s drafted) Message(ctx context.Context, profile int64) (web.Message, error) {
	as := PreviewAs{Profile: profile}
	if profile == 0 {
		as = s.as
		as.Profile = 0
	}
	p, err := s.e.PreviewDraft(ctx, s.id, s.d, as)
	return web.Message{From: p.From, Address: p.Address, Subject: p.Subject, Preheader: p.Preheader, HTML: p.HTML, Text: p.Text}, err
}

func (s drafted) Neighbour(ctx context.Context, profile int64, step int) (int64, bool) {
	id, err := s.e.NeighbourOf(ctx, s.d, profile, step)
	return id, err == nil
}

func (s drafted) Asset(ctx context.Context, hash string) (string, []byte, error) {
	a, data, err := s.e.Asset(ctx, hash)
	if err == nil && !a.Image() {
		// Anything else could be a document of its own.
		err = &delivery.Error{Op: "preview", Kind: delivery.KindNotFound, Field: "asset", Detail: hash}
	}
	return a.Type, data, err
}

// Document is a message of one piece that a browser can read from a file: with its
// pictures, without anything that runs, loads or leads elsewhere.
func (e *Engine) Document(ctx context.Context, p Preview, dark, images bool) []byte {
	return web.Standalone(p.HTML, dark, images, func(hash string) (string, []byte, error) {
		return drafted{e: e}.Asset(ctx, hash)
	})
}
