package engine

import (
	"slices"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

func TestHistory(t *testing.T) {
	at := time.Unix(1000, 0)
	deferred := func(n int) delivery.Attempt {
		return delivery.Attempt{Number: n, At: at, State: delivery.MsgDeferred, Nature: delivery.NatureRefused, Code: 451, Reply: "later"}
	}
	row := func(state delivery.MessageState, attempts int, nature delivery.Nature) delivery.Row {
		return delivery.Row{State: state, Attempts: attempts, Nature: nature, At: at, Code: 451, Reply: "later"}
	}
	bare := deferred(1)
	bare.Nature = delivery.NatureNone
	accepted := delivery.Attempt{Number: 2, At: at, State: delivery.MsgAccepted, Code: 451, Reply: "later"}
	for _, c := range []struct {
		name string
		kept []delivery.Attempt
		row  delivery.Row
		want []delivery.Attempt
	}{
		{"not tried", nil, row(delivery.MsgPending, 0, ""), nil},
		{"called off before it was tried", nil, row(delivery.MsgCancelled, 0, delivery.NatureCancelled), nil},
		{"deferred", nil, row(delivery.MsgDeferred, 1, delivery.NatureRefused), []delivery.Attempt{deferred(1)}},
		{"put back after a deferral", nil, row(delivery.MsgPending, 1, delivery.NatureRefused), []delivery.Attempt{deferred(1)}},
		{"at its second attempt", nil, row(delivery.MsgCommitting, 1, delivery.NatureRefused), []delivery.Attempt{deferred(1)}},
		{"accepted at the second", []delivery.Attempt{deferred(1)}, row(delivery.MsgAccepted, 2, ""), []delivery.Attempt{deferred(1), accepted}},
		{"called off while it waited", []delivery.Attempt{deferred(1)}, row(delivery.MsgCancelled, 1, delivery.NatureCancelled), []delivery.Attempt{deferred(1)}},
		{"excluded while it waited", []delivery.Attempt{deferred(1)}, row(delivery.MsgExcluded, 1, delivery.NatureDenylist), []delivery.Attempt{deferred(1)}},
		{"called off before attempts were kept", nil, row(delivery.MsgCancelled, 1, delivery.NatureCancelled), []delivery.Attempt{bare}},
		{"excluded before attempts were kept", nil, row(delivery.MsgExcluded, 1, delivery.NatureDenylist), []delivery.Attempt{bare}},
		{"called off when only later attempts were kept", []delivery.Attempt{deferred(2)}, row(delivery.MsgCancelled, 2, delivery.NatureCancelled), []delivery.Attempt{deferred(2)}},
	} {
		if got := history(c.kept, c.row); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
