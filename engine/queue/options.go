package queue

import (
	"context"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/transport"
)

// Sender is one authenticated connection to a relay; *transport.Session is one.
//
// Run is called once. It takes messages from the feed until there are none or the
// connection ends; MsgAccepted and MsgInDoubt are possible verdicts only about a
// message whose Commit returned nil. Window is the number of messages that it
// commits to before it knows what became of the first. Abort closes the socket at
// once; it may be called at any time, from another goroutine and repeatedly.
type Sender interface {
	Run(ctx context.Context, feed transport.Feed)
	Window() int
	Close() error
	Abort()
}

// Dialer opens connections. Errors are *delivery.Error: KindAuth,
// KindCertificate, KindTLS, KindInvalid, KindPassword, KindPassphrase and
// KindToken need a person, every other kind is tried again.
type Dialer interface {
	Dial(ctx context.Context, a delivery.Account) (Sender, error)
}

// Scratch is room in which a Renderer keeps what it wants to use again, such as
// its buffers. It belongs to one message at a time.
type Scratch struct {
	Value any
}

// Renderer turns a job into the bytes to transmit, after the same template for
// all messages of a delivery, and checks them against Job.Sum. The result may
// live in buf: it is used before the next call with the same buf. An error
// pauses the delivery with its kind.
type Renderer interface {
	Render(ctx context.Context, buf *Scratch, j Job) (transport.Mail, error)
}

// Hooks tell what happened. Each may be nil. They are called from one goroutine:
// the log lines of a change first, then the figures, then Changed. They hold up
// the changes of state (not the connections) while they run.
type Hooks struct {
	// Status gets the live figures of a delivery that the queue works on: at
	// most ten times a second, at once after a change of state, and always
	// with the final value of a burst. For a delivery that a person paused or
	// stopped there is Changed alone.
	Status func(delivery.Status)

	// Changed is called after a change of state, and again when the last
	// message of a paused or stopped delivery has been settled.
	Changed func(delivery.ID)

	// Log gets the lines for the delivery's own log but those of changes of state,
	// which the Store writes together with the change.
	Log func(id delivery.ID, sev delivery.Severity, code string, params map[string]string)
}

// Options of a queue. Store, Journal, Dialer and Renderer are required.
type Options struct {
	Store    Store
	Journal  Journal
	Dialer   Dialer
	Renderer Renderer
	Hooks    Hooks

	// Backoff gives the waits before the second, third… try of a message; the
	// last one repeats. nil: DefaultBackoff.
	Backoff func(delivery.Account) []time.Duration

	// Clock tells the time of day; nil: time.Now. Slept tells how long the
	// machine has been asleep since it was asked last (or since New), given that
	// the time of day went on by gap more than the monotonic clock did; nil asks
	// the system. Both must be safe for concurrent use.
	Clock func() time.Time
	Slept func(gap time.Duration) time.Duration

	Seed  uint64        // of the jitter
	Idle  time.Duration // after which an unused connection is closed; 0: 5 s
	Grace time.Duration // for what connections hold when Run is told to end; 0: 10 s
}

func (o Options) withDefaults() Options {
	if o.Backoff == nil {
		o.Backoff = DefaultBackoff
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Slept == nil {
		o.Slept = sleepMeter()
	}
	if o.Idle <= 0 {
		o.Idle = 5 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	return o
}

// DefaultBackoff waits 5, 15, 30 minutes, 1, 2 and then every 4 hours, in the
// spirit of RFC 5321 section 4.5.4.1; the training relay answers for its
// greylisting within seconds so that a lesson can show it.
func DefaultBackoff(a delivery.Account) []time.Duration {
	if a.Training() {
		return []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second}
	}
	return []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour}
}
