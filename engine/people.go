package engine

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/store"
)

// ProfileNumbers returns the ids of the profiles that q selects, in its order; an
// audience by rule is evaluated now. KindCancelled when ctx ended it.
func (e *Engine) ProfileNumbers(ctx context.Context, q delivery.ProfileQuery) ([]int64, error) {
	ids, ruled, err := e.named(ctx, delivery.Draft{Audience: q.Audience})
	if err != nil && !delivery.Is(err, delivery.KindNotFound) { // an audience that is gone has nobody
		return nil, err
	}
	if !ruled {
		return e.store.ProfileNumbers(ctx, q)
	}
	// Whom a rule names is known here, their order there.
	limit := q.Limit
	q.Audience, q.Limit = 0, 0
	all, err := e.store.ProfileNumbers(ctx, q)
	if err != nil {
		return nil, err
	}
	some := slices.DeleteFunc(all, func(id int64) bool {
		_, named := slices.BinarySearch(ids, id)
		return !named
	})
	if limit > 0 && len(some) > limit {
		some = some[:limit]
	}
	return some, nil
}

// ProfileRows reads profiles by id, in the order given; those that are gone are
// left out.
func (e *Engine) ProfileRows(ctx context.Context, numbers []int64) ([]delivery.Profile, error) {
	return e.store.ProfileRows(ctx, numbers)
}

// Profile reads one profile with its audiences. KindNotFound.
func (e *Engine) Profile(ctx context.Context, id int64) (delivery.Profile, error) {
	return e.store.Profile(ctx, id)
}

// AddProfile stores a new person with address, fields and, if set, Denied. Needs
// the right Prepare. KindInvalid with Field "profile.address" (Detail: one of
// audience.Reasons) or "profile.field" (Detail: the name of the field); KindExists
// when the address is taken, in whatever spelling.
func (e *Engine) AddProfile(ctx context.Context, who access.Principal, p delivery.Profile) (int64, error) {
	checked, err := checkProfile("add_profile", p)
	if err != nil {
		return 0, err
	}
	id, err := e.store.AddProfile(ctx, who, checked)
	return id, e.listed(err)
}

// EditProfile replaces a person's address and fields, and nothing else. Errors as
// of AddProfile. A sealed plan keeps what it holds of the person; see
// store.EditProfile.
func (e *Engine) EditProfile(ctx context.Context, who access.Principal, p delivery.Profile) error {
	checked, err := checkProfile("edit_profile", p)
	if err != nil {
		return err
	}
	return e.listed(e.store.EditProfile(ctx, who, p.ID, checked))
}

// DeleteProfile removes a person from every list. Needs the right Prepare. The
// address of somebody on the denylist goes into quarantine, so that no import
// brings it back.
func (e *Engine) DeleteProfile(ctx context.Context, who access.Principal, id int64) error {
	return e.listed(e.store.DeleteProfile(ctx, who, id))
}

// Deny puts people on the denylist or takes them off. Needs the right Prepare. It
// also holds back what a delivery under way has not begun to send them.
func (e *Engine) Deny(ctx context.Context, who access.Principal, ids []int64, denied bool) error {
	return e.listed(e.store.Deny(ctx, who, ids, denied))
}

// FieldNames lists the names that fields of profiles have, the usual ones first.
func (e *Engine) FieldNames(ctx context.Context) ([]string, error) {
	return e.store.FieldNames(ctx)
}

// Fields lists them with their types, in the same order.
func (e *Engine) Fields(ctx context.Context) ([]delivery.Field, error) {
	return e.store.Fields(ctx)
}

// QuarantineNumbers returns the ids of the quarantined addresses that q selects,
// in its order.
func (e *Engine) QuarantineNumbers(ctx context.Context, q delivery.QuarantineQuery) ([]int64, error) {
	return e.store.QuarantineNumbers(ctx, q)
}

// QuarantineRows reads quarantined addresses by id, in the order given; those
// that are gone are left out.
func (e *Engine) QuarantineRows(ctx context.Context, numbers []int64) ([]delivery.Quarantined, error) {
	return e.store.QuarantineRows(ctx, numbers)
}

// AddQuarantine puts an address into quarantine, whoever has it. Needs the right
// Prepare. KindInvalid with Field "quarantine.address"; KindExists when it is
// there already.
func (e *Engine) AddQuarantine(ctx context.Context, who access.Principal, address string) error {
	a, err := parseAddress("add_quarantine", "quarantine.address", address)
	if err != nil {
		return err
	}
	return e.listed(e.store.AddQuarantine(ctx, who, a.Key))
}

// Release takes addresses out of quarantine, by key. Needs the right Prepare.
func (e *Engine) Release(ctx context.Context, who access.Principal, keys []string) error {
	return e.listed(e.store.Release(ctx, who, keys))
}

// DeleteAudience removes a list; its people stay. Needs the right Prepare.
// KindInUse when a delivery that has not ended is for it.
func (e *Engine) DeleteAudience(ctx context.Context, who access.Principal, id int64) error {
	return e.listed(e.store.DeleteAudience(ctx, who, id))
}

// RenameAudience gives a list another name. Needs the right Prepare.
func (e *Engine) RenameAudience(ctx context.Context, who access.Principal, id int64, name string) error {
	return e.listed(e.store.RenameAudience(ctx, who, id, name))
}

// EditOperator replaces a person's name and rights. Needs the right Admin, which
// the last who has it cannot lose (KindInvalid, Field "operator.rights").
func (e *Engine) EditOperator(ctx context.Context, who access.Principal, o access.Operator) error {
	return e.listed(e.store.EditOperator(ctx, who, o))
}

// SaveDraft keeps what was typed into a form, at most 16 MiB, for thirty days; an
// empty value forgets it. It needs no right and tells nobody.
func (e *Engine) SaveDraft(ctx context.Context, key, value string) error {
	return e.store.SaveDraft(ctx, key, value)
}

// Draft reads what is kept of a form; zero when nothing is.
func (e *Engine) Draft(ctx context.Context, key string) (delivery.FormDraft, error) {
	return e.store.Draft(ctx, key)
}

// listed tells everybody that a list changed, unless it did not.
func (e *Engine) listed(err error) error {
	if err == nil {
		e.hub.Publish(event.Lists{})
	}
	return err
}

// parseAddress reads an address on behalf of a field of a form.
func parseAddress(op, field, address string) (audience.Address, error) {
	a, err := audience.ParseAddress(address)
	var de *delivery.Error
	if errors.As(err, &de) {
		err = &delivery.Error{Op: op, Kind: de.Kind, Field: field, Detail: de.Detail}
	}
	return a, err
}

// checkProfile makes of what a person typed what an import would have made of it.
// Fields get the names by which templates can know them; those without a value
// are dropped.
func checkProfile(op string, p delivery.Profile) (store.Profile, error) {
	a, err := parseAddress(op, "profile.address", p.Address)
	if err != nil {
		return store.Profile{}, err
	}
	bad := func(name string) error {
		return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "profile.field", Detail: name}
	}
	fields := map[string]string{}
	for _, given := range slices.Sorted(maps.Keys(p.Fields)) {
		value := strings.TrimSpace(p.Fields[given])
		if value == "" {
			continue
		}
		name := audience.FieldName(given)
		if _, twice := fields[name]; twice || name == "" || len(name) > audience.MaxField ||
			len(value) > audience.MaxField || !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
			return store.Profile{}, bad(given)
		}
		fields[name] = value
	}
	if len(fields) > audience.MaxColumns {
		return store.Profile{}, bad(strconv.Itoa(len(fields)))
	}
	names := slices.Sorted(maps.Keys(fields))
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = fields[name]
	}
	return store.Profile{Address: a.Normal, Key: a.Key, Fields: newFieldEncoder(names).encode(values), Denied: p.Denied}, nil
}
