package bridge

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Assets keeps pictures and attachments. Previews reads them.
type Assets interface {
	// AddAsset keeps a file and says what it is. KindInvalid with Field "image"
	// for a picture that mail cannot show.
	AddAsset(ctx context.Context, who access.Principal, name string, data []byte) (delivery.Asset, error)
}
