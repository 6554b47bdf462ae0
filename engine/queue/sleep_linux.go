package queue

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleepMeter tells how long the machine has slept since the last call: the clock
// that counts since the boot goes on meanwhile, the monotonic one does not.
func sleepMeter() func(gap time.Duration) time.Duration {
	asleep := func() time.Duration {
		var boot, mono unix.Timespec
		if unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot) != nil || unix.ClockGettime(unix.CLOCK_MONOTONIC, &mono) != nil {
			return 0
		}
		return time.Duration(boot.Nano() - mono.Nano())
	}
	last := asleep()
	return func(time.Duration) time.Duration {
		now := asleep()
		d := now - last
		last = now
		return d
	}
}
