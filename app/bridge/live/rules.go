package live

import (
	"context"

	"sendoff/app/bridge"
	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// CountRule says whom a rule names now.
func (e Engine) CountRule(ctx context.Context, rule string, sample int, progress func(delivery.Progress)) (bridge.RuleCount, error) {
	c, err := e.Engine.CountRule(ctx, rule, 0, sample, progress)
	return bridge.RuleCount{Count: c.Count, Total: c.Total, Sample: c.Sample, At: c.At, Took: c.Took}, err
}

// CountAudience counts an audience by rule.
func (e Engine) CountAudience(ctx context.Context, id int64) (int64, error) {
	return e.Engine.CountAudience(ctx, id, nil)
}

// SplitAudience deals an audience into parts at random.
func (e Engine) SplitAudience(ctx context.Context, who access.Principal, id int64, s bridge.Split) ([]delivery.Audience, error) {
	return e.Engine.SplitAudience(ctx, who, id, engine.Split(s))
}

// FieldValues are the most frequent values of a field.
func (e Engine) FieldValues(ctx context.Context, field, part string, n int) ([]bridge.FieldValue, error) {
	vs, err := e.Engine.FieldValues(ctx, field, part, n)
	out := make([]bridge.FieldValue, len(vs))
	for i, v := range vs {
		out[i] = bridge.FieldValue(v)
	}
	return out, err
}
