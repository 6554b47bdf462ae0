package delivery_test

import (
	"slices"
	"testing"

	"sendoff/engine/delivery"
)

func TestFieldsOf(t *testing.T) {
	all := []delivery.Field{{Name: "city"}, {Name: "age"}, {Name: "shop"}}
	as := []delivery.Audience{{ID: 1, Columns: []string{"shop", "city"}}, {ID: 2, Rule: `city is "Utrecht"`}}
	for audience, want := range map[int64][]string{1: {"city", "shop"}, 2: {"city", "age", "shop"}, 0: {"city", "age", "shop"}, 9: {"city", "age", "shop"}} {
		var got []string
		for _, f := range delivery.FieldsOf(all, as, audience) {
			got = append(got, f.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("audience %d: %v, want %v", audience, got, want)
		}
	}
	if all[1].Name != "age" {
		t.Error("the list of all was changed")
	}
}
