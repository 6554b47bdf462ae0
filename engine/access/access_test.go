package access_test

import (
	"testing"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func TestRights(t *testing.T) {
	rs, err := access.Parse(" Export, start ,start")
	if err != nil || rs.String() != "start,export" {
		t.Fatalf("%v, %v", rs, err)
	}
	if _, err := access.Parse("start,fly"); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("an unknown right: %v", err)
	}
	if rs, err := access.Parse(""); err != nil || len(rs) != 0 {
		t.Errorf("no rights: %v, %v", rs, err)
	}
	for _, c := range []struct {
		has  string
		want access.Right
		ok   bool
	}{
		{"start", access.Start, true},
		{"start", access.Prepare, true}, // who may send may prepare
		{"prepare", access.Start, false},
		{"admin", access.Start, false}, // running a workspace is not sending
		{"admin,export", access.Prepare, false},
		{"", access.Export, false},
	} {
		rs, err := access.Parse(c.has)
		if err != nil {
			t.Fatal(err)
		}
		err = access.Operator{Name: "X", Rights: rs}.Check("confirm", c.want)
		if (err == nil) != c.ok || err != nil && !delivery.Is(err, delivery.KindRight) {
			t.Errorf("%q for %s: %v", c.has, c.want, err)
		}
	}
}
