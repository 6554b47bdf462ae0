package main

import (
	"context"
	"fmt"
	"time"

	"sendoff/engine/preview"
)

// risking measures how long it takes to find the people whose messages are most
// likely to look wrong, in an audience as large as the largest delivery's.
func risking(ctx context.Context, o options, t *table) error {
	e, v, err := o.sent(ctx)
	if err != nil {
		return err
	}
	defer e.Close()
	var took []time.Duration
	var first []preview.Risk
	for i := range o.runs {
		start := time.Now()
		risks, err := e.Riskiest(ctx, v.ID, v.Draft)
		if err != nil {
			return err
		}
		took = append(took, time.Since(start))
		note("riskiest %d/%d: %s", i+1, o.runs, round(took[i]))
		if i == 0 {
			first = risks
		}
		if len(risks) < 2 || len(risks) != len(first) { // somebody is always the longest, and somebody the largest
			return fmt.Errorf("%d are worth a look, and then %d", len(first), len(risks))
		}
		for k := range risks {
			if risks[k].Profile != first[k].Profile || risks[k].Reason != first[k].Reason {
				return fmt.Errorf("riskiest are %+v, and then %+v", first, risks)
			}
		}
	}
	t.figure(fmt.Sprintf("riskiest messages of %d people", o.rows), atMost(float64(3*time.Second), span), float64(median(took)),
		fmt.Sprintf("%s; %d of %d reasons have somebody", spread(took), len(first), len(preview.Reasons())))
	return nil
}
