package audience

import "sendoff/engine/delivery"

// Check tells what an import would do. Rows = Added + Updated + Unchanged +
// Merged. Of each sort the first rows of the file are kept.
type Check struct {
	Rows, Added, Updated, Unchanged, Merged, Rejected int64

	AddedRows, UpdatedRows, UnchangedRows, MergedRows, RejectedRows []CheckedRow

	Reasons  []ReasonCount // why rows would be rejected, the most frequent first
	Misfits  []Misfit      // values that would be left out
	Types    map[string]Type
	Audience delivery.Audience // of that name; ID is 0 when there is none
}

// ReasonCount is how many rows would be rejected for a reason.
type ReasonCount struct {
	Reason string // one of Reasons
	Count  int64
}

// CheckedRow is one row and what would become of it.
type CheckedRow struct {
	Line    int
	Address string
	Fields  map[string]string // afterwards; of a rejected one its cells by header
	Before  map[string]string // of somebody who is there already
	Again   int               // of merged rows: the line of the next one with the address
	Reason  string            // of a rejected one
	Detail  string
}
