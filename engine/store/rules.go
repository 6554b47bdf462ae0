package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// CreateAudience stores an audience by rule. Needs the right Prepare. KindExists
// for a name that another audience has, KindRule for a rule that refers to what is
// not there.
func (s *Store) CreateAudience(ctx context.Context, who access.Principal, name string, e rule.Expr) (delivery.Audience, error) {
	const op = "create_audience"
	var a delivery.Audience
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		var err error
		a, err = createAudience(tx, name, e)
		return err
	})
	return a, err
}

func createAudience(tx *sql.Tx, name string, e rule.Expr) (delivery.Audience, error) {
	a := delivery.Audience{Columns: []string{}, Imported: time.Now().UTC()}
	var err error
	if a.Name, err = AudienceName(name); err != nil {
		return a, err
	}
	text, err := resolved(tx, 0, e)
	if err != nil {
		return a, err
	}
	if err := nameFree(tx, 0, a.Name); err != nil {
		return a, err
	}
	err = tx.QueryRow(`INSERT INTO audiences (id, name, columns, size, imported, rule)
		VALUES (`+nextID("audiences")+`, ?2, '[]', 0, ?3, ?4) RETURNING id`, metaLastAudience, a.Name, ms(a.Imported), text).Scan(&a.ID)
	if err != nil {
		return a, err
	}
	a.Rule, err = named(tx, text)
	return a, err
}

// nameFree refuses a name that another audience has.
func nameFree(tx *sql.Tx, id int64, name string) error {
	var taken bool
	if err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM audiences WHERE name = ? AND id <> ?)`, name, id).Scan(&taken); err != nil {
		return err
	}
	if taken {
		return &delivery.Error{Kind: delivery.KindExists, Field: "audience", Detail: name}
	}
	return nil
}

// EditAudienceRule replaces the rule of an audience. Needs the right Prepare. It
// breaks the seal of every plan that was made with it and is not confirmed.
// KindInvalid for a list; KindRule with FaultCycle for a rule that would need
// itself.
func (s *Store) EditAudienceRule(ctx context.Context, who access.Principal, id int64, e rule.Expr) error {
	const op = "edit_audience"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		was, _, err := audienceRule(tx, id)
		switch {
		case err != nil:
			return err
		case was == "":
			return &delivery.Error{Kind: delivery.KindInvalid, Field: "audience.rule", Detail: strconv.FormatInt(id, 10)}
		}
		text, err := resolved(tx, id, e)
		if err != nil || text == was {
			return err
		}
		_, err = tx.Exec(`UPDATE audiences SET rule = ?, counted = NULL, size = 0 WHERE id = ?`, text, id)
		return err
	})
}

// NoteCount remembers how many people the rule of an audience named, and when; it
// does nothing for a list, and for a rule that is not the one that was counted.
func (s *Store) NoteCount(ctx context.Context, id int64, text string, n int64, at time.Time) error {
	return s.write(ctx, "count", func(tx *sql.Tx) error {
		_, err := tx.Exec(`UPDATE audiences SET size = ?, counted = ? WHERE id = ? AND rule = ?`, n, ms(at), id, text)
		return err
	})
}

// SplitPart is one part of a split: an audience of the people in some of so many
// random parts.
type SplitPart struct {
	Name string
	Rule rule.Expr
}

// CreateAudiences stores several audiences by rule, or none. Errors as of
// CreateAudience.
func (s *Store) CreateAudiences(ctx context.Context, who access.Principal, parts []SplitPart) ([]delivery.Audience, error) {
	const op = "split_audience"
	var out []delivery.Audience
	err := s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil {
			return err
		}
		for _, p := range parts {
			a, err := createAudience(tx, p.Name, p.Rule)
			if err != nil {
				return err
			}
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

// SetTest makes people test profiles, or not. Needs the right Prepare. People who
// are gone are left out; KindNotFound when all are.
func (s *Store) SetTest(ctx context.Context, who access.Principal, ids []int64, test bool) error {
	const op = "test_profile"
	return s.write(ctx, op, func(tx *sql.Tx) error {
		if _, err := require(tx, who, op, access.Prepare); err != nil || len(ids) == 0 {
			return err
		}
		if err := anybody(tx, ids); err != nil {
			return err
		}
		now, err := stamp(tx)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE profiles SET test = ?1, modified = ?2
			WHERE id IN (SELECT value FROM json_each(?3)) AND test <> ?1`, test, now, marshal(ids))
		return err
	})
}

// audienceRule reads the rule and the name of an audience. KindNotFound.
func audienceRule(q querier, id int64) (text, name string, err error) {
	err = q.QueryRowContext(context.Background(), `SELECT rule, name FROM audiences WHERE id = ?`, id).Scan(&text, &name)
	if errors.Is(err, sql.ErrNoRows) {
		err = &delivery.Error{Kind: delivery.KindNotFound, Field: "audience", Detail: strconv.FormatInt(id, 10)}
	}
	return text, name, err
}

// resolved writes a rule with the numbers of audiences, after looking up whatever
// it refers to. id is the audience that it becomes the rule of, 0 for a new one.
func resolved(tx *sql.Tx, id int64, e rule.Expr) (string, error) {
	e, err := resolve(tx, e)
	if err != nil {
		return "", err
	}
	for _, r := range e.Audiences() {
		needs, err := reaches(tx, r.ID, id)
		if err != nil {
			return "", err
		}
		if needs {
			_, name, err := audienceRule(tx, r.ID)
			if err != nil {
				return "", err
			}
			return "", &delivery.Error{Kind: delivery.KindRule, Field: rule.FaultCycle, Detail: name}
		}
	}
	return e.String(), nil
}

// resolve gives every audience of a rule its number alone.
func resolve(q querier, e rule.Expr) (rule.Expr, error) {
	e = e.Clone()
	if err := e.Validate(); err != nil {
		return e, err
	}
	var failed error
	fault := func(what, detail string) {
		if failed == nil {
			failed = &delivery.Error{Kind: delivery.KindRule, Field: what, Detail: detail}
		}
	}
	e.Walk(func(x *rule.Expr) {
		var err error
		switch x.Op {
		case rule.InAudience, rule.NotIn:
			r := x.Audience
			// A name is what a person sees; the number may be an old one's.
			if r.Name != "" {
				err = q.QueryRowContext(context.Background(), `SELECT id FROM audiences WHERE name = ?`, r.Name).Scan(&r.ID)
			} else {
				_, _, err = audienceRule(q, r.ID)
			}
			if errors.Is(err, sql.ErrNoRows) || delivery.Is(err, delivery.KindNotFound) {
				fault(rule.FaultAudience, cmp.Or(r.Name, strconv.FormatInt(r.ID, 10)))
				return
			}
			x.Audience = rule.Ref{ID: r.ID}
		case rule.Got, rule.DidNotGet:
			var there bool
			err = q.QueryRowContext(context.Background(), `SELECT EXISTS (SELECT 1 FROM deliveries WHERE id = ?)`, x.Delivery).Scan(&there)
			if err == nil && !there {
				fault(rule.FaultDelivery, x.Delivery.String())
			}
		}
		if err != nil && failed == nil {
			failed = err
		}
	})
	return e, failed
}

// reaches reports whether an audience is another one, or refers to it.
func reaches(q querier, from, to int64) (bool, error) {
	if from == to {
		return true, nil
	}
	if to == 0 {
		return false, nil
	}
	found := false
	err := eachRule(q, from, func(id int64, _ string) { found = found || id == to })
	return found, err
}

// eachRule calls fn for an audience and all that its rule refers to, each once;
// text is empty for a list, and for an audience that is gone.
func eachRule(q querier, id int64, fn func(id int64, text string)) error {
	seen, next := map[int64]bool{id: true}, []int64{id}
	for len(next) > 0 {
		id, next = next[0], next[1:]
		text, _, err := audienceRule(q, id)
		if err != nil && !delivery.Is(err, delivery.KindNotFound) {
			return err
		}
		fn(id, text)
		if text == "" {
			continue
		}
		e, err := rule.Parse(text)
		if err != nil {
			continue // a finding of the preparation
		}
		for _, r := range e.Audiences() {
			if !seen[r.ID] {
				seen[r.ID] = true
				next = append(next, r.ID)
			}
		}
	}
	return nil
}

// definition is what a seal holds of a rule: its text, and those of the rules that
// it refers to. It is empty for a list.
func definition(q querier, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	if text, _, err := audienceRule(q, id); err != nil || text == "" {
		if delivery.Is(err, delivery.KindNotFound) {
			err = nil
		}
		return "", err
	}
	var lines []string
	err := eachRule(q, id, func(id int64, text string) {
		if text != "" {
			lines = append(lines, fmt.Sprintf("%d: %s", id, text))
		}
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n"), err
}

// named writes the text of a rule with the names of audiences. What is gone keeps
// its number; a text that is no rule stays as it is.
func named(q querier, text string) (string, error) {
	e, err := rule.Parse(text)
	if err != nil {
		return text, nil
	}
	var failed error
	e.Walk(func(x *rule.Expr) {
		if x.Audience.ID == 0 || failed != nil {
			return
		}
		_, name, err := audienceRule(q, x.Audience.ID)
		if err != nil && !delivery.Is(err, delivery.KindNotFound) {
			failed = err
		}
		x.Audience.Name = name
	})
	return e.String(), failed
}

// unreferred refuses the removal of an audience that the rule of another one
// needs.
func unreferred(tx *sql.Tx, id int64) error {
	rows, err := tx.Query(`SELECT id, name, rule FROM audiences WHERE rule <> '' AND id <> ? ORDER BY id`, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var other int64
		var name, text string
		if err := rows.Scan(&other, &name, &text); err != nil {
			return err
		}
		e, err := rule.Parse(text)
		if err != nil {
			continue
		}
		for _, r := range e.Audiences() {
			if r.ID == id {
				return &delivery.Error{Kind: delivery.KindInUse, Field: "audience", Detail: name}
			}
		}
	}
	return rows.Err()
}
