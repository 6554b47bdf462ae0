package store_test

import (
	"testing"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func TestEditOperator(t *testing.T) {
	s := open(t, t.TempDir())
	joris, err := s.AddOperator(ctx, marieke, "Joris", access.Rights{access.Prepare})
	if err != nil {
		t.Fatal(err)
	}
	all := access.Rights(access.All())
	for _, c := range []struct {
		name string
		o    access.Operator
		want delivery.Kind
		what string // Field
	}{
		{"no name", access.Operator{ID: joris.ID, Name: " "}, delivery.KindInvalid, "operator.name"},
		{"a right that is none", access.Operator{ID: joris.ID, Name: "Joris", Rights: access.Rights{"fly"}}, delivery.KindInvalid, "rights"},
		{"taken, in capitals", access.Operator{ID: joris.ID, Name: "MARIEKE"}, delivery.KindExists, "operator"},
		{"the last administrator", access.Operator{ID: 1, Name: "Marieke", Rights: access.Rights{access.Start}}, delivery.KindInvalid, "operator.rights"},
		{"the last one keeps it under another name", access.Operator{ID: 1, Name: "Marieke V", Rights: all}, "", ""},
		{"a second administrator", access.Operator{ID: joris.ID, Name: "JORIS", Rights: all}, "", ""},
		{"the first one goes", access.Operator{ID: 1, Name: "Marieke", Rights: access.Rights{access.Admin, access.Start}[1:]}, "", ""},
		{"who has it no more", access.Operator{ID: 1, Name: "Marieke", Rights: all}, delivery.KindRight, "Marieke"},
	} {
		err := s.EditOperator(ctx, marieke, c.o)
		if delivery.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		} else if err != nil && err.(*delivery.Error).Field != c.what {
			t.Errorf("%s: field %q, want %q", c.name, err.(*delivery.Error).Field, c.what)
		}
	}
	os, err := s.Operators(ctx)
	if err != nil || len(os) != 2 || os[0].Name != "Marieke" || os[0].Rights.String() != "start" || os[1].Name != "JORIS" || os[1].Rights.String() != all.String() {
		t.Errorf("%+v, %v", os, err)
	}
}

// TestARenamedOperatorsDeliveryStarts: the right of who confirmed is looked up
// by name when the date comes.
func TestARenamedOperatorsDeliveryStarts(t *testing.T) {
	s := open(t, t.TempDir())
	id := plan(t, s, 3)
	v, err := s.Delivery(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Confirm(ctx, marieke, id, v.Plan.Hash, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.EditOperator(ctx, marieke, access.Operator{ID: 1, Name: "Marieke de Vries", Rights: access.Rights(access.All())}); err != nil {
		t.Fatal(err)
	}
	if to, err := s.Advance(ctx, id, delivery.Start, nil); err != nil || to != delivery.Sending {
		t.Errorf("%s, %v", to, err)
	}
	if v, err = s.Delivery(ctx, id); err != nil || v.Confirmation.By != "Marieke de Vries" {
		t.Errorf("confirmed by %+v, %v", v.Confirmation, err)
	}
}
