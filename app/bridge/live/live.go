// Package live fits the real engine to what the window needs. It translates
// types and nothing else, so that screens and their tests build without the
// engine's store. It is as safe for concurrent use as the engine.
package live

import (
	"context"
	"image"

	"sendoff/app/bridge"
	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/preview/web"
)

// Engine is the real engine as the window sees it.
type Engine struct{ *engine.Engine }

var _ bridge.Engine = Engine{}

// Subscribe opens a mailbox of changes.
func (e Engine) Subscribe() bridge.Source { return e.Engine.Subscribe() }

// FollowUp makes a delivery that follows another one.
func (e Engine) FollowUp(ctx context.Context, who access.Principal, id delivery.ID, r bridge.FollowRequest) (delivery.ID, error) {
	return e.Engine.FollowUp(ctx, who, id, engine.FollowRequest(r))
}

// Language is the language that a content says it is written in.
func (Engine) Language(c delivery.Content) string { return engine.Language(c) }

// Preview renders the delivery for the n-th profile of its audience.
func (e Engine) Preview(ctx context.Context, id delivery.ID, n int) (bridge.Preview, error) {
	p, err := e.Engine.Preview(ctx, id, n)
	return previewOf(p), err
}

func previewOf(p engine.Preview) bridge.Preview {
	return bridge.Preview{From: p.From, Subject: p.Subject, Preheader: p.Preheader, HTML: p.HTML, Text: p.Text,
		Address: p.Address, Profile: p.Profile, Values: p.Values, Findings: p.Findings, Bytes: p.Bytes}
}

// PreviewDraft renders a draft as one person gets it.
func (e Engine) PreviewDraft(ctx context.Context, id delivery.ID, d delivery.Draft, as bridge.PreviewAs) (bridge.Preview, error) {
	p, err := e.Engine.PreviewDraft(ctx, id, d, engine.PreviewAs(as))
	return previewOf(p), err
}

// ShowPreview puts a draft on a page of this machine.
func (e Engine) ShowPreview(ctx context.Context, id delivery.ID, d delivery.Draft, as bridge.PreviewAs, words web.Words, v web.View) (string, error) {
	return e.Engine.ShowPreview(ctx, id, d, engine.PreviewAs(as), words, v)
}

// PreviewPicture is a message as a browser shows it.
func (e Engine) PreviewPicture(ctx context.Context, p bridge.Preview, width, scale int, dark, images bool) (image.Image, error) {
	return e.Engine.PreviewPicture(ctx, engine.Preview{Preview: message.Preview{HTML: p.HTML}}, width, scale, dark, images)
}

// Export writes a list to a file.
func (e Engine) Export(ctx context.Context, who access.Principal, x bridge.ExportRequest, progress func(done, total int64)) (bridge.ExportResult, error) {
	res, err := e.Engine.Export(ctx, who, engine.ExportRequest{File: x.File, Sheet: x.Sheet, Header: x.Header,
		Delivery: x.Delivery, Query: x.Query, Row: x.Row, Rows: x.Rows}, progress)
	return bridge.ExportResult{File: res.File, Rows: res.Rows}, err
}
