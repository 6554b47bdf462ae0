package engine

import (
	"context"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// CheckContent looks at a draft's content and finds what the preparation will find
// about it, as far as that needs nobody's data. It changes nothing and blocks for
// as long as the content takes to read.
func (e *Engine) CheckContent(ctx context.Context, d delivery.Draft) ([]delivery.Finding, error) {
	_, findings := message.Compile(d.Content)
	return findings, ctx.Err()
}
