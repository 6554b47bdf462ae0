//go:build race

package message

import "time"

// budget is how long a template may take for one recipient: a second, and the
// race detector's share.
const budget = 15 * time.Second
