package bridge

import (
	"context"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// Rules are audiences by rule, and test profiles.
type Rules interface {
	// CountRule says whom a rule names now, with at most sample of them. The first
	// time everybody is read, which progress reports from another goroutine.
	// KindRule when it cannot be read, or refers to what is not there.
	CountRule(ctx context.Context, rule string, sample int, progress func(delivery.Progress)) (RuleCount, error)
	// CountAudience counts an audience by rule and remembers it.
	CountAudience(ctx context.Context, id int64) (int64, error)
	CreateAudience(ctx context.Context, who access.Principal, name, rule string) (delivery.Audience, error)
	// EditAudienceRule replaces a rule; plans that are not confirmed must be made
	// again.
	EditAudienceRule(ctx context.Context, who access.Principal, id int64, rule string) error
	// SplitAudience deals an audience into parts at random.
	SplitAudience(ctx context.Context, who access.Principal, id int64, s Split) ([]delivery.Audience, error)
	// FieldValues are the most frequent values of a field that contain a text.
	FieldValues(ctx context.Context, field, part string, n int) ([]FieldValue, error)
	// SetTest makes people test profiles, or ordinary ones again.
	SetTest(ctx context.Context, who access.Principal, ids []int64, test bool) error
}

// RuleCount is whom a rule names.
type RuleCount struct {
	Count  int64
	Total  int64 // everybody, without test profiles
	Sample []delivery.Profile
	At     time.Time
	Took   time.Duration
}

// FieldValue is a value and how many people have it.
type FieldValue struct {
	Text  string
	Count int64
}

// Split is how an audience is dealt into parts.
type Split struct {
	Shares []int
	Names  []string // an empty one is made from the audience's
	Seed   uint32
}
