package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sendoff/engine"
)

// importing measures how long a file takes to become an audience.
func importing(ctx context.Context, o options, t *table) error {
	file, err := people(o, o.rows)
	if err != nil {
		return err
	}
	var ours, theirs []time.Duration
	for i := range o.runs {
		d, err := importOnce(ctx, o, file)
		if err != nil {
			return err
		}
		ours = append(ours, d)
		note("import %d/%d: sendoff %s", i+1, o.runs, perSecond(o.rows, d))
		if o.sqlite == "" {
			continue
		}
		if d, err = sqliteOnce(ctx, o, file); err != nil {
			return err
		}
		theirs = append(theirs, d)
		note("import %d/%d: sqlite3 %s", i+1, o.runs, perSecond(o.rows, d))
	}
	if err := checking(ctx, o, t); err != nil {
		return err
	}
	name, b := fmt.Sprintf("import %d rows ÷ sqlite3 .import + sorted upsert", o.rows), atLeast(0.9, ratio)
	t.detail(fmt.Sprintf("import %d rows, checked, normalised, merged", o.rows), perSecond(o.rows, median(ours)), spread(ours))
	if len(theirs) == 0 {
		t.absent(name, b, "sqlite3 is not there")
		return nil
	}
	var ratios []float64
	for i := range ours {
		ratios = append(ratios, theirs[i].Seconds()/ours[i].Seconds())
	}
	t.figure(name, b, median(ratios), fmt.Sprintf("sqlite3 %s without checks, ours %s", perSecond(o.rows, median(theirs)), perSecond(o.rows, median(ours))))
	t.detail("  sqlite3 .import + sorted upsert, no checks", perSecond(o.rows, median(theirs)), spread(theirs))
	return nil
}

// checkedRows is the size of the file, and of the workspace, for which a check of an
// import has its bar.
const checkedRows = 100_000

// checking measures how long it takes to say what an import would do, against a
// workspace that has everybody of the file already: once when all of them are as
// the file says, once when each of them would change.
func checking(ctx context.Context, o options, t *table) error {
	file, err := people(o, checkedRows)
	if err != nil {
		return err
	}
	b, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer b.close()
	r := engine.ImportRequest{File: file, Name: "people"}
	if _, err := b.Import(ctx, b.who, r, func(engine.ImportProgress) {}); err != nil {
		return err
	}
	var took []time.Duration
	for range o.runs {
		for _, renamed := range []map[string]string{nil, {"town": "city"}} {
			r.Map = renamed
			start := time.Now()
			c, err := b.CheckImport(ctx, r, nil)
			if err != nil {
				return err
			}
			took = append(took, time.Since(start))
			if c.Added != 0 || c.Rejected != 0 || c.Updated+c.Unchanged != checkedRows || (c.Updated == checkedRows) != (renamed != nil) {
				return fmt.Errorf("checked %+v", c)
			}
		}
	}
	t.figure(fmt.Sprintf("check of an import of %d rows, as many people there", checkedRows), atMost(float64(2*time.Second), span), float64(median(took)), spread(took))
	return nil
}

func importOnce(ctx context.Context, o options, file string) (time.Duration, error) {
	b, err := open(ctx, o)
	if err != nil {
		return 0, err
	}
	defer b.close()
	start := time.Now()
	res, err := b.Import(ctx, b.who, engine.ImportRequest{File: file, Name: "people"}, func(engine.ImportProgress) {})
	if err != nil {
		return 0, err
	}
	took := time.Since(start)
	if res.Audience.Size != int64(o.rows) {
		return 0, fmt.Errorf("imported %d of %d", res.Audience.Size, o.rows)
	}
	return took, nil
}

// sqliteOnce does with the sqlite3 shell what an import comes down to: load the
// file, then merge it in the order of the key, durably.
func sqliteOnce(ctx context.Context, o options, file string) (time.Duration, error) {
	db, err := filepath.Abs(filepath.Join(o.dir, "baseline.db"))
	if err != nil {
		return 0, err
	}
	for _, old := range []string{db, db + "-wal", db + "-shm"} {
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			return 0, err
		}
	}
	cmd := exec.CommandContext(ctx, o.sqlite, db)
	cmd.Stdin = bytes.NewBufferString(`PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE profiles (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, email TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TEMP TABLE staged (email, first_name, last_name, gender, city, country, language, shop, voucher, since);
.import --csv --skip 1 --schema temp ` + file + ` staged
INSERT INTO profiles (key, email, fields)
  SELECT lower(email), email, json_object('first_name', first_name, 'last_name', last_name, 'gender', gender, 'city', city,
    'country', country, 'language', language, 'shop', shop, 'voucher', voucher, 'since', since)
  FROM staged WHERE true ORDER BY lower(email)
  ON CONFLICT (key) DO UPDATE SET fields = excluded.fields;
SELECT count(*) FROM profiles;
`)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		return 0, fmt.Errorf("sqlite3: %w %s", err, out)
	}
	if !bytes.Contains(out, fmt.Appendf(nil, "%d\n", o.rows)) {
		return 0, fmt.Errorf("sqlite3: %s", out)
	}
	return took, nil
}

// reads is how often the figures are read.
const reads = 200

// figures measures what the dashboard costs beside counting the log, of a
// delivery that was sent.
func figures(ctx context.Context, o options, t *table) error {
	e, v, err := o.sent(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	var read, count []time.Duration
	for range reads {
		start := time.Now()
		got, err := e.Delivery(ctx, v.ID)
		if err != nil {
			return err
		}
		read = append(read, time.Since(start))
		if got.Counters.Check() != nil || got.Counters.Accepted != int64(o.rows) {
			return fmt.Errorf("the ledger is %+v", got.Counters)
		}
	}
	for range o.runs {
		start := time.Now()
		r, err := e.ComputeStats(ctx, v.ID)
		if err != nil {
			return err
		}
		count = append(count, time.Since(start))
		if len(r.Differences) > 0 {
			return fmt.Errorf("differences: %v", r.Differences)
		}
	}
	t.figure(fmt.Sprintf("figures of a delivery of %d", o.rows), atMost(float64(2*time.Millisecond), span), float64(median(read)),
		"counting its log anew: "+round(median(count)).String())
	t.absent("keeping the figures: share of what taking up outcomes costs", atMost(0.05, ratio), "they are kept in the same transaction; not measured by itself")
	t.detail(fmt.Sprintf("figures of a delivery of %d", o.rows), round(median(read)).String(), spread(read))
	t.detail("  counting its log anew", round(median(count)).String(), spread(count))
	return nil
}
