package engine

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	. "sendoff/engine/enginetest"
)

// drawer is a place for passwords in memory.
type drawer struct {
	mu sync.Mutex
	m  map[string]string
}

func (d *drawer) key(a delivery.Account) string { return string(a.Auth) + a.User + "@" + a.Host }

func (d *drawer) Set(a delivery.Account, p string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.m[d.key(a)] = p
	return nil
}

func (d *drawer) Get(a delivery.Account) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p, ok := d.m[d.key(a)]; ok {
		return p, nil
	}
	return "", &delivery.Error{Kind: delivery.KindPassword}
}

// selfSigned is a relay's TLS with a certificate that nothing else than its
// fingerprint speaks for.
func selfSigned(t *testing.T) (*tls.Config, string) {
	t.Helper()
	ca, err := NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	c, err := ca.Server("relay.invalid", time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(c.Certificates[0].Certificate[0])
	return c, hex.EncodeToString(sum[:])
}

// tokens is a token endpoint that gives access-1, access-2 and so on, and takes
// the refresh token of the same number.
func tokens(t *testing.T) (url string, asked *atomic.Int64) {
	asked = new(atomic.Int64)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		if got := r.PostFormValue("refresh_token"); got != fmt.Sprint("refresh-", n-1) || r.PostFormValue("client_secret") != "hush" {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":"invalid_grant"}`)
			return
		}
		fmt.Fprintf(w, `{"access_token":"access-%d","expires_in":3600,"refresh_token":"refresh-%d"}`, n, n)
	}))
	t.Cleanup(srv.Close)
	return srv.URL, asked
}

func login(token string, then ...Step) Script {
	b := base64.StdEncoding.EncodeToString([]byte("user=ann\x01auth=Bearer " + token + "\x01\x01"))
	return Join(Opening("AUTH XOAUTH2 PLAIN"), Script{Expect("AUTH XOAUTH2 " + b)}, then)
}

// TestOAuthLogin: from a typed refresh token to a connection that takes messages,
// over a certificate that a person accepted.
func TestOAuthLogin(t *testing.T) {
	secured, pin := selfSigned(t)
	in, out := Say("235 in\r\n"), Say("535 5.7.8 no\r\n")
	scripts := []Script{
		login("access-1", in, Expect("QUIT"), Say("221 bye\r\n")), // a trial before the account is kept
		login("access-2", in, Expect("QUIT"), Say("221 bye\r\n")),
		login("access-2", out), // revoked before its time
		login("access-3", in, Expect("QUIT"), Say("221 bye\r\n")),
		login("access-3", out),
		login("access-4", out), // refused although it is fresh: that is that
		login("access-5", out), // fresh from the start
	}
	for i := range scripts {
		scripts[i] = Join(Script{Secure(secured)}, scripts[i])
	}
	relay, err := Serve(scripts...)
	if err != nil {
		t.Fatal(err)
	}
	url, asked := tokens(t)
	d := &drawer{m: map[string]string{}}
	e, err := Open(t.Context(), Options{Dir: t.TempDir(), Operator: "Marieke", Secrets: d})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	who := access.Principal{Operator: 1}
	typed := delivery.OAuthSecret{Refresh: "refresh-0", Client: "hush"}.String()
	a := delivery.Account{Name: "Office", Host: "127.0.0.1", Port: relay.Port(), Security: delivery.SecurityTLS, User: "ann", PasswordEnv: "OLD",
		Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: url, Client: "c"}, Pin: strings.ToUpper(pin)}
	trial, err := e.TestAccount(t.Context(), a, typed, nil)
	if err != nil || !trial.OK() {
		t.Fatalf("%+v, %v", trial, err)
	}
	i := slices.IndexFunc(trial.Steps, func(s delivery.AccountStep) bool { return s.Step == delivery.TestTLS })
	if c := trial.Steps[i].Certificate; c == nil || c.Fingerprint != pin {
		t.Errorf("the trial shows %+v", c)
	}
	if len(d.m) != 0 {
		t.Errorf("a trial kept %v", d.m)
	}
	if a, err = e.AddAccount(t.Context(), who, a, typed); err != nil {
		t.Fatal(err)
	}
	if kept, _ := d.Get(a); delivery.ParseOAuthSecret(kept) != (delivery.OAuthSecret{Refresh: "refresh-1", Client: "hush"}) {
		t.Errorf("kept %q, not what the trial got in place of what was typed", kept)
	}
	if as, _ := e.Accounts(t.Context()); as[1] != a || a.Pin != pin || a.PasswordEnv != "" || a.OAuth.Endpoint != url {
		t.Errorf("stored %+v", as[1])
	}
	dial := func() error {
		s, err := dialer{e: e}.Dial(t.Context(), a)
		if err == nil {
			_ = s.Close()
		}
		return err
	}
	for range 2 { // the second is refused once, and gets in with another token
		if err := dial(); err != nil {
			t.Fatal(err)
		}
	}
	if err := dial(); !delivery.Is(err, delivery.KindAuth) {
		t.Errorf("refused twice: %v", err)
	}
	e.tokens.Forget(a)
	if err := dial(); !delivery.Is(err, delivery.KindAuth) {
		t.Errorf("refused although fresh: %v", err)
	}
	if asked.Load() != 5 {
		t.Errorf("%d tokens", asked.Load())
	}
	// A new client secret alone keeps the refresh token.
	if err := e.EditAccount(t.Context(), who, a, delivery.OAuthSecret{Client: "new"}.String()); err != nil {
		t.Fatal(err)
	}
	if kept, _ := d.Get(a); delivery.ParseOAuthSecret(kept) != (delivery.OAuthSecret{Refresh: "refresh-5", Client: "new"}) {
		t.Errorf("kept %q", kept)
	}
	if err := dial(); !delivery.Is(err, delivery.KindToken) {
		t.Errorf("a client secret that is wrong: %v", err)
	}
	if err := relay.Close(); err != nil {
		t.Error(err)
	}
}

// The secrets of an account with a password and of one with OAuth are two, also
// when one of them is deleted.
func TestDeleteOfOneLogin(t *testing.T) {
	d := &keptDrawer{drawer{m: map[string]string{}}}
	e, err := Open(t.Context(), Options{Dir: t.TempDir(), Operator: "Marieke", Secrets: d})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	who := access.Principal{Operator: 1}
	a := delivery.Account{Name: "Password", Host: "smtp.acme.example", User: "ann"}
	if _, err := e.AddAccount(t.Context(), who, a, "geheim"); err != nil {
		t.Fatal(err)
	}
	a.Name, a.Auth, a.OAuth = "OAuth", delivery.AuthOAuth, delivery.OAuth{Endpoint: "https://id.example/token", Client: "c"}
	if a, err = e.AddAccount(t.Context(), who, a, "refresh"); err != nil || len(d.m) != 2 {
		t.Fatalf("%v, %v", err, d.m)
	}
	if err := e.DeleteAccount(t.Context(), who, a.ID); err != nil {
		t.Fatal(err)
	}
	if _, kept := d.m[d.key(a)]; kept || len(d.m) != 1 {
		t.Errorf("left %v", d.m)
	}
}

// keptDrawer is a drawer that can forget.
type keptDrawer struct{ drawer }

func (d *keptDrawer) Forget(a delivery.Account) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.m, d.key(a))
	return nil
}
func (d *keptDrawer) State() delivery.Passwords { return delivery.Passwords{Keyring: true} }
func (d *keptDrawer) Open(string) error         { return nil }

func TestCheckLogin(t *testing.T) {
	good := delivery.Account{Name: "n", Host: "smtp.acme.example", User: "ann", Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: "https://id.example/token", Client: "c"}}
	for field, change := range map[string]func(*delivery.Account){
		"":               func(*delivery.Account) {},
		"auth":           func(a *delivery.Account) { a.Auth = "kerberos" },
		"user":           func(a *delivery.Account) { a.User = " " },
		"oauth.endpoint": func(a *delivery.Account) { a.OAuth.Endpoint = "http://id.example/token" },
		"oauth.client":   func(a *delivery.Account) { a.OAuth.Client = "" },
		"oauth.command":  func(a *delivery.Account) { a.OAuth.Command = `oama "` },
		"pin":            func(a *delivery.Account) { a.Pin = "abcd" },
		"security":       func(a *delivery.Account) { a.Security = delivery.SecurityNone },
	} {
		a := good
		change(&a)
		err := checkAccount("add_account", &a)
		if e, ok := err.(*delivery.Error); field == "" && err != nil || field != "" && (!ok || e.Field != "account."+field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	a := good
	a.Auth = delivery.AuthPassword
	if err := checkAccount("add_account", &a); err != nil || a.OAuth != (delivery.OAuth{}) {
		t.Errorf("with a password: %+v, %v", a, err)
	}
	a = good
	a.OAuth.Command = " oama access ann "
	if err := checkAccount("add_account", &a); err != nil || a.OAuth != (delivery.OAuth{Command: "oama access ann"}) {
		t.Errorf("with a command: %+v, %v", a, err)
	}
	a = good
	a.Host, a.Security, a.Pin = "127.0.0.1", delivery.SecurityNone, strings.Repeat("ab", 32)
	if err := checkAccount("add_account", &a); err == nil {
		t.Error("a pin without a certificate to hold it against")
	}
}
