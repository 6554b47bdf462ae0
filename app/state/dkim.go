package state

import (
	"errors"
	"strings"

	"sendoff/engine/delivery"
)

// DKIMDomain is the domain that an account signs for, or would best sign for:
// that of its sender, to which receivers hold the signature.
func DKIMDomain(a delivery.Account, r delivery.DKIMRecord) string {
	if r.On() {
		return r.Domain
	}
	_, domain, _ := strings.Cut(a.Brand.Address, "@")
	return domain
}

// FieldOf is what an error of the engine is about, empty when it does not say.
func FieldOf(err error) string {
	var e *delivery.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}
