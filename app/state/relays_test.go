package state_test

import (
	"slices"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/resources/translations"
)

func TestShares(t *testing.T) {
	if got := state.Shares(0); !slices.Equal(got, []int{1, 2, 3, 4, 5, 10, 20}) {
		t.Error(got)
	}
	if got := state.Shares(7); !slices.Equal(got, []int{1, 2, 3, 4, 5, 7, 10, 20}) {
		t.Error(got)
	}
}

func TestRelayWords(t *testing.T) {
	c, err := text.Load(translations.FS, "en", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if got := state.ShareWords(c, []int{1, 3}); !slices.Equal(got, []string{"1 share", "3 shares", "Spare"}) {
		t.Error(got)
	}
	v := delivery.View{Account: delivery.Account{ID: 2, Name: "Office", Kind: delivery.AccountSMTP}}
	if got := state.RelayNames(c, v); got != "Office" {
		t.Error(got)
	}
	v.SetVia([]delivery.Relay{{Account: 2, Weight: 3}, {Account: 3, Weight: 1, Spare: true}})
	v.Accounts = []delivery.Account{v.Account, {ID: 3, Name: "Provider", Kind: delivery.AccountSMTP}}
	if got := state.RelayNames(c, v); got != "Office, Provider" {
		t.Error(got)
	}
}
