package bridge

import (
	"context"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// Imports read files of people.
type Imports interface {
	// Inspect tells what a file is and what its columns hold; nothing is kept.
	Inspect(context.Context, ImportRequest) (audience.Inspection, error)
	// CheckImport tells what an import would do; nothing is kept.
	CheckImport(context.Context, ImportRequest, func(ImportProgress)) (ImportCheck, error)
	// Import makes an audience of a file; when ctx ends, nothing is kept.
	Import(context.Context, access.Principal, ImportRequest, func(ImportProgress)) (ImportResult, error)
	// ImportList lists those that were done, the newest first.
	ImportList(context.Context) ([]delivery.Import, error)
	// UndoImport takes one back as far as nobody built on it.
	UndoImport(ctx context.Context, who access.Principal, id int64) (delivery.ImportUndo, error)
}

// ImportRequest names a file of people and the audience they become. What the
// file is, is found out, unless it is said here; see engine.ImportRequest.
type ImportRequest struct {
	File string
	Name string

	Kind      audience.Kind
	Encoding  string
	Delimiter rune
	Header    audience.Header
	Sheet     string
	Map       map[string]string
	Without   []string
	Types     map[string]audience.Type
	Guess     bool

	Existing      delivery.Existing
	Join          bool
	ConsentSource string
	ConsentAt     time.Time
}

// ImportProgress tells how far an import is.
type ImportProgress struct {
	Bytes, Total   int64 // of the file
	Rows, Rejected int64
	Writing        bool  // the file has been read
	Written        int64 // rows that went into the workspace
}

// ImportCheck tells what an import would do, with the first rows of each sort.
type ImportCheck = audience.Check

// ImportResult tells what an import did.
type ImportResult struct {
	Import     int64 // by which it can be undone
	Audience   delivery.Audience
	Rows       int64 // good ones
	Added      int64
	Updated    int64
	Unchanged  int64
	Merged     int64
	Rejected   int64
	Misfits    []audience.Misfit
	RejectFile string // empty when nothing was rejected
	Kind       audience.Kind
	Encoding   string
	Delimiter  rune
}
