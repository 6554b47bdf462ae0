package delivery

import "time"

// Profile is a person we may write to.
type Profile struct {
	ID         int64
	Address    string            // normalised when valid, else as it was given; may be empty
	Fields     map[string]string // the non-empty ones, by column name
	Test       bool              // gets proofs, and is targeted by no list and no rule
	Denied     bool              // does not want our mail
	DeniedAt   time.Time         // zero while not denied, or when it is not known
	DeniedBy   string            // operator; empty for an import or not known
	Quarantine string            // why the address is in quarantine; empty when it is not
	Audiences  []string          // names of the lists that hold the profile; read for one profile only
	LastSent   time.Time         // zero before the first message
	Created    time.Time
	Modified   time.Time

	ConsentSource string    // where the person agreed to be written to; empty when it is not known
	ConsentAt     time.Time // since when; the day alone matters; zero when it is not known
}

// ProfileQuery selects profiles. The zero value is all of them, by address.
type ProfileQuery struct {
	Search   string // part of the address or of a field, in any case
	Audience int64  // members of this list, or whom this rule names now; 0: everybody
	Denied   bool   // only people on the denylist
	Test     bool   // only test profiles
	Sort     ProfileSort
	Desc     bool
	Limit    int // 0: no limit
}

// ProfileSort is what profiles are sorted by.
type ProfileSort string

// Sorts of profiles; ties are broken by number.
const (
	ProfilesByAddress  ProfileSort = "" // those without an address last
	ProfilesByCreated  ProfileSort = "created"
	ProfilesByModified ProfileSort = "modified"
	ProfilesByLastSent ProfileSort = "last_sent"
	ProfilesByDenied   ProfileSort = "denied" // since when
)

// Quarantined is an address that is not written to, whoever has it.
type Quarantined struct {
	ID      int64  // for paging within one run of the program
	Key     string // the address with its local part folded
	Address string // as a profile has it; the key when none has
	Reason  string // code of the nature of the failure, such as "user_unknown", or "manual"
	By      string // operator; empty for the engine
	At      time.Time
}

// QuarantineQuery selects quarantined addresses. The zero value is all, newest
// first.
type QuarantineQuery struct {
	Search string
	Sort   string // "" or "at", "address", "reason"
	Asc    bool   // oldest first, or A first
	Limit  int
}
