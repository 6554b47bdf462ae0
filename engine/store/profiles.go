package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"sendoff/engine/delivery"
)

const (
	// smallAudience is the size up to which a list is read from its members and
	// sorted, rather than picked out of everybody in their order.
	smallAudience = 20_000

	// longestSearch is longer than any field or address, in bytes.
	longestSearch = 8 << 10
)

// ProfileNumbers returns the ids of the profiles that a query selects, in its
// order. By address and with a limit it reads no further than it must; any other
// sort looks at all profiles once. Addresses are sorted without regard to the
// case of their local part; what has no valid address, or no date to sort by,
// comes last whichever way round. An unknown audience has no members.
func (s *Store) ProfileNumbers(ctx context.Context, q delivery.ProfileQuery) ([]int64, error) {
	const op = "profiles"
	from, where, args := "profiles p", []string{"true"}, []any{}
	// Walking the index finds the first rows at once; reading the table and
	// sorting finds all rows sooner.
	walk := true
	if q.Audience != 0 {
		var size int64
		err := s.r.QueryRowContext(ctx, `SELECT size FROM audiences WHERE id = ?`, q.Audience).Scan(&size)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, s.wrap(op, err)
		}
		if size <= smallAudience {
			from = "members m CROSS JOIN profiles p ON p.id = m.profile"
			where = append(where, "m.audience = ?")
		} else {
			where = append(where, "EXISTS (SELECT 1 FROM members m WHERE m.audience = ? AND m.profile = p.id)")
		}
		args = append(args, q.Audience)
	}
	if q.Denied {
		where = append(where, "p.denied")
	}
	if q.Test {
		where = append(where, "p.test")
	}
	if t := strings.TrimSpace(q.Search); len(t) > longestSearch {
		return []int64{}, nil
	} else if t != "" {
		cond, more := profileSearch(t)
		where, args = append(where, cond), append(args, more...)
		walk = q.Limit > 0
	}
	return s.numbers(ctx, op, `SELECT p.id FROM `+from+` WHERE `+strings.Join(where, " AND ")+
		` ORDER BY `+profileOrder(q.Sort, q.Desc, walk)+` LIMIT ?`, append(args, limitOf(q.Limit))...)
}

// limitOf is a limit as SQLite has it: negative for none.
func limitOf(n int) int {
	if n <= 0 {
		return -1
	}
	return n
}

func profileOrder(by delivery.ProfileSort, desc, walk bool) string {
	column := "p.key"
	switch by {
	case delivery.ProfilesByCreated:
		column = "p.created"
	case delivery.ProfilesByModified:
		column = "p.modified"
	case delivery.ProfilesByLastSent:
		column = lastSent
	case delivery.ProfilesByDenied:
		column = "p.denied_at"
	}
	if !walk {
		column = "+" + column
	}
	if desc {
		return column + " DESC NULLS LAST, p.id DESC"
	}
	return column + " NULLS LAST, p.id"
}

// profileSearch is the condition that a text is part of the address or of a
// field's value. The text of the JSON object is looked at first, where that can
// tell: it is what makes a search through a million profiles short.
func profileSearch(t string) (string, []any) {
	address, args := anyCase("p.address", t)
	value, more := anyCase("j.value", t)
	value = "EXISTS (SELECT 1 FROM json_each(p.fields) j WHERE " + value + ")"
	if !escapedInJSON(t) {
		text, first := anyCase("p.fields", t)
		value, more = text+" AND "+value, append(first, more...)
	}
	return "(" + address + " OR " + value + ")", append(args, more...)
}

// escapedInJSON reports whether a text may be written otherwise in JSON.
func escapedInJSON(t string) bool {
	return strings.ContainsFunc(t, func(r rune) bool {
		return unicode.IsControl(r) || strings.ContainsRune("\"\\<>&\u2028\u2029\ufffd", r)
	})
}

// anyCase is the condition that a column contains a text in any case. LIKE folds
// ASCII alone, so the first other letter is looked for in each of its cases; when
// there are more of them, GLOB knows theirs. A letter and its accent are one
// character here: a text in decomposed form is not found by a composed one.
func anyCase(column, t string) (string, []any) {
	t = strings.ToValidUTF8(strings.ReplaceAll(t, "\x00", ""), "\ufffd")
	at, others := -1, 0
	for i, r := range t {
		if r >= utf8.RuneSelf {
			if others++; at < 0 {
				at = i
			}
		}
	}
	if at < 0 {
		return "(" + column + ` LIKE ? ESCAPE '\')`, []any{contains(t)}
	}
	// In the rest of the pattern "_" stands for the other letters; contains would
	// escape it, so it is put in afterwards.
	letter, size := utf8.DecodeRuneInString(t[at:])
	rest := strings.Map(func(r rune) rune {
		if r >= utf8.RuneSelf {
			return 0
		}
		return r
	}, t[at+size:])
	var conds []string
	var args []any
	for _, r := range cases(letter) {
		conds = append(conds, column+` LIKE ? ESCAPE '\'`)
		args = append(args, strings.ReplaceAll(contains(t[:at]+string(r)+rest), "\x00", "_"))
	}
	cond := "(" + strings.Join(conds, " OR ") + ")"
	if others > 1 {
		cond, args = cond+" AND "+column+" GLOB ?", append(args, globbed(t))
	}
	return "(" + cond + ")", args
}

// cases lists a letter in each of its cases.
func cases(r rune) []rune {
	out := []rune{r}
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		out = append(out, f)
	}
	return out
}

// globbed is a GLOB pattern for a text anywhere in any case.
func globbed(t string) string {
	var b strings.Builder
	b.WriteByte('*')
	for _, r := range t {
		switch all := cases(r); {
		case len(all) > 1 || strings.ContainsRune("*?[", r):
			b.WriteString("[" + string(all) + "]")
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('*')
	return b.String()
}

// lastSent is when a profile p got its last message.
const lastSent = `(SELECT c.at FROM contacted c WHERE c.profile = p.id)`

const profileQuery = `SELECT p.id, coalesce(p.address, ''), p.fields, p.denied, p.denied_at, p.denied_by,
	coalesce(q.reason, ''), ` + lastSent + `, p.created, p.modified, p.test, p.consent_source, p.consent_at FROM `

func scanProfile(r scanner) (delivery.Profile, error) {
	var p delivery.Profile
	var fields string
	var deniedAt, lastSent, created, modified, consentAt sql.NullInt64
	if err := r.Scan(&p.ID, &p.Address, &fields, &p.Denied, &deniedAt, &p.DeniedBy,
		&p.Quarantine, &lastSent, &created, &modified, &p.Test, &p.ConsentSource, &consentAt); err != nil {
		return p, err
	}
	p.DeniedAt, p.LastSent, p.Created, p.Modified = fromMS(deniedAt), fromMS(lastSent), fromMS(created), fromMS(modified)
	p.ConsentAt = fromMS(consentAt)
	return p, json.Unmarshal([]byte(fields), &p.Fields)
}

// ProfileRows reads profiles by id, in the order given; those that are gone are
// left out. CROSS JOIN keeps SQLite from walking the profiles.
func (s *Store) ProfileRows(ctx context.Context, ids []int64) ([]delivery.Profile, error) {
	rows, err := s.r.QueryContext(ctx, profileQuery+`json_each(?) n CROSS JOIN profiles p ON p.id = n.value
		LEFT JOIN quarantine q ON q.key = p.key ORDER BY n.key`, marshal(ids))
	if err != nil {
		return nil, s.wrap("profiles", err)
	}
	defer rows.Close()
	out := make([]delivery.Profile, 0, len(ids))
	for rows.Next() {
		p, err := scanProfile(rows)
		if err != nil {
			return nil, s.wrap("profiles", err)
		}
		out = append(out, p)
	}
	return out, s.wrap("profiles", rows.Err())
}

// Profile reads one profile with the names of its audiences. KindNotFound.
func (s *Store) Profile(ctx context.Context, id int64) (delivery.Profile, error) {
	const op = "profile"
	tx, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return delivery.Profile{}, s.wrap(op, err)
	}
	defer tx.Rollback()
	p, err := scanProfile(tx.QueryRowContext(ctx, profileQuery+`profiles p LEFT JOIN quarantine q ON q.key = p.key WHERE p.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		err = noProfile(id)
	}
	if err != nil {
		return p, s.wrap(op, err)
	}
	var names string
	err = tx.QueryRowContext(ctx, `SELECT json_group_array(name) FROM (SELECT a.name FROM audiences a
		WHERE EXISTS (SELECT 1 FROM members m WHERE m.audience = a.id AND m.profile = ?) ORDER BY a.name)`, id).Scan(&names)
	if err == nil {
		err = json.Unmarshal([]byte(names), &p.Audiences)
	}
	return p, s.wrap(op, err)
}

// ProfileByKey reads the oldest profile whose address has a key. KindNotFound.
func (s *Store) ProfileByKey(ctx context.Context, key string) (Profile, error) {
	var p Profile
	err := s.r.QueryRowContext(ctx, `SELECT address, key, fields, denied FROM profiles WHERE key = ? ORDER BY id LIMIT 1`, key).
		Scan(&p.Address, &p.Key, &p.Fields, &p.Denied)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "profile", Detail: key}
	}
	return p, s.wrap("profile", err)
}

func noProfile(id int64) error {
	return &delivery.Error{Kind: delivery.KindNotFound, Field: "profile", Detail: strconv.FormatInt(id, 10)}
}
