package bridge

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/htmlimport"
)

// Assets keeps pictures and attachments. Previews reads them.
type Assets interface {
	// AddAsset keeps a file and says what it is. KindInvalid with Field "image"
	// for a picture that mail cannot show.
	AddAsset(ctx context.Context, who access.Principal, name string, data []byte) (delivery.Asset, error)
	// ImportHTML reads HTML that was made elsewhere, a file or a ZIP archive, and
	// keeps its images. Nothing of a delivery changes.
	ImportHTML(ctx context.Context, who access.Principal, file string) (htmlimport.Result, error)
}
