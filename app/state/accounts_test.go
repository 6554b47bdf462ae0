package state_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/provider"
)

// typed is a form in which everything is right.
func typed() state.AccountForm {
	return state.AccountForm{Name: "Office", Host: "smtp.acme.example", Port: "587", Security: delivery.SecurityStartTLS, User: "news@acme.example",
		Connections: "4", PerDay: "500", Sender: "Acme Garden", Address: "news@acme.example", Postal: "Acme Garden\nDorpsstraat 1\n3511 AB Utrecht"}
}

func TestAccountFormIsChecked(t *testing.T) {
	type edit = func(*state.AccountForm)
	for _, c := range []struct {
		name  string
		edit  edit
		wrong []state.AccountField
	}{
		{"right", func(*state.AccountForm) {}, nil},
		{"no name", func(f *state.AccountForm) { f.Name = "  " }, []state.AccountField{"name"}},
		{"no host", func(f *state.AccountForm) { f.Host = "" }, []state.AccountField{"host"}},
		{"an address for a host", func(f *state.AccountForm) { f.Host = "news@acme.example" }, []state.AccountField{"host"}},
		{"a port with the host", func(f *state.AccountForm) { f.Host = "smtp.acme.example:587" }, []state.AccountField{"host"}},
		{"a web address", func(f *state.AccountForm) { f.Host = "smtp://acme.example" }, []state.AccountField{"host"}},
		{"two dots", func(f *state.AccountForm) { f.Host = "smtp..acme.example" }, []state.AccountField{"host"}},
		{"spaces around the host", func(f *state.AccountForm) { f.Host = " smtp.acme.example " }, nil},
		{"an international host", func(f *state.AccountForm) { f.Host = "smtp.bücher.example" }, nil},
		{"an IPv6 address", func(f *state.AccountForm) { f.Host = "2001:db8::25" }, nil},
		{"port 0", func(f *state.AccountForm) { f.Port = "0" }, []state.AccountField{"port"}},
		{"port 1", func(f *state.AccountForm) { f.Port = "1" }, nil},
		{"port 65535", func(f *state.AccountForm) { f.Port = "65535" }, nil},
		{"port 65536", func(f *state.AccountForm) { f.Port = "65536" }, []state.AccountField{"port"}},
		{"no port", func(f *state.AccountForm) { f.Port = "" }, []state.AccountField{"port"}},
		{"a word for a port", func(f *state.AccountForm) { f.Port = "smtp" }, []state.AccountField{"port"}},
		{"not encrypted, elsewhere", func(f *state.AccountForm) { f.Security = delivery.SecurityNone }, []state.AccountField{"security"}},
		{"not encrypted, 127.0.0.2", func(f *state.AccountForm) { f.Security, f.Host = delivery.SecurityNone, "127.0.0.2" }, nil},
		{"not encrypted, ::1", func(f *state.AccountForm) { f.Security, f.Host = delivery.SecurityNone, "::1" }, nil},
		{"not encrypted, localhost", func(f *state.AccountForm) { f.Security, f.Host = delivery.SecurityNone, "Localhost" }, nil},
		{"a password for nobody", func(f *state.AccountForm) { f.User = "" }, []state.AccountField{"user"}},
		{"0 connections", func(f *state.AccountForm) { f.Connections = "0" }, []state.AccountField{"connections"}},
		{"256 connections", func(f *state.AccountForm) { f.Connections = "256" }, nil},
		{"257 connections", func(f *state.AccountForm) { f.Connections = "257" }, []state.AccountField{"connections"}},
		{"no connections", func(f *state.AccountForm) { f.Connections = "" }, []state.AccountField{"connections"}},
		{"no limits", func(f *state.AccountForm) { f.PerDay = " " }, nil},
		{"a limit of nothing", func(f *state.AccountForm) { f.PerDay = "0" }, []state.AccountField{"per_day"}},
		{"a limit below nothing", func(f *state.AccountForm) { f.PerHour = "-5" }, []state.AccountField{"per_hour"}},
		{"a limit of a million in English", func(f *state.AccountForm) { f.PerDay = "1,000,000" }, nil},
		{"a limit with a fraction", func(f *state.AccountForm) { f.PerMinute = "1.5" }, []state.AccountField{"per_minute"}},
		{"no limit a second or a connection", func(f *state.AccountForm) { f.PerSecond, f.Each = "", " " }, nil},
		{"nothing a second", func(f *state.AccountForm) { f.PerSecond = "0" }, []state.AccountField{"per_second"}},
		{"half a message a connection", func(f *state.AccountForm) { f.Each = "0.5" }, []state.AccountField{"per_connection"}},
		{"a sender without address", func(f *state.AccountForm) { f.Address = "" }, []state.AccountField{"address"}},
		{"no sender at all", func(f *state.AccountForm) { f.Sender, f.Address = "", "" }, nil},
		{"an address that is none", func(f *state.AccountForm) { f.Address = "news@" }, []state.AccountField{"address"}},
		{"a reply-to that is none", func(f *state.AccountForm) { f.ReplyTo = "office" }, []state.AccountField{"reply_to"}},
		{"an address in the name", func(f *state.AccountForm) { f.Sender = "Acme <news@acme.example>" }, []state.AccountField{"sender"}},
		{"seven lines", func(f *state.AccountForm) { f.Postal = "1\n2\n3\n4\n5\n6\n7" }, []state.AccountField{"postal"}},
		{"everything at once", func(f *state.AccountForm) { *f = state.AccountForm{} }, []state.AccountField{"connections", "host", "name", "port", "user"}},
	} {
		f := typed()
		c.edit(&f)
		_, wrong := f.Account(words(t, "en"), delivery.Account{}, "secret", true)
		if got := slices.Sorted(maps.Keys(wrong)); !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, wrong, c.wrong)
		}
	}
}

func TestAccountFormIsRead(t *testing.T) {
	f := typed()
	f.PerSecond, f.Each = "14", "5,000"
	f.Host, f.PerDay, f.PerHour, f.Postal = " smtp.acme.example ", "10.000", "1 500", "Acme Garden \n\n  Dorpsstraat 1\r\n"
	base := delivery.Account{ID: 7, PasswordEnv: "SMTP_PASSWORD", Rate: 12.5}
	a, wrong := f.Account(words(t, "nl"), base, "", false)
	want := delivery.Account{ID: 7, Kind: delivery.AccountSMTP, Name: "Office", Host: "smtp.acme.example", Port: 587, Security: delivery.SecurityStartTLS,
		User: "news@acme.example", PasswordEnv: "SMTP_PASSWORD", Connections: 4, PerSecond: 14, PerConnection: 5000, PerHour: 1500, PerDay: 10000, Rate: 12.5,
		Brand: delivery.Brand{Name: "Acme Garden", Address: "news@acme.example", PostalAddress: "Acme Garden\nDorpsstraat 1"}}
	if a != want || len(wrong) > 0 {
		t.Errorf("%+v, %v\nwant %+v", a, wrong, want)
	}
	// What the form was made of comes back.
	if b, wrong := state.AccountFormOf(want).Account(words(t, "en"), want, "", false); b != want || len(wrong) > 0 {
		t.Errorf("%+v, %v", b, wrong)
	}
}

// A password is needed once: for a new account that logs in and names no variable.
func TestWhenAPasswordIsNeeded(t *testing.T) {
	for _, c := range []struct {
		user, env, password string
		fresh, wrong        bool
	}{
		{"news", "", "", true, true},
		{"news", "", "x", true, false},
		{"news", "SMTP_PASSWORD", "", true, false},
		{"news", "", "", false, false},
		{"", "", "", true, false},
	} {
		f := typed()
		f.User = c.user
		_, wrong := f.Account(words(t, "en"), delivery.Account{PasswordEnv: c.env}, c.password, c.fresh)
		if (wrong[state.AccountFieldPassword] != "") != c.wrong {
			t.Errorf("%+v: %v", c, wrong)
		}
	}
}

// Of the training relay only the sender is asked and changed.
func TestTrainingRelayKeepsAllButItsSender(t *testing.T) {
	was := delivery.Account{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4, Rate: 900}
	f := state.AccountFormOf(was)
	f.Sender, f.Address = "Acme", "news@acme.example"
	a, wrong := f.Account(words(t, "en"), was, "", false)
	was.Brand = delivery.Brand{Name: "Acme", Address: "news@acme.example"}
	if a != was || len(wrong) > 0 {
		t.Errorf("%+v, %v", a, wrong)
	}
}

func TestPrefill(t *testing.T) {
	p := provider.Provider{ID: "gmail", Name: "Gmail", Host: "smtp.gmail.com", Port: 587, Security: delivery.SecurityStartTLS, User: provider.UserAddress, Connections: 2, PerDay: 500}
	if f := state.Prefill(p, "ann@gmail.com"); f.User != "ann@gmail.com" || f.Address != "ann@gmail.com" || f.PerDay != "500" || f.PerHour != "" || f.Provider != "gmail" {
		t.Errorf("%+v", f)
	}
	p.PerSecond, p.PerConnection = 14, 5000
	if f := state.Prefill(p, ""); f.PerSecond != "14" || f.Each != "5000" {
		t.Errorf("a second %q, a connection %q", f.PerSecond, f.Each)
	}
	p.User = provider.UserKey
	if f := state.Prefill(p, "ann@acme.example"); f.User != "" || f.Address != "ann@acme.example" {
		t.Errorf("a name of its own: %+v", f)
	}
	if f := state.Blank("ann@acme.example"); f.Name != "acme.example" || f.User != "ann@acme.example" || f.Host != "" || f.Port != "587" || f.Security != delivery.SecurityStartTLS {
		t.Errorf("blank: %+v", f)
	}
}

func TestAccountProblems(t *testing.T) {
	invalid := func(field string) error {
		return &delivery.Error{Kind: delivery.KindInvalid, Field: field, Detail: "x"}
	}
	for _, c := range []struct {
		err  error
		want state.AccountField
		part state.AccountPart
	}{
		{invalid("account.name"), "name", state.PartConnection},
		{invalid("account.host"), "host", state.PartConnection},
		{invalid("account.port"), "port", state.PartConnection},
		{invalid("account.security"), "security", state.PartConnection},
		{invalid("account.connections"), "connections", state.PartLimits},
		{invalid("account.brand.address"), "address", state.PartSender},
		{invalid("account.brand.reply_to"), "reply_to", state.PartSender},
		{&delivery.Error{Kind: delivery.KindExists, Field: "account", Detail: "Office"}, "name", state.PartConnection},
		{invalid("account.limit"), "", ""},
		{invalid("account.kind"), "", ""},
		{&delivery.Error{Kind: delivery.KindInUse, Field: "account"}, "", ""},
		{errors.New("disk"), "", ""},
	} {
		f, sentence, ok := state.AccountProblem(words(t, "en"), c.err)
		if f != c.want || ok != (c.want != "") || ok != (sentence != "") {
			t.Errorf("%v: %q, %q, %v", c.err, f, sentence, ok)
		}
		if ok && f.Part() != c.part {
			t.Errorf("%s stands in %s, want %s", f, f.Part(), c.part)
		}
	}
}

func TestAccountCards(t *testing.T) {
	as := []delivery.Account{
		{ID: 3, Name: "zulu", Kind: delivery.AccountSMTP, Host: "127.0.0.1", Port: 1025, Security: delivery.SecurityNone, Connections: 1},
		{ID: 1, Name: "Training relay", Kind: delivery.AccountSandbox, Connections: 4, Rate: 1200},
		{ID: 2, Name: "Office", Kind: delivery.AccountSMTP, Provider: "m365", Host: "smtp.office365.com", Port: 587, Security: delivery.SecurityStartTLS,
			User: "news@acme.example", PasswordEnv: "SMTP_PASSWORD", Connections: 2, PerMinute: 30, PerDay: 10000, Rate: 0.4,
			Brand: delivery.Brand{Name: "Acme Garden", Address: "news@acme.example", PostalAddress: "Dorpsstraat 1\n3511 AB Utrecht"}},
	}
	known := []provider.Provider{{ID: "m365", Name: "Microsoft 365"}}
	got := state.AccountCards(words(t, "en"), as, known)
	if len(got) != 3 || got[0].ID != 1 || got[1].ID != 2 || got[2].ID != 3 {
		t.Fatalf("order: %+v", got)
	}
	for i, want := range [][]string{
		{"Training relay", "Nothing leaves this computer: messages go to the built-in mail world.", "none needed|", "not set|", "4 connections|no limit on messages", "1,200 per second|when last measured"},
		{"Office", "Microsoft 365 · smtp.office365.com, port 587 · encrypted (STARTTLS)", "news@acme.example|password from SMTP_PASSWORD",
			"Acme Garden|news@acme.example\nDorpsstraat 1, 3511 AB Utrecht", "2 connections|30 a minute, 10,000 a day", "24 per minute|when last measured"},
		{"zulu", "127.0.0.1, port 1025 · not encrypted, this computer only", "none, it does not ask|", "not set|", "1 connection|no limit on messages", "|"},
	} {
		k := got[i]
		have := []string{k.Name, k.Server}
		for _, f := range k.Facts {
			have = append(have, f.Value+"|"+f.Note)
		}
		if !slices.Equal(have, want) {
			t.Errorf("%d:\n%q\n%q", i, have, want)
		}
	}
	if !got[0].Training || got[1].Training {
		t.Error("which one is for training")
	}
	all := delivery.Account{PerSecond: 14, PerMinute: 30, PerHour: 500, PerDay: 10000, PerConnection: 50}
	if got, want := state.LimitWords(words(t, "en"), all), "14 a second, 30 a minute, 500 an hour, 10,000 a day, 50 a connection"; got != want {
		t.Errorf("all limits: %q", got)
	}
	if nl := state.AccountCards(words(t, "nl"), as, known); nl[1].Facts[2].Note != "30 per minuut, 10.000 per dag" {
		t.Errorf("Dutch limits: %q", nl[1].Facts[2].Note)
	}
}

func TestPasswordPlace(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		p      delivery.Passwords
		locked bool
	}{
		{delivery.Passwords{Keyring: true}, false},
		{delivery.Passwords{Keyring: true, File: true, Open: true}, false},
		{delivery.Passwords{Keyring: true, File: true}, true},
		{delivery.Passwords{File: true, Open: true}, false},
		{delivery.Passwords{File: true}, true},
		{delivery.Passwords{}, false},
	} {
		s, locked := state.PasswordPlace(words(t, "en"), c.p)
		if locked != c.locked || s == "" || strings.HasPrefix(s, "accounts.") {
			t.Errorf("%+v: %q, locked %v", c.p, s, locked)
		}
		seen[s] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d sentences for five places", len(seen))
	}
}

func TestTrial(t *testing.T) {
	a := delivery.Account{Kind: delivery.AccountSMTP, Host: "smtp.acme.example", Port: 587, Security: delivery.SecurityStartTLS, User: "news",
		Brand: delivery.Brand{Address: "news@acme.example"}}
	step := func(s delivery.TestStep, err error) delivery.AccountStep {
		return delivery.AccountStep{Step: s, Took: 1240 * time.Millisecond, Detail: "found", Err: err}
	}
	auth := &delivery.Error{Kind: delivery.KindAuth}
	loop := delivery.Account{Kind: delivery.AccountSMTP, Host: "127.0.0.1", Port: 25, Security: delivery.SecurityNone}
	for _, c := range []struct {
		name string
		a    delivery.Account
		pw   bool
		done []delivery.AccountStep
		over bool
		want string // a letter a step: its first, and how it looks
	}{
		{"begins", a, true, nil, false, "Find>Connect.Greet.Encrypt.Log.Accept."},
		{"looks the password up", a, false, nil, false, "Get>Find.Connect.Greet.Encrypt.Log.Accept."},
		{"goes on", a, true, []delivery.AccountStep{step(delivery.TestResolve, nil), step(delivery.TestConnect, nil)}, false, "Find+Connect+Greet>Encrypt.Log.Accept."},
		{"fails", a, true, []delivery.AccountStep{step(delivery.TestResolve, nil), step(delivery.TestConnect, nil), step(delivery.TestHello, nil), step(delivery.TestTLS, nil), step(delivery.TestAuth, auth)}, true,
			"Find+Connect+Greet+Encrypt+Log!Accept-"},
		{"needed no password", a, false, []delivery.AccountStep{step(delivery.TestResolve, nil)}, false, "Find+Connect>Greet.Encrypt.Log.Accept."},
		{"encrypts before it greets", a, true, []delivery.AccountStep{step(delivery.TestConnect, nil), step(delivery.TestTLS, nil), step(delivery.TestHello, nil)}, false,
			"Connect+Encrypt+Greet+Log>Accept."},
		{"greets again once encrypted", a, true, []delivery.AccountStep{step(delivery.TestHello, nil), step(delivery.TestTLS, nil), step(delivery.TestHello, nil)}, false,
			"Greet+Encrypt+Log>Accept."},
		{"is well with fewer steps", a, true, []delivery.AccountStep{step(delivery.TestConnect, nil), step(delivery.TestHello, nil)}, true, "Connect+Greet+"},
		{"tls comes before the greeting", delivery.Account{Host: "mail.acme.example", Security: delivery.SecurityTLS}, true, nil, false, "Find>Connect.Encrypt.Greet."},
		{"loopback", loop, true, nil, false, "Connect>Greet."},
		{"training", delivery.Account{Kind: delivery.AccountSandbox}, false, nil, false, "Connect>Greet."},
	} {
		got := ""
		for _, l := range state.Trial(words(t, "en"), c.a, c.pw, c.done, c.over) {
			first, _, _ := strings.Cut(l.Name, " ")
			got += first + string(">.+!-"[[]int{1, 0, 2, 3, 4}[l.Look]])
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	l := state.Trial(words(t, "nl"), a, true, []delivery.AccountStep{step(delivery.TestResolve, nil)}, false)[0]
	if l.Took != "1,2 s" || l.Detail != "found" {
		t.Errorf("%+v", l)
	}
	if s := state.TookWords(words(t, "en"), 84*time.Millisecond); s != "84 ms" {
		t.Error(s)
	}
}

// A trial speaks of no message that waits, and says what to do in every language.
func TestTrialSentences(t *testing.T) {
	a := delivery.Account{Host: "smtp.acme.example", Port: 587, Brand: delivery.Brand{Address: "news@acme.example"}}
	for _, lang := range text.Languages() {
		c := words(t, lang)
		for _, k := range []delivery.Kind{delivery.KindAuth, delivery.KindUnreachable, delivery.KindTimeout, delivery.KindTLS, delivery.KindProtocol,
			delivery.KindRelay, delivery.KindSenderRefused, delivery.KindPassword, delivery.KindPassphrase, delivery.KindCertificate} {
			s := state.TrialSentence(c, a, nil, &delivery.Error{Kind: k, Detail: "550 5.7.1 no"})
			for _, bad := range []string{"{", "resume", "hervat", "accounts."} {
				if s == "" || strings.Contains(s, bad) {
					t.Errorf("%s, %s: %q", lang, k, s)
				}
			}
		}
	}
	if s := state.TrialSentence(words(t, "en"), a, nil, &delivery.Error{Kind: delivery.KindRelay, Detail: "554 no service"}); !strings.Contains(s, "554 no service") {
		t.Error(s)
	}
	lost := &delivery.Error{Kind: delivery.KindUnreachable, Detail: "smtp.acme.example:587"}
	if s := state.TrialSentence(words(t, "en"), a, []delivery.AccountStep{{Step: delivery.TestResolve, Err: lost}}, lost); s != "There is no server named smtp.acme.example. Check the spelling of the host." {
		t.Error(s)
	}
	if s := state.TrialSentence(words(t, "en"), a, []delivery.AccountStep{{Step: delivery.TestConnect, Err: lost}}, lost); !strings.HasPrefix(s, "There is no answer from smtp.acme.example, port 587.") {
		t.Error(s)
	}
	// What the relay answered is shown; codes of ours are not.
	for detail, want := range map[string]string{"535 5.7.8 no": "535 5.7.8 no", "not_offered": ""} {
		l := state.Trial(words(t, "en"), a, true, []delivery.AccountStep{{Step: delivery.TestAuth, Err: &delivery.Error{Kind: delivery.KindAuth, Detail: detail}}}, true)
		if l[0].Detail != want {
			t.Errorf("%q is shown as %q", detail, l[0].Detail)
		}
	}
	for err, want := range map[delivery.Kind]state.AccountField{delivery.KindAuth: "password", delivery.KindPassword: "password", delivery.KindUnreachable: "host",
		delivery.KindTLS: "port", delivery.KindSenderRefused: "address"} {
		if got := state.TrialField(delivery.Account{}, &delivery.Error{Kind: err}); got != want {
			t.Errorf("%s leads to %s, want %s", err, got, want)
		}
	}
}

func TestPassphrase(t *testing.T) {
	again := func(s string) *string { return &s }
	for _, c := range []struct {
		typed string
		again *string
		want  int
	}{
		{"", nil, 1}, {"x", nil, 0}, // there is one already: the file decides
		{"", again(""), 1}, {"seven77", again("seven77"), 1}, {"éééééééé", again("éééééééé"), 0},
		{"long enough", again("long enouhg"), 2}, {"long enough", again(""), 2}, {"long enough", again("long enough"), 0},
	} {
		if got, s := state.Passphrase(words(t, "en"), c.typed, c.again); got != c.want || (s == "") != (got == 0) {
			t.Errorf("%q: %d %q, want %d", c.typed, got, s, c.want)
		}
	}
}
