package state_test

import (
	"slices"
	"testing"

	"sendoff/app/state"
	"sendoff/engine/delivery"
)

func TestPersonName(t *testing.T) {
	for _, c := range []struct {
		fields map[string]string
		want   string
	}{
		{nil, ""},
		{map[string]string{"first_name": "Ann", "last_name": "Bell"}, "Ann Bell"},
		{map[string]string{"Voornaam": "Jan", "tussenvoegsel": "de", "Achternaam": "Vries"}, "Jan de Vries"},
		{map[string]string{"naam": "J. de Vries", "voornaam": "Jan"}, "J. de Vries"},
		{map[string]string{"first_name": " ", "last_name": "Bell"}, "Bell"},
		{map[string]string{"city": "Utrecht"}, ""},
	} {
		if got := state.PersonName(c.fields); got != c.want {
			t.Errorf("%v is %q, want %q", c.fields, got, c.want)
		}
	}
}

func TestPersonState(t *testing.T) {
	c := words(t, "en")
	for _, k := range []struct {
		p    delivery.Profile
		want state.Tone
	}{{delivery.Profile{}, state.Quiet}, {delivery.Profile{Quarantine: "user_unknown"}, state.Amber},
		{delivery.Profile{Denied: true, Quarantine: "user_unknown"}, state.Red}} {
		if got := state.PersonState(c, k.p); got.Tone != k.want || got.Text == "" {
			t.Errorf("%+v: %+v", k.p, got)
		}
	}
}

func TestPersonFields(t *testing.T) {
	p := delivery.Profile{Fields: map[string]string{"z": "1", "city": "Utrecht", "a": "2"}}
	got := state.PersonFields(p, []string{"first_name", "city"})
	if want := []state.PersonField{{Name: "city", Value: "Utrecht"}, {Name: "a", Value: "2"}, {Name: "z", Value: "1"}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
