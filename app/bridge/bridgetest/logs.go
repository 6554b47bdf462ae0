package bridgetest

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func (e *Engine) MessageNumbers(context.Context, delivery.ID, delivery.LogQuery) ([]int64, error) {
	return nil, nil
}
func (e *Engine) MessageRows(context.Context, delivery.ID, []int64) ([]delivery.Row, error) {
	return nil, nil
}
func (e *Engine) Message(context.Context, delivery.ID, int64) (delivery.Message, error) {
	return delivery.Message{}, nil
}
func (e *Engine) Export(context.Context, access.Principal, bridge.ExportRequest, func(done, total int64)) (bridge.ExportResult, error) {
	return bridge.ExportResult{}, nil
}
