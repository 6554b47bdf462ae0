package queue

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepMeter takes a difference for sleep when the machine has woken up just now.
func sleepMeter() func(gap time.Duration) time.Duration {
	return func(gap time.Duration) time.Duration {
		woke, err := unix.SysctlTimeval("kern.waketime")
		if err != nil || time.Since(time.Unix(woke.Unix())).Abs() > 2*time.Minute {
			return 0
		}
		return max(0, gap)
	}
}
