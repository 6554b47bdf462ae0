package deployment_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"sendoff/app/bridge/bridgetest"
	"sendoff/app/panel/paneltest"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/widgets"
)

// While it is sent the figures follow at once; the rows in sight are read at most
// once a second, and their order not at all as long as it cannot be another.
func TestLive(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	e := bridgetest.New(v)
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "sending")
	w.Window.Canvas().Focus(paneltest.All[*widgets.Table](w)[0].Target())
	for range 12 {
		key(w, fyne.KeyPageDown)
	}
	first := sight(w)
	asked := len(e.Queries())
	start := time.Now()
	for i := range int64(600) {
		st := v.Status
		st.Counters.Accepted, st.Counters.Pending = 5992+i, 3502-i
		e.Hub.Publish(event.Status{Status: st})
	}
	w.UI.Until(t, "the last figure", func() bool { return w.Says("6,591 accepted") })
	w.Settle()
	if now := sight(w); !slices.Equal(now, first) {
		t.Errorf("the list jumped from %v to %v", first, now)
	}
	if n := len(e.Queries()) - asked; n > 0 {
		t.Errorf("the order was read %d times in %v", n, time.Since(start))
	}
	e.Put(bridgetest.Sample(95, delivery.Paused))
	w.UI.Until(t, "the new state", func() bool { return w.Says("Paused") })
	ready(w)
	w.Want("Paused", "5,992 accepted")
}

// A list whose rows come and go is read again, but not more often than it may be,
// and not while another tab is in sight.
func TestLiveOrder(t *testing.T) {
	v := bridgetest.Sample(95, delivery.Sending)
	e := bridgetest.New(v)
	w, _ := open(t, e, paneltest.Options{W: 1048, H: 720}, "pending")
	move := func(from, to int64) {
		for i := from; i < to; i++ {
			st := v.Status
			st.Counters.Accepted, st.Counters.Pending = 5992+i, 3502-i
			e.Hub.Publish(event.Status{Status: st})
			if i%20 == 0 {
				w.UI.Settle()
			}
		}
		w.Settle()
	}
	asked := len(e.Queries())
	start := time.Now()
	move(1, 300)
	n, most := len(e.Queries())-asked, 2*(2+int(time.Since(start)/(2*time.Second))) // twice: the first rows, then all
	if n == 0 || n > most {
		t.Errorf("the order was read %d times in %v, at most %d", n, time.Since(start), most)
	}
	press(w, "Log")
	w.UI.Settle()
	time.Sleep(2100 * time.Millisecond)
	w.Settle()
	asked = len(e.Queries())
	move(300, 500)
	time.Sleep(2100 * time.Millisecond)
	w.Settle()
	if n := len(e.Queries()) - asked; n > 0 {
		t.Errorf("read %d times out of sight", n)
	}
	press(w, "Sending logs")
	if len(e.Queries()) == asked {
		t.Error("what changed out of sight is not read when it comes back")
	}
}

// sight is the addresses in sight.
func sight(w *paneltest.Window) []string {
	var out []string
	w.Each(func(o fyne.CanvasObject, _ fyne.Position) {
		if k, ok := o.(*canvas.Text); ok && strings.Contains(k.Text, "@") {
			out = append(out, k.Text)
		}
	})
	return out
}
