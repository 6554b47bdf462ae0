package prepare

import (
	"cmp"
	"errors"
	"slices"

	"sendoff/engine/attachment"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// files reads and freezes the files of one recipient. nil: the message cannot be
// made, and m says why.
func (r *run) files(buf *message.Buffer, seq int64, t Target, m *rendered) []message.File {
	paths, missing, err := r.press.Paths(buf, seq, t.Address, "", t.Fields)
	if err != nil {
		m.err = err
		return nil
	}
	// A path that lacks a value is no path, and what it lacks is said already.
	m.missing = append(m.missing, missing...)
	if len(missing) > 0 {
		return nil
	}
	out := make([]message.File, len(paths))
	m.files = make([]delivery.File, len(paths))
	for i, path := range paths {
		if path == "" {
			continue
		}
		kept, data, err := r.in.Freeze(path)
		var trouble *attachment.Trouble
		switch {
		case errors.As(err, &trouble):
			m.trouble = &delivery.Finding{Code: trouble.Code, Severity: delivery.SeverityError, Part: message.PartAttachment, Detail: path}
			return nil
		case err != nil:
			m.fatal = err
			return nil
		}
		m.files[i], out[i] = kept, message.File{Path: path, Data: data}
	}
	return out
}

// fileFindings are what was wrong with files of recipients, each kind once.
func (r *run) fileFindings() []delivery.Finding {
	var out []delivery.Finding
	for _, f := range r.trouble {
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b delivery.Finding) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

// union adds to a list of names what is not in it.
func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}
