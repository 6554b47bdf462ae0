package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/htmlimport"
	"sendoff/engine/kpi"
	"sendoff/engine/message"
	"sendoff/engine/preview"
	"sendoff/engine/sandbox"
)

// fake is an engine that notes what it is asked and answers from its fields.
type fake struct {
	ruleEngine

	hub   event.Hub
	calls []string
	opts  engine.Options
	dir   string

	openErr  error
	readOnly error
	err      map[string]error // by call
	views    []delivery.View
	accounts []delivery.Account
	draft    delivery.Draft
	fields   []delivery.Field
	account  delivery.Account
	dkim     delivery.DKIMRecord
	request  engine.ImportRequest
	rows     []delivery.Row
	log      []delivery.LogLine
	recount  kpi.Recount
	findings []delivery.Finding
	onRun    func(*fake)
	closed   int
	untested bool // there are no test profiles
}

func (f *fake) call(format string, args ...any) error {
	s := fmt.Sprintf(format, args...)
	f.calls = append(f.calls, s)
	name, _, _ := strings.Cut(s, " ")
	return f.err[name]
}

func (f *fake) view(id delivery.ID) *delivery.View {
	for i := range f.views {
		if f.views[i].ID == id {
			return &f.views[i]
		}
	}
	return nil
}

func (f *fake) SendProof(_ context.Context, who access.Principal, id delivery.ID, _ *delivery.Draft, to []delivery.ProofAddress) (delivery.Proof, error) {
	p := delivery.Proof{Delivery: id, Number: 2, By: "Marieke", At: when, Content: "c"}
	for i, x := range to {
		p.Messages = append(p.Messages, delivery.ProofMessage{Seq: i + 1, Address: x.Address, Outcome: delivery.ProofAccepted, Code: 250})
	}
	if n := len(p.Messages); n > 1 {
		p.Messages[n-1].Outcome, p.Messages[n-1].Code, p.Messages[n-1].Enhanced, p.Messages[n-1].Reply = delivery.ProofRefused, 550, "5.1.1", "Who?"
	}
	return p, f.call("proof %d %s %v", who.Operator, id, to)
}

func (f *fake) PreviewDraft(_ context.Context, _ delivery.ID, d delivery.Draft, as engine.PreviewAs) (engine.Preview, error) {
	return engine.Preview{Preview: message.Preview{From: "Acme <a@acme.example>", Subject: "Hello", HTML: "<p>Hello</p>", Text: "Hello"}, Profile: as.Profile,
		Address: fmt.Sprintf("p%d@post.example", as.Profile), Bytes: 1234, Findings: []delivery.Finding{{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Part: "html", Count: 1, Detail: "city"}}}, nil
}

func (f *fake) NeighbourOf(context.Context, delivery.Draft, int64, int) (int64, error) { return 7, nil }

func (f *fake) Riskiest(context.Context, delivery.ID, delivery.Draft) ([]preview.Risk, error) {
	return []preview.Risk{{Reason: preview.Missing, Profile: 8, Fields: []string{"city"}}, {Reason: preview.Largest, Profile: 9}}, nil
}

func (f *fake) Document(context.Context, engine.Preview, bool, bool) []byte {
	return []byte("<p>Hello</p>")
}

func (f *fake) ProfileNumbers(_ context.Context, q delivery.ProfileQuery) ([]int64, error) {
	if q.Search == "nobody@post.example" || q.Test && f.untested {
		return nil, nil
	}
	return []int64{5}, nil
}

func (f *fake) ProfileRows(_ context.Context, ids []int64) ([]delivery.Profile, error) {
	var out []delivery.Profile
	for _, id := range ids {
		out = append(out, delivery.Profile{ID: id, Address: fmt.Sprintf("p%d@post.example", id)})
	}
	return out, nil
}

// CheckContent and CheckLinks find what a test put there.
func (f *fake) CheckContent(context.Context, delivery.Draft) ([]delivery.Finding, error) {
	return f.findings, f.err["check_content"]
}

func (f *fake) CheckLinks(_ context.Context, c delivery.Content, _ func(done, total int)) ([]delivery.Finding, error) {
	return []delivery.Finding{{Code: delivery.FindLinkDead, Severity: delivery.SeverityWarning, Part: "html", Line: 3, Column: 1, Detail: "404 https://a.example"}}, f.call("check_links")
}

func (f *fake) Dir() string {
	if f.dir != "" {
		return f.dir
	}
	return f.opts.Dir
}

func (f *fake) ReadOnly() error { return f.readOnly }
func (f *fake) Close() error    { f.closed++; return nil }

func (f *fake) Subscribe() *event.Subscription {
	return f.hub.Subscribe(func() []event.Event { return []event.Event{event.Lists{}} })
}

func (f *fake) Run() {
	f.call("run")
	if f.onRun != nil {
		f.onRun(f)
	}
}

func (f *fake) AddSample(context.Context) (delivery.ID, error) { return 1, f.call("sample") }

func (f *fake) Operators(context.Context) ([]access.Operator, error) {
	return []access.Operator{{ID: 1, Name: "Marieke", Rights: access.All()}, {ID: 2, Name: "Joris", Rights: access.Rights{access.Prepare}}}, f.err["operators"]
}

func (f *fake) AddOperator(_ context.Context, who access.Principal, name string, rs access.Rights) (access.Operator, error) {
	return access.Operator{ID: 3, Name: name, Rights: rs}, f.call("add_operator %d %s %s", who.Operator, name, rs)
}

func (f *fake) Accounts(context.Context) ([]delivery.Account, error) {
	if f.accounts == nil {
		return []delivery.Account{{ID: 1, Name: "sandbox", Kind: delivery.AccountSandbox, Connections: 8},
			{ID: 2, Name: "Work", Kind: delivery.AccountSMTP, Host: "mail.acme.example", Port: 587, Security: delivery.SecurityStartTLS,
				User: "news", PasswordEnv: "ACME", Connections: 4, PerHour: 1000}}, nil
	}
	return f.accounts, nil
}

func (f *fake) AddAccount(_ context.Context, who access.Principal, a delivery.Account, password string) (delivery.Account, error) {
	f.account = a
	return a, f.call("add_account %d %s %q", who.Operator, a.Name, password)
}

func (f *fake) EditAccount(_ context.Context, who access.Principal, a delivery.Account, password string) error {
	f.account = a
	return f.call("edit_account %d %s %q", who.Operator, a.Name, password)
}

func (f *fake) TestAccount(_ context.Context, a delivery.Account, _ string, progress func(delivery.AccountStep)) (delivery.AccountTest, error) {
	seen := &delivery.Certificate{Fingerprint: strings.Repeat("0a", 32), Subject: "CN=mail", Issuer: "CN=Acme CA", NotBefore: when, NotAfter: when}
	t := delivery.AccountTest{Steps: []delivery.AccountStep{{Step: delivery.TestConnect, Detail: "192.0.2.1:587"},
		{Step: delivery.TestTLS, Err: f.err["tls"], Certificate: seen}}}
	for _, s := range t.Steps {
		progress(s)
	}
	return t, f.call("test_account %s", a.Name)
}

func (f *fake) DKIM(_ context.Context, account int64) (delivery.DKIMRecord, error) {
	return f.dkim, f.call("dkim %d", account)
}

func (f *fake) SetDKIM(_ context.Context, who access.Principal, account int64, d delivery.DKIM, key string) (delivery.DKIMRecord, error) {
	r := delivery.DKIMRecord{DKIM: d, Name: d.Selector + "._domainkey." + d.Domain, Text: "v=DKIM1", Zone: "the zone's line", Weak: key != ""}
	return r, f.call("set_dkim %d %d %s %s %s %q", who.Operator, account, d.Domain, d.Selector, d.Algorithm, key)
}

func (f *fake) Audiences(context.Context) ([]delivery.Audience, error) {
	return []delivery.Audience{{ID: 4, Name: "Customers", Size: 1234, Source: "c.csv", Imported: when, Columns: []string{"first_name", "city"}}}, nil
}

func (f *fake) Fields(context.Context) ([]delivery.Field, error) {
	if f.fields != nil {
		return f.fields, nil
	}
	return []delivery.Field{{Name: "first_name"}, {Name: "city"}, {Name: "Voornaam"}}, nil
}

func (f *fake) Import(_ context.Context, who access.Principal, r engine.ImportRequest, p func(engine.ImportProgress)) (engine.ImportResult, error) {
	f.request = r
	p(engine.ImportProgress{Bytes: 10, Total: 20, Rows: 3})
	return engine.ImportResult{Audience: delivery.Audience{ID: 4, Name: r.Name, Size: 1233, Imported: when, Columns: []string{"city"}},
		Import: 7, Rows: 1234, Added: 1200, Updated: 30, Unchanged: 3, Merged: 1, Rejected: 2, RejectFile: "/x/rejected.csv", Encoding: "utf-8", Delimiter: ';'}, f.call("import %d", who.Operator)
}

func (f *fake) CheckImport(_ context.Context, r engine.ImportRequest, p func(engine.ImportProgress)) (engine.ImportCheck, error) {
	f.request = r
	p(engine.ImportProgress{Writing: true, Rows: 3})
	return engine.ImportCheck{Rows: 9, Added: 5, Updated: 2, Unchanged: 1, Merged: 1, Rejected: 2,
		AddedRows:   []engine.CheckedRow{{Line: 2, Address: "bo@x.example", Fields: map[string]string{"name": "Bo", "city": "Ede", "shop": ""}}},
		UpdatedRows: []engine.CheckedRow{{Line: 3, Address: "cy@x.example", Fields: map[string]string{"name": "Cy", "city": "Ede", "shop": "A"}, Before: map[string]string{"name": "Cy", "city": "Gent"}}},
		MergedRows:  []engine.CheckedRow{{Line: 5, Address: "bo@x.example", Again: 9}},
		Reasons:     []engine.ReasonCount{{Reason: "no_at", Count: 2}}, RejectedRows: []engine.CheckedRow{{Line: 4, Reason: "no_at", Detail: "ann"}},
		Misfits: []audience.Misfit{{Field: "since", Type: audience.Type{Kind: "date", Format: "dmy"}, Count: 1, Line: 7, Value: "soon"}}}, f.call("check_import")
}

func (f *fake) Imports(context.Context) ([]delivery.Import, error) {
	return []delivery.Import{{ID: 7, At: when, Operator: "Marieke", File: "c.csv", Kind: "csv", AudienceName: "Customers", Added: 1200, Undo: true}}, nil
}

func (f *fake) UndoImport(_ context.Context, who access.Principal, id int64) (delivery.ImportUndo, error) {
	return delivery.ImportUndo{Removed: 1200, Kept: 3, Restored: 1, Changed: 2}, f.call("undo_import %d %d", who.Operator, id)
}

func (f *fake) AddAsset(_ context.Context, who access.Principal, name string, data []byte) (delivery.Asset, error) {
	return delivery.Asset{Hash: fmt.Sprintf("%s %d", name, len(data)), Name: name}, f.call("add_asset %d %s", who.Operator, name)
}

func (f *fake) ImportHTML(_ context.Context, who access.Principal, file string) (htmlimport.Result, error) {
	return htmlimport.Result{HTML: "<p>imported</p>", Name: "index.html", Report: []htmlimport.Note{{Code: htmlimport.Remote, Count: 2, Detail: "https://x.example/a.png"}}},
		f.call("import_html %d %s", who.Operator, file)
}

func (f *fake) AttachmentFolder(id delivery.ID, c delivery.Content) string {
	if c.Folder != "" {
		return c.Folder
	}
	return "/w/attachments/" + id.String()
}

func (f *fake) Message(_ context.Context, id delivery.ID, number int64) (delivery.Message, error) {
	m := delivery.Message{Row: delivery.Row{Seq: number, Address: "ann@x.example", State: delivery.MsgAccepted}, From: "Acme", Subject: "Hello", Text: "Hi Ann", Raw: []byte("Date: x\r\n"), Sealed: true,
		Files: []delivery.File{{Path: "7.pdf", Hash: "abc", Size: 9}, {}}}
	if number == 2 {
		m.State, m.Raw, m.Removed = delivery.MsgAccepted, nil, true
	}
	return m, f.call("message %s %d", id, number)
}

func (f *fake) CreateDelivery(_ context.Context, who access.Principal, d delivery.Draft) (delivery.ID, error) {
	f.draft = d
	f.views = append(f.views, delivery.View{Delivery: delivery.Delivery{ID: 9, Draft: d, State: delivery.Editing}})
	return 9, f.call("create %d", who.Operator)
}

func (f *fake) EditDelivery(_ context.Context, who access.Principal, id delivery.ID, d delivery.Draft) error {
	f.draft = d
	return f.call("edit %d %s", who.Operator, id)
}

func (f *fake) DuplicateDelivery(_ context.Context, who access.Principal, id delivery.ID) (delivery.ID, error) {
	return id, f.call("duplicate %d %s", who.Operator, id)
}

func (f *fake) FollowUp(_ context.Context, who access.Principal, id delivery.ID, r engine.FollowRequest) (delivery.ID, error) {
	f.views = append(f.views, delivery.View{Delivery: delivery.Delivery{ID: 9, Draft: delivery.Draft{Label: r.Label}, State: delivery.Editing}})
	return 9, f.call("follow %d %s %+v", who.Operator, id, r)
}

func (f *fake) DeleteDelivery(_ context.Context, who access.Principal, id delivery.ID) error {
	return f.call("delete %d %s", who.Operator, id)
}

func (f *fake) Deliveries(context.Context) ([]delivery.View, error) { return f.views, nil }

func (f *fake) Delivery(_ context.Context, id delivery.ID) (delivery.View, error) {
	if v := f.view(id); v != nil {
		return *v, nil
	}
	return delivery.View{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "delivery", Detail: id.String()}
}

func (f *fake) Prepare(_ context.Context, who access.Principal, id delivery.ID) error {
	return f.call("prepare %d %s", who.Operator, id)
}

func (f *fake) Confirm(_ context.Context, who access.Principal, id delivery.ID, plan string) error {
	return f.call("confirm %d %s %s", who.Operator, id, plan)
}

func (f *fake) Pause(_ context.Context, who access.Principal, id delivery.ID) error {
	return f.call("pause %d %s", who.Operator, id)
}

func (f *fake) Resume(_ context.Context, who access.Principal, id delivery.ID) error {
	return f.call("resume %d %s", who.Operator, id)
}

func (f *fake) Stop(_ context.Context, who access.Principal, id delivery.ID) error {
	return f.call("stop %d %s", who.Operator, id)
}

func (f *fake) Log(context.Context, delivery.ID) ([]delivery.LogLine, error) { return f.log, nil }

func (f *fake) EachRow(_ context.Context, _ delivery.ID, filter engine.RowFilter, fn func(delivery.Row) error) error {
	for _, r := range f.rows {
		for _, s := range filter.States {
			if r.State == s {
				if err := fn(r); err != nil {
					return err
				}
			}
		}
	}
	return f.err["rows"]
}

func (f *fake) ComputeStats(_ context.Context, id delivery.ID) (kpi.Recount, error) {
	return f.recount, f.call("compute %s", id)
}

func (f *fake) EachDoubt(_ context.Context, _ delivery.ID, fn func(delivery.Doubt) error) error {
	for _, r := range f.rows {
		if r.State != delivery.MsgInDoubt {
			continue
		}
		a := delivery.Attempt{Number: 1, At: r.At, State: r.State, Nature: r.Nature, Fault: r.Fault, Reply: r.Reply}
		if err := fn(delivery.Doubt{Row: r, Cause: delivery.CauseOfDoubt(r.Fault), In: a, Relay: "mx.example:25", MessageID: "<id@acme.example>", Bytes: 4321}); err != nil {
			return err
		}
	}
	return nil
}

func (f *fake) ResolveDoubt(_ context.Context, who access.Principal, id delivery.ID, numbers []int64, how delivery.Decision) (delivery.Resolution, error) {
	return delivery.Resolution{Decided: 2, Skipped: 1, State: f.views[0].State}, f.call("resolve %d %s %v %s", who.Operator, id, numbers, how)
}

func (f *fake) WithdrawDecision(_ context.Context, who access.Principal, id delivery.ID, numbers []int64) (delivery.Resolution, error) {
	return delivery.Resolution{Decided: 2, State: f.views[0].State}, f.call("withdraw %d %s %v", who.Operator, id, numbers)
}

var when = time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)

const planHash = "7f3ac41e09b27f3ac41e09b27f3ac41e09b27f3ac41e09b27f3ac41e09b2aaaa"

// ready is a prepared delivery with a term in several states.
func ready() delivery.View {
	c := delivery.Counters{Targeted: 10000, Excluded: 214, Pending: 9786}
	return delivery.View{Delivery: delivery.Delivery{ID: 3, State: delivery.Ready, Created: when, Counters: c,
		Draft: delivery.Draft{Label: "Summer time", Audience: 4, Account: 1, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed},
			Content: delivery.Content{From: "Acme <news@acme.example>", Subject: "Hello"}},
		Plan: &delivery.Plan{Hash: planHash, Targeted: 10000, ToDeliver: 9786, Causes: []delivery.Cause{
			{Nature: delivery.NatureMissing, Count: 0}, {Nature: delivery.NatureDuplicate, Count: 214}},
			Findings: []delivery.Finding{{Code: delivery.FindSubjectLong, Severity: delivery.SeverityWarning, Part: "subject"}}}},
		AudienceName: "Customers", AudienceSize: 10000, Account: delivery.Account{ID: 1, Name: "sandbox", Kind: delivery.AccountSandbox}}
}

// in is the same delivery in another state.
func in(s delivery.State, c delivery.Counters) delivery.View {
	v := ready()
	v.State, v.Counters = s, c
	return v
}

// fakeWorld is a training world that does nothing.
type fakeWorld struct{ closed bool }

func (w *fakeWorld) Addr() string         { return "127.0.0.1:2525" }
func (w *fakeWorld) Stats() sandbox.Stats { return sandbox.Stats{Accepted: 2} }
func (w *fakeWorld) Close() error         { w.closed = true; return nil }

// result is what a command line led to.
type result struct {
	out, err string
	status   int
}

// ctl runs a command line on a fake.
func ctl(t *testing.T, f *fake, args ...string) result {
	t.Helper()
	return ctlWith(t.Context(), f, args...)
}

func ctlWith(ctx context.Context, f *fake, args ...string) result {
	var out, errs bytes.Buffer
	a := &app{out: &out, err: &errs, getenv: func(v string) string { return map[string]string{"TOKEN": " 1//refresh\n", "HUSH": "hush"}[v] },
		open: func(_ context.Context, o engine.Options) (Engine, error) {
			f.opts = o
			if f.openErr != nil {
				return nil, f.openErr
			}
			return f, nil
		},
		world: func(string) (world, error) { return &fakeWorld{}, nil }}
	status := a.run(ctx, args)
	return result{out.String(), errs.String(), status}
}
