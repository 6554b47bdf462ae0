package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/preview"
)

// noSecrets is a keyring that is not there.
type noSecrets struct{}

func (noSecrets) Set(delivery.Account, string) error { return errors.New("no keyring") }
func (noSecrets) Get(a delivery.Account) (string, error) {
	return "", &delivery.Error{Kind: delivery.KindPassword, Detail: a.PasswordEnv}
}

// open opens a workspace whose training relay answers at once.
func open(t testing.TB, dir string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(context.Background(), engine.Options{Dir: dir, Operator: "Marieke", TrainingLatency: -1, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// csv writes a list of people and returns its path.
func csv(t testing.TB, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("email,first_name,city\n")
	for i := range n {
		fmt.Fprintf(&b, "p%05d@post.example,P%d,Utrecht\n", i, i)
	}
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// work is a workspace with one delivery over n people.
type work struct {
	testing.TB
	*engine.Engine
	who access.Principal
	id  delivery.ID
}

func newWork(t testing.TB, dir string, n int) *work {
	t.Helper()
	e := open(t, dir)
	os, err := e.Operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := &work{TB: t, Engine: e, who: access.Principal{Operator: os[0].ID}}
	a, err := e.Import(t.Context(), w.who, engine.ImportRequest{File: csv(t, n), Name: "People"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.id, err = e.CreateDelivery(t.Context(), w.who, delivery.Draft{Label: "Test", Audience: a.Audience.ID, Account: 1, Content: delivery.Content{
		From: "Acme <news@acme.example>", Subject: "Hello {{ first_name }}",
		HTML: `<p>Dear {{ first_name | default: "friend" }} in {{ city }}</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>`}}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *work) view() delivery.View {
	w.Helper()
	v, err := w.Delivery(context.Background(), w.id)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// prepare prepares and expects a plan that can be confirmed.
func (w *work) prepare() *delivery.Plan {
	w.Helper()
	if err := w.Prepare(w.Context(), w.who, w.id); err != nil {
		w.Fatal(err)
	}
	v := w.view()
	if v.State != delivery.Ready {
		w.Fatalf("state %s, findings %+v", v.State, v.Plan.Findings)
	}
	return v.Plan
}

func (w *work) confirm() {
	w.Helper()
	if err := w.Confirm(w.Context(), w.who, w.id, w.prepare().Hash); err != nil {
		w.Fatal(err)
	}
}

// until waits for a state by the events that everybody gets; for one in which nothing
// is sent, until the connections have given back what they held.
func (w *work) until(want ...delivery.State) delivery.View {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), 3*time.Minute)
	defer cancel()
	sub := w.Subscribe()
	defer sub.Close()
	for {
		v := w.view()
		held := v.Counters.Claimed + v.Counters.Committing
		if slices.Contains(want, v.State) && (held == 0 || v.State != delivery.Paused && !v.State.Ended()) {
			return v
		}
		if _, err := sub.Next(ctx); err != nil {
			w.Fatalf("still %s with %+v; want %v: %v", w.view().State, w.view().Counters, want, err)
		}
	}
}

// adds up and agrees: the ledger, the sending log, the recount.
func (w *work) trueLedger() delivery.Counters {
	w.Helper()
	v := w.view()
	if err := v.Counters.Check(); err != nil {
		w.Errorf("%v: %+v", err, v.Counters)
	}
	var rows delivery.Counters
	if err := w.EachRow(context.Background(), w.id, engine.RowFilter{}, func(r delivery.Row) error {
		*rows.Of(r.State)++
		rows.Targeted++
		if r.State == delivery.MsgAccepted && r.Code/100 != 2 && !r.Marked() {
			w.Errorf("%s is accepted with reply %d", r.Address, r.Code)
		}
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	if rows != v.Counters {
		w.Errorf("log %+v, counters %+v", rows, v.Counters)
	}
	r, err := w.ComputeStats(context.Background(), w.id)
	if err != nil || len(r.Differences) != 0 {
		w.Errorf("recount %+v, %v", r, err)
	}
	return v.Counters
}

func TestMainJobOnTheTrainingRelay(t *testing.T) {
	e := open(t, t.TempDir())
	id, err := e.AddSample(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.AddSample(t.Context())
	if err != nil || again != id {
		t.Fatalf("a second time: %v, %v", again, err)
	}
	os, err := e.Operators(t.Context())
	if err != nil || len(os) != 2 || os[0].Name != "Marieke" || os[1].Rights.Has(access.Start) {
		t.Fatalf("operators %+v, %v", os, err)
	}
	w := &work{TB: t, Engine: e, who: access.Principal{Operator: os[0].ID}, id: id}
	plan := w.prepare()
	if plan.Targeted != 10000 {
		t.Errorf("targeted %d", plan.Targeted)
	}
	var excluded int64
	for _, c := range plan.Causes {
		if (c.Count == 0) != (c.Nature == delivery.NatureWritten) { // it tops up nothing
			t.Errorf("the sample has %d of %s", c.Count, c.Nature)
		}
		excluded += c.Count
	}
	if plan.ToDeliver+excluded != plan.Targeted || len(plan.Causes) != 6 {
		t.Errorf("%d + %d of %d in %d causes", plan.ToDeliver, excluded, plan.Targeted, len(plan.Causes))
	}
	for _, f := range plan.Findings {
		t.Errorf("the sample has a finding: %+v", f)
	}
	trainee := access.Principal{Operator: os[1].ID}
	if err := e.Confirm(t.Context(), trainee, id, plan.Hash); !delivery.Is(err, delivery.KindRight) {
		t.Errorf("trainee: %v, want right", err)
	}
	if as, err := e.Allowed(t.Context(), trainee, id); err != nil || slices.Contains(as, delivery.Confirm) {
		t.Errorf("trainee is offered %v, %v", as, err)
	}
	e.Run()
	if err := e.Confirm(t.Context(), w.who, id, plan.Hash); err != nil {
		t.Fatal(err)
	}
	w.until(delivery.Finished)
	c := w.trueLedger()
	if c.Accepted+c.Rejected != plan.ToDeliver || c.InDoubt != 0 || c.Rejected == 0 || c.Accepted < c.Rejected*20 {
		t.Errorf("in the end %+v", c)
	}
	points, err := e.Series(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var sum delivery.Point
	for _, p := range points {
		sum.Accepted += p.Accepted
		sum.Failed += p.Failed
	}
	if sum.Accepted != c.Accepted || sum.Failed != c.Rejected {
		t.Errorf("the chart sums up to %+v, the ledger says %+v", sum, c)
	}
	lines, err := e.Log(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, l := range lines {
		codes = append(codes, l.Code)
	}
	for _, want := range []string{"created", "prepare_started", "rule", "prepare_done", "confirmed", "started", "finished"} {
		if !slices.Contains(codes, want) {
			t.Errorf("no %q in the log: %v", want, codes)
		}
	}
}

func TestStopHalfWay(t *testing.T) {
	w := newWork(t, t.TempDir(), 5000)
	w.confirm()
	w.Run()
	sub := w.Subscribe()
	defer sub.Close()
	for w.view().Counters.Accepted < 200 {
		if _, err := sub.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	if err := w.Stop(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("stopping took %v", took)
	}
	c := w.trueLedger()
	if v := w.view(); v.State != delivery.Stopped || c.Open() != 0 || c.Cancelled == 0 || c.InDoubt != 0 {
		t.Errorf("after Stop: %s %+v", v.State, c)
	}
	time.Sleep(50 * time.Millisecond)
	if later := w.trueLedger(); later != c {
		t.Errorf("something left after Stop: %+v, then %+v", c, later)
	}
}

func TestPauseAndResume(t *testing.T) {
	w := newWork(t, t.TempDir(), 3000)
	w.confirm()
	w.Run()
	sub := w.Subscribe()
	defer sub.Close()
	for i := range 3 {
		for w.view().Counters.Accepted < int64(300*(i+1)) {
			if _, err := sub.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Pause(t.Context(), w.who, w.id); err != nil {
			t.Fatal(err)
		}
		if c := w.trueLedger(); c.Claimed+c.Committing != 0 {
			t.Errorf("paused with %+v", c)
		}
		if err := w.Pause(t.Context(), w.who, w.id); !delivery.Is(err, delivery.KindState) {
			t.Errorf("paused twice: %v", err)
		}
		if v := w.view(); v.Paused == nil || v.Paused.By != "Marieke" {
			t.Errorf("paused by %+v", v.Paused)
		}
		if err := w.Resume(t.Context(), w.who, w.id); err != nil {
			t.Fatal(err)
		}
	}
	w.until(delivery.Finished)
	if c := w.trueLedger(); c.Accepted+c.Rejected != 3000 {
		t.Errorf("in the end %+v", c)
	}
}

func TestTheContactDateIsWaitedFor(t *testing.T) {
	w := newWork(t, t.TempDir(), 3)
	d := w.view().Draft
	at := time.Now().UTC().Add(2 * time.Second)
	d.Schedule = delivery.Schedule{Mode: delivery.AtDate, Local: at.Format("2006-01-02T15:04:05"), Zone: "UTC"}
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	w.confirm()
	w.Run()
	time.Sleep(500 * time.Millisecond)
	if v := w.view(); v.State != delivery.Confirmed || v.Counters.Pending != 3 {
		t.Fatalf("before its date: %s %+v", v.State, v.Counters)
	}
	v := w.until(delivery.Finished)
	if v.Started.Before(at.Truncate(time.Second)) {
		t.Errorf("started %v, contact date %v", v.Started, at)
	}
}

func TestOneEngineAWorkspace(t *testing.T) {
	dir := t.TempDir()
	e, err := engine.Open(t.Context(), engine.Options{Dir: dir, Window: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := engine.Open(t.Context(), engine.Options{Dir: dir, Secrets: noSecrets{}}); !delivery.Is(err, delivery.KindLocked) {
		t.Errorf("second engine: %v", err)
	}
	sub := e.Subscribe()
	defer sub.Close()
	sub.Take()
	if err := engine.Raise(dir); err != nil {
		t.Fatal(err)
	}
	es, err := sub.Next(t.Context())
	if err != nil || !slices.Contains(es, event.Event(event.Raise{})) {
		t.Errorf("events %v, %v", es, err)
	}
	r, err := engine.Open(t.Context(), engine.Options{Dir: dir, ReadOnly: true, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.ReadOnly() == nil {
		t.Error("not read-only")
	}
	if _, err := r.CreateDelivery(t.Context(), access.Principal{Operator: 1}, delivery.Draft{Label: "X"}); !delivery.Is(err, delivery.KindReadOnly) {
		t.Errorf("a write: %v", err)
	}
}

func TestAccountsThatCannotBe(t *testing.T) {
	w := newWork(t, t.TempDir(), 1)
	for _, c := range []struct {
		a     delivery.Account
		field string
	}{
		{delivery.Account{Name: "x"}, "account.host"},
		{delivery.Account{Host: "h"}, "account.name"},
		{delivery.Account{Name: "x", Host: "relay.example", Security: delivery.SecurityNone}, "account.security"},
		{delivery.Account{Name: "x", Host: "192.0.2.1", Security: delivery.SecurityNone}, "account.security"},
		{delivery.Account{Name: "x", Host: "h", Security: "ssl"}, "account.security"},
		{delivery.Account{Name: "x", Host: "h", Port: 70000}, "account.port"},
		{delivery.Account{Name: "x", Host: "h", Connections: 500}, "account.connections"},
		{delivery.Account{Name: "x", Host: "h", PerHour: -1}, "account.limit"},
	} {
		_, err := w.AddAccount(t.Context(), w.who, c.a, "")
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != c.field {
			t.Errorf("%+v: %v, want %s", c.a, err, c.field)
		}
	}
	a, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "x", Host: "127.0.0.1", Security: delivery.SecurityNone}, "")
	if err != nil || a.Port != 25 || a.Connections != 4 || a.Kind != delivery.AccountSMTP {
		t.Errorf("%+v, %v", a, err)
	}
	if _, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "X", Host: "127.0.0.1", Security: delivery.SecurityNone}, ""); !delivery.Is(err, delivery.KindExists) {
		t.Errorf("the same name: %v", err)
	}
}

// TestAnUnreachableRelayFailsNobody: the host does not answer; the delivery is
// paused with the reason, and every recipient is still to be sent.
func TestAnUnreachableRelayFailsNobody(t *testing.T) {
	w := newWork(t, t.TempDir(), 20)
	a, err := w.AddAccount(t.Context(), w.who, delivery.Account{Name: "gone", Host: "127.0.0.1", Port: 1, Security: delivery.SecurityNone}, "")
	if err != nil {
		t.Fatal(err)
	}
	d := w.view().Draft
	d.Account = a.ID
	if err := w.EditDelivery(t.Context(), w.who, w.id, d); err != nil {
		t.Fatal(err)
	}
	w.confirm()
	w.Run()
	v := w.until(delivery.Paused)
	if v.Paused == nil || v.Paused.Kind != delivery.KindUnreachable || v.Counters.Pending != 20 {
		t.Errorf("paused %+v with %+v", v.Paused, v.Counters)
	}
	w.trueLedger()
}

// sampled opens a workspace with the sample in a language.
func sampled(t *testing.T, language string) (*engine.Engine, delivery.ID) {
	t.Helper()
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Language: language, Secrets: noSecrets{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	id, err := e.AddSample(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return e, id
}

func TestTheSampleSpeaksDutch(t *testing.T) {
	e, id := sampled(t, "nl")
	if again, err := e.AddSample(t.Context()); err != nil || again != id {
		t.Errorf("a second time: %v, %v", again, err)
	}
	p, err := e.Preview(t.Context(), id, 0)
	if err != nil || !strings.Contains(p.Subject, "tuin in juni") {
		t.Errorf("subject %q, %v", p.Subject, err)
	}
}

// TestTheSampleShowsWhatGoesWrong: each reason to look at a message is met by
// somebody of the sample.
func TestTheSampleShowsWhatGoesWrong(t *testing.T) {
	e, id := sampled(t, "en")
	v, err := e.Delivery(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	risks, err := e.Riskiest(t.Context(), id, v.Draft)
	if err != nil {
		t.Fatal(err)
	}
	var got []preview.Reason
	for _, r := range risks {
		got = append(got, r.Reason)
	}
	if !slices.Equal(got, preview.Reasons()) {
		t.Errorf("%v, want %v", got, preview.Reasons())
	}
}
