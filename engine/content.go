package engine

import (
	"context"
	"slices"

	"sendoff/engine/check"
	"sendoff/engine/check/online"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

// CheckContent looks at a draft's content and finds what the preparation will find
// about it, as far as that needs nobody's data, and what helps while it is
// written. It changes nothing, asks nobody, and blocks for as long as the content
// takes to read.
func (e *Engine) CheckContent(ctx context.Context, d delivery.Draft) ([]delivery.Finding, error) {
	columns, err := e.columns(ctx, d)
	if err != nil {
		return nil, err
	}
	from := e.ofDraft(ctx, d)
	// Of a file, its beginning is enough here, and this is asked at every pause of
	// who writes.
	from.Asset = func(hash string) (delivery.Asset, []byte, error) { return e.store.AssetHead(ctx, hash) }
	return prepare.Content(d, columns, from), ctx.Err()
}

// columns are the fields that templates of a draft may use.
func (e *Engine) columns(ctx context.Context, d delivery.Draft) ([]string, error) {
	if d.Audience == 0 {
		return e.store.FieldNames(ctx)
	}
	as, err := e.store.Audiences(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(as, func(a delivery.Audience) bool { return a.ID == d.Audience }); i >= 0 {
		return as[i].Columns, nil
	}
	return nil, nil
}

// CheckLinks asks every web address of a content whether it answers, those with
// merge tags left out, and reports those that do not. These requests leave this
// computer and tell the other side that somebody reads the draft: call it only
// when a person said so. progress may be nil; it is called from several
// goroutines.
func (e *Engine) CheckLinks(ctx context.Context, c delivery.Content, progress func(done, total int)) ([]delivery.Finding, error) {
	var out []delivery.Finding
	for _, r := range online.Check(ctx, nil, check.Links(c), progress) {
		if r.Reason == "" {
			continue
		}
		line, column := check.Where(c.HTML, r.URL)
		out = append(out, delivery.Finding{Code: delivery.FindLinkDead, Severity: delivery.SeverityWarning, Part: message.PartHTML,
			Line: line, Column: column, Detail: r.String() + " " + r.URL})
	}
	if err := ctx.Err(); err != nil {
		return nil, &delivery.Error{Op: "check_links", Kind: delivery.KindCancelled, Err: err}
	}
	return out, nil
}
