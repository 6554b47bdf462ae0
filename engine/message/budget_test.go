//go:build !race

package message

import "time"

// budget is how long a template may take for one recipient.
const budget = time.Second
