package message

import (
	"context"
	"reflect"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
)

// readEvery is the least time between two readings of a message that is on its
// way.
const readEvery = 2 * time.Second

// Panel is the page of a message. It walks through the list that it was opened
// from.
type Panel struct {
	env    *panel.Env
	id     delivery.ID
	number int64
	place  state.LogPlace
	pace   *bridge.Pace

	order []int64 // of the list
	at    int     // in the order, -1 when it is not there

	message delivery.Message
	page    state.Message
	loaded  bool
	closed  bool
	turn    int // of the reading

	view *view
}

type loaded struct {
	message  delivery.Message
	delivery delivery.View
}

// New makes the page of a place and asks for its message.
func New(env *panel.Env, at panel.Place) *Panel {
	p := &Panel{env: env, id: at.Delivery, number: at.Number, place: state.ParseLogPlace(at.Tab, at.Search), at: -1}
	p.pace = bridge.NewPace(env.Bridge, readEvery, p.read)
	p.view = newView(p)
	p.name()
	p.read()
	p.readOrder()
	return p
}

// Content is the screen.
func (p *Panel) Content() fyne.CanvasObject { return p.view.root.Object() }

// Loaded reports whether the message and its list have been read.
func (p *Panel) Loaded() bool { return p.loaded && p.message.Seq == p.number && p.order != nil }

// Place is the message on the screen, so that one can come back to it.
func (p *Panel) Place() panel.Place {
	return panel.Place{Screen: panel.Message, Delivery: p.id, Number: p.number, Tab: p.place.String(), Search: p.place.Query.Search}
}

// Focus gives the keyboard to the way on.
func (p *Panel) Focus() { p.view.focus() }

// Close ends what the page still waits for.
func (p *Panel) Close() {
	p.closed = true
	p.pace.Close()
}

// Handle takes events of the engine.
func (p *Panel) Handle(es []event.Event) {
	for _, e := range es {
		switch e := e.(type) {
		case event.Status:
			if e.ID == p.id && p.loaded && !p.message.State.Ended() {
				p.pace.Ask()
			}
		case event.Changed:
			if e.ID == p.id {
				p.pace.Ask()
			}
		}
	}
}

// Reload asks for the message again.
func (p *Panel) Reload() { p.read() }

func (p *Panel) name() { p.env.Title(p.env.Text.T("message.title", "n", p.number), p.id.String()) }

// read asks for the message; what is shown stays until it is there.
func (p *Panel) read() {
	p.turn++
	turn, number := p.turn, p.number
	bridge.Run(p.env.Bridge, "message", func(ctx context.Context) (loaded, error) {
		m, err := p.env.Engine.Message(ctx, p.id, number)
		if err != nil {
			return loaded{}, err
		}
		v, err := p.env.Engine.Delivery(ctx, p.id)
		return loaded{m, v}, err
	}, func(l loaded, err error) {
		if p.closed || turn != p.turn {
			return
		}
		if err != nil {
			if delivery.Is(err, delivery.KindNotFound) && !p.loaded {
				p.env.Back()
			}
			p.env.Fail(err)
			return
		}
		p.take(l)
	})
}

func (p *Panel) take(l loaded) {
	page := state.MessageOf(p.env.Text, l.message, l.delivery, p.env.Now())
	same := p.loaded && reflect.DeepEqual(page, p.page) && reflect.DeepEqual(l.message, p.message)
	p.message, p.page, p.loaded = l.message, page, true
	p.env.Title(page.Title, p.id.String())
	if !same {
		p.view.set()
	}
}

// readOrder asks for the list that the page was opened from. Without one it is
// everybody, by number.
func (p *Panel) readOrder() {
	var q delivery.LogQuery
	if p.place.Tab != "" {
		q = p.place.Full()
	}
	bridge.Run(p.env.Bridge, "order of messages", func(ctx context.Context) ([]int64, error) {
		return p.env.Engine.MessageNumbers(ctx, p.id, q)
	}, func(order []int64, err error) {
		if p.closed || err != nil {
			return // one cannot walk on; the message itself is there
		}
		p.order, p.at = order, slices.Index(order, p.number)
		p.view.position()
	})
}

// step goes to the next message of the list, or back.
func (p *Panel) step(d int) {
	i := p.at + d
	if p.at < 0 || i < 0 || i >= len(p.order) {
		return
	}
	p.at, p.number = i, p.order[i]
	p.view.position()
	p.read()
}
