package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"sendoff/engine/delivery"
	"sendoff/engine/oauth"
)

// safe is a place for one secret.
type safe struct {
	mu     sync.Mutex
	secret string
	sets   int
	broken bool
}

func (s *safe) Get(delivery.Account) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secret == "" {
		return "", &delivery.Error{Kind: delivery.KindPassword}
	}
	return s.secret, nil
}

func (s *safe) Set(_ delivery.Account, secret string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errors.New("no keyring")
	}
	s.secret = secret
	s.sets++
	return nil
}

func (s *safe) refresh() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return delivery.ParseOAuthSecret(s.secret).Refresh
}

// office is a token endpoint that gives each refresh token's successor and takes
// each but once, as RFC 9700 section 4.14.2 wants it of public clients.
type office struct {
	*httptest.Server
	asked atomic.Int64

	mu    sync.Mutex
	valid string
	n     int
	forms []url.Values
}

func newOffice(t *testing.T) *office {
	o := &office{valid: "refresh-0"}
	o.Server = httptest.NewServer(o)
	t.Cleanup(o.Close)
	return o
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.asked.Add(1)
	_ = r.ParseForm()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.forms = append(o.forms, r.PostForm)
	if r.Method != http.MethodPost || r.PostForm.Get("grant_type") != "refresh_token" || r.PostForm.Get("refresh_token") != o.valid {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"%s was revoked\nTrace 1"}`, r.PostForm.Get("refresh_token"))
		return
	}
	o.n++
	o.valid = fmt.Sprint("refresh-", o.n)
	fmt.Fprintf(w, `{"access_token":"access-%d","token_type":"Bearer","expires_in":3600,"refresh_token":"%s"}`, o.n, o.valid)
}

func (o *office) account() delivery.Account {
	return delivery.Account{Name: "Office", Host: "smtp.acme.example", Port: 587, User: "ann@acme.example", Auth: delivery.AuthOAuth,
		OAuth: delivery.OAuth{Endpoint: o.URL + "/token", Client: "client-1", Scope: "send offline_access"}}
}

func TestRefresh(t *testing.T) {
	o := newOffice(t)
	s := &safe{secret: delivery.OAuthSecret{Refresh: "refresh-0", Client: "very secret"}.String()}
	tokens := oauth.New(s, nil)
	token, fresh, err := tokens.Token(t.Context(), o.account())
	if token != "access-1" || !fresh || err != nil {
		t.Fatalf("%q, %v, %v", token, fresh, err)
	}
	want := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"refresh-0"}, "client_id": {"client-1"}, "client_secret": {"very secret"}, "scope": {"send offline_access"}}
	if got := o.forms[0]; got.Encode() != want.Encode() {
		t.Errorf("asked %v, want %v", got, want)
	}
	if s.refresh() != "refresh-1" || delivery.ParseOAuthSecret(s.secret).Client != "very secret" {
		t.Errorf("kept %q", s.secret)
	}
	if token, fresh, err = tokens.Token(t.Context(), o.account()); token != "access-1" || fresh || err != nil || o.asked.Load() != 1 {
		t.Errorf("again: %q, %v, %v after %d requests", token, fresh, err, o.asked.Load())
	}
	tokens.Drop(t.Context(), o.account(), "another token")
	if token, _, _ = tokens.Token(t.Context(), o.account()); token != "access-1" {
		t.Errorf("a token was dropped for another: %q", token)
	}
	tokens.Drop(t.Context(), o.account(), token)
	if token, fresh, err = tokens.Token(t.Context(), o.account()); token != "access-2" || !fresh || err != nil || s.refresh() != "refresh-2" {
		t.Errorf("after a drop: %q, %v, %v, kept %q", token, fresh, err, s.secret)
	}
}

// However many connections ask at once, a refresh token is shown once.
func TestOneAsks(t *testing.T) {
	o := newOffice(t)
	tokens := oauth.New(&safe{secret: "refresh-0"}, nil)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if token, _, err := tokens.Token(t.Context(), o.account()); token != "access-1" || err != nil {
				t.Errorf("%q, %v", token, err)
			}
		})
	}
	wg.Wait()
	if o.asked.Load() != 1 {
		t.Errorf("%d requests", o.asked.Load())
	}
}

// A rotated refresh token that could not be kept is used all the same, and kept
// when it can be; the one that it replaced is never shown again.
func TestRotatedNotKept(t *testing.T) {
	o := newOffice(t)
	s := &safe{secret: "refresh-0", broken: true}
	told := 0
	tokens := oauth.New(s, func(error) { told++ })
	for i := range 3 {
		token, _, err := tokens.Token(t.Context(), o.account())
		if err != nil || token != fmt.Sprint("access-", i+1) {
			t.Fatalf("%q, %v", token, err)
		}
		tokens.Drop(t.Context(), o.account(), token)
	}
	if told != 3 || s.secret != "refresh-0" {
		t.Errorf("told %d times, kept %q", told, s.secret)
	}
	s.broken = false
	if _, _, err := tokens.Token(t.Context(), o.account()); err != nil || s.refresh() != "refresh-4" {
		t.Errorf("%v, kept %q", err, s.secret)
	}
}

// What was typed for a trial is not kept by it, and what is kept afterwards is
// what the trial got in its place.
func TestTry(t *testing.T) {
	o := newOffice(t)
	s := &safe{}
	tokens := oauth.New(s, nil)
	if _, err := tokens.Try(t.Context(), o.account(), ""); !delivery.Is(err, delivery.KindPassword) {
		t.Errorf("without a secret: %v", err)
	}
	for range 2 {
		if _, err := tokens.Try(t.Context(), o.account(), "refresh-0"); err != nil {
			t.Fatal(err)
		}
	}
	if s.sets != 0 {
		t.Error("a trial kept something")
	}
	if got := tokens.Latest(delivery.OAuthSecret{Refresh: "refresh-0", Client: "c"}); got != (delivery.OAuthSecret{Refresh: "refresh-2", Client: "c"}) {
		t.Errorf("%+v", got)
	}
}

func TestEndpointAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		kind   delivery.Kind
		detail string
	}{
		"revoked":       {400, `{"error":"invalid_grant","error_description":"Token refresh-0 of client very secret expired.\r\nTrace: 1"}`, delivery.KindToken, "endpoint_refused invalid_grant Token … of client … expired."},
		"client":        {401, `{"error":"invalid_client"}`, delivery.KindToken, "endpoint_refused invalid_client"},
		"error in 200":  {200, `{"error":"bad_verification_code"}`, delivery.KindToken, "endpoint_refused bad_verification_code"},
		"no JSON":       {403, `<html>no`, delivery.KindToken, "endpoint_refused 403"},
		"redirect":      {302, ``, delivery.KindToken, "endpoint_refused 302"},
		"overloaded":    {503, `{"error":"temporarily_unavailable"}`, delivery.KindUnreachable, ""},
		"too often":     {429, ``, delivery.KindUnreachable, ""},
		"nothing":       {200, `{}`, delivery.KindToken, "endpoint_unusable"},
		"a page":        {200, `<html>`, delivery.KindToken, "endpoint_unusable"},
		"another type":  {200, `{"access_token":"a","token_type":"mac"}`, delivery.KindToken, "endpoint_unusable"},
		"an injection":  {200, `{"access_token":"a\r\nQUIT"}`, delivery.KindToken, "endpoint_unusable"},
		"a huge token":  {200, `{"access_token":"` + strings.Repeat("a", 20<<10) + `"}`, delivery.KindToken, "endpoint_unusable"},
		"a huge answer": {200, strings.Repeat(" ", 80<<10) + `{"access_token":"a"}`, delivery.KindToken, "endpoint_unusable"},
		"quoted number": {200, `{"access_token":"a","expires_in":"3600"}`, "", ""},
		"odd number":    {200, `{"access_token":"a","expires_in":-7}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			defer srv.Close()
			a := newOffice(t).account()
			a.OAuth.Endpoint = srv.URL
			_, _, err := oauth.New(&safe{secret: delivery.OAuthSecret{Refresh: "refresh-0", Client: "very secret"}.String()}, nil).Token(t.Context(), a)
			var e *delivery.Error
			if delivery.KindOf(err) != c.kind || c.detail != "" && (!errors.As(err, &e) || e.Detail != c.detail) {
				t.Errorf("got %v, want %q %q", err, c.kind, c.detail)
			}
			if err != nil && (strings.Contains(err.Error(), "refresh-0") || strings.Contains(err.Error(), "very secret")) {
				t.Errorf("it tells a secret: %v", err)
			}
		})
	}
}

func TestEndpointAway(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	srv.Close()
	a := newOffice(t).account()
	a.OAuth.Endpoint = srv.URL
	tokens := oauth.New(&safe{secret: "r"}, nil)
	if _, _, err := tokens.Token(t.Context(), a); !delivery.Is(err, delivery.KindUnreachable) {
		t.Errorf("nobody there: %v", err)
	}
	block := make(chan struct{})
	srv = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block }))
	defer srv.Close()
	defer close(block)
	a.OAuth.Endpoint = srv.URL
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, _, err := tokens.Token(ctx, a); !delivery.Is(err, delivery.KindCancelled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := tokens.Token(ctx, a); !delivery.Is(err, delivery.KindTimeout) {
		t.Errorf("slow: %v", err)
	}
}

func TestEndpointOK(t *testing.T) {
	for s, want := range map[string]bool{
		"https://oauth2.googleapis.com/token": true, "http://127.0.0.1:8080/t": true, "http://localhost/t": true, "http://[::1]/t": true,
		"http://oauth2.googleapis.com/token": false, "http://localhost.example/t": false, "http://127.0.0.1.example/": false, "http://10.0.0.1/": false,
		"https://": false, "": false, "file:///etc/passwd": false, "https://user:pw@host/t": false, "https://host/t#x": false, "HTTPS://host/t": true, "//host/t": false,
	} {
		if oauth.EndpointOK(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	a := delivery.Account{Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: "http://198.51.100.1/token"}}
	if _, _, err := oauth.New(&safe{secret: "r"}, nil).Token(t.Context(), a); !delivery.Is(err, delivery.KindInvalid) {
		t.Errorf("in clear: %v", err)
	}
}

// answers is a token endpoint without a network, for a bubble's time.
type answers func() string

func (f answers) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(f()))}, nil
}

// A token is used until shortly before it expires, and never longer: a minute
// before, or a fifth of its life when that is less.
func TestExpiry(t *testing.T) {
	for life, used := range map[string]time.Duration{"3600": 59 * time.Minute, "100": 80 * time.Second, "0": 4 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			tokens := oauth.NewWith(&safe{secret: "r"}, answers(func() string {
				n++
				return fmt.Sprintf(`{"access_token":"t%d","expires_in":%s}`, n, life)
			}))
			a := delivery.Account{Auth: delivery.AuthOAuth, OAuth: delivery.OAuth{Endpoint: "https://id.example/token"}}
			for _, want := range []struct {
				wait  time.Duration
				token string
			}{{0, "t1"}, {used - time.Second, "t1"}, {time.Second, "t2"}, {used, "t3"}} {
				time.Sleep(want.wait)
				if token, _, err := tokens.Token(t.Context(), a); token != want.token || err != nil {
					t.Errorf("%s s: %q, %v; want %s", life, token, err, want.token)
				}
			}
			tokens.Forget(a)
			if token, fresh, _ := tokens.Token(t.Context(), a); token != "t4" || !fresh {
				t.Errorf("forgotten: %q", token)
			}
		})
	}
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		`a b  c`:                          {"a", "b", "c"},
		` /usr/bin/oama  access me@x `:    {"/usr/bin/oama", "access", "me@x"},
		`"C:\Program Files\t.exe" -u 'x'`: {`C:\Program Files\t.exe`, "-u", "x"},
		`C:\t.exe \\srv\x`:                {`C:\t.exe`, `\\srv\x`},
		`sh -c "echo \"hi\" $HOME"`:       {"sh", "-c", `echo "hi" $HOME`},
		`a '' ""`:                         {"a", "", ""},
		`a'b c'd`:                         {"ab cd"},
		`a "it's"`:                        {"a", "it's"},
		`a;b|c>d`:                         {"a;b|c>d"}, // no shell
	} {
		if got, ok := oauth.Words(line); !ok || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", line, got, ok)
		}
	}
	for _, line := range []string{"", "  ", `a "b`, `a 'b`, `""`, `"" a`} {
		if got, ok := oauth.Words(line); ok {
			t.Errorf("%q: %q", line, got)
		}
	}
	// What is quoted comes back as it was.
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[^"\\]*`), 1, 5).Draw(t, "words")
		if words[0] == "" {
			words[0] = "a"
		}
		got, ok := oauth.Words(`"` + strings.Join(words, `" "`) + `"`)
		if !ok || !slices.Equal(got, words) {
			t.Fatalf("%q became %q", words, got)
		}
	})
}

func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs sh")
	}
	t.Setenv("SENDOFF_PASSPHRASE", "opensesame")
	for line, want := range map[string]struct {
		token, detail string
		kind          delivery.Kind
	}{
		`printf '\n  tok.en \n'`:                  {"tok.en", "", ""},
		`sh -c 'echo tok; echo noise >&2'`:        {"tok", "", ""},
		`sh -c 'echo "tok${SENDOFF_PASSPHRASE}"'`: {"tok", "", ""},
		`echo $HOME`:            {"$HOME", "", ""}, // nothing is expanded
		`sh -c 'cat; echo tok'`: {"tok", "", ""},   // nobody can be asked
		`sh -c 'echo tok-half; echo no tok-half here >&2; exit 3'`: {"", "command_failed no … here", delivery.KindToken},
		`no-such-command-of-ours x`:                                {"", "command_missing no-such-command-of-ours", delivery.KindToken},
		`/no/such/command`:                                         {"", "command_missing /no/such/command", delivery.KindToken},
		`true`:                                                     {"", "command_empty", delivery.KindToken},
		`echo two words`:                                           {"", "command_unusable", delivery.KindToken},
		`printf 'a\nb'`:                                            {"", "command_unusable", delivery.KindToken},
		`sh -c 'head -c 100000 /dev/zero | tr "\0" a'`:             {"", "command_unusable", delivery.KindToken},
		`echo "open`:                                               {"", "command_unreadable", delivery.KindToken},
	} {
		token, err := oauth.New(&safe{}, nil).Try(t.Context(), delivery.Account{OAuth: delivery.OAuth{Command: line}}, "")
		var e *delivery.Error
		if token != want.token || delivery.KindOf(err) != want.kind || want.detail != "" && (!errors.As(err, &e) || e.Detail != want.detail) {
			t.Errorf("%s: %.40q, %v; want %q, %q %q", line, token, err, want.token, want.kind, want.detail)
		}
	}
	// A person's cancel ends a command, and a child that holds its output open.
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	_, err := oauth.New(&safe{}, nil).Try(ctx, delivery.Account{OAuth: delivery.OAuth{Command: `sh -c 'sleep 60 & sleep 60'`}}, "")
	if !delivery.Is(err, delivery.KindCancelled) || time.Since(start) > 20*time.Second {
		t.Errorf("cancelled: %v after %s", err, time.Since(start))
	}
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{`a "b c" 'd'`, `"`, `\"`, `a\ b`, "a\x00b", `"\""`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, ok := oauth.Words(line)
		n := 0
		for _, w := range words {
			n += len(w)
		}
		if n > len(line) || ok && (len(words) == 0 || words[0] == "") {
			t.Errorf("%q became %q", line, words)
		}
	})
}
