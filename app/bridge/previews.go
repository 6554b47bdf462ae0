package bridge

import (
	"context"
	"image"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/preview"
	"sendoff/engine/preview/web"
)

// Previews show what is being written, before it is saved, and send proofs of it.
type Previews interface {
	// PreviewDraft renders a draft as one person gets it. With broken Liquid the
	// findings come beside the error.
	PreviewDraft(ctx context.Context, id delivery.ID, d delivery.Draft, as PreviewAs) (Preview, error)
	// NeighbourOf is who comes step places after a person among those whom a draft
	// is for; after 0 comes the first. KindNotFound at either end.
	NeighbourOf(ctx context.Context, d delivery.Draft, profile int64, step int) (int64, error)
	// Riskiest are the people whose messages are most likely to look wrong.
	Riskiest(ctx context.Context, id delivery.ID, d delivery.Draft) ([]preview.Risk, error)
	// ShowPreview puts a draft on a page of this machine and returns its address.
	ShowPreview(ctx context.Context, id delivery.ID, d delivery.Draft, as PreviewAs, words web.Words, v web.View) (string, error)
	// Browser is the program that takes pictures, or empty. It may look for it.
	Browser() string
	// PreviewPicture is a message as a browser shows it; see engine.PreviewPicture.
	PreviewPicture(ctx context.Context, p Preview, width, scale int, dark, images bool) (image.Image, error)
	// Asset reads a kept file.
	Asset(ctx context.Context, hash string) (delivery.Asset, []byte, error)
	// SendProof sends a test of a draft, or of what is saved, and tells what became
	// of it; with a proof that has a Number the error is what kept some from being
	// sent. Needs the right Prepare.
	SendProof(ctx context.Context, who access.Principal, id delivery.ID, d *delivery.Draft, to []delivery.ProofAddress) (delivery.Proof, error)
}

// PreviewAs is whose message is shown: a profile, else who is described.
type PreviewAs struct {
	Profile int64
	Address string
	Fields  map[string]string
}

// Preview is a delivery as one recipient gets it.
type Preview struct {
	From, Subject, Preheader, HTML, Text string

	Address  string
	Profile  int64             // 0: nobody who is stored
	Values   map[string]string // of the fields
	Findings []delivery.Finding
	Bytes    int64 // of the whole message; 0 when there can be none
}
