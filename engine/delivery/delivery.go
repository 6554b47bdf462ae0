package delivery

import (
	"strconv"
	"strings"
	"time"
)

// ID numbers a delivery within its workspace, from 1.
type ID int64

// String returns the form people see, such as "DM12".
func (id ID) String() string { return "DM" + strconv.FormatInt(int64(id), 10) }

// ParseID reads "12" or "DM12", in any case.
func ParseID(s string) (ID, error) {
	t := strings.TrimSpace(s)
	if len(t) > 2 && strings.EqualFold(t[:2], "dm") {
		t = t[2:]
	}
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || n < 1 {
		return 0, &Error{Kind: KindInvalid, Field: "delivery id", Detail: s}
	}
	return ID(n), nil
}

// ScheduleMode says when a confirmed delivery leaves.
type ScheduleMode string

// Modes. OnceConfirmed is the default.
const (
	OnceConfirmed ScheduleMode = "once_confirmed"
	AtDate        ScheduleMode = "at"
)

// Schedule is when a delivery leaves. With AtDate, Local ("2006-01-02T15:04:05")
// is the wall clock in Zone (an IANA name) and At the instant it means.
type Schedule struct {
	Mode  ScheduleMode `json:"mode"`
	Local string       `json:"local,omitempty"`
	Zone  string       `json:"zone,omitempty"`
	At    time.Time    `json:"at,omitzero"`
}

// Late is how long after its contact date a delivery still leaves by itself.
const Late = time.Hour

// Said is the contact date as a person wrote it, to the minute.
func (s Schedule) Said() string {
	return strings.TrimSuffix(strings.Replace(s.Local, "T", " ", 1), ":00") + " " + s.Zone
}

// Draft is what a person edits: everything of a delivery that is theirs to
// decide.
type Draft struct {
	Label    string
	Content  Content
	Audience int64 // 0: none chosen yet
	Account  int64
	// Relays are all accounts of a delivery that goes through several, Account
	// first and spares last; empty when Account is the only one.
	Relays   []Relay
	Schedule Schedule
	Tracking bool
	Follows  Follow // zero: none

	// Definition is what the audience's rule says, and the rules of the audiences
	// that it refers to; empty for a list. The store reads it for the seal; what a
	// person hands in here is not looked at.
	Definition string
}

// Aimed reports whether it is said whom the delivery is for: an audience, or
// those who got the delivery that this one corrects.
func (d Draft) Aimed() bool { return d.Audience != 0 || d.Follows.Mode == Correction }

// Delivery is one e-mail campaign.
type Delivery struct {
	ID ID
	Draft
	State        State
	Created      time.Time
	CreatedBy    string
	Modified     time.Time
	Plan         *Plan         // nil before the first preparation
	Confirmation *Confirmation // nil before Confirm
	Started      time.Time     // zero before the first message
	Finished     time.Time     // zero before the end
	Reopened     time.Time     // when what was in doubt was last sent again after the end; zero: never
	Paused       *PauseReason  // set while Paused
	Counters     Counters
}

// Confirmation records who let a plan go, and when.
type Confirmation struct {
	By   string
	At   time.Time
	Plan string // the hash that was confirmed
}

// PauseReason is why a delivery stands still: By is the operator, or empty when a
// breaker did it for the reason in Kind and Detail.
type PauseReason struct {
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at"`
	Kind   Kind      `json:"kind,omitempty"`
	Detail string    `json:"detail,omitempty"`
}

// Part is one of the things a plan freezes.
type Part string

// Parts, in the order they are hashed.
const (
	PartContent    Part = "content"
	PartAudience   Part = "audience"
	PartAccount    Part = "account"
	PartSchedule   Part = "schedule"
	PartRecipients Part = "recipients"
)

// Plan is the sealed outcome of a preparation. Hash is the lower-case hex
// SHA-256 over its parts; nothing else can be confirmed.
type Plan struct {
	Hash      string          `json:"hash"`
	Parts     map[Part]string `json:"parts"`
	At        time.Time       `json:"at"`
	By        string          `json:"by"`
	Targeted  int64           `json:"targeted"`
	ToDeliver int64           `json:"to_deliver"`
	Causes    []Cause         `json:"causes"` // zeros included, in rule order
	Findings  []Finding       `json:"findings"`
	Bytes     int64           `json:"bytes"`   // of all messages together
	Largest   int64           `json:"largest"` // of one message, in bytes
	FirstTime int64           `json:"first_time"`
	Lately    int64           `json:"lately"` // had a message from us in the last 3 days
	Usual     int64           `json:"usual"`  // median size of the last ten deliveries, 0 without any
	Estimate  time.Duration   `json:"estimate"`
	Language  string          `json:"language,omitempty"` // of numbers and dates; empty in plans of before there was one
	Sender    Sender          `json:"sender,omitzero"`    // what the messages say of the account, whatever it says now
	Rule      *PlanRule       `json:"rule,omitempty"`     // what it meant; nil unless the audience is a rule
}

// PlanRule is what the rule of an audience meant when a plan was made.
type PlanRule struct {
	Text  string    `json:"text"`  // as engine/rule writes it, with names
	Count int64     `json:"count"` // people whom it named
	At    time.Time `json:"at"`    // the moment that its dates count from
	Zone  string    `json:"zone"`  // in which that moment has its day
}

// Short returns the first 12 hex digits in groups of four, as people compare
// them: "7f3a·c41e·09b2".
func (p *Plan) Short() string {
	if p == nil || len(p.Hash) < 12 {
		return ""
	}
	return p.Hash[:4] + "·" + p.Hash[4:8] + "·" + p.Hash[8:12]
}

// Blocked reports whether a finding keeps the plan from being confirmed.
func (p *Plan) Blocked() bool {
	for _, f := range p.Findings {
		if f.Severity == SeverityError {
			return true
		}
	}
	return false
}

// Unusual reports whether the plan is so much larger than what this workspace
// usually sends (three times the median) that a person should type the number.
func (p *Plan) Unusual() bool { return p.Usual > 0 && p.ToDeliver >= 3*p.Usual }

// Cause is one exclusion rule with the number of profiles it excluded.
type Cause struct {
	Nature Nature `json:"nature"`
	Count  int64  `json:"count"`
}

// Progress of a long task. Total is 0 while unknown.
type Progress struct {
	Done  int64
	Total int64
}

// Hold is why nothing leaves right now although nobody paused: the relay does
// not answer, or a limit is reached. It ends by itself at Until.
type Hold struct {
	Kind   Kind
	Detail string
	Until  time.Time
}

// Status is the part of a delivery that changes while it lives, as the engine
// publishes it. It is complete: the latest one replaces all earlier ones.
type Status struct {
	ID          ID
	State       State
	Counters    Counters
	Rate        float64   // messages with an end per second, over the last seconds
	ETA         time.Time // zero when not known
	NextTry     time.Time // of the deferred messages; zero without any
	Hold        *Hold
	Preparation *Progress // set while Preparing
}

// View is one delivery with everything that its dashboard shows.
type View struct {
	Delivery
	Status       Status
	AudienceName string
	AudienceSize int64
	AudienceFrom time.Time // when it was imported, or its rule was last counted; zero: never
	AudienceRule string    // what the audience's rule says now, with names; empty for a list
	Account      Account
	Accounts     []Account // of Relays, in their order
	Broken       []Part    // what was edited since the preparation
	Left         int64     // messages in doubt that a person decided to leave so

	// Read for one delivery only.
	Followed  *Follower  // what it follows; nil for nothing, or when that is gone
	Followers []Follower // what follows it, the oldest first
	Proofs    []Proof    // the newest first
}

// Undecided is the number of messages in doubt that still wait for a decision.
func (v View) Undecided() int64 { return max(0, v.Counters.InDoubt-v.Left) }

// Account is an SMTP relay with its limits.
type Account struct {
	ID          int64       `json:"id"`
	Name        string      `json:"name"`
	Kind        AccountKind `json:"kind"`
	Host        string      `json:"host,omitempty"`
	Port        int         `json:"port,omitempty"`
	Security    Security    `json:"security,omitempty"`
	User        string      `json:"user,omitempty"`
	PasswordEnv string      `json:"password_env,omitempty"` // the variable that holds the password
	Auth        Auth        `json:"auth,omitempty"`
	OAuth       OAuth       `json:"oauth,omitzero"` // with AuthOAuth only
	// Pin is the fingerprint of the one certificate to accept, as
	// ParseFingerprint gives it; empty: certificates are verified.
	Pin         string `json:"pin,omitempty"`
	Connections int    `json:"connections"`          // at most, 1 to 256
	PerSecond   int    `json:"per_second,omitempty"` // messages, within a second of the clock; 0: no limit
	PerMinute   int    `json:"per_minute,omitempty"`
	PerHour     int    `json:"per_hour,omitempty"`
	PerDay      int    `json:"per_day,omitempty"` // within any 24 hours

	// PerConnection is how many messages one connection takes before it is
	// closed and another one opened; 0: as many as relays commonly take.
	PerConnection int `json:"per_connection,omitempty"`

	DomainLimits DomainLimits `json:"domain_limits,omitempty"` // for some domains of recipients

	Rate     float64 `json:"rate,omitempty"` // messages a second when last measured
	Provider string  `json:"provider,omitempty"`
	Brand    Brand   `json:"brand,omitzero"`
}

// Brand is who writes through an account: what a new delivery begins with.
type Brand struct {
	Name          string `json:"name,omitempty"`           // the sender's display name
	Address       string `json:"address,omitempty"`        // the sender's address
	ReplyTo       string `json:"reply_to,omitempty"`       // empty: the sender's address
	PostalAddress string `json:"postal_address,omitempty"` // lines, as the law wants them in a footer
}

// Auth is how an account logs in. Without a User it does not.
type Auth string

// Ways to log in.
const (
	AuthPassword Auth = ""      // with a password
	AuthOAuth    Auth = "oauth" // with an OAuth 2 access token
)

// OAuth says where access tokens come from: a command, or a token endpoint to
// which a refresh token is shown (RFC 6749 section 6). The refresh token and the
// client's secret are kept where passwords are, never here.
type OAuth struct {
	// Command is a command line that prints an access token. It is run
	// without a shell; see engine/oauth for how its words are told apart.
	Command string `json:"command,omitempty"`

	Endpoint string `json:"endpoint,omitempty"` // an https URL
	Client   string `json:"client,omitempty"`   // the client's id
	Scope    string `json:"scope,omitempty"`    // separated by spaces; may be empty
}

// Training reports whether the account is the built-in mail world.
func (a Account) Training() bool { return a.Kind == AccountSandbox }

// AccountKind tells the training relay from a real one.
type AccountKind string

// Kinds of account.
const (
	AccountSandbox AccountKind = "sandbox"
	AccountSMTP    AccountKind = "smtp"
)

// Security of the connection to a relay.
type Security string

// Securities. SecurityNone is allowed to loopback addresses only.
const (
	SecurityNone     Security = "none"
	SecurityStartTLS Security = "starttls"
	SecurityTLS      Security = "tls"
)

// Audience is a list of profiles, or a rule that says who belongs to it.
type Audience struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	Size     int64     `json:"size"`             // of a rule: when it was last counted
	Rule     string    `json:"rule,omitempty"`   // as engine/rule writes it, with names; empty: a list
	Counted  time.Time `json:"counted,omitzero"` // when Size of a rule was true; zero: never
	Source   string    `json:"source,omitempty"` // the file's base name
	Imported time.Time `json:"imported"`
	Columns  []string  `json:"columns"`
}

// LogLine is one line of a delivery's own log. Params fill the sentence that a
// front end has for Code.
type LogLine struct {
	At       time.Time         `json:"at"`
	Severity Severity          `json:"severity"`
	Code     string            `json:"code"`
	Params   map[string]string `json:"params,omitempty"`
	By       string            `json:"by,omitempty"`
}

// Row is one line of the sending log: one recipient.
type Row struct {
	Seq      int64 // 1… within the delivery
	Profile  int64
	Address  string
	State    MessageState
	Nature   Nature
	Fault    Fault
	Code     int    // of the last reply, 0 without one
	Enhanced string // "5.1.1", or empty
	Reply    string // text of the last reply
	Attempts int
	At       time.Time // of the last change
	NextTry  time.Time // while deferred
	Decided  Decided   // about its doubt, if it ever was in doubt
	Account  int64     // that took it last, of a delivery with several; 0: the delivery's own, or none yet
}

// Point is what happened in one second of a deployment.
type Point struct {
	At       time.Time // start of the second, UTC
	Accepted int64
	Failed   int64 // rejected or expired
	Deferred int64
}
