package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine/preview/web"
)

// letters has people 1 to 3; the message of 2 is broken.
type letters struct{ html string }

func (l letters) Message(_ context.Context, profile int64) (web.Message, error) {
	if profile == 2 {
		return web.Message{}, errors.New("broken")
	}
	return web.Message{From: "Acme <news@acme.example>", Address: fmt.Sprintf("p%d@post.example", profile), Subject: "Offer <b>&", HTML: l.html, Text: "Plain <text>"}, nil
}

func (letters) Neighbour(_ context.Context, profile int64, step int) (int64, bool) {
	n := profile + int64(step)
	return n, n >= 1 && n <= 3
}

func (letters) Asset(_ context.Context, h string) (string, []byte, error) {
	if h != hash {
		return "", nil, errors.New("no such file")
	}
	return "image/png", []byte("PNG"), nil
}

func words() web.Words {
	return web.Words{Language: "en", From: "From", To: "To", Phone: "Phone", Desktop: "Desktop", Images: "Images", NoImages: "No images", Light: "Light",
		Dark: "Dark", HTML: "HTML", Text: "Text", Previous: "Previous", Next: "Next", Note: "Nothing is fetched.", Sentence: func(err error) string { return "Sorry: " + err.Error() }}
}

func open(t *testing.T, html string) (*web.Server, *url.URL) {
	t.Helper()
	s := &web.Server{}
	t.Cleanup(func() { s.Close() })
	address, err := s.Open(letters{html}, words(), web.View{Profile: 1})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return s, u
}

type answer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, method, address, host string, body io.Reader) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

const strict = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox"

// Every answer, refusals too, says what a browser must not do.
func TestHeaders(t *testing.T) {
	_, u := open(t, "<p>Hello")
	if u.Hostname() != "127.0.0.1" || u.Scheme != "http" {
		t.Errorf("it is at %s", u)
	}
	// 128 bit are 22 letters of base 64.
	if token := strings.Trim(u.Path, "/"); len(token) < 22 || strings.Contains(token, "/") {
		t.Errorf("the path is %q", u.Path)
	}
	base := u.Scheme + "://" + u.Host + u.Path
	for _, c := range []struct {
		at     string
		status int
		policy string
		media  string
		body   string
	}{
		{base + "?who=1", 200, "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; sandbox", "text/html; charset=utf-8", `<iframe src="message?who=1" width="360"`},
		{base + "?who=1&desktop=1", 200, "default-src 'none'; frame-src 'self'; style-src 'unsafe-inline'; sandbox", "text/html; charset=utf-8", `width="1280"`},
		{base + "message?who=1", 200, strict, "text/html; charset=utf-8", light + "<p>Hello"},
		{base + "message?who=1&plain=1", 200, "default-src 'none'; style-src 'unsafe-inline'; sandbox", "text/html; charset=utf-8", "<p>Hello"},
		{base + "message?who=1&dark=1", 200, strict, "text/html; charset=utf-8", "color-scheme:dark"},
		{base + "message?who=1&text=1", 200, strict, "text/html; charset=utf-8", "<pre>Plain &lt;text&gt;</pre>"},
		{base + "message?who=2", 200, strict, "text/html; charset=utf-8", "Sorry: broken"},
		{base + "asset/" + hash, 200, strict, "image/png", "PNG"},
		{base + "asset/" + strings.Repeat("f", 64), 404, strict, "text/plain; charset=utf-8", "404"},
		{base + "asset/../message", 404, strict, "text/plain; charset=utf-8", "404"},
		{base + "other", 404, strict, "text/plain; charset=utf-8", "404"},
		{u.Scheme + "://" + u.Host + "/", 404, strict, "text/plain; charset=utf-8", "404"},
		{u.Scheme + "://" + u.Host + "/" + strings.Repeat("A", 32) + "/", 404, strict, "text/plain; charset=utf-8", "404"},
	} {
		a := ask(t, http.MethodGet, c.at, u.Host, nil)
		for name, want := range map[string]string{"Content-Security-Policy": c.policy, "Content-Type": c.media, "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-DNS-Prefetch-Control": "off"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.at, name, got, want)
			}
		}
		for _, name := range []string{"Set-Cookie", "Access-Control-Allow-Origin", "Etag", "Last-Modified"} {
			if a.header.Get(name) != "" {
				t.Errorf("%s has %s", c.at, name)
			}
		}
		if a.status != c.status || !strings.Contains(a.body, c.body) || strings.Contains(a.body, "<script") {
			t.Errorf("%s: %d, want %d with %q:\n%s", c.at, a.status, c.status, c.body, a.body)
		}
	}
}

// Only who was given the address gets in, and only to look.
func TestRefused(t *testing.T) {
	_, u := open(t, "<p>Hello")
	good := u.String()
	for _, c := range []struct {
		method, host string
		body         io.Reader
		status       int
	}{
		{http.MethodGet, "evil.example", nil, http.StatusMisdirectedRequest},
		{http.MethodGet, "localhost:" + u.Port(), nil, http.StatusMisdirectedRequest},
		{http.MethodGet, "127.0.0.1", nil, http.StatusMisdirectedRequest},
		{http.MethodPost, u.Host, strings.NewReader("x"), http.StatusMethodNotAllowed},
		{http.MethodHead, u.Host, nil, http.StatusMethodNotAllowed},
		{http.MethodPut, u.Host, nil, http.StatusMethodNotAllowed},
		{http.MethodOptions, u.Host, nil, http.StatusMethodNotAllowed},
		{http.MethodGet, u.Host, strings.NewReader("x"), http.StatusBadRequest},
	} {
		if a := ask(t, c.method, good, c.host, c.body); a.status != c.status || strings.Contains(a.body, "Offer") {
			t.Errorf("%s of %s: %d, want %d: %s", c.method, c.host, a.status, c.status, a.body)
		}
	}
	if a := ask(t, http.MethodGet, good, u.Host, nil); a.status != 200 {
		t.Errorf("the page itself: %d", a.status)
	}
}

// A crowd, and a gigabyte that is announced, cost neither memory nor the page.
func TestCrowd(t *testing.T) {
	_, u := open(t, "<p>Hello")
	hung := 0
	for range 200 {
		c, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			hung++
		}
	}
	if hung < 100 {
		t.Errorf("only %d of 200 silent connections were hung up on", hung)
	}
	_, v := open(t, "<p>Hello")
	c, err := net.Dial("tcp", v.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 1073741824\r\n\r\n", v.RequestURI(), v.Host)
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || r.StatusCode != http.StatusBadRequest || !r.Close {
		t.Errorf("a gigabyte: %v, %v", r, err)
	}
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nX: %s\r\n", strings.Repeat("x", 64<<10))
}

// From page to page by its own links.
func TestLinks(t *testing.T) {
	_, u := open(t, "<p>Hello")
	a := ask(t, http.MethodGet, u.String(), u.Host, nil)
	for _, want := range []string{`<i>‹ Previous</i>`, `<a href="./?who=2">Next ›</a>`, `<b aria-current="true">Phone</b>`, `<a href="./?desktop=1&amp;who=1">Desktop</a>`,
		`<a href="./?plain=1&amp;who=1">No images</a>`, `<a href="./?dark=1&amp;who=1">Dark</a>`, `<a href="./?text=1&amp;who=1">Text</a>`,
		`<h1>Offer &lt;b&gt;&amp;</h1>`, "p1@post.example"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("%s is missing in\n%s", want, a.body)
		}
	}
	base := u.Scheme + "://" + u.Host + u.Path
	if a = ask(t, http.MethodGet, base+"?who=2&dark=1", u.Host, nil); !strings.Contains(a.body, "Sorry: broken") || strings.Contains(a.body, "<iframe") || !strings.Contains(a.body, `<a href="./?dark=1&amp;who=3">Next ›</a>`) {
		t.Errorf("one goes on after a broken one:\n%s", a.body)
	}
}

// Nothing listens when nobody looks any more.
func TestCloses(t *testing.T) {
	// Its port may be somebody else's by then.
	gone := func(u *url.URL) bool {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
		resp, err := client.Get(u.String())
		if err != nil {
			return true
		}
		resp.Body.Close()
		return resp.StatusCode != http.StatusOK
	}
	s := &web.Server{Idle: 50 * time.Millisecond}
	open := func() *url.URL {
		address, err := s.Open(letters{}, words(), web.View{Profile: 1})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(address)
		return u
	}
	u := open()
	for begin := time.Now(); ; {
		time.Sleep(4 * s.Idle) // a look is a request
		if gone(u) {
			break
		}
		if time.Since(begin) > 10*time.Second {
			t.Fatal("it still answers")
		}
	}
	again := open()
	if again.Path == u.Path {
		t.Error("a path is used twice")
	}
	if err := s.Close(); err != nil || !gone(again) {
		t.Errorf("closed: %v", err)
	}
	if _, err := s.Open(letters{}, words(), web.View{}); err == nil {
		t.Error("it opens after its end")
	}
	// The oldest of many pages goes.
	s2, u2 := func() (*web.Server, *url.URL) {
		t.Helper()
		s := &web.Server{}
		a, _ := s.Open(letters{}, words(), web.View{})
		u, _ := url.Parse(a)
		return s, u
	}()
	defer s2.Close()
	for range 16 {
		if _, err := s2.Open(letters{}, words(), web.View{}); err != nil {
			t.Fatal(err)
		}
	}
	if a := ask(t, http.MethodGet, u2.String(), u2.Host, nil); a.status != 404 {
		t.Errorf("the oldest: %d", a.status)
	}
}

// In a browser the page shows its own pictures, and nothing else is asked for: fault 79.
func TestInABrowser(t *testing.T) {
	browser := os.Getenv("CHROMIUM")
	if browser == "" {
		t.Skip("CHROMIUM names no browser")
	}
	var asked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked.Add(1); t.Logf("asked for %s", r.URL) }))
	defer elsewhere.Close()
	e := elsewhere.URL
	document := `<!DOCTYPE html><html><head><meta http-equiv="refresh" content="0;url=` + e + `/refresh"><link rel="preconnect" href="` + e + `"><link rel="stylesheet" href="` + e + `/css">
<style>@import url(` + e + `/import); body{background:url(` + e + `/bg)} @font-face{font-family:x;src:url(` + e + `/font)} p{font-family:x}</style></head>
<body onload="document.title='ran'"><p>x</p><script>new Image().src='` + e + `/script'</script><img src="` + e + `/img" onerror="new Image().src='` + e + `/onerror'">
<img src="x" srcset="` + e + `/srcset 1x"><iframe src="` + e + `/iframe"></iframe><iframe srcdoc="<img src='` + e + `/srcdoc'>"></iframe><object data="` + e + `/object"></object><embed src="` + e + `/embed">
<video src="` + e + `/video" autoplay></video><form action="` + e + `/form"><input autofocus></form><svg><image href="` + e + `/svg"/></svg><a href="javascript:alert(1)">a</a>
<noscript><img src="` + e + `/noscript"></noscript><img src="asset:` + hash + `"></body></html>`
	s := &web.Server{}
	defer s.Close()
	seen := &counting{letters: letters{document}}
	address, err := s.Open(seen, words(), web.View{Profile: 1})
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + t.TempDir(), "--timeout=4000", "--virtual-time-budget=3000", "--dump-dom", address}
	if os.Geteuid() == 0 {
		args = append([]string{"--no-sandbox"}, args...)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	c := exec.CommandContext(ctx, browser, args...)
	var out bytes.Buffer
	c.Stdout = &out
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	if !strings.Contains(out.String(), "<iframe") {
		t.Errorf("the page is\n%s", out.String())
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests went elsewhere", n)
	}
	if seen.assets.Load() != 1 {
		t.Errorf("its own picture was asked for %d times", seen.assets.Load())
	}
}

type counting struct {
	letters
	assets atomic.Int64
}

func (c *counting) Asset(ctx context.Context, h string) (string, []byte, error) {
	c.assets.Add(1)
	return c.letters.Asset(ctx, h)
}
