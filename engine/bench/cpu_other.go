//go:build !unix

package main

import "time"

// cpu is the processors' time that this process has taken; unknown here.
func cpu() time.Duration { return 0 }
