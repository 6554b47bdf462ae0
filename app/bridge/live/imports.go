package live

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// Inspect looks at the beginning of a file.
func (e Engine) Inspect(ctx context.Context, r bridge.ImportRequest) (audience.Inspection, error) {
	return e.Engine.Inspect(ctx, engine.ImportRequest(r))
}

func told(progress func(bridge.ImportProgress)) func(engine.ImportProgress) {
	return func(p engine.ImportProgress) { progress(bridge.ImportProgress(p)) }
}

// CheckImport tells what an import would do.
func (e Engine) CheckImport(ctx context.Context, r bridge.ImportRequest, progress func(bridge.ImportProgress)) (bridge.ImportCheck, error) {
	return e.Engine.CheckImport(ctx, engine.ImportRequest(r), told(progress))
}

// Import makes an audience of a file.
func (e Engine) Import(ctx context.Context, who access.Principal, r bridge.ImportRequest, progress func(bridge.ImportProgress)) (bridge.ImportResult, error) {
	res, err := e.Engine.Import(ctx, who, engine.ImportRequest(r), told(progress))
	return bridge.ImportResult(res), err
}

// ImportList lists the imports.
func (e Engine) ImportList(ctx context.Context) ([]delivery.Import, error) {
	return e.Engine.Imports(ctx)
}
