package engine

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// ExportRequest is a list to be written to a file. File ends with .csv or .xlsx,
// which decides the format. Either Delivery with Query and Row, or Rows is set.
type ExportRequest struct {
	File   string
	Sheet  string   // name of the sheet in an XLSX file
	Header []string // titles of the columns

	Delivery delivery.ID
	Query    delivery.LogQuery
	Row      func(delivery.Row) []any // strings, int64, time.Time

	Rows [][]any
}

// ExportResult tells what was written.
type ExportResult struct {
	File string
	Rows int64
}

var errSoon = &delivery.Error{Kind: delivery.KindLater}

func (e *Engine) MessageNumbers(ctx context.Context, id delivery.ID, q delivery.LogQuery) ([]int64, error) {
	return nil, errSoon
}

func (e *Engine) MessageRows(ctx context.Context, id delivery.ID, numbers []int64) ([]delivery.Row, error) {
	return nil, errSoon
}

func (e *Engine) Message(ctx context.Context, id delivery.ID, number int64) (delivery.Message, error) {
	return delivery.Message{}, errSoon
}

func (e *Engine) Export(ctx context.Context, who access.Principal, x ExportRequest, progress func(done, total int64)) (ExportResult, error) {
	return ExportResult{}, errSoon
}
