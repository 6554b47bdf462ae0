package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"sendoff/engine/delivery"
)

func decoded(t *testing.T, s string) map[string]any {
	t.Helper()
	m := map[string]any{}
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return m
}

// TestShowJSON checks the keys that scripts rely on, and their types.
func TestShowJSON(t *testing.T) {
	f := &fake{views: []delivery.View{ready()}}
	v := decoded(t, ctl(t, f, "delivery", "show", "3", "--json").out)
	for key, want := range map[string]any{
		"id": 3.0, "label": "Summer time", "state": "ready", "plan": planHash, "targeted": 10000.0, "excluded": 214.0, "to_deliver": 9786.0,
		"pending": 9786.0, "claimed": 0.0, "committing": 0.0, "accepted": 0.0, "deferred": 0.0, "rejected": 0.0, "in_doubt": 0.0,
		"cancelled": 0.0, "sent": 0.0, "delivered": 0.0, "bounces_errors": 0.0, "unique_opens": 0.0, "unique_clicks": 0.0,
		"open_rate": nil, "click_rate": nil, "delivered_rate": nil, "sent_rate": 0.0, "started": nil, "finished": nil,
		"audience": "Customers", "account": "sandbox", "paused": nil, "created": "2026-11-23T09:30:00Z",
	} {
		if got, ok := v[key]; !ok || got != want {
			t.Errorf("%s is %v (there: %v), want %v", key, got, ok, want)
		}
	}
	// Before anything was prepared there is no plan; afterwards there are dates.
	fresh := delivery.View{Delivery: delivery.Delivery{ID: 3, State: delivery.Editing}}
	v = decoded(t, ctl(t, &fake{views: []delivery.View{fresh}}, "--json", "delivery", "show", "3").out)
	if v["plan"] != nil || v["causes"] == nil || v["findings"] == nil || v["broken"] == nil {
		t.Errorf("fresh: %v", v)
	}
	done := in(delivery.Finished, delivery.Counters{Targeted: 10, Excluded: 1, Accepted: 6, Rejected: 2, InDoubt: 1})
	done.Started, done.Finished = when, when.Add(time.Minute)
	v = decoded(t, ctl(t, &fake{views: []delivery.View{done}}, "--json", "delivery", "show", "3").out)
	for key, want := range map[string]any{"sent": 8.0, "delivered": 6.0, "bounces_errors": 2.0, "delivered_rate": 0.75,
		"started": "2026-11-23T09:30:00Z", "finished": "2026-11-23T09:31:00Z", "state": "finished"} {
		if v[key] != want {
			t.Errorf("%s is %v, want %v", key, v[key], want)
		}
	}
}

// TestJSONShapes: an object for one thing, an array for a list, never null.
func TestJSONShapes(t *testing.T) {
	for line, first := range map[string]byte{
		"init": '{', "account list": '[', "operator list": '[', "audience list": '[', "delivery list": '[', "delivery show 3": '{', "delivery message 3 1": '{', "delivery html 3 a.html": '{', "delivery attach 3 --none": '{',
		"delivery prepare 3": '{', "delivery confirm 3": '{', "delivery stop 3": '{', "delivery duplicate 3": '{', "delivery delete 3": '{',
		"delivery stats 3": '{', "delivery stats 3 --compute": '{', "delivery in-doubt 3": '[', "delivery logs 3 --tab log": '[',
		"delivery logs 3 --tab sending": '[', "delivery logs 3 --tab causes": '[', "delivery logs 3 --tab exclusions": '[',
		"account add x --host h": '{', "account edit work --port 25": '{', "account test work": '{', "operator add x --rights start": '{', "audience import x --name y": '{',
		"audience import x --dry-run": '{', "audience imports": '[', "template list": '[', "audience undo-import 7": '{',
	} {
		for _, args := range [][]string{append([]string{"--json"}, strings.Fields(line)...), append(strings.Fields(line), "--json")} {
			f := &fake{views: []delivery.View{ready()}}
			r := ctl(t, f, args...)
			if r.status != 0 || !json.Valid([]byte(r.out)) || r.out[0] != first {
				t.Errorf("%v: status %d, %s%s", args, r.status, r.out, r.err)
			}
		}
	}
	r := ctl(t, &fake{}, "--json", "delivery", "list")
	if strings.TrimSpace(r.out) != "[]" {
		t.Errorf("an empty list is %s", r.out)
	}
}

func TestErrorsAsJSON(t *testing.T) {
	f := &fake{views: []delivery.View{ready()}, err: map[string]error{"confirm": &delivery.Error{Kind: delivery.KindRight, Detail: "start", Field: "Joris"}}}
	for _, args := range []string{"--json delivery confirm 3", "delivery confirm 3 --json"} {
		r := ctl(t, f, strings.Fields(args)...)
		e, _ := decoded(t, r.err)["error"].(map[string]any)
		if r.status != 3 || r.out != "" || e["kind"] != "right" || !strings.Contains(e["sentence"].(string), "Joris may not do this: the right to start deliveries is missing") {
			t.Errorf("%s: status %d, %v", args, r.status, e)
		}
	}
	for _, args := range []string{"--json fly", "delivery show --json", "delivery show 3 --fly --json"} {
		r := ctl(t, f, strings.Fields(args)...)
		if e, _ := decoded(t, r.err)["error"].(map[string]any); r.status != 2 || e["kind"] != "usage" {
			t.Errorf("%s: status %d, %s", args, r.status, r.err)
		}
	}
}
