package segment

import (
	"context"
	"time"

	"sendoff/engine/delivery"
)

// Person is what rules can ask of a profile. The slices are valid during the call
// that hands them out.
type Person struct {
	ID       int64
	Key      []byte // the mailbox, with its local part folded; empty: none, or invalid
	Address  []byte // as it is stored; looked at when there is no Key
	Fields   []byte // JSON object of texts
	Created  int64  // Unix milliseconds
	Modified int64  // the stamp of the last change
	Test     bool
}

// Audience is one that a rule refers to.
type Audience struct {
	Name    string
	Rule    string // with numbers instead of names; empty: a list
	Version string // changes whenever its members change
}

// Source reads one consistent state of the workspace. The errors of Audience and
// Delivery are of KindNotFound for what is not there.
type Source interface {
	// Version changes with every change of a person; deletions are changes as well.
	Version(ctx context.Context) (string, error)
	Count(ctx context.Context) (int64, error)
	// People calls fn for those who changed after a stamp, by number. Stamps rise,
	// and no two transactions have one.
	People(ctx context.Context, since int64, fn func(Person) error) error
	// IDs lists everybody, by number.
	IDs(ctx context.Context, fn func(int64) error) error

	Audience(ctx context.Context, id int64) (Audience, error)
	Members(ctx context.Context, audience int64, fn func(profile int64) error) error

	// Delivery gives a text that changes whenever who got it changes.
	Delivery(ctx context.Context, id delivery.ID) (string, error)
	Got(ctx context.Context, id delivery.ID, fn func(profile int64, key []byte) error) error
}

// Env is when a rule is evaluated; its zone tells days apart.
type Env struct{ Now time.Time }
