//go:build !linux && !darwin

package queue

import "time"

// sleepMeter takes a difference for sleep unless it is too long to be believed.
func sleepMeter() func(gap time.Duration) time.Duration {
	return func(gap time.Duration) time.Duration {
		if gap > leap {
			return 0
		}
		return max(0, gap)
	}
}
