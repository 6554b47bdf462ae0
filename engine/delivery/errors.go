package delivery

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Kind classifies an error by what a person can do about it. Front ends have
// one sentence per kind; the engine has none.
type Kind string

// Kinds.
const (
	KindInternal       Kind = "internal"        // a defect of ours
	KindInvalid        Kind = "invalid"         // a value that cannot be; Field names it
	KindNotFound       Kind = "not_found"       // Field: what, Detail: which
	KindExists         Kind = "exists"          // Field: what, Detail: which
	KindState          Kind = "state"           // not possible now; Op: action, Detail: state
	KindRight          Kind = "right"           // Detail: the right that is missing
	KindStalePlan      Kind = "stale_plan"      // the plan shown is not the plan stored; Detail: short hash now
	KindSealBroken     Kind = "seal_broken"     // Detail: the parts edited since, comma separated
	KindCancelled      Kind = "cancelled"       // a person cancelled it
	KindLater          Kind = "later"           // not built yet; Detail: what
	KindReadOnly       Kind = "read_only"       // opened read-only; nothing can be changed
	KindLocked         Kind = "locked"          // another Sendoff has the workspace; File
	KindNewerSchema    Kind = "newer_schema"    // database of a newer program; Detail: "have>know"
	KindPermission     Kind = "permission"      // the system forbids it; File
	KindDiskFull       Kind = "disk_full"       // no space; File
	KindDamaged        Kind = "damaged"         // database or file is damaged; File
	KindIO             Kind = "io"              // any other trouble with a file; File
	KindNoFile         Kind = "no_file"         // File does not exist
	KindTOML           Kind = "toml"            // a delivery file cannot be read; File, Line, Column
	KindTemplate       Kind = "template"        // broken Liquid; Field: part, Line, Column
	KindNoEmailColumn  Kind = "no_email_column" // File; Detail: the columns seen
	KindEncoding       Kind = "encoding"        // File, Line; Detail: what was seen
	KindRecordTooLong  Kind = "record_too_long" // File, Line: where the record began
	KindTooManyColumns Kind = "too_many_columns"
	KindWorkbook       Kind = "workbook" // an XLSX file cannot be read; File, Err
	KindBomb           Kind = "bomb"     // an archive that unpacks to more than anybody needs, or elsewhere; File, Detail: which limit
	KindEmptyFile      Kind = "empty_file"
	KindUnreachable    Kind = "unreachable"     // Detail: host:port; Err: why
	KindAuth           Kind = "auth"            // the relay refused name, password or token
	KindCertificate    Kind = "certificate"     // Detail: why
	KindToken          Kind = "token"           // no access token was to be had; Detail: what the endpoint or the command said
	KindTLS            Kind = "tls"             // encryption is required and not offered
	KindRelay          Kind = "relay"           // the relay refuses us; Detail: its reply
	KindSenderRefused  Kind = "sender_refused"  // Detail: its reply
	KindContentRefused Kind = "content_refused" // Detail: its reply
	KindTooLarge       Kind = "message_too_large"
	KindPassword       Kind = "password"   // no password is at hand for the account
	KindPassphrase     Kind = "passphrase" // the passwords are in the encrypted file and it is locked, or the passphrase is wrong; Detail: "locked", "wrong", "new" (there is no keyring and no file yet)
	KindSigning        Kind = "signing"    // the messages are to be signed and the key is not at hand, or not the one that was published; Detail: its DNS name
	KindInUse          Kind = "in_use"     // cannot be deleted; Field: what, Detail: by which delivery
	KindTimeout        Kind = "timeout"
	KindProtocol       Kind = "protocol"   // the peer does not speak SMTP
	KindRestored       Kind = "restored"   // the database and the sending journal do not belong together: one is an older copy
	KindShared         Kind = "shared"     // the workspace lies where others may write to it: it is only looked at until a person insists; File, Detail: such as "Dropbox"
	KindCrashes        Kind = "crashes"    // the program crashed again and again while it started: it only looks until a person insists; Detail: how often
	KindFrozen         Kind = "frozen"     // the copy of a recipient's file that a preparation made is gone or is not what it was; Detail: the file's path
	KindBackup         Kind = "backup"     // no copy of the database could be made; File, Detail: the kind of the reason
	KindTakenOver      Kind = "taken_over" // another Sendoff opened the workspace although this one has it, as on a shared drive whose locks do not hold; File
	KindLimit          Kind = "limit"      // the account's own limit is reached; Detail: such as "500/h"
	KindLate           Kind = "late"       // the contact date passed while nothing ran; Detail: that date, local, with its zone
	KindRule           Kind = "rule"       // a rule of an audience cannot be; Field: its fault, see engine/rule; Line, Column, Detail
	KindClock          Kind = "clock"      // the clock of the computer was set, or is behind the log; Detail: what it said and what it says, RFC 3339 with an arrow between
	KindUsage          Kind = "usage"
)

// Error is the typed error of the engine. Only the fields that its Kind names
// are set; Line and Column count from 1.
type Error struct {
	Op     string
	Kind   Kind
	Field  string
	File   string
	Line   int
	Column int
	Detail string
	Err    error

	// Certificate is the one that KindCertificate is about, when one was shown.
	Certificate *Certificate
}

// Error gives a terse text for logs; persons get a front end's sentence.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(string(e.Kind))
	if e.Field != "" {
		b.WriteString(" " + e.Field)
	}
	if e.File != "" {
		b.WriteString(" " + e.File)
	}
	if e.Line > 0 {
		b.WriteString(":" + strconv.Itoa(e.Line))
		if e.Column > 0 {
			b.WriteString(":" + strconv.Itoa(e.Column))
		}
	}
	if e.Detail != "" {
		b.WriteString(" (" + e.Detail + ")")
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the first *Error in err's chain, KindInternal for
// any other error and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
