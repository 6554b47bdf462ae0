package delivery_test

import (
	"errors"
	"testing"

	"sendoff/engine/delivery"
)

func TestRelays(t *testing.T) {
	d := delivery.Draft{Label: "x"}
	if v := d.Via(); v != nil {
		t.Errorf("none chosen: %v", v)
	}
	d.SetVia([]delivery.Relay{{Account: 3, Weight: 1}})
	if d.Account != 3 || d.Relays != nil || len(d.Via()) != 1 || d.Via()[0] != (delivery.Relay{Account: 3, Weight: 1}) {
		t.Errorf("one: %+v", d)
	}
	list := []delivery.Relay{{Account: 9, Weight: 2, Spare: true}, {Account: 4, Weight: 7}, {Account: 5, Weight: 1}}
	d.SetVia(list)
	if d.Account != 4 || len(d.Relays) != 3 || d.Relays[0].Account != 4 || d.Relays[2].Account != 9 || list[0].Account != 9 {
		t.Errorf("several: %+v, given %v", d, list)
	}
	if err := d.CheckRelays(); err != nil {
		t.Error(err)
	}
	if !d.Equal(d) {
		t.Error("a draft is not itself")
	}
	e := d
	e.SetVia([]delivery.Relay{{Account: 4, Weight: 7}, {Account: 5, Weight: 2}, {Account: 9, Weight: 2, Spare: true}})
	if d.Equal(e) {
		t.Error("another weight is the same")
	}
	d.SetVia(nil)
	if d.Account != 0 || d.Relays != nil {
		t.Errorf("none again: %+v", d)
	}
}

func TestCheckRelays(t *testing.T) {
	many := make([]delivery.Relay, delivery.MaxRelays+1)
	for i := range many {
		many[i] = delivery.Relay{Account: int64(i + 1), Weight: 1}
	}
	for _, c := range []struct {
		account int64
		relays  []delivery.Relay
		want    string
	}{
		{1, nil, ""},
		{1, many[:delivery.MaxRelays], ""},
		{1, many, "number"},
		{1, many[:1], "number"},
		{2, many[:2], "first"},
		{1, []delivery.Relay{{Account: 1, Weight: 1, Spare: true}, {Account: 2, Weight: 1}}, "spare"},
		{1, []delivery.Relay{{Account: 1, Weight: 1}, {Account: 1, Weight: 1}}, "twice"},
		{1, []delivery.Relay{{Account: 1, Weight: 1}, {Weight: 1}}, "twice"},
		{1, []delivery.Relay{{Account: 1, Weight: 1}, {Account: 2}}, "weight"},
		{1, []delivery.Relay{{Account: 1, Weight: 1}, {Account: 2, Weight: delivery.MaxWeight + 1}}, "weight"},
		{1, []delivery.Relay{{Account: 1, Weight: 1}, {Account: 2, Weight: delivery.MaxWeight}}, ""},
	} {
		err := delivery.Draft{Account: c.account, Relays: c.relays}.CheckRelays()
		var e *delivery.Error
		if (err != nil) != (c.want != "") || errors.As(err, &e) && (e.Detail != c.want || e.Field != "relays") {
			t.Errorf("%d %v: %v, want %q", c.account, c.relays, err, c.want)
		}
	}
}

// The plan of a delivery with several relays holds all of them; that of one with
// one is what it was before there could be several.
func TestRelaysAreSealed(t *testing.T) {
	x, y := delivery.Account{ID: 1, Name: "x", Host: "x.example", Connections: 2}, delivery.Account{ID: 2, Name: "y", Host: "y.example", Connections: 2}
	var one, two delivery.Draft
	one.SetVia([]delivery.Relay{{Account: 1, Weight: 1}})
	two.SetVia([]delivery.Relay{{Account: 1, Weight: 1}, {Account: 2, Weight: 1}})
	hash := func(d delivery.Draft, as ...delivery.Account) string {
		return delivery.PartHash(delivery.PartAccount, d, x, as...)
	}
	whole := hash(two, y)
	if hash(one) != hash(delivery.Draft{Account: 1}) || whole == hash(one) {
		t.Error("one relay is sealed as several")
	}
	heavier, spare, moved, limited := two, two, y, y
	heavier.SetVia([]delivery.Relay{{Account: 1, Weight: 2}, {Account: 2, Weight: 1}})
	spare.SetVia([]delivery.Relay{{Account: 1, Weight: 1}, {Account: 2, Weight: 1, Spare: true}})
	moved.Host, limited.PerHour = "z.example", 5
	for name, h := range map[string]string{"weight": hash(heavier, y), "spare": hash(spare, y), "host": hash(two, moved), "limit": hash(two, limited)} {
		if h == whole {
			t.Errorf("another %s leaves the seal whole", name)
		}
	}
	y.Rate, y.Pin = 9, "ab"
	if hash(two, y) != whole {
		t.Error("what is measured, or how it logs in, is sealed")
	}
	plan := &delivery.Plan{Parts: map[delivery.Part]string{}}
	for _, p := range delivery.Parts() {
		plan.Parts[p] = delivery.PartHash(p, two, x, y)
	}
	if b := delivery.Broken(plan, two, x, y); len(b) != 0 {
		t.Errorf("broken: %v", b)
	}
	if b := delivery.Broken(plan, two, x, moved); len(b) != 1 || b[0] != delivery.PartAccount {
		t.Errorf("broken: %v", b)
	}
}
