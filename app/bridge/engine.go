package bridge

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
	"sendoff/engine/provider"
)

// Source is a mailbox of engine events with one reader.
type Source interface {
	Next(context.Context) ([]event.Event, error)
	Close()
}

// Engine is what the window needs of the engine. Every method may block and is
// called off the UI goroutine; errors are *delivery.Error.
type Engine interface {
	Dir() string
	ReadOnly() error
	Subscribe() Source
	AddSample(context.Context) (delivery.ID, error)
	Operators(context.Context) ([]access.Operator, error)
	Accounts(context.Context) ([]delivery.Account, error)
	Audiences(context.Context) ([]delivery.Audience, error)

	Imports
	CreateDelivery(context.Context, access.Principal, delivery.Draft) (delivery.ID, error)
	EditDelivery(context.Context, access.Principal, delivery.ID, delivery.Draft) error
	DuplicateDelivery(context.Context, access.Principal, delivery.ID) (delivery.ID, error)
	DeleteDelivery(context.Context, access.Principal, delivery.ID) error
	// FollowUp makes a delivery that follows another one.
	FollowUp(context.Context, access.Principal, delivery.ID, FollowRequest) (delivery.ID, error)
	// Language is the language that a content says it is written in, or empty. It
	// does not block.
	Language(delivery.Content) string
	// CheckContent looks at a content that is being written and finds what the
	// preparation will find about it, as far as that needs nobody's data.
	CheckContent(context.Context, delivery.Draft) ([]delivery.Finding, error)
	// CheckLinks asks the web addresses of a content whether they answer. The
	// requests leave this computer: only when a person said so. progress is
	// called from several goroutines.
	CheckLinks(ctx context.Context, c delivery.Content, progress func(done, total int)) ([]delivery.Finding, error)
	Deliveries(context.Context) ([]delivery.View, error)
	Delivery(context.Context, delivery.ID) (delivery.View, error)

	Prepare(context.Context, access.Principal, delivery.ID) error
	StopPreparation(context.Context, access.Principal, delivery.ID) error
	Confirm(ctx context.Context, who access.Principal, id delivery.ID, plan string) error
	Pause(context.Context, access.Principal, delivery.ID) error
	Resume(context.Context, access.Principal, delivery.ID) error
	Stop(context.Context, access.Principal, delivery.ID) error
	Allowed(context.Context, access.Principal, delivery.ID) ([]delivery.Action, error)

	Logs
	Doubts
	People
	Rules
	Relays
	Drafts
	Previews
	Assets

	Log(context.Context, delivery.ID) ([]delivery.LogLine, error)
	Series(context.Context, delivery.ID) ([]delivery.Point, error)
	ComputeStats(context.Context, delivery.ID) (kpi.Recount, error)
	Preview(ctx context.Context, id delivery.ID, n int) (Preview, error)
}

// Logs reads the sending log. A list is read in two steps, so that a million
// rows can be paged, sorted and counted exactly: first the numbers of the rows
// in order, then the few rows that are in sight.
type Logs interface {
	// MessageNumbers are the numbers of the messages that q selects, in its order.
	MessageNumbers(ctx context.Context, id delivery.ID, q delivery.LogQuery) ([]int64, error)
	// MessageRows reads messages by number, in the order given; those that are
	// gone are left out.
	MessageRows(ctx context.Context, id delivery.ID, numbers []int64) ([]delivery.Row, error)
	// Message is everything about one message.
	Message(ctx context.Context, id delivery.ID, number int64) (delivery.Message, error)
	// Export writes a list to a file. Needs the right Export.
	Export(ctx context.Context, who access.Principal, x ExportRequest, progress func(done, total int64)) (ExportResult, error)
}

// Doubts decides about messages of which nobody knows whether they arrived. Both
// need the right Start; numbers nil is all of them.
type Doubts interface {
	ResolveDoubt(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision) (delivery.Resolution, error)
	// WithdrawDecision takes back what was decided, unless it was sent again.
	WithdrawDecision(ctx context.Context, who access.Principal, id delivery.ID, numbers []int64) (delivery.Resolution, error)
}

// FollowRequest asks for a delivery that follows another one.
type FollowRequest struct {
	Mode     delivery.FollowMode
	Audience int64  // of a top-up
	Doubtful bool   // of a correction: also to those in doubt
	Label    string // empty: that of the followed delivery
	Prefix   string // put before the subject, unless it begins so
}

// ExportRequest is a list to be written to a file. File ends with .csv or .xlsx,
// which decides the format. Exactly one of the sources is set.
type ExportRequest struct {
	File   string
	Sheet  string   // name of the sheet in an XLSX file
	Header []string // titles of the columns

	Delivery delivery.ID // the sending log, what Query selects, each row told by Row
	Query    delivery.LogQuery
	Row      func(delivery.Row) []any // strings, int64, time.Time; called on another goroutine

	Rows [][]any // rows that are at hand
}

// ExportResult tells what was written.
type ExportResult struct {
	File string
	Rows int64
}

// People are the profiles, lists of them, and who must not be written to.
type People interface {
	ProfileNumbers(context.Context, delivery.ProfileQuery) ([]int64, error)
	ProfileRows(ctx context.Context, numbers []int64) ([]delivery.Profile, error)
	Profile(ctx context.Context, id int64) (delivery.Profile, error)
	// AddProfile stores a new person; KindExists when the address is taken,
	// KindInvalid with Field "profile.address" when it is none. Needs the right Prepare.
	AddProfile(ctx context.Context, who access.Principal, p delivery.Profile) (int64, error)
	// EditProfile replaces address and fields.
	EditProfile(ctx context.Context, who access.Principal, p delivery.Profile) error
	DeleteProfile(ctx context.Context, who access.Principal, id int64) error
	// Deny puts people on the denylist or takes them off.
	Deny(ctx context.Context, who access.Principal, ids []int64, denied bool) error
	// FieldNames are the columns that profiles have, the usual order first.
	FieldNames(ctx context.Context) ([]string, error)
	// Fields are the same with their types.
	Fields(ctx context.Context) ([]delivery.Field, error)

	QuarantineNumbers(context.Context, delivery.QuarantineQuery) ([]int64, error)
	QuarantineRows(ctx context.Context, numbers []int64) ([]delivery.Quarantined, error)
	AddQuarantine(ctx context.Context, who access.Principal, address string) error
	// Release takes addresses out of quarantine, by key.
	Release(ctx context.Context, who access.Principal, keys []string) error

	DeleteAudience(ctx context.Context, who access.Principal, id int64) error
	RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error
	AddOperator(ctx context.Context, who access.Principal, name string, rights access.Rights) (access.Operator, error)
	EditOperator(ctx context.Context, who access.Principal, o access.Operator) error
}

// Relays are the accounts and their passwords. Changing one needs the right
// Admin.
type Relays interface {
	Providers() []provider.Provider
	// LookUp finds the relay of an address; KindNotFound when nothing tells.
	LookUp(ctx context.Context, address string) (provider.Found, error)
	// TestAccount connects as the account would and says how far it came; an
	// empty password is looked up. progress is called after each step.
	TestAccount(ctx context.Context, a delivery.Account, password string, progress func(delivery.AccountStep)) (delivery.AccountTest, error)
	// AddAccount stores a relay and its password. KindPassphrase when there is no
	// keyring and the encrypted file is not open.
	AddAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) (delivery.Account, error)
	// EditAccount replaces a relay; an empty password keeps the one there is.
	EditAccount(ctx context.Context, who access.Principal, a delivery.Account, password string) error
	DeleteAccount(ctx context.Context, who access.Principal, id int64) error
	// DKIM tells how an account signs, and what to publish for it; SetDKIM changes
	// it, and ends it when d is zero. Without a key (PEM) one is found or made.
	DKIM(ctx context.Context, account int64) (delivery.DKIMRecord, error)
	SetDKIM(ctx context.Context, who access.Principal, account int64, d delivery.DKIM, key string) (delivery.DKIMRecord, error)
	Passwords(ctx context.Context) (delivery.Passwords, error)
	// OpenPasswords opens the encrypted file, or makes it when there is none.
	// KindPassphrase with Detail "wrong".
	OpenPasswords(ctx context.Context, passphrase string) error
}

// Drafts keep what was typed into a form and not saved. An empty value forgets.
type Drafts interface {
	SaveDraft(ctx context.Context, key, value string) error
	Draft(ctx context.Context, key string) (delivery.FormDraft, error) // zero when there is none
}
