package delivery

import "time"

// Existing is what an import does with people who are there already. They are on
// its list in any case.
type Existing string

// What to do with existing people.
const (
	ExistingUpdate Existing = "update" // values of the file replace theirs; empty ones replace nothing; the zero value means the same
	ExistingFill   Existing = "fill"   // values of the file go where they have none
	ExistingSkip   Existing = "skip"   // they stay as they are
)

// Import is one that was done.
type Import struct {
	ID            int64     `json:"id"`
	At            time.Time `json:"at"`
	Operator      string    `json:"operator"`
	File          string    `json:"file"` // its name, without the folder
	Kind          string    `json:"kind"` // csv, xlsx, vcard
	Audience      int64     `json:"audience"`
	AudienceName  string    `json:"audience_name"` // as it was then
	Existing      Existing  `json:"existing"`
	ConsentSource string    `json:"consent_source,omitempty"`
	ConsentAt     time.Time `json:"consent_at,omitzero"`
	Rows          int64     `json:"rows"` // good ones
	Added         int64     `json:"added"`
	Updated       int64     `json:"updated"`
	Unchanged     int64     `json:"unchanged"`
	Merged        int64     `json:"merged"` // rows of an address that came before
	Rejected      int64     `json:"rejected"`
	Misfits       int64     `json:"misfits"` // values that did not fit the type of their field and were left out
	Undone        time.Time `json:"undone,omitzero"`
	UndoneBy      string    `json:"undone_by,omitempty"`
	Undo          bool      `json:"can_undo"` // what is needed to undo it is still kept
}

// ImportUndo is what the undo of an import did.
type ImportUndo struct {
	Removed  int64 `json:"removed"`  // people that it had added
	Kept     int64 `json:"kept"`     // people that it had added and who stay: written to, edited, or on another list since
	Restored int64 `json:"restored"` // people that it had changed and who have what they had before
	Changed  int64 `json:"changed"`  // people that it had changed and of whom a part stays: it was changed again since
	Audience bool  `json:"audience"` // the list is as it was before; false when something else filled it since
}
