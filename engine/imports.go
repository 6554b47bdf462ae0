package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/store"
)

// ImportRequest names a file of people and the audience they become. What the
// file is, is found out, unless it is said here.
type ImportRequest struct {
	File string // text in columns, XLSX or vCard
	Name string // of the audience; one of that name gets the new members instead of the old

	Kind      audience.Kind
	Encoding  string // one of audience.Encodings
	Delimiter rune
	Header    audience.Header
	Sheet     string
	Map       map[string]string        // field → header or number from 1 of its column; "email" is the address
	Without   []string                 // columns to leave out, by header or number
	Types     map[string]audience.Type // of fields; one without a format takes what fits the first rows
	Guess     bool                     // fields without a type get what their values look like, instead of text

	Existing      delivery.Existing // empty: update
	Join          bool              // the new members come besides the old
	ConsentSource string            // where the people agreed; empty: not recorded
	ConsentAt     time.Time         // and when
}

// ImportProgress tells how far an import is.
type ImportProgress struct {
	Bytes, Total   int64 // of the file; of a workbook Bytes is an estimate
	Rows, Rejected int64
	Writing        bool  // the file has been read
	Written        int64 // rows that went into the workspace
}

// ImportResult tells what an import did. Rows = Added + Updated + Unchanged +
// Merged.
type ImportResult struct {
	Import     int64 // by which it can be undone
	Audience   delivery.Audience
	Rows       int64 // good ones
	Added      int64
	Updated    int64
	Unchanged  int64 // people who were there and have all of it, or are skipped
	Merged     int64 // rows of an address that came before
	Rejected   int64
	Misfits    []audience.Misfit // values that do not fit the type of their field; their rows count without them
	RejectFile string            // empty when nothing was rejected
	Kind       audience.Kind
	Encoding   string
	Delimiter  rune // 0 where there is none
}

// maxConsent is the longest text for a source of consent, in bytes.
const maxConsent = 500

// Import reads a file as a stream and makes it an audience. Needs the right
// Prepare. Bad rows go to a reject file beside the source, or in the workspace
// when that folder cannot be written. When it fails or ctx ends
// (KindCancelled), nothing of it is kept. Errors as of audience.Open; KindInvalid
// with Field "audience.name", "import.existing" or "import.consent".
func (e *Engine) Import(ctx context.Context, who access.Principal, r ImportRequest, progress func(ImportProgress)) (ImportResult, error) {
	var res ImportResult
	o, err := e.operator(ctx, who)
	if err != nil {
		return res, err
	}
	if err := o.Check("import", access.Prepare); err != nil {
		return res, err
	}
	if r.Name, err = store.AudienceName(r.Name); err != nil {
		return res, err
	}
	im, err := e.store.BeginImport(ctx)
	if err != nil {
		return res, err
	}
	defer im.Discard()
	rd, err := e.openImport(ctx, &r)
	if err != nil {
		return res, err
	}
	defer rd.close()
	rejects := e.rejects(r.File, rd.Reader)
	defer rejects.Abort()
	p := rd.reports(progress)
	if err := rd.stage(ctx, im, p, func(bad *audience.Reject) error { return rejects.Write(bad) }); err != nil {
		return res, err
	}
	res.Kind, res.Encoding, res.Delimiter = rd.Kind(), rd.Encoding(), rd.Delimiter()
	res.Rows, res.Rejected, res.Misfits = rd.at.Rows, rd.at.Rejected, rd.Misfits()
	if res.RejectFile, err = rejects.Close(); err != nil {
		return res, err
	}
	so := rd.options(r)
	so.Progress = p.wrote
	a, n, id, err := im.MergeAs(ctx, who, so)
	if err != nil {
		if res.RejectFile != "" {
			os.Remove(res.RejectFile)
		}
		return res, err
	}
	res.Import, res.Audience = id, a
	res.Added, res.Updated, res.Unchanged, res.Merged = n.Added, n.Updated, n.Unchanged, n.Merged
	e.hub.Publish(event.Lists{})
	return res, nil
}

// Imports lists those that were done, the newest first.
func (e *Engine) Imports(ctx context.Context) ([]delivery.Import, error) { return e.store.Imports(ctx) }

// UndoImport takes back what an import did; see store.UndoImport. Needs the right
// Prepare.
func (e *Engine) UndoImport(ctx context.Context, who access.Principal, id int64) (delivery.ImportUndo, error) {
	u, err := e.store.UndoImport(ctx, who, id)
	return u, e.listed(err)
}

// options is what the store is told of an import.
func (s *importSource) options(r ImportRequest) store.ImportOptions {
	o := store.ImportOptions{Name: r.Name, Source: filepath.Base(r.File), Kind: string(s.Kind()), Existing: r.Existing, Join: r.Join,
		ConsentSource: r.ConsentSource, ConsentAt: r.ConsentAt, Rejected: s.at.Rejected}
	labels := s.Labels()
	for i, name := range s.Columns() {
		f := delivery.Field{Name: name, Type: r.Types[name].Kind, Label: labels[i], Sample: s.samples[i]}
		// A card has many fields that hardly anybody fills.
		if s.Kind() != audience.KindVCard || f.Sample != "" {
			o.Fields = append(o.Fields, f)
		}
	}
	for _, m := range s.Misfits() {
		o.Misfits += m.Count
	}
	return o
}

// checkRequest refuses what cannot be, before anything is read.
func checkRequest(r *ImportRequest) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: "import", Kind: delivery.KindInvalid, Field: field, Detail: detail}
	}
	r.ConsentSource, r.ConsentAt = strings.TrimSpace(r.ConsentSource), day(r.ConsentAt)
	switch {
	case !slices.Contains([]delivery.Existing{"", delivery.ExistingUpdate, delivery.ExistingFill, delivery.ExistingSkip}, r.Existing):
		return bad("import.existing", string(r.Existing))
	case len(r.ConsentSource) > maxConsent || strings.ContainsRune(r.ConsentSource, 0):
		return bad("import.consent", r.ConsentSource[:min(20, len(r.ConsentSource))])
	case r.ConsentSource == "" && !r.ConsentAt.IsZero():
		return bad("import.consent", "")
	}
	return nil
}

func openSource(path string) (*os.File, int64, error) {
	fail := func(err error) (*os.File, int64, error) {
		return nil, 0, &delivery.Error{Op: "import", Kind: delivery.FileKind(err), File: path, Err: err}
	}
	f, err := os.Open(path)
	if err != nil {
		return fail(err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = errors.New("is no file")
	}
	if err != nil {
		f.Close()
		return fail(err)
	}
	return f, fi.Size(), nil
}

// rejects opens the writer for bad rows: beside the source when that folder can
// be written, else in the workspace.
func (e *Engine) rejects(source string, rd *audience.Reader) *audience.RejectWriter {
	base := filepath.Base(source)
	name := strings.TrimSuffix(base, filepath.Ext(base)) + "-rejected-" + time.Now().Format("20060102-150405") + ".csv"
	dir := filepath.Dir(source)
	if probe, err := os.CreateTemp(dir, ".sendoff-*"); err == nil {
		probe.Close()
		os.Remove(probe.Name())
	} else {
		dir = e.dir
	}
	delimiter := rd.Delimiter()
	if delimiter == 0 {
		delimiter = ','
	}
	return audience.NewRejectWriter(filepath.Join(dir, name), rd.Header(), delimiter)
}
