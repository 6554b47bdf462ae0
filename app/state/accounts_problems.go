package state

import (
	"errors"
	"maps"
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Problems say what is wrong with fields.
type Problems map[AccountField]string

// In are the problems with the fields of a part.
func (p Problems) In(part AccountPart) Problems {
	q := maps.Clone(p)
	maps.DeleteFunc(q, func(f AccountField, _ string) bool { return f.Part() != part })
	return q
}

// First is the first part with a problem.
func (p Problems) First() (AccountPart, bool) {
	for _, part := range AccountParts() {
		if len(p.In(part)) > 0 {
			return part, true
		}
	}
	return "", false
}

// AccountProblem tells which field an error of the engine is about, with the
// sentence to put beside it; ok is false when it is about none.
func AccountProblem(c *text.Catalog, err error) (field AccountField, sentence string, ok bool) {
	var e *delivery.Error
	if !errors.As(err, &e) {
		return "", "", false
	}
	if e.Kind == delivery.KindExists {
		return AccountFieldName, c.T("accounts.wrong.name_taken"), true
	}
	if e.Kind != delivery.KindInvalid {
		return "", "", false
	}
	switch e.Field {
	case "account.name", "account.host", "account.port", "account.security", "account.user", "account.connections":
		field = AccountField(strings.TrimPrefix(e.Field, "account."))
	case "account.oauth.client", "account.oauth.endpoint", "account.oauth.command":
		field = AccountField(strings.TrimPrefix(e.Field, "account.oauth."))
	case "account.brand.name":
		field = AccountFieldSender
	case "account.brand.address":
		field = AccountFieldAddress
	case "account.brand.reply_to":
		field = AccountFieldReply
	case "account.brand.postal_address":
		field = AccountFieldPostal
	default:
		return "", "", false
	}
	switch field {
	case AccountFieldSecurity:
		return field, c.T("accounts.wrong.security"), true
	case AccountFieldEndpoint:
		return field, c.T("accounts.wrong.endpoint"), true
	case AccountFieldCommand:
		return field, c.T("accounts.wrong.command"), true
	case AccountFieldAddress, AccountFieldReply:
		return field, c.T("accounts.wrong.address"), true
	}
	return field, c.Error(err), true
}

// Passphrase reads a passphrase that was typed twice, or once when again is nil.
// Which is 0 when it is good, 1 or 2 for the input that the sentence belongs to.
func Passphrase(c *text.Catalog, typed string, again *string) (which int, sentence string) {
	switch {
	case typed == "":
		return 1, c.T("accounts.wrong.passphrase_missing")
	case again == nil:
		return 0, ""
	case len([]rune(typed)) < PassphraseLength:
		return 1, c.T("accounts.wrong.passphrase_short")
	case typed != *again:
		return 2, c.T("accounts.wrong.passphrase_differs")
	}
	return 0, ""
}

// PassphraseLength is how many characters a passphrase has at least.
const PassphraseLength = 8
