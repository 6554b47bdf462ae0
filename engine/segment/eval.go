package segment

import (
	"context"
	"encoding/binary"
	"math/bits"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"sendoff/engine/delivery"
	"sendoff/engine/rule"
)

// Eval finds whom a valid rule names; test profiles are never among them. The
// source must be the one that the index was last synced with. The errors are those
// of the source, and of KindRule: FaultAudience and FaultDelivery for what is
// gone, FaultCycle for a rule that needs itself.
func (x *Index) Eval(ctx context.Context, src Source, e rule.Expr, env Env) (Set, error) {
	v := eval{x: x, ctx: ctx, src: src, env: env, rules: map[int64]Set{}}
	s, err := v.set(e)
	if err != nil {
		return nil, err
	}
	s = slices.Clone(s)
	s.and(x.alive)
	s.without(x.test)
	return s, nil
}

// Count is how many people a set has.
func (s Set) Count() int64 { return s.count() }

// IDs lists the profiles of a set, n at most from the skip-th on; a negative n is
// all of them.
func (x *Index) IDs(s Set, skip, n int) []int64 {
	if n < 0 {
		n = int(s.count())
	}
	out := make([]int64, 0, min(n, len(x.ids)))
	s.each(func(row int) bool {
		if skip > 0 {
			skip--
			return true
		}
		if len(out) == n {
			return false
		}
		out = append(out, x.ids[row])
		return true
	})
	return out
}

// eval is one evaluation.
type eval struct {
	x     *Index
	ctx   context.Context
	src   Source
	env   Env
	stack []int64       // audiences whose rules are being evaluated
	rules map[int64]Set // audiences whose rules were
}

// set finds whom a rule names. What it returns may be shared and must not be
// changed.
func (v *eval) set(e rule.Expr) (Set, error) {
	if err := v.ctx.Err(); err != nil {
		return nil, &delivery.Error{Op: "rule", Kind: delivery.KindCancelled, Err: err}
	}
	switch e.Op {
	case rule.And, rule.Or:
		first, err := v.set(e.Terms[0])
		if err != nil {
			return nil, err
		}
		s := slices.Clone(first)
		for _, t := range e.Terms[1:] {
			o, err := v.set(t)
			switch {
			case err != nil:
				return nil, err
			case e.Op == rule.And:
				s.and(o)
			default:
				s.or(o)
			}
		}
		return s, nil
	case rule.Not:
		s, err := v.set(e.Terms[0])
		return v.rest(s), err
	case rule.Everyone:
		return v.x.alive, nil
	case rule.InAudience:
		return v.audience(e.Audience)
	case rule.NotIn:
		s, err := v.audience(e.Audience)
		return v.rest(s), err
	case rule.Got:
		return v.got(e.Delivery)
	case rule.DidNotGet:
		s, err := v.got(e.Delivery)
		return v.rest(s), err
	case rule.Random:
		return v.random(e), nil
	}
	return v.field(e), nil
}

// rest is everybody else.
func (v *eval) rest(s Set) Set {
	out := slices.Clone(v.x.alive)
	out.without(s)
	return out
}

func (v *eval) field(e rule.Expr) Set {
	switch e.Field {
	case rule.FieldEmail:
		return v.text(v.x.email, e)
	case rule.FieldAdded:
		return v.x.where(v.x.created, func() func(uint32) bool {
			test := rule.Test(e, v.env.Now)
			return func(code uint32) bool { return test(v.added(code)) }
		})
	}
	c := v.x.fields[e.Field]
	if c == nil {
		c = &column{ends: []uint32{0}}
	}
	return v.text(c, e)
}

// text asks a condition of the texts of a column.
func (v *eval) text(c *column, e rule.Expr) Set {
	if pass := newSet(c.distinct()); c.textual(e, pass, v.x.parts) {
		return v.x.having(c, pass)
	}
	return v.x.where(c, func() func(uint32) bool {
		test := rule.Test(e, v.env.Now)
		return func(code uint32) bool { return test(c.value(code)) }
	})
}

// added is the day on which somebody with a value of created was added.
func (v *eval) added(code uint32) string {
	if code == 0 {
		return ""
	}
	ms := int64(binary.LittleEndian.Uint64([]byte(v.x.created.value(code))))
	return rule.DayText(time.UnixMilli(ms), v.env.Now)
}

// spread is from how many values on a condition is asked by all cores.
const spread = 20_000

// where finds the people whose value passes. Every core makes a test of its own.
func (x *Index) where(c *column, make func() func(code uint32) bool) Set {
	n := c.distinct()
	pass := newSet(n)
	ask := func(from, to int) {
		test := make()
		for code := from; code < to; code++ {
			if test(uint32(code)) {
				pass.add(code)
			}
		}
	}
	x.parts(n, ask)
	return x.having(c, pass)
}

// having finds the people whose value is among some.
func (x *Index) having(c *column, pass Set) Set {
	out := newSet(len(x.ids))
	if pass.has(0) {
		for i := range out {
			out[i] = ^uint64(0)
		}
		clear(out[:len(c.codes)/64])
		if r := len(c.codes) % 64; r > 0 {
			out[len(c.codes)/64] &^= 1<<r - 1
		}
	}
	x.parts(len(c.codes), func(from, to int) { scan(out, pass, c.codes, from, to) })
	return out
}

// scan adds the people from one place to another whose number is in a set.
func scan(out, pass Set, codes []uint32, from, to int) {
	for row := from; row < to; {
		end := min(to, row|63+1)
		var w uint64
		for i, code := range codes[row:end] {
			w |= (pass[code/64] >> (code % 64) & 1) << i
		}
		out[row/64] |= w << (row % 64)
		row = end
	}
}

// parts cuts 0 to n into pieces that begin at a word of a set, one a core.
func (x *Index) parts(n int, fn func(from, to int)) {
	cores := runtime.GOMAXPROCS(0)
	if n < spread || cores < 2 {
		fn(0, n)
		return
	}
	size := (n/cores + 64) &^ 63
	var wg sync.WaitGroup
	for from := 0; from < n; from += size {
		wg.Go(func() { fn(from, min(n, from+size)) })
	}
	wg.Wait()
}

// random deals people into parts by their mailbox, so that nobody with two
// profiles is in two parts; by their number when they have none. Saved rules depend
// on how: the part is the upper half of the product of Of and the xxHash64 of the
// seed, in four bytes with the lowest first, and the address.
func (v *eval) random(e rule.Expr) Set {
	dealer := func() func(string) bool {
		b := binary.LittleEndian.AppendUint32(make([]byte, 0, 64), e.Seed)
		return func(s string) bool {
			b = append(b[:4], s...)
			part, _ := bits.Mul64(xxhash.Sum64(b), uint64(e.Of))
			return int(part) >= e.First-1 && int(part) < e.Last
		}
	}
	in := dealer()
	s := v.x.where(v.x.email, func() func(uint32) bool {
		in := dealer()
		return func(code uint32) bool { return in(v.x.email.value(code)) }
	})
	for row, id := range v.x.ids {
		if v.x.keyed.has(row) {
			continue
		}
		s.remove(row)
		if in(strconv.FormatInt(id, 10)) {
			s.add(row)
		}
	}
	return s
}

func (v *eval) audience(r rule.Ref) (Set, error) {
	a, err := v.src.Audience(v.ctx, r.ID)
	if delivery.Is(err, delivery.KindNotFound) {
		return nil, &delivery.Error{Op: "rule", Kind: delivery.KindRule, Field: rule.FaultAudience, Detail: strconv.FormatInt(r.ID, 10)}
	}
	if err != nil {
		return nil, err
	}
	if a.Rule == "" {
		return v.list(r.ID, a.Version)
	}
	if s, ok := v.rules[r.ID]; ok {
		return s, nil
	}
	if slices.Contains(v.stack, r.ID) || len(v.stack) > maxRefs {
		return nil, &delivery.Error{Op: "rule", Kind: delivery.KindRule, Field: rule.FaultCycle, Detail: a.Name}
	}
	e, err := rule.Parse(a.Rule)
	if err != nil {
		return nil, err
	}
	v.stack = append(v.stack, r.ID)
	s, err := v.set(e)
	v.stack = v.stack[:len(v.stack)-1]
	if err == nil {
		v.rules[r.ID] = s
	}
	return s, err
}

// maxRefs is how deep rules may refer to each other.
const maxRefs = 64

// list reads the members of a list, unless they are known.
func (v *eval) list(id int64, version string) (Set, error) {
	x := v.x
	if c := x.members[id]; c != nil && c.version == version {
		c.set = c.set.grown(len(x.ids))
		return c.set, nil
	}
	s := newSet(len(x.ids))
	err := v.src.Members(v.ctx, id, func(profile int64) error {
		if row := x.row(profile); row >= 0 {
			s.add(row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.members[id] = &cached{set: s, version: version}
	return s, nil
}

// got finds who got a delivery: the people whom it went to, and whoever has a
// mailbox that it went to.
func (v *eval) got(id delivery.ID) (Set, error) {
	x := v.x
	version, err := v.src.Delivery(v.ctx, id)
	if delivery.Is(err, delivery.KindNotFound) {
		return nil, &delivery.Error{Op: "rule", Kind: delivery.KindRule, Field: rule.FaultDelivery, Detail: id.String()}
	}
	if err != nil {
		return nil, err
	}
	if c := x.got[id]; c != nil && c.version == version {
		return c.set, nil
	}
	people, boxes := newSet(len(x.ids)), newSet(x.email.distinct())
	err = v.src.Got(v.ctx, id, func(profile int64, key []byte) error {
		if code := x.email.find(key); code != 0 {
			boxes.add(int(code))
		}
		if row := x.row(profile); row >= 0 {
			people.add(row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s := newSet(len(x.ids))
	x.parts(len(x.email.codes), func(from, to int) { scan(s, boxes, x.email.codes, from, to) })
	s.and(x.keyed)
	s.or(people)
	x.got[id] = &cached{set: s, version: version}
	return s, nil
}
