package engine

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/rule"
	"sendoff/engine/segment"
	"sendoff/engine/store"
)

// segmentIdle is how long everybody is kept in memory after a rule was last
// evaluated.
const segmentIdle = 5 * time.Minute

// segments holds everybody in memory while rules are evaluated.
type segments struct {
	mu    sync.Mutex
	index segment.Index
	idle  *time.Timer
}

// with runs fn on an index that is up to a snapshot, which is opened while nobody
// else can: an index never goes back in time. fn may keep the snapshot by setting
// keep.
func (s *segments) with(ctx context.Context, db *store.Store, progress func(delivery.Progress),
	fn func(x *segment.Index, now *store.Snapshot) (keep bool, err error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil { // another one loaded it meanwhile, and nobody waits any more
		return &delivery.Error{Op: "rule", Kind: delivery.KindCancelled, Err: err}
	}
	now, err := db.Snapshot(ctx)
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if !keep {
			now.Close()
		}
	}()
	defer s.rest()
	// Reading everybody is not called off: who waits types on, and asks again.
	if err := s.index.Sync(context.WithoutCancel(ctx), now, progress); err != nil {
		return err
	}
	keep, err = fn(&s.index, now)
	return err
}

// rest has everybody let go of after a while from now on.
func (s *segments) rest() {
	if s.idle != nil {
		s.idle.Stop()
	}
	s.idle = time.AfterFunc(segmentIdle, s.free)
}

// free lets go of everybody.
func (s *segments) free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index = segment.Index{}
}

func (s *segments) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle != nil {
		s.idle.Stop()
	}
	s.index = segment.Index{}
}

// RuleCount is whom a rule names at a moment.
type RuleCount struct {
	Rule   rule.Expr
	Count  int64
	Total  int64              // everybody, without test profiles
	Sample []delivery.Profile // some of them
	At     time.Time
	Took   time.Duration // of the evaluation, without reading what had changed
	Bytes  int64         // of everybody in memory
}

// CountRule evaluates a rule now, with a sample of at most n people from the
// skip-th on. The first time reads everybody, which progress reports; after that
// only what changed. Days are those of this computer's zone. KindRule when the
// rule cannot be read, or refers to a field, audience or delivery that is not
// there.
func (e *Engine) CountRule(ctx context.Context, text string, skip, n int, progress func(delivery.Progress)) (RuleCount, error) {
	x, err := rule.Parse(text)
	if err != nil {
		return RuleCount{}, err
	}
	return e.countRule(ctx, x, skip, n, progress)
}

func (e *Engine) countRule(ctx context.Context, x rule.Expr, skip, n int, progress func(delivery.Progress)) (RuleCount, error) {
	c := RuleCount{Rule: x, At: time.Now()}
	if err := e.checkFields(ctx, x); err != nil {
		return c, err
	}
	var ids []int64
	err := e.segments.with(ctx, e.store, progress, func(ix *segment.Index, now *store.Snapshot) (bool, error) {
		x, err := now.Resolve(x)
		if err != nil {
			return false, err
		}
		began := time.Now()
		set, err := ix.Eval(ctx, now, x, segment.Env{Now: c.At})
		if err != nil {
			return false, err
		}
		c.Count, ids = set.Count(), ix.IDs(set, skip, n)
		c.Took, c.Total, c.Bytes = time.Since(began), ix.Len(), ix.Bytes()
		return false, nil
	})
	if err == nil && len(ids) > 0 {
		c.Sample, err = e.store.ProfileRows(ctx, ids)
	}
	return c, err
}

func (e *Engine) checkFields(ctx context.Context, x rule.Expr) error {
	fields, err := e.store.Fields(ctx)
	if err != nil {
		return err
	}
	return x.CheckFields(fields)
}

// FieldValues lists the most frequent values of a field that contain a text, n at
// most, those that begin with it first.
func (e *Engine) FieldValues(ctx context.Context, field, part string, n int) ([]segment.Value, error) {
	var out []segment.Value
	err := e.segments.with(ctx, e.store, nil, func(ix *segment.Index, _ *store.Snapshot) (bool, error) {
		out = ix.Values(field, part, n)
		return false, nil
	})
	return out, err
}

// CountAudience counts an audience by rule now and remembers it as the audience's
// size. A list has the size that it has.
func (e *Engine) CountAudience(ctx context.Context, id int64, progress func(delivery.Progress)) (int64, error) {
	var n int64
	var text string
	at := time.Now()
	err := e.segments.with(ctx, e.store, progress, func(ix *segment.Index, now *store.Snapshot) (bool, error) {
		var err error
		if text, _, err = now.Rule(id); err != nil || text == "" {
			return false, err
		}
		x, err := rule.Parse(text)
		if err != nil {
			return false, err
		}
		set, err := ix.Eval(ctx, now, x, segment.Env{Now: at})
		n = set.Count()
		return false, err
	})
	if err != nil || text == "" || e.store.ReadOnly() != nil {
		return n, err
	}
	if err := e.store.NoteCount(ctx, id, text, n, at); err != nil {
		return n, err
	}
	return n, e.listed(nil)
}

// CreateAudience stores an audience by rule and counts it. Needs the right
// Prepare. KindExists for a name that another audience has, KindRule as CountRule.
func (e *Engine) CreateAudience(ctx context.Context, who access.Principal, name, text string) (delivery.Audience, error) {
	x, err := e.readRule(ctx, text)
	if err != nil {
		return delivery.Audience{}, err
	}
	a, err := e.store.CreateAudience(ctx, who, name, x)
	if err != nil {
		return a, err
	}
	if a.Size, err = e.CountAudience(ctx, a.ID, nil); err == nil {
		a.Counted = time.Now().UTC()
	}
	return a, e.listed(nil) // it is there, counted or not
}

// EditAudienceRule replaces the rule of an audience and counts it. Needs the right
// Prepare. Plans that were made with it, or with an audience that refers to it,
// and are not confirmed can be confirmed only after another preparation. KindRule
// with FaultCycle for a rule that would need itself.
func (e *Engine) EditAudienceRule(ctx context.Context, who access.Principal, id int64, text string) error {
	x, err := e.readRule(ctx, text)
	if err != nil {
		return err
	}
	if err := e.store.EditAudienceRule(ctx, who, id, x); err != nil {
		return err
	}
	views, err := e.store.Deliveries(ctx)
	if err != nil {
		return err
	}
	for _, v := range views {
		if v.Plan != nil && len(v.Broken) > 0 {
			e.changed(v.ID)
		}
	}
	e.CountAudience(ctx, id, nil) // the next look counts it when this one could not
	return e.listed(nil)
}

func (e *Engine) readRule(ctx context.Context, text string) (rule.Expr, error) {
	x, err := rule.Parse(text)
	if err != nil {
		return x, err
	}
	return x, e.checkFields(ctx, x)
}

// Split asks for a random split of an audience into parts by their shares.
type Split struct {
	Shares []int    // 1 or more each, MaxParts together at most; percent, usually
	Names  []string // of the parts; empty ones are made from the audience's
	Seed   uint32   // who lands where; another seed deals anew
}

// SplitAudience makes an audience of every part of another one, at random: nobody
// is in two of them, everybody is in one, and a mailbox is never in two. They stay
// so while the audience changes. A share is what a person's chance is, so parts of
// few people differ a little. Needs the right Prepare. KindInvalid with Field
// "split.shares"; KindExists for a name that is taken.
func (e *Engine) SplitAudience(ctx context.Context, who access.Principal, id int64, s Split) ([]delivery.Audience, error) {
	bad := &delivery.Error{Op: "split", Kind: delivery.KindInvalid, Field: "split.shares"}
	of := 0
	for _, n := range s.Shares {
		if n < 1 || n > rule.MaxParts {
			return nil, bad
		}
		of += n
	}
	if len(s.Shares) < 2 || of > rule.MaxParts {
		return nil, bad
	}
	all, err := e.store.Audiences(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(a delivery.Audience) bool { return a.ID == id })
	if i < 0 {
		return nil, &delivery.Error{Op: "split", Kind: delivery.KindNotFound, Field: "audience"}
	}
	parts := make([]store.SplitPart, len(s.Shares))
	first := 1
	for k, n := range s.Shares {
		name := ""
		if k < len(s.Names) {
			name = strings.TrimSpace(s.Names[k])
		}
		if name == "" {
			name = all[i].Name + " " + string(rune('A'+k%26))
			if k >= 26 {
				name += string(rune('A' + k/26 - 1))
			}
		}
		parts[k] = store.SplitPart{Name: name, Rule: rule.Expr{Op: rule.And, Terms: []rule.Expr{
			{Op: rule.InAudience, Audience: rule.Ref{ID: id}},
			{Op: rule.Random, First: first, Last: first + n - 1, Of: of, Seed: s.Seed}}}}
		first += n
	}
	out, err := e.store.CreateAudiences(ctx, who, parts)
	if err != nil {
		return nil, err
	}
	for k := range out {
		if n, err := e.CountAudience(ctx, out[k].ID, nil); err == nil {
			out[k].Size, out[k].Counted = n, time.Now().UTC()
		}
	}
	return out, e.listed(nil)
}

// SetTest makes people test profiles, which no list and no rule targets, or
// ordinary ones again. Needs the right Prepare.
func (e *Engine) SetTest(ctx context.Context, who access.Principal, ids []int64, test bool) error {
	return e.listed(e.store.SetTest(ctx, who, ids, test))
}
