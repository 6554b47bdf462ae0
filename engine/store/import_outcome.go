package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/extsort"
)

// Outcome is what becomes of a person of an import.
type Outcome struct {
	Profile        // as the file has it, the rows of one address put together; Line is that of the first
	Rows    int    // of the file with this address, at least 1
	Again   int    // line of the second of them; 0 when there is one only
	Before  *Known // nil for somebody new
	Fields  string // afterwards
	Changed bool   // something is not as it was before

	consented bool // the consent is that of the import afterwards
}

// Known is a person who is there already.
type Known struct {
	ID            int64
	Fields        string
	Denied        bool
	ConsentSource string
	ConsentAt     sql.NullInt64

	modified int64
}

// lookups is how many people are looked up at a time.
const lookups = 512

// outcomes tells fn of every person of an import. It is all that decides what an
// import does, so that what was checked is what is done.
func outcomes(ctx context.Context, tx *sql.Tx, it *extsort.Iterator, o ImportOptions, fn func(*Outcome) error) error {
	var somebody bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM profiles)`).Scan(&somebody); err != nil {
		return err
	}
	g := &grouper{rows: it}
	batch := make([]Outcome, 0, lookups)
	d := decider{o: o}
	var rows int64
	for done := false; !done; {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch = batch[:0]
		for len(batch) < lookups {
			p, ok, err := g.next()
			if err != nil {
				return err
			}
			if done = !ok; done {
				break
			}
			batch = append(batch, p)
		}
		known := map[string]*Known{}
		if somebody {
			var err error
			if known, err = lookup(tx, batch); err != nil {
				return err
			}
		}
		for i := range batch {
			p := &batch[i]
			p.Before = known[p.Address]
			if err := d.decide(p); err != nil {
				return err
			}
			if err := fn(p); err != nil {
				return err
			}
			rows += int64(p.Rows)
		}
		if o.Progress != nil && (done || rows%(32*lookups) < lookups) {
			o.Progress(rows)
		}
	}
	return nil
}

// grouper puts the rows of one address together.
type grouper struct {
	rows  *extsort.Iterator
	held  Profile // read already; it has another address
	there bool
	a, b  flat
}

// next gives the next person. Rows without an address are one each.
func (g *grouper) next() (Outcome, bool, error) {
	if !g.there {
		p, ok, err := g.row()
		if err != nil || !ok {
			return Outcome{}, false, err
		}
		g.held = p
	}
	out := Outcome{Profile: g.held, Rows: 1}
	g.there = false
	for {
		p, ok, err := g.row()
		if err != nil || !ok {
			return out, true, err
		}
		if p.Address != out.Address || p.Address == "" {
			g.held, g.there = p, true
			return out, true, nil
		}
		if out.Rows++; out.Rows == 2 {
			out.Again = p.Line
		}
		out.Denied = out.Denied || p.Denied
		if g.a, err = parseFlat(g.a, out.Profile.Fields); err != nil {
			return out, false, err
		}
		if g.b, err = parseFlat(g.b, p.Fields); err != nil {
			return out, false, err
		}
		merged, _ := g.a.patch(g.b, false)
		out.Profile.Fields, g.a = merged.String(), merged
	}
}

func (g *grouper) row() (Profile, bool, error) {
	address, value, ok, err := g.rows.Next()
	if err != nil || !ok {
		return Profile{}, false, err
	}
	return unstage(address, value), true, nil
}

// lookup finds those of a batch who are there already, by address.
func lookup(tx *sql.Tx, batch []Outcome) (map[string]*Known, error) {
	addresses := make([]string, 0, len(batch))
	for _, p := range batch {
		if p.Address != "" {
			addresses = append(addresses, p.Address)
		}
	}
	known := map[string]*Known{}
	if len(addresses) == 0 {
		return known, nil
	}
	rows, err := tx.Query(`SELECT p.id, p.address, p.fields, p.denied, p.consent_source, p.consent_at, p.modified
		FROM json_each(?) j CROSS JOIN profiles p ON p.address = j.value`, marshal(addresses))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k Known
		var address string
		if err := rows.Scan(&k.ID, &address, &k.Fields, &k.Denied, &k.ConsentSource, &k.ConsentAt, &k.modified); err != nil {
			return nil, err
		}
		known[address] = &k
	}
	return known, rows.Err()
}

// decider says what an import makes of a person.
type decider struct {
	o    ImportOptions
	a, b flat
}

func (d *decider) decide(p *Outcome) error {
	k := p.Before
	if k == nil {
		p.Fields, p.Changed, p.consented = p.Profile.Fields, true, true
		return nil
	}
	p.Fields = k.Fields
	if d.o.Existing == delivery.ExistingSkip {
		return nil
	}
	fill := d.o.Existing == delivery.ExistingFill
	var err error
	if d.a, err = parseFlat(d.a, k.Fields); err != nil {
		return errors.Join(err, noProfile(k.ID))
	}
	if d.b, err = parseFlat(d.b, p.Profile.Fields); err != nil {
		return err
	}
	var changed bool
	if d.a, changed = d.a.patch(d.b, fill); changed {
		p.Fields, p.Changed = d.a.String(), true
	}
	if d.o.ConsentSource != "" && !(fill && k.ConsentSource != "") &&
		(k.ConsentSource != d.o.ConsentSource || !sameDate(k.ConsentAt, d.o.ConsentAt)) {
		p.Changed, p.consented = true, true
	}
	if p.Denied && !k.Denied {
		p.Changed = true
	}
	return nil
}

func sameDate(at sql.NullInt64, t time.Time) bool {
	if t.IsZero() {
		return !at.Valid
	}
	return at.Valid && at.Int64 == ms(t)
}
