package segment_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"sendoff/engine/delivery"
	"sendoff/engine/segment"
)

// person is one of a world.
type person struct {
	id, modified, created int64
	key, address          string
	fields                map[string]string
	test                  bool
}

// world is a source in memory.
type world struct {
	stamp   int64
	last    int64
	people  map[int64]*person
	lists   map[int64]map[int64]bool
	rules   map[int64]string
	changed map[int64]int64
	got     map[delivery.ID]map[int64]string // the key that it went to
	reads   int                              // of people
}

func newWorld() *world {
	return &world{people: map[int64]*person{}, lists: map[int64]map[int64]bool{}, rules: map[int64]string{},
		changed: map[int64]int64{}, got: map[delivery.ID]map[int64]string{}}
}

func (w *world) touch(p *person) {
	w.stamp++
	p.modified = w.stamp
}

func (w *world) add(p *person) *person {
	w.last++
	p.id = w.last
	w.people[p.id] = p
	w.touch(p)
	return p
}

func (w *world) Version(context.Context) (string, error) { return fmt.Sprint(w.stamp), nil }
func (w *world) Count(context.Context) (int64, error)    { return int64(len(w.people)), nil }

func (w *world) People(_ context.Context, since int64, fn func(segment.Person) error) error {
	for _, id := range slices.Sorted(maps.Keys(w.people)) {
		p := w.people[id]
		if p.modified <= since {
			continue
		}
		w.reads++
		b, err := json.Marshal(p.fields)
		if err != nil {
			return err
		}
		if err := fn(segment.Person{ID: p.id, Key: []byte(p.key), Address: []byte(p.address), Fields: b,
			Created: p.created, Modified: p.modified, Test: p.test}); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) IDs(_ context.Context, fn func(int64) error) error {
	for _, id := range slices.Sorted(maps.Keys(w.people)) {
		if err := fn(id); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Audience(_ context.Context, id int64) (segment.Audience, error) {
	if text, ok := w.rules[id]; ok {
		return segment.Audience{Name: fmt.Sprint("rule ", id), Rule: text}, nil
	}
	if _, ok := w.lists[id]; ok {
		return segment.Audience{Name: fmt.Sprint("list ", id), Version: fmt.Sprint(w.changed[id])}, nil
	}
	return segment.Audience{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "audience", Detail: strconv.FormatInt(id, 10)}
}

func (w *world) Members(_ context.Context, id int64, fn func(int64) error) error {
	for m := range w.lists[id] {
		if err := fn(m); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Delivery(_ context.Context, id delivery.ID) (string, error) {
	if _, ok := w.got[id]; !ok {
		return "", &delivery.Error{Kind: delivery.KindNotFound, Field: "delivery", Detail: id.String()}
	}
	return fmt.Sprint(len(w.got[id])), nil
}

func (w *world) Got(_ context.Context, id delivery.ID, fn func(int64, []byte) error) error {
	for p, key := range w.got[id] {
		if err := fn(p, []byte(key)); err != nil {
			return err
		}
	}
	return nil
}
