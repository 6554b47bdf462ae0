package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/engine"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/kpi"
)

// TestCommandLines runs command lines and checks what the engine was asked, what
// was answered and the exit status.
func TestCommandLines(t *testing.T) {
	for _, c := range []struct {
		line   string
		calls  string // joined by "; "
		out    string // each line of it must be in the output
		errs   string
		status int
	}{
		{line: "init", out: "Marieke works in it"},
		{line: "init --sample", calls: "sample", out: "delivery DM1\ndelivery prepare 1"},
		{line: "account add work --host mail.acme.example --port 587 --user news --password-env ACME", calls: `add_account 1 work ""`,
			out: "Added the account work\nACME is not set now"},
		{line: "account add work --host h --user news", errs: "--password-env", status: 2},
		{line: "account add work --host h --password-env X", errs: "--user", status: 2},
		{line: "account add work --host h --security ssl", errs: "none, starttls or tls", status: 2},
		{line: "account add work --port many --host h", errs: "many", status: 2},
		{line: "account add work", errs: "--host", status: 2},
		{line: "account add", errs: "account add NAME", status: 2},
		{line: "account add m --host smtp.office365.com --user me@acme.example --oauth-client id --oauth-token-env TOKEN --oauth-secret-env HUSH",
			calls: `add_account 1 m "{\"refresh_token\":\"1//refresh\",\"client_secret\":\"hush\"}"`, out: "as me@acme.example with OAuth 2"},
		{line: "account add m --host h --user u --oauth-command oama", calls: `add_account 1 m ""`, out: "with OAuth 2"},
		{line: "account add m --host h --user u --oauth-client id --oauth-token-env TOKEN", errs: "--oauth-endpoint", status: 2},
		{line: "account add m --host h --user u --oauth-endpoint https://id.example/t --oauth-token-env TOKEN", errs: "--oauth-client", status: 2},
		{line: "account add m --host smtp.gmail.com --user u --oauth-client id", errs: "--oauth-token-env", status: 2},
		{line: "account add m --host smtp.gmail.com --user u --oauth-client id --oauth-token-env NOTHING", errs: "NOTHING is empty", status: 2},
		{line: "account add m --host smtp.gmail.com --oauth-client id --oauth-token-env TOKEN", errs: "--user", status: 2},
		{line: "account add m --host h --user u --oauth-command x --password-env P", errs: "two ways", status: 2},
		{line: "account add m --host h --user u --oauth-command x --oauth-scope s", errs: "by itself", status: 2},
		{line: "account edit WORK --per-hour 5", calls: `edit_account 1 Work ""`, out: "Changed the account Work"},
		{line: "account edit WORK --limit-domain GMail.com=20/min,2/once --limit-domain t-online.de=5/s", calls: `edit_account 1 Work ""`, out: "Changed the account Work"},
		{line: "account edit WORK --limit-domain gmail.com", errs: "gmail.com=20/min", status: 2},
		{line: "account edit WORK --limit-domain gmail.com=20/fortnight", errs: "gmail.com=20/min", status: 2},
		{line: "account edit nowhere --port 1", errs: "no account “nowhere”", status: 1},
		{line: "account edit work --security ssl", errs: "none, starttls or tls", status: 2},
		{line: "account test work", calls: "test_account Work", out: "connect            well\nencrypt            well\nSHA-256           0A:0A:\nissued by         CN=Acme CA\nIt works"},
		{line: "account test nowhere", errs: "no account “nowhere”", status: 1},
		{line: "account list", out: "the training relay\nmail.acme.example port 587, STARTTLS, as news, 4 connections, at most 1,000 an hour"},
		{line: "operator add Ann --rights start,export", calls: "add_operator 1 Ann start,export", out: "Ann, who may start deliveries, export"},
		{line: "operator add Ann --rights fly", errs: "--rights", status: 2},
		{line: "operator add Ann", errs: "--rights", status: 2},
		{line: "operator list", out: "Joris    prepare deliveries"},
		{line: "audience import x.csv", errs: "--name", status: 2},
		{line: "audience import x.csv --name Customers --map email=Mail", calls: "import 1",
			out: "1,233 profiles\nsemicolons\n1,234 good rows: 1,200 new, 30 updated, 3 unchanged, 1 of an address\n2 bad rows, with line and reason in /x/rejected.csv\nundo-import 7"},
		{line: "audience import x.csv --dry-run", calls: "check_import",
			out: "nothing was changed\n9 good rows: 5 new, 2 updated, 1 unchanged\nline 2: new, bo@x.example  city: Ede, name: Bo\nline 3: updated, cy@x.example  city: Gent → Ede, shop: - → A\nline 5: bo@x.example comes again in line 9\n1 value of since left out: no date:dmy, first in line 7 (\"soon\")\n2 bad rows: an address without @\nline 4: an address without @: \"ann\""},
		{line: "audience import x.csv --name C --type since", errs: "FIELD=TYPE", status: 2},
		{line: "audience import x.csv --name C --type since=day", errs: "FIELD=TYPE", status: 2},
		{line: "audience import x.csv --name C --consent-date 31-12-2026", errs: "2026-12-31", status: 2},
		{line: "audience imports", out: "7   2026-"},
		{line: "audience undo-import 7", calls: "undo_import 1 7", out: "1,200 people removed, 1 person as before\n3 of those it added stay\n2 of those it changed\nfilled by something else"},
		{line: "audience undo-import x", errs: "audience imports", status: 2},
		{line: "template list", out: "NAME         LANGUAGES  SUBJECT\nnewsletter   en, nl     {{ first_name"},
		{line: "audience import x.csv --name C --map nonsense", errs: "email=COLUMN", status: 2},
		{line: "audience list", out: "Customers  1,234     c.csv"},
		{line: "delivery list", out: "DM3  ready  Summer time  Customers  9,786"},
		{line: "delivery show 3", out: "targeted 10,000 = excluded 214 + pending 9,786 + claimed 0 + committing 0 + accepted 0 + deferred 0 + rejected 0 + in doubt 0 + cancelled 0\n7f3a·c41e·09b2\n– of sent"},
		{line: "delivery show dm3", out: "DM3  Summer time: ready"},
		{line: "delivery show seven", errs: `"seven" is not the number`, status: 2},
		{line: "delivery show 77", errs: "no delivery “DM77”", status: 1},
		{line: "delivery show", errs: "delivery show ID", status: 2},
		{line: "delivery show 3 4", errs: "delivery show ID", status: 2},
		{line: "delivery html 3 /m/a.zip", calls: "import_html 1 /m/a.zip; edit 1 DM3", out: "has the HTML of index.html now\n2 images stay on the web, the first is https://x.example/a.png"},
		{line: "delivery html 3", errs: "delivery html ID FILE", status: 2},
		{line: "delivery attach 3 --each inv/{{n}}.pdf --folder /f --name I.pdf", calls: "edit 1 DM3", out: "DM3 has"},
		{line: "delivery attach 3 --none", calls: "edit 1 DM3", out: "has 0 attachments now"},
		{line: "delivery attach 3", errs: "name a file", status: 2},
		{line: "delivery attach 3 --none --folder /f", errs: "--folder goes with --each", status: 2},
		{line: "delivery attach 3 a.pdf b.pdf --name x", errs: "one attachment at a time", status: 2},
		{line: "delivery message 3 1", calls: "message DM3 1", out: "ann@x.example, message 1: accepted\nSubject: Hello\nFile: 7.pdf (9 bytes)\nHi Ann"},
		{line: "delivery message 3 2", calls: "message DM3 2", out: "It was kept until the delivery ended"},
		{line: "delivery message 3 2 --out /none/x.eml", calls: "message DM3 2", errs: "It was kept until the delivery ended", status: 1},
		{line: "delivery message 3 1 --out /none/x.eml", calls: "message DM3 1", errs: "/none", status: 1},
		{line: "delivery message 3 x", errs: "not the number of a message", status: 2},
		{line: "delivery duplicate 3", calls: "duplicate 1 DM3", out: "from DM3"},
		{line: "delivery correct 3", calls: "follow 1 DM3 {Mode:correction Audience:0 Doubtful:true Label:Correction: Summer time Prefix:Correction: }", out: "a correction of DM3\n9"},
		{line: "delivery correct 3 --only-accepted --as joris", calls: "follow 2 DM3 {Mode:correction Audience:0 Doubtful:false Label:Correction: Summer time Prefix:Correction: }"},
		{line: "delivery top-up 3 --audience customers", calls: "follow 1 DM3 {Mode:top_up Audience:4 Doubtful:false Label: Prefix:}", out: "a top-up of DM3\n9"},
		{line: "delivery top-up 3 --audience nobody", errs: "no audience “nobody”", status: 1},
		{line: "delivery top-up 3", errs: "--audience is missing", status: 2},
		{line: "delivery proof 3 --to a@acme.example,b@acme.example --to c@acme.example", calls: "proof 1 DM3 [{a@acme.example 0} {b@acme.example 0} {c@acme.example 0}]",
			out: "by Marieke: 2 accepted, 1 refused.\n  a@acme.example: accepted\n  c@acme.example: refused, 550 5.1.1 Who?\n"},
		{line: "delivery proof 3 --test-profiles --profile P5@post.example --as joris", calls: "proof 2 DM3 [{p5@post.example 5}]", out: "Proof 2 of DM3"},
		{line: "delivery proof 3", errs: "nobody gets it", status: 2},
		{line: "delivery proof 3 --to a@acme.example --profile nobody@post.example", errs: "no profile “nobody@post.example”", status: 1},
		{line: "delivery proofs 3", out: "No proof of DM3 was sent. Send one: sendoffctl delivery proof 3"},
		{line: "delivery preview 3", out: "To:        p7@post.example\nSubject:   Hello\nSize:      1,234 bytes\n\nHello\nerror: "},
		{line: "delivery preview 3 --profile p5@post.example", out: "p5@post.example"},
		{line: "delivery preview 3 --riskiest", out: "a field is empty     city    p8@post.example  1,234  Hello\nthe largest message  -       p9@post.example"},
		{line: "delivery preview 3 --riskiest --profile x", errs: "exclude each other", status: 2},
		{line: "delivery delete 3", calls: "delete 1 DM3", out: "Removed DM3"},
		{line: "delivery prepare 3", calls: "prepare 1 DM3", out: "is ready. Plan 7f3a·c41e·09b2\n- no address                    0\n- duplicate                   214\nto deliver                  9,786\nwarning: subject: The subject is long\n--plan 7f3ac41e09b2"},
		{line: "delivery confirm 3", calls: "confirm 1 DM3 " + planHash, out: "9,786 messages, leaving at once"},
		{line: "delivery confirm DM3 --plan 7f3ac41e09b2", calls: "confirm 1 DM3 7f3ac41e09b2"},
		{line: "delivery confirm --plan 7f3ac41e09b2 DM3", calls: "confirm 1 DM3 7f3ac41e09b2"},
		{line: "--as joris delivery confirm 3", calls: "confirm 2 DM3 " + planHash},
		{line: "delivery confirm 3 --as 2", calls: "confirm 2 DM3 " + planHash},
		{line: "delivery --as Joris confirm 3", calls: "confirm 2 DM3 " + planHash},
		{line: "delivery confirm 3 --as Nobody", errs: "no operator “Nobody”", status: 1},
		{line: "delivery pause 3", calls: "pause 1 DM3", out: "Paused DM3"},
		{line: "delivery resume 3", calls: "resume 1 DM3", out: "delivery wait 3"},
		{line: "delivery stop 3", calls: "stop 1 DM3", out: "Stopped DM3"},
		{line: "delivery wait 3", errs: "Confirm it first", status: 3},
		{line: "delivery wait 3 --timeout soon", errs: "soon", status: 2},
		{line: "delivery wait 3 --timeout -1s", errs: "length of time", status: 2},
		{line: "delivery stats 3", out: "to deliver                9,786\nsent                          0  0.0 % of to deliver\n– of sent"},
		{line: "delivery stats 3 --compute", calls: "compute DM3", out: "no differences"},
		{line: "delivery in-doubt 3", out: "nothing is in doubt"},
		{line: "delivery check 3", out: "The content of DM3 is in order."},
		{line: "delivery check 3 --online", calls: "check_links", out: "warning: html, line 3, column 1: https://a.example does not answer (404)."},
		{line: "delivery in-doubt 3 --resolve sent", calls: "resolve 1 DM3 [] mark_sent", out: "2 messages count as accepted, marked as sent; 1 was in doubt no more"},
		{line: "delivery in-doubt 3 --resolve leave --only 4,7", calls: "resolve 1 DM3 [4 7] leave", out: "2 messages stay in doubt and are not asked about again"},
		{line: "delivery in-doubt 3 --resolve resend", errs: "gets it twice", status: 2},
		{line: "delivery in-doubt 3 --resolve resend --yes --as joris", calls: "resolve 2 DM3 [] send_again", out: "may arrive twice\ndelivery wait 3"},
		{line: "delivery in-doubt 3 --resolve withdraw --only 4", calls: "withdraw 1 DM3 [4]", out: "2 messages are asked about again"},
		{line: "delivery in-doubt 3 --resolve sent --only x", errs: "3,8,12", status: 2},
		{line: "delivery in-doubt 3 --only 3", errs: "belong to --resolve", status: 2},
		{line: "delivery in-doubt 3 --resolve maybe", errs: "sent, resend, leave or withdraw", status: 2},
		{line: "delivery relays 3 --account work:3 --account sandbox --spare 2", calls: "edit 1 DM3", out: "DM3 goes through"},
		{line: "delivery relays 3 --account work:3 --account nowhere", errs: "no account “nowhere”", status: 1},
		{line: "delivery relays 3 --account work:0", errs: "from 1 to 1000", status: 2},
		{line: "delivery relays 3 --account :4", errs: "the name of an account", status: 2},
		{line: "delivery relays 3 --spare work", errs: "an --account beside it", status: 2},
		{line: "delivery relays 3", errs: "--account is missing", status: 2},
		{line: "delivery logs 3", errs: "--tab is", status: 2},
		{line: "delivery logs 3 --tab tracking", errs: "Not built yet", status: 1},
		{line: "delivery logs 3 --tab urls", errs: "Not built yet", status: 1},
		{line: "delivery logs 3 --tab sending --format xml", errs: "csv or json", status: 2},
		{line: "delivery logs 77 --tab sending", errs: "no delivery “DM77”", status: 1},
		{line: "delivery logs 3 --tab causes", out: "nature,count\naddress_missing,0\nduplicate,214"},
		{line: "delivery executions 3 --preview 5", errs: "Not built yet", status: 1},
		{line: "feedback read a.eml b.eml", errs: "Not built yet", status: 1},
		{line: "audit verify", errs: "Not built yet", status: 1},
		{line: "audit export x", errs: "Not built yet", status: 1},
		{line: "sandbox", errs: "--listen", status: 2},
		{line: "", errs: "a command is missing", status: 2},
		{line: "delivery", errs: "needs one more word", status: 2},
		{line: "delivery fly 3", errs: `no command "delivery fly"`, status: 2},
		{line: "fly", errs: `no command "fly"`, status: 2},
		{line: "delivery show 3 --fly", errs: "no option --fly", status: 2},
		{line: "--help", out: "delivery create FILE.toml [--account\nExit status"},
		{line: "delivery --help", out: "delivery wait ID"},
		{line: "delivery wait --help", out: "Runs the engine until this delivery has ended."},
		{line: "help delivery wait", out: "Runs the engine"},
		{line: "help fly", errs: "no command", status: 2},
	} {
		f := &fake{views: []delivery.View{ready()}}
		r := ctl(t, f, strings.Fields(c.line)...)
		if r.status != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.line, r.status, c.status, r.err)
		}
		if got := strings.Join(f.calls, "; "); got != c.calls {
			t.Errorf("%s: calls %q, want %q", c.line, got, c.calls)
		}
		for _, w := range []struct{ text, want string }{{r.out, c.out}, {r.err, c.errs}} {
			for line := range strings.Lines(w.want) {
				if line = strings.TrimSuffix(line, "\n"); !strings.Contains(w.text, line) {
					t.Errorf("%s: %q is not in\n%s", c.line, line, w.text)
				}
			}
		}
	}
}

// What would keep a delivery from being prepared makes the check fail, and JSON has
// the findings as they are.
func TestCheck(t *testing.T) {
	f := &fake{views: []delivery.View{ready()}, findings: []delivery.Finding{
		{Code: delivery.FindAltMissing, Severity: delivery.SeverityWarning, Part: "html", Line: 2, Column: 5, Detail: "b.png", Count: 3},
		{Code: delivery.FindSubjectEmpty, Severity: delivery.SeverityError, Part: "subject"}}}
	r := ctl(t, f, "delivery", "check", "3")
	if r.status != 1 || !strings.Contains(r.out, "warning: html, line 2, column 5: A picture has no text") || !strings.Contains(r.out, "So it is in 2 more places.") ||
		!strings.Contains(r.err, "DM3 cannot be prepared like this") {
		t.Errorf("%d\n%s%s", r.status, r.out, r.err)
	}
	r = ctl(t, f, "--json", "delivery", "check", "3")
	var got []delivery.Finding
	if err := json.Unmarshal([]byte(r.out), &got); err != nil || !slices.Equal(got, f.findings) || r.status != 1 {
		t.Errorf("%d %v %s", r.status, err, r.out)
	}
}

// TestLooking checks that what changes nothing takes no lock.
func TestLooking(t *testing.T) {
	for line, readOnly := range map[string]bool{
		"account list": true, "operator list": true, "audience list": true, "audience imports": true, "audience import x --dry-run": true, "audience undo-import 7": false, "delivery list": true, "delivery show 3": true,
		"delivery stats 3": true, "delivery in-doubt 3": true, "delivery preview 3": true, "delivery proofs 3": true, "delivery logs 3 --tab log": true, "delivery check 3": true, "delivery message 3 1": true, "delivery attach 3 --none": false, "delivery html 3 a.html": false,
		"init": false, "delivery prepare 3": false, "delivery confirm 3": false, "delivery stats 3 --compute": false,
	} {
		f := &fake{views: []delivery.View{ready()}}
		r := ctl(t, f, append([]string{"--workspace", "/tmp/some where"}, strings.Fields(line)...)...)
		if r.status != 0 || f.opts.ReadOnly != readOnly || f.opts.Dir != "/tmp/some where" || f.closed != 1 {
			t.Errorf("%s: status %d, read-only %v, folder %q, closed %d times", line, r.status, f.opts.ReadOnly, f.opts.Dir, f.closed)
		}
	}
}

// TestComputeBesideAWindow falls back to counting without correcting.
func TestComputeBesideAWindow(t *testing.T) {
	f := &fake{views: []delivery.View{ready()}, readOnly: &delivery.Error{Kind: delivery.KindLocked, File: "/w"}}
	if r := ctl(t, f, "delivery", "stats", "3", "--compute"); r.status != 0 || !f.opts.ReadOnly {
		t.Errorf("status %d, read-only %v: %s", r.status, f.opts.ReadOnly, r.err)
	}
}

func TestExitStatusOfErrors(t *testing.T) {
	for kind, want := range map[delivery.Kind]int{
		delivery.KindRight: 3, delivery.KindStalePlan: 3, delivery.KindSealBroken: 3, delivery.KindState: 3,
		delivery.KindUsage: 2, delivery.KindInvalid: 1, delivery.KindLocked: 1, delivery.KindInternal: 1, delivery.KindDiskFull: 1,
	} {
		f := &fake{views: []delivery.View{ready()}, err: map[string]error{"confirm": &delivery.Error{Kind: kind, Detail: "content", Field: "x"}}}
		if r := ctl(t, f, "delivery", "confirm", "3"); r.status != want || r.err == "" {
			t.Errorf("%s: status %d, want %d (%s)", kind, r.status, want, r.err)
		}
	}
	if exitOf(errors.New("anything")) != 1 || exitOf(nil) != 0 {
		t.Error("unknown errors fail, none is done")
	}
}

func TestPreparationFailed(t *testing.T) {
	v := in(delivery.PreparationFailed, delivery.Counters{})
	v.Plan.Findings = []delivery.Finding{{Code: delivery.FindTemplate, Severity: delivery.SeverityError, Part: "html", Line: 3, Column: 14, Detail: "unknown_filter sort"}}
	r := ctl(t, &fake{views: []delivery.View{v}}, "delivery", "prepare", "3")
	if r.status != 1 || !strings.Contains(r.out, "error: html, line 3, column 14: ") || !strings.Contains(r.err, "DM3 cannot be sent") {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
	}
	r = ctl(t, &fake{views: []delivery.View{v}}, "delivery", "prepare", "3", "--json")
	if e, _ := decoded(t, r.err)["error"].(map[string]any); r.status != 1 || e["kind"] != "preparation_failed" || decoded(t, r.out)["state"] != "preparation_failed" {
		t.Errorf("status %d\n%s%s", r.status, r.out, r.err)
	}
}

// TestWait has deliveries end in every way there is.
func TestWait(t *testing.T) {
	sending := delivery.Counters{Targeted: 10, Pending: 4, Accepted: 6}
	for _, c := range []struct {
		name   string
		now    delivery.State
		to     delivery.State // "": it stays as it is
		why    *delivery.PauseReason
		status int
		errs   string
		ran    bool
	}{
		{name: "finishes", now: delivery.Confirmed, to: delivery.Finished, ran: true},
		{name: "has finished", now: delivery.Finished},
		{name: "stopped by a person", now: delivery.Sending, to: delivery.Stopped, status: 1, errs: "it is stopped", ran: true},
		{name: "paused by a breaker", now: delivery.Sending, to: delivery.Paused, ran: true, status: 1,
			why: &delivery.PauseReason{Kind: delivery.KindAuth, Detail: "535 no"}, errs: "does not accept the user name or the password: 535 no"},
		{name: "is paused", now: delivery.Paused, why: &delivery.PauseReason{By: "Marieke"}, status: 1, errs: "was paused by Marieke"},
		{name: "time is up", now: delivery.Sending, status: 1, errs: "The time is up; 4 messages are still to go", ran: true},
		{name: "not confirmed", now: delivery.Editing, status: 3, errs: "Prepare it first"},
	} {
		v := in(c.now, sending)
		if c.to == "" {
			v.Paused = c.why
		}
		f := &fake{views: []delivery.View{v}, dir: t.TempDir()}
		f.onRun = func(f *fake) {
			if c.to != "" {
				f.views[0].State, f.views[0].Paused = c.to, c.why
				f.hub.Publish(event.Changed{ID: 3})
			}
		}
		r := ctl(t, f, "delivery", "wait", "3", "--timeout", "300ms")
		if r.status != c.status || !strings.Contains(r.err, c.errs) || slices.Contains(f.calls, "run") != c.ran {
			t.Errorf("%s: status %d, calls %v, %s", c.name, r.status, f.calls, r.err)
		}
		if c.status < 2 && !strings.Contains(r.out, "targeted 10 = ") {
			t.Errorf("%s: the ledger is not shown: %s", c.name, r.out)
		}
		if f.closed != 1 {
			t.Errorf("%s: closed %d times", c.name, f.closed)
		}
	}
}

func TestSignals(t *testing.T) {
	f := &fake{dir: t.TempDir(), views: []delivery.View{in(delivery.Sending, delivery.Counters{Targeted: 10, Pending: 4, Accepted: 6})}}
	ctx, cancel := context.WithCancel(t.Context())
	f.onRun = func(*fake) { cancel() }
	r := ctlWith(ctx, f, "delivery", "wait", "3")
	if r.status != 1 || !strings.Contains(r.err, "Interrupted; 4 messages are still to go") || f.closed != 1 {
		t.Errorf("wait: status %d, closed %d, %s", r.status, f.closed, r.err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	f = &fake{dir: t.TempDir(), onRun: func(*fake) { cancel() }}
	if r := ctlWith(ctx, f, "run"); r.status != 0 || f.closed != 1 {
		t.Errorf("run: status %d, closed %d, %s", r.status, f.closed, r.err)
	}
	f = &fake{dir: t.TempDir(), onRun: func(f *fake) {
		f.hub.Publish(event.Fatal{Err: &delivery.Error{Kind: delivery.KindDiskFull, File: "/w/sendoff.db"}})
	}}
	if r := ctl(t, f, "run"); r.status != 1 || !strings.Contains(r.err, "The disk is full") {
		t.Errorf("run, broken: status %d, %s", r.status, r.err)
	}

	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if r := ctlWith(ctx, &fake{}, "sandbox", "--listen", "127.0.0.1:2525"); r.status != 0 || !strings.Contains(r.out, "127.0.0.1:2525") || !strings.Contains(r.err, "Accepted 2 messages") {
		t.Errorf("sandbox: %+v", r)
	}
}

func TestLogs(t *testing.T) {
	f := &fake{views: []delivery.View{ready()},
		rows: []delivery.Row{
			{Seq: 1, Address: "=cmd@acme.example", State: delivery.MsgAccepted, Code: 250, Enhanced: "2.0.0", Reply: "OK, \"queued\"\nas 1", Attempts: 2, At: when},
			{Seq: 2, Address: "b@acme.example", State: delivery.MsgExcluded, Nature: delivery.NatureDuplicate, At: when},
			{Seq: 3, Address: "c@acme.example", State: delivery.MsgInDoubt, Nature: delivery.NatureLostReply, Fault: delivery.FaultNetwork, At: when, Attempts: 1,
				Decided: delivery.Decided{Decision: delivery.Leave, By: "Marieke", At: when, Attempt: 1}},
			{Seq: 4, Address: "d@acme.example", State: delivery.MsgDeferred, Code: 451, Reply: "+later", At: when, NextTry: when.Add(time.Hour)},
		},
		log: []delivery.LogLine{{At: when, Severity: delivery.SeverityInfo, Code: "confirmed", By: "Marieke", Params: map[string]string{"count": "9786", "plan": "7f3a"}}},
	}
	records := func(tab string) [][]string {
		t.Helper()
		r := ctl(t, f, "delivery", "logs", "3", "--tab", tab)
		rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
		if err != nil || r.status != 0 {
			t.Fatalf("%s: %v\n%s%s", tab, err, r.out, r.err)
		}
		return rows
	}
	want := [][]string{
		{"seq", "address", "state", "nature", "code", "enhanced", "reply", "attempts", "at", "next_try", "decision", "decided_by", "account"},
		{"1", "'=cmd@acme.example", "accepted", "", "250", "2.0.0", "OK, \"queued\"\nas 1", "2", "2026-11-23T09:30:00Z", "", "", "", "sandbox"},
		{"3", "c@acme.example", "in_doubt", "lost_reply", "", "", "", "1", "2026-11-23T09:30:00Z", "", "leave", "Marieke", "sandbox"},
		{"4", "d@acme.example", "deferred", "", "451", "", "'+later", "0", "2026-11-23T09:30:00Z", "2026-11-23T10:30:00Z", "", "", ""},
	}
	if got := records("sending"); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("sending: %q", got)
	}
	if got := records("exclusions"); !slices.EqualFunc(got, [][]string{{"seq", "address", "nature"}, {"2", "b@acme.example", "duplicate"}}, slices.Equal) {
		t.Errorf("exclusions: %q", got)
	}
	if got := records("log"); len(got) != 2 || got[1][2] != "confirmed" || got[1][4] != "Confirmed: 9786 messages, plan 7f3a." {
		t.Errorf("log: %q", got)
	}
	var rows []map[string]any
	r := ctl(t, f, "delivery", "logs", "3", "--tab", "sending", "--format", "json")
	if err := json.Unmarshal([]byte(r.out), &rows); err != nil || len(rows) != 3 {
		t.Fatalf("%v in %s", err, r.out)
	}
	// JSON is no spreadsheet: the address is as it is.
	if rows[0]["address"] != "=cmd@acme.example" || rows[0]["code"] != 250.0 || rows[1]["code"] != nil || rows[0]["next_try"] != nil || rows[2]["next_try"] != "2026-11-23T10:30:00Z" {
		t.Errorf("%v", rows)
	}
	if r := ctl(t, f, "delivery", "in-doubt", "3"); !strings.Contains(r.out, "1 message may or may not have arrived") || !strings.Contains(r.out, "connection ended before the reply  <id@acme.example>  left by Marieke") {
		t.Errorf("in doubt: %s", r.out)
	}
	if r := ctl(t, f, "delivery", "in-doubt", "3", "--json"); json.Unmarshal([]byte(r.out), &rows) != nil || len(rows) != 1 {
		t.Errorf("in doubt: %s", r.out)
	}
}

// failing is standard output on a full disk.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, line := range []string{"delivery logs 3 --tab causes", "delivery logs 3 --tab causes --format json", "delivery list", "delivery show 3 --json", "delivery in-doubt 3 --json"} {
		f := &fake{views: []delivery.View{ready()}}
		a := &app{out: failing{}, err: io.Discard, open: func(context.Context, engine.Options) (Engine, error) { return f, nil }}
		if status := a.run(t.Context(), strings.Fields(line)); status != 1 {
			t.Errorf("%s: status %d", line, status)
		}
	}
}

func TestDifferences(t *testing.T) {
	stored, counted := delivery.Counters{Targeted: 10, Accepted: 9, Rejected: 1}, delivery.Counters{Targeted: 10, Accepted: 8, Rejected: 2}
	f := &fake{views: []delivery.View{in(delivery.Finished, stored)}, recount: kpi.Compare(stored, counted)}
	r := ctl(t, f, "delivery", "stats", "3", "--compute")
	if !strings.Contains(r.out, "2 differences") || !strings.Contains(r.out, "accepted: 8 in the log, 9 was stored") || !strings.Contains(r.out, "80.0 % of sent") {
		t.Errorf("%s", r.out)
	}
	v := decoded(t, ctl(t, f, "delivery", "stats", "3", "--compute", "--json").out)
	if ds, _ := v["differences"].([]any); len(ds) != 2 || v["accepted"] != 8.0 {
		t.Errorf("%v", v)
	}
	if v := decoded(t, ctl(t, f, "delivery", "stats", "3", "--json").out); v["differences"] != nil {
		t.Errorf("differences without counting: %v", v)
	}
}

func TestOpenFails(t *testing.T) {
	f := &fake{openErr: &delivery.Error{Kind: delivery.KindLocked, File: "/w"}}
	if r := ctl(t, f, "delivery", "prepare", "3"); r.status != 1 || !strings.Contains(r.err, "Another Sendoff has the workspace /w open") {
		t.Errorf("%+v", r)
	}
	f = &fake{readOnly: &delivery.Error{Kind: delivery.KindNewerSchema}}
	if r := ctl(t, f, "delivery", "prepare", "3"); r.status != 1 || !strings.Contains(r.err, "newer Sendoff") || f.closed != 1 {
		t.Errorf("%+v", r)
	}
}

func TestImportRequest(t *testing.T) {
	f := &fake{}
	ctl(t, f, "audience", "import", "people.csv", "--name", "Customers", "--map", "email=E-mail, work,first_name=2", "--map", "city=Plaats")
	want := map[string]string{"email": "E-mail, work", "first_name": "2", "city": "Plaats"}
	if len(f.request.Map) != 3 || f.request.Map["email"] != want["email"] || f.request.Map["first_name"] != "2" || f.request.Map["city"] != "Plaats" {
		t.Errorf("map %q", f.request.Map)
	}
	if !filepath.IsAbs(f.request.File) || filepath.Base(f.request.File) != "people.csv" || f.request.Name != "Customers" {
		t.Errorf("request %+v", f.request)
	}
	ctl(t, f, "audience", "import", "people.xlsx", "--name", "C", "--type", "since=date:dmy,spent=number", "--without", "notes,3", "--sheet", "Leden",
		"--existing", "fill", "--add", "--consent", "Webshop", "--consent-date", "2026-10-01", "--delimiter", "tab", "--header", "no", "--encoding", "utf-8", "--guess-types")
	r := f.request
	if r.Types["since"] != (audience.Type{Kind: "date", Format: "dmy"}) || r.Types["spent"] != (audience.Type{Kind: "number"}) || !slices.Equal(r.Without, []string{"notes", "3"}) ||
		r.Sheet != "Leden" || r.Existing != delivery.ExistingFill || !r.Join || r.ConsentSource != "Webshop" || r.ConsentAt.Format("2006-01-02") != "2026-10-01" ||
		r.Delimiter != '\t' || r.Header != audience.HeaderAbsent || r.Encoding != "utf-8" || !r.Guess {
		t.Errorf("request %+v", r)
	}
	ctl(t, f, "account", "add", "w", "--host", "h", "--port", "465", "--security", "tls", "--user", "u", "--password-env", "P",
		"--connections", "7", "--per-minute", "1", "--per-hour", "2", "--per-day", "3")
	a := delivery.Account{Name: "w", Host: "h", Port: 465, Security: "tls", User: "u", PasswordEnv: "P", Connections: 7, PerMinute: 1, PerHour: 2, PerDay: 3}
	if f.account != a {
		t.Errorf("account %+v", f.account)
	}
}
