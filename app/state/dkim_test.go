package state_test

import (
	"errors"
	"fmt"
	"testing"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

func TestDKIMDomain(t *testing.T) {
	a := delivery.Account{Brand: delivery.Brand{Address: "news@acme.example"}}
	if got := state.DKIMDomain(a, delivery.DKIMRecord{}); got != "acme.example" {
		t.Errorf("suggests %q", got)
	}
	if got := state.DKIMDomain(a, delivery.DKIMRecord{DKIM: delivery.DKIM{Domain: "other.example"}}); got != "other.example" {
		t.Errorf("shows %q", got)
	}
	if got := state.DKIMDomain(delivery.Account{}, delivery.DKIMRecord{}); got != "" {
		t.Errorf("without a sender %q", got)
	}
}

func TestFieldOf(t *testing.T) {
	err := fmt.Errorf("x: %w", &delivery.Error{Kind: delivery.KindInvalid, Field: "dkim.key"})
	if got := state.FieldOf(err); got != "dkim.key" {
		t.Errorf("%q", got)
	}
	if got := state.FieldOf(errors.New("x")) + state.FieldOf(nil); got != "" {
		t.Errorf("%q", got)
	}
}
