package bridge

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
)

// Source is a mailbox of engine events with one reader.
type Source interface {
	Next(context.Context) ([]event.Event, error)
	Close()
}

// Engine is what the window needs of the engine. Every method may block and is
// called off the UI goroutine; errors are *delivery.Error.
type Engine interface {
	Dir() string
	ReadOnly() error
	Subscribe() Source
	AddSample(context.Context) (delivery.ID, error)
	Operators(context.Context) ([]access.Operator, error)
	Accounts(context.Context) ([]delivery.Account, error)
	Audiences(context.Context) ([]delivery.Audience, error)
	Import(context.Context, access.Principal, ImportRequest, func(ImportProgress)) (ImportResult, error)

	CreateDelivery(context.Context, access.Principal, delivery.Draft) (delivery.ID, error)
	EditDelivery(context.Context, access.Principal, delivery.ID, delivery.Draft) error
	DuplicateDelivery(context.Context, access.Principal, delivery.ID) (delivery.ID, error)
	DeleteDelivery(context.Context, access.Principal, delivery.ID) error
	Deliveries(context.Context) ([]delivery.View, error)
	Delivery(context.Context, delivery.ID) (delivery.View, error)

	Prepare(context.Context, access.Principal, delivery.ID) error
	StopPreparation(context.Context, access.Principal, delivery.ID) error
	Confirm(ctx context.Context, who access.Principal, id delivery.ID, plan string) error
	Pause(context.Context, access.Principal, delivery.ID) error
	Resume(context.Context, access.Principal, delivery.ID) error
	Stop(context.Context, access.Principal, delivery.ID) error
	Allowed(context.Context, access.Principal, delivery.ID) ([]delivery.Action, error)

	Log(context.Context, delivery.ID) ([]delivery.LogLine, error)
	Rows(ctx context.Context, id delivery.ID, s delivery.MessageState, limit int) ([]delivery.Row, error)
	Series(context.Context, delivery.ID) ([]delivery.Point, error)
	ComputeStats(context.Context, delivery.ID) (kpi.Recount, error)
	Preview(ctx context.Context, id delivery.ID, n int) (Preview, error)
}

// ImportRequest names a CSV file and the audience it becomes. Map names the
// columns that are not to be guessed, "email" first of all.
type ImportRequest struct {
	File string
	Name string
	Map  map[string]string
}

// ImportProgress tells how far an import is.
type ImportProgress struct {
	Bytes, Total   int64 // of the file; Total is 0 while unknown
	Rows, Rejected int64
}

// ImportResult tells what an import did.
type ImportResult struct {
	Audience   delivery.Audience
	Rows       int64
	Added      int64
	Updated    int64
	Merged     int64
	Rejected   int64
	RejectFile string // empty when nothing was rejected
	Encoding   string
	Delimiter  rune
}

// Preview is a delivery as one recipient gets it.
type Preview struct {
	From, Subject, Preheader, HTML, Text string
	Address                              string
}
