package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// write puts files in a new folder and returns the path of the first.
func write(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

const whole = `
label     = "Summer time"
from      = "Acme <news@acme.example>"
reply_to  = "help@acme.example"
subject   = "Hello {{ first_name | default: 'friend' }}"
preheader = "Three things"
html      = "summer.html"
text      = "summer.txt"
audience  = "customers"
account   = "work"
tracking  = true
[schedule]
at   = "2026-12-01T09:00:00"
zone = "Europe/Amsterdam"
`

func TestDeliveryFile(t *testing.T) {
	path := write(t, "d.toml", whole, "summer.html", "\ufeff<p>hé</p>\r\n", "summer.txt", "hé")
	d, err := readDraft(context.Background(), &fake{}, access.Principal{}, path)
	if err != nil {
		t.Fatal(err)
	}
	want := delivery.Draft{Label: "Summer time", Audience: 4, Account: 2, Tracking: true,
		Content: delivery.Content{From: "Acme <news@acme.example>", ReplyTo: "help@acme.example", Subject: "Hello {{ first_name | default: 'friend' }}",
			Preheader: "Three things", HTML: "<p>hé</p>\r\n", Text: "hé"},
		Schedule: delivery.Schedule{Mode: delivery.AtDate, Local: "2026-12-01T09:00:00", Zone: "Europe/Amsterdam"}}
	if !d.Equal(want) {
		t.Errorf("got  %+v\nwant %+v", d, want)
	}
}

func TestSchedules(t *testing.T) {
	once := delivery.Schedule{Mode: delivery.OnceConfirmed}
	date := delivery.Schedule{Mode: delivery.AtDate, Local: "2026-12-01T09:00:00", Zone: "Europe/Amsterdam"}
	for toml, want := range map[string]delivery.Schedule{
		"":                                      once,
		"[schedule]":                            once,
		"[schedule]\nmode = \"once confirmed\"": once,
		"[schedule]\nmode = \"once_confirmed\"": once,
		"[schedule]\nat = \"2026-12-01T09:00:00\"\nzone = \"Europe/Amsterdam\"":            date,
		"[schedule]\nat = 2026-12-01T09:00:00\nzone = \"Europe/Amsterdam\"":                date,
		"[schedule]\nmode = \"at\"\nat = 2026-12-01T09:00:00\nzone = \"Europe/Amsterdam\"": date,
	} {
		d, err := readDraft(context.Background(), &fake{}, access.Principal{}, write(t, "d.toml", "label = \"x\"\n"+toml))
		if err != nil || d.Schedule != want {
			t.Errorf("%q: %+v, %v", toml, d.Schedule, err)
		}
	}
}

func TestFollows(t *testing.T) {
	for toml, want := range map[string]delivery.Follow{
		"": {},
		"follows = { delivery = 3, mode = \"top_up\" }":                    {Delivery: 3, Mode: delivery.TopUp},
		"follows = { delivery = \"DM12\", mode = \"correction\" }":         {Delivery: 12, Mode: delivery.Correction, Doubtful: true},
		"[follows]\ndelivery = 3\nmode = \"correction\"\ndoubtful = false": {Delivery: 3, Mode: delivery.Correction},
		"follows = { delivery = 3, mode = \"top_up\", doubtful = true }":   {Delivery: 3, Mode: delivery.TopUp},
	} {
		d, err := readDraft(context.Background(), &fake{}, access.Principal{}, write(t, "d.toml", "label = \"x\"\n"+toml))
		if err != nil || d.Follows != want {
			t.Errorf("%q: %+v, %v", toml, d.Follows, err)
		}
	}
}

// TestDeliveryFileRefused has everything that can be wrong with a delivery file,
// and where the sentence must point.
func TestDeliveryFileRefused(t *testing.T) {
	for _, c := range []struct {
		name, toml   string
		kind         delivery.Kind
		line, column int
		say          string
	}{
		{"misspelt key", "label = \"x\"\nsubjct = \"y\"", delivery.KindTOML, 2, 1, "line 2, column 1: there is no key “subjct”"},
		{"misspelt key in a table", "[schedule]\n  mod = \"y\"", delivery.KindTOML, 2, 3, "no key “schedule.mod”"},
		{"not TOML", "label = \"x\nsubject = 1", delivery.KindTOML, 1, 11, "d.toml cannot be used at line 1"},
		{"wrong type", "label = 3", delivery.KindTOML, 1, 9, "line 1"},
		{"both bodies", "html = \"a.html\"\nhtml_inline = \"<p>\"", delivery.KindTOML, 0, 0, "both html and html_inline"},
		{"no HTML file", "html = \"a.html\"", delivery.KindNoFile, 0, 0, "a.html does not exist"},
		{"no text file", "text = \"a.txt\"", delivery.KindNoFile, 0, 0, "a.txt does not exist"},
		{"a folder", "html = \".\"", delivery.KindIO, 0, 0, "cannot be used"},
		{"Latin-1", "html = \"latin.html\"", delivery.KindEncoding, 2, 0, "latin.html is not readable text at line 2: the byte 0xe9"},
		{"no language", "language = \"Dutch, please\"", delivery.KindTOML, 0, 0, "no language; write it like nl"},
		{"images somehow", "images = \"inline\"", delivery.KindTOML, 0, 0, "“embed” or “link”, not “inline”"},
		{"no attachment", "[[attachments]]\npath = \"none.pdf\"", delivery.KindNoFile, 0, 0, "none.pdf does not exist"},
		{"an attachment twice", "[[attachments]]\npath = \"latin.html\"\nfile = \"x\"", delivery.KindTOML, 0, 0, "both path and file"},
		{"an attachment of nothing", "[[attachments]]\nname = \"x\"", delivery.KindTOML, 0, 0, "needs path"},
		{"no folder", "attachment_folder = \"none\"", delivery.KindNoFile, 0, 0, "none does not exist"},
		{"no audience", "audience = \"nobody\"", delivery.KindNotFound, 0, 0, "There is no audience “nobody”. See sendoffctl audience list"},
		{"no account", "account = \"nowhere\"", delivery.KindNotFound, 0, 0, "There is no account “nowhere”. See sendoffctl account list"},
		{"account and relays", "account = \"work\"\n[[relays]]\naccount = \"work\"", delivery.KindTOML, 0, 0, "both account and [[relays]]"},
		{"spares alone", "[[relays]]\naccount = \"work\"\nspare = true", delivery.KindTOML, 0, 0, "spares alone"},
		{"no weight", "[[relays]]\naccount = \"work\"\nweight = 0", delivery.KindTOML, 0, 0, "from 1 to 1000"},
		{"a relay without an account", "[[relays]]\nweight = 2", delivery.KindTOML, 0, 0, "needs account"},
		{"a relay that is not there", "[[relays]]\naccount = \"nowhere\"", delivery.KindNotFound, 0, 0, "no account “nowhere”"},
		{"recurring", "[schedule]\nrule = \"FREQ=DAILY\"\nzone = \"UTC\"", delivery.KindLater, 0, 0, "Not built yet: a recurring delivery"},
		{"asks first", "[schedule]\nrequest_confirmation = true", delivery.KindLater, 0, 0, "Not built yet"},
		{"no zone", "[schedule]\nat = \"2026-12-01T09:00:00\"", delivery.KindTOML, 0, 0, "both at and zone"},
		{"no date", "[schedule]\nzone = \"UTC\"", delivery.KindTOML, 0, 0, "both at and zone"},
		{"an offset", "[schedule]\nat = 2026-12-01T09:00:00+01:00\nzone = \"UTC\"", delivery.KindTOML, 0, 0, "without an offset"},
		{"a number", "[schedule]\nat = 9\nzone = \"UTC\"", delivery.KindTOML, 0, 0, "a date and time"},
		{"a mode that is not there", "[schedule]\nmode = \"soon\"", delivery.KindTOML, 0, 0, "mode is"},
		{"follows nothing", "follows = { mode = \"top_up\" }", delivery.KindTOML, 0, 0, "follows needs delivery"},
		{"follows somehow", "follows = { delivery = 3, mode = \"after\" }", delivery.KindTOML, 0, 0, "“correction” or “top_up”"},
		{"mode and date", "[schedule]\nmode = \"once confirmed\"\nat = \"2026-12-01T09:00:00\"\nzone = \"UTC\"", delivery.KindTOML, 0, 0, "has both"},
	} {
		path := write(t, "d.toml", c.toml, "latin.html", "<p>\ncaf\xe9</p>")
		_, err := readDraft(context.Background(), &fake{}, access.Principal{}, path)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Line != c.line || e.Column != c.column || !strings.Contains(say(err), c.say) {
			t.Errorf("%s: %v\n%s", c.name, err, say(err))
		}
	}
	if _, err := decode(filepath.Join(t.TempDir(), "none.toml")); !delivery.Is(err, delivery.KindNoFile) {
		t.Errorf("no delivery file: %v", err)
	}
}

// TestCreateAndEdit runs the commands over a file.
func TestCreateAndEdit(t *testing.T) {
	path := write(t, "d.toml", "label = \"x\"\nhtml_inline = \"<p>hello</p>\"\naudience = \"4\"\naccount = \"SANDBOX\"")
	f := &fake{views: []delivery.View{ready()}}
	r := ctl(t, f, "delivery", "create", path)
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if r.status != 0 || lines[len(lines)-1] != "9" {
		t.Errorf("the last line is not the number: %q (%s)", r.out, r.err)
	}
	if f.draft.Audience != 4 || f.draft.Account != 1 || f.draft.Content.HTML != "<p>hello</p>" {
		t.Errorf("draft %+v", f.draft)
	}
	if v := decoded(t, ctl(t, f, "delivery", "create", path, "--json").out); v["id"] != 9.0 || v["state"] != "editing" {
		t.Errorf("%v", v)
	}
	f.views[0].Broken = []delivery.Part{delivery.PartContent, delivery.PartSchedule}
	r = ctl(t, f, "delivery", "edit", "3", path)
	if r.status != 0 || !strings.Contains(r.out, "plan no longer holds (content, schedule)") {
		t.Errorf("%+v", r)
	}
	r = ctl(t, f, "delivery", "edit", "3", filepath.Join(t.TempDir(), "none.toml"))
	if r.status != 1 || !strings.Contains(r.err, "none.toml does not exist") {
		t.Errorf("%+v", r)
	}
}

func FuzzDeliveryFile(f *testing.F) {
	f.Add(whole)
	f.Add("[schedule]\nat = 2026-12-01T09:00:00")
	f.Fuzz(func(t *testing.T, toml string) {
		path := filepath.Join(t.TempDir(), "d.toml")
		if err := os.WriteFile(path, []byte(toml), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := decode(path)
		if err != nil && !delivery.Is(err, delivery.KindTOML) {
			t.Errorf("%v is not KindTOML", err)
		}
		if err == nil {
			d.schedule(path)
		}
	})
}

func TestFileRelays(t *testing.T) {
	path := write(t, "d.toml", "label = \"x\"\n[[relays]]\naccount = \"sandbox\"\nspare = true\n[[relays]]\naccount = \"work\"\nweight = 3\n")
	d, err := readDraft(context.Background(), &fake{}, access.Principal{}, path)
	want := []delivery.Relay{{Account: 2, Weight: 3}, {Account: 1, Weight: 1, Spare: true}}
	if err != nil || d.Account != 2 || !slices.Equal(d.Relays, want) {
		t.Errorf("%+v, %v", d, err)
	}
	one := write(t, "one.toml", "label = \"x\"\n[[relays]]\naccount = \"work\"\n")
	if d, err := readDraft(context.Background(), &fake{}, access.Principal{}, one); err != nil || d.Account != 2 || d.Relays != nil {
		t.Errorf("one: %+v, %v", d, err)
	}
}

func TestRelaysShown(t *testing.T) {
	v := ready()
	v.SetVia([]delivery.Relay{{Account: 2, Weight: 3}, {Account: 5, Weight: 1, Spare: true}})
	v.Account = delivery.Account{ID: 2, Name: "Work", Kind: delivery.AccountSMTP, Host: "mail.acme.example", Port: 587, Connections: 4}
	v.Accounts = []delivery.Account{v.Account, {ID: 5, Name: "Other", Kind: delivery.AccountSMTP, Host: "smtp.other.example", Port: 465, Connections: 1}}
	f := &fake{views: []delivery.View{v}}
	out := ctl(t, f, "delivery", "show", "3").out
	for _, want := range []string{"Work, weight 3: mail.acme.example port 587", "Other, spare: smtp.other.example port 465"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if got := fmt.Sprint(decoded(t, ctl(t, f, "--json", "delivery", "show", "3").out)["relays"]); got != "[map[account:Work spare:false weight:3] map[account:Other spare:true weight:1]]" {
		t.Errorf("relays: %s", got)
	}
}

func TestFileContent(t *testing.T) {
	path := write(t, "d.toml", `label = "x"
language = "NL-be"
images = "link"
attachment_folder = "."
[[attachments]]
path = "terms.pdf"
name = "Terms of {{ recipient.email }}.pdf"
[[attachments]]
file = "invoices/{{ number }}.pdf"
`, "terms.pdf", "%PDF-1.7")
	d, err := readDraft(context.Background(), &fake{}, access.Principal{}, path)
	want := delivery.Content{Language: "nl-BE", Images: delivery.ImagesLink, Folder: filepath.Dir(path), Attachments: []delivery.Attachment{
		{Asset: "terms.pdf 8", Name: "Terms of {{ recipient.email }}.pdf"}, {File: "invoices/{{ number }}.pdf"}}}
	if err != nil || !d.Content.Equal(want) {
		t.Errorf("%+v, %v", d.Content, err)
	}
	picture := write(t, "d.toml", "label = \"x\"\n[[attachments]]\npath = \"a.svg\"", "a.svg", "<svg/>")
	_, err = readDraft(context.Background(), &fake{err: map[string]error{"add_asset": &delivery.Error{Kind: delivery.KindInvalid, Field: "image", Detail: "svg"}}},
		access.Principal{}, picture)
	if !strings.Contains(say(err), "a.svg") || !strings.Contains(say(err), "save it as PNG") {
		t.Errorf("%s", say(err))
	}
}
