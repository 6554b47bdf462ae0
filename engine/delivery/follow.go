package delivery

// FollowMode says how a delivery follows another one. The codes are stored,
// sealed and shown by `sendoffctl delivery show --json`.
type FollowMode string

// Modes.
const (
	Correction FollowMode = "correction" // to exactly those who got the other one; it needs no audience
	TopUp      FollowMode = "top_up"     // to those of its audience who did not get the other one
)

// FollowModes lists every mode once.
func FollowModes() []FollowMode { return []FollowMode{Correction, TopUp} }

// Follow is the link of a delivery to the one it follows; the zero value is
// none. Doubtful says that a correction is also for those of whom nobody knows
// whether they got the other one; a top-up never writes to them.
type Follow struct {
	Delivery ID         `json:"delivery"`
	Mode     FollowMode `json:"mode"`
	Doubtful bool       `json:"doubtful,omitempty"`
}

// Follower is a delivery that follows another one.
type Follower struct {
	ID    ID
	Label string
	Mode  FollowMode
	State State
}

// CanFollow reports whether a delivery can be followed now. There must be
// somebody who got it; a correction waits for its end.
func CanFollow(d Delivery, m FollowMode) bool {
	switch m {
	case Correction:
		return d.State.Ended() && !d.Started.IsZero()
	case TopUp:
		return d.State.Sealed() && d.State != Expired && d.State != Skipped
	}
	return false
}
