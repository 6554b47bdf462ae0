package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/store"
)

// Inspect looks at the beginning of a file: what it is, its columns with what
// their values look like, its first rows. Needs no right; nothing is kept.
func (e *Engine) Inspect(_ context.Context, r ImportRequest) (audience.Inspection, error) {
	f, _, err := openSource(r.File)
	if err != nil {
		return audience.Inspection{}, err
	}
	defer f.Close()
	return audience.Inspect(f, r.reading())
}

// firstRows is how many rows of each sort a check keeps.
const firstRows = 50

// ImportCheck tells what an import would do.
type ImportCheck = audience.Check

// CheckedRow is one row of it.
type CheckedRow = audience.CheckedRow

// ReasonCount is how many rows would be rejected for a reason.
type ReasonCount = audience.ReasonCount

// CheckImport does all that Import does but the last step, and tells what that
// would be. Needs no right; nothing is kept. Errors as of Import.
func (e *Engine) CheckImport(ctx context.Context, r ImportRequest, progress func(ImportProgress)) (ImportCheck, error) {
	var c ImportCheck
	rd, err := e.openImport(ctx, &r)
	if err != nil {
		return c, err
	}
	defer rd.close()
	im := e.store.BeginCheck(os.TempDir())
	defer im.Discard()
	reasons := map[string]int64{}
	header := rd.Header()
	p := rd.reports(progress)
	err = rd.stage(ctx, im, p, func(bad *audience.Reject) error {
		reasons[bad.Reason]++
		if len(c.RejectedRows) < firstRows {
			c.RejectedRows = append(c.RejectedRows, rejectedRow(bad, header))
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	c.Rows, c.Rejected, c.Misfits, c.Types = rd.at.Rows, rd.at.Rejected, rd.Misfits(), r.Types
	for reason, n := range reasons {
		c.Reasons = append(c.Reasons, ReasonCount{Reason: reason, Count: n})
	}
	slices.SortFunc(c.Reasons, func(a, b ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	var added, updated, unchanged, merged earliest
	o := rd.options(r)
	o.Progress = p.wrote
	o.Each = func(out store.Outcome) error {
		switch {
		case out.Before == nil:
			added.add(out)
		case out.Changed:
			updated.add(out)
		default:
			unchanged.add(out)
		}
		if out.Rows > 1 {
			merged.add(out)
		}
		return nil
	}
	n, err := im.Check(ctx, o)
	if err != nil {
		return c, err
	}
	c.Added, c.Updated, c.Unchanged, c.Merged = n.Added, n.Updated, n.Unchanged, n.Merged
	for _, s := range []struct {
		into *[]CheckedRow
		from earliest
	}{{&c.AddedRows, added}, {&c.UpdatedRows, updated}, {&c.UnchangedRows, unchanged}, {&c.MergedRows, merged}} {
		if *s.into, err = s.from.rows(); err != nil {
			return c, err
		}
	}
	c.Audience, err = e.audienceNamed(ctx, r.Name)
	return c, err
}

func (e *Engine) audienceNamed(ctx context.Context, name string) (delivery.Audience, error) {
	as, err := e.store.Audiences(ctx)
	for _, a := range as {
		if strings.EqualFold(a.Name, strings.TrimSpace(name)) {
			return a, nil
		}
	}
	return delivery.Audience{}, err
}

func rejectedRow(bad *audience.Reject, header []string) CheckedRow {
	row := CheckedRow{Line: bad.Line, Reason: bad.Reason, Detail: bad.Detail, Fields: map[string]string{}}
	for i, v := range bad.Record {
		if i < len(header) && v != "" {
			row.Fields[header[i]] = v
		}
	}
	return row
}

// earliest keeps the outcomes that come first in the file; they are met in the
// order of their addresses.
type earliest []store.Outcome

func (e *earliest) add(o store.Outcome) {
	if len(*e) < firstRows {
		*e = append(*e, o)
		return
	}
	last := 0
	for i, k := range *e {
		if k.Line > (*e)[last].Line {
			last = i
		}
	}
	if o.Line < (*e)[last].Line {
		(*e)[last] = o
	}
}

func (e earliest) rows() ([]CheckedRow, error) {
	slices.SortFunc(e, func(a, b store.Outcome) int { return cmp.Compare(a.Line, b.Line) })
	out := make([]CheckedRow, len(e))
	for i, o := range e {
		out[i] = CheckedRow{Line: o.Line, Address: o.Address, Again: o.Again}
		if err := json.Unmarshal([]byte(o.Fields), &out[i].Fields); err != nil {
			return nil, err
		}
		if o.Before == nil {
			continue
		}
		if err := json.Unmarshal([]byte(o.Before.Fields), &out[i].Before); err != nil {
			return nil, err
		}
	}
	return out, nil
}
