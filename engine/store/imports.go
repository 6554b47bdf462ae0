package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"path/filepath"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/extsort"
)

// importRun is the size of a sorted run of an import, in bytes. Two of them are
// in memory.
const importRun = 8 << 20

// Import gathers the rows of one import. It belongs to one goroutine; Discard
// must be called in the end, also after Merge.
type Import struct {
	s    *Store
	rows *extsort.Sorter
	buf  []byte
}

// ImportOptions say what becomes of the rows.
type ImportOptions struct {
	Name          string           // of the audience
	Source        string           // name of the file
	Kind          string           // of the file
	Fields        []delivery.Field // its columns
	Existing      delivery.Existing
	Join          bool // members are added to those of an audience of that name, instead of replacing them
	ConsentSource string
	ConsentAt     time.Time
	Rejected      int64
	Misfits       int64

	// Progress, if set, is told now and then how many rows are through.
	Progress func(done int64)
	// Each, if set, is told what becomes of every person, in the order of their
	// addresses. It is for looking: a Merge does not call it.
	Each func(Outcome) error
}

// BeginImport opens an empty import. Nothing of the workspace changes before
// Merge.
func (s *Store) BeginImport(context.Context) (*Import, error) {
	if s.readOnly != nil {
		return nil, s.refuse("import")
	}
	return &Import{s: s, rows: extsort.New(s.dir, importRun)}, nil
}

// BeginCheck opens an import that can only be checked. It is for a workspace that
// is open read-only as well, and its file goes elsewhere then.
func (s *Store) BeginCheck(temporary string) *Import {
	dir := s.dir
	if s.readOnly != nil {
		dir = filepath.Clean(temporary)
	}
	return &Import{s: s, rows: extsort.New(dir, importRun)}
}

// Profile is a person as the store keeps it. Key is empty for an address that
// is missing or invalid; Fields is a JSON object of the non-empty fields.
type Profile struct {
	Address string
	Key     string
	Fields  string
	Denied  bool
	Line    int // where an import found it
}

// Flags of a staged row.
const (
	stagedDenied = 1 << iota
	stagedKey    // a key follows that is not the address
	stagedNoKey
)

// Add stages one profile.
func (i *Import) Add(p Profile) error {
	b := append(i.buf[:0], 0)
	b = binary.AppendUvarint(b, uint64(p.Line))
	switch p.Key {
	case p.Address:
	case "":
		b[0] |= stagedNoKey
	default:
		b[0] |= stagedKey
		b = binary.AppendUvarint(b, uint64(len(p.Key)))
		b = append(b, p.Key...)
	}
	if p.Denied {
		b[0] |= stagedDenied
	}
	b = append(b, p.Fields...)
	// The address goes behind the rest, so that both are in one piece of memory.
	n := len(b)
	b = append(b, p.Address...)
	i.buf = b
	return i.s.wrapFile("import", i.rows.Add(b[n:], b[:n]))
}

// unstage reads what Add wrote.
func unstage(address, value []byte) Profile {
	p := Profile{Address: string(address)}
	line, n := binary.Uvarint(value[1:])
	rest := value[1+n:]
	p.Line, p.Key, p.Denied = int(line), p.Address, value[0]&stagedDenied != 0
	switch {
	case value[0]&stagedNoKey != 0:
		p.Key = ""
	case value[0]&stagedKey != 0:
		size, n := binary.Uvarint(rest)
		p.Key, rest = string(rest[n:n+int(size)]), rest[n+int(size):]
	}
	p.Fields = string(rest)
	return p
}

// wrapFile is wrap for an error of a file beside the database.
func (s *Store) wrapFile(op string, err error) error {
	if err == nil {
		return nil
	}
	return s.wrap(op, &delivery.Error{Kind: delivery.FileKind(err), File: s.dir, Err: err})
}

func emptyNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Imported counts what a merge did.
type Imported struct {
	Added     int64 // new profiles
	Updated   int64 // profiles that were there and have something else now
	Unchanged int64 // profiles that were there and have it already
	Merged    int64 // rows that named an address of an earlier row again
}

func (n *Imported) count(o Outcome) {
	n.Merged += int64(o.Rows - 1)
	switch {
	case o.Before == nil:
		n.Added++
	case o.Changed:
		n.Updated++
	default:
		n.Unchanged++
	}
}

// Merge is MergeAs for columns of text.
func (i *Import) Merge(ctx context.Context, who access.Principal, name, source string, columns []string) (delivery.Audience, Imported, error) {
	o := ImportOptions{Name: name, Source: source}
	for _, c := range columns {
		o.Fields = append(o.Fields, delivery.Field{Name: c})
	}
	a, n, _, err := i.MergeAs(ctx, who, o)
	return a, n, err
}

// MergeAs makes the staged rows profiles and the members of an audience, all at
// once or, when ctx ends (KindCancelled), not at all. Rows of one address become
// one profile: later values win, empty ones never erase. An audience of that name
// gets the new members instead of the old, or besides them. The result has the
// number by which the import can be undone.
func (i *Import) MergeAs(ctx context.Context, who access.Principal, o ImportOptions) (delivery.Audience, Imported, int64, error) {
	const op = "import"
	a := delivery.Audience{Source: o.Source}
	for _, f := range o.Fields {
		a.Columns = append(a.Columns, f.Name)
	}
	var n Imported
	var err error
	if a.Name, err = AudienceName(o.Name); err != nil {
		return a, n, 0, err
	}
	if i.s.readOnly != nil {
		return a, n, 0, i.s.refuse(op)
	}
	it, err := i.rows.Sort()
	if err != nil {
		return a, n, 0, i.s.wrapFile(op, err)
	}
	m := &merger{ctx: ctx, rows: it, o: o, a: &a, n: &n}
	err = i.s.alone(func(tx *sql.Tx, raw rawConn) error {
		op, err := require(tx, who, op, access.Prepare)
		if err != nil {
			return err
		}
		m.tx, m.raw, m.operator = tx, raw, op.Name
		defer m.close()
		return m.run()
	})
	if err != nil && ctx.Err() != nil {
		err = &delivery.Error{Op: op, Kind: delivery.KindCancelled, Err: ctx.Err()}
	}
	return a, n, m.id, i.s.wrap(op, err)
}

// Check counts what MergeAs would do, and tells o.Each of it; it changes nothing.
func (i *Import) Check(ctx context.Context, o ImportOptions) (Imported, error) {
	const op = "import"
	var n Imported
	it, err := i.rows.Sort()
	if err != nil {
		return n, i.s.wrapFile(op, err)
	}
	tx, err := i.s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return n, i.s.wrap(op, err)
	}
	defer tx.Rollback()
	err = outcomes(ctx, tx, it, o, func(out *Outcome) error {
		n.count(*out)
		if o.Each == nil {
			return nil
		}
		return o.Each(*out)
	})
	if err != nil && ctx.Err() != nil {
		err = &delivery.Error{Op: op, Kind: delivery.KindCancelled, Err: ctx.Err()}
	}
	return n, i.s.wrap(op, err)
}

// Discard removes the staged rows.
func (i *Import) Discard() { i.rows.Close() }
