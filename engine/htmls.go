package engine

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/htmlimport"
)

// ImportHTML reads HTML that was made elsewhere, a file or a ZIP archive, and keeps
// its images: the HTML refers to them. Nothing of a delivery changes; what to do with
// the HTML is the caller's. Needs the right Prepare. Errors are those of
// htmlimport.Import and AddAsset.
func (e *Engine) ImportHTML(ctx context.Context, who access.Principal, file string) (htmlimport.Result, error) {
	o, err := e.operator(ctx, who)
	if err == nil {
		err = o.Check("import_html", access.Prepare)
	}
	if err != nil {
		return htmlimport.Result{}, err
	}
	r, err := htmlimport.Import(ctx, file)
	if err != nil {
		return r, err
	}
	for i, m := range r.Images {
		if r.Images[i].Asset, err = e.store.AddAsset(ctx, who, m.Asset, m.Data); err != nil {
			return htmlimport.Result{}, err
		}
	}
	return r, nil
}
