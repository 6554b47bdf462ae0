// Package access says who may do what: rights, operators and the principal
// that every command of the engine is given. It is pure: the store keeps the
// operators, the engine asks Check inside the transaction that acts.
package access

import (
	"slices"
	"strings"

	"sendoff/engine/delivery"
)

// Right is one thing an operator may do.
type Right string

// Rights. Start includes preparing; Admin does not include starting: who runs
// a workspace does not thereby send mail.
const (
	Start   Right = "start"   // Start deliveries: confirm, pause, resume, stop
	Prepare Right = "prepare" // create, edit, prepare
	Export  Right = "export"  // take lists and logs out
	Admin   Right = "admin"   // operators and accounts
)

// All lists every right in its usual order.
func All() []Right { return []Right{Start, Prepare, Export, Admin} }

// Rights is a set of rights, kept in the order of All.
type Rights []Right

// Parse reads a comma-separated list such as "start,prepare".
func Parse(s string) (Rights, error) {
	var rs Rights
	for f := range strings.SplitSeq(s, ",") {
		r := Right(strings.ToLower(strings.TrimSpace(f)))
		if r == "" {
			continue
		}
		if !slices.Contains(All(), r) {
			return nil, &delivery.Error{Kind: delivery.KindInvalid, Field: "rights", Detail: string(r)}
		}
		rs = append(rs, r)
	}
	return normal(rs), nil
}

func normal(rs Rights) Rights {
	var out Rights
	for _, r := range All() {
		if slices.Contains(rs, r) {
			out = append(out, r)
		}
	}
	return out
}

// String returns the list that Parse reads.
func (rs Rights) String() string {
	ss := make([]string, len(rs))
	for i, r := range rs {
		ss[i] = string(r)
	}
	return strings.Join(ss, ",")
}

// Has reports whether the set grants r. Start grants Prepare too.
func (rs Rights) Has(r Right) bool {
	return slices.Contains(rs, r) || r == Prepare && slices.Contains(rs, Start)
}

// Operator is a person who works in the workspace.
type Operator struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Rights Rights `json:"rights"`
}

// Check returns a KindRight error naming r when the operator lacks it.
func (o Operator) Check(op string, r Right) error {
	if o.Rights.Has(r) {
		return nil
	}
	return &delivery.Error{Op: op, Kind: delivery.KindRight, Detail: string(r), Field: o.Name}
}

// Principal is on whose behalf a command is given. The engine looks the
// operator's rights up itself; a principal only claims an identity.
type Principal struct {
	Operator int64
}
