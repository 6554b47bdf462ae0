package online_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"sendoff/engine/check/online"
)

func TestCheck(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if len(r.Cookies()) > 0 || r.Header.Get("Referer") != "" {
			t.Errorf("%v says more than it must", r.Header)
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		switch r.URL.Path {
		case "/ok":
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/get":
			if r.Method != http.MethodGet {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		default:
			code, _ := strconv.Atoi(r.URL.Path[1:])
			w.WriteHeader(code)
		}
	}))
	defer s.Close()
	tlsServer := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer tlsServer.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()

	want := []struct{ url, told string }{
		{s.URL + "/ok", ""}, {s.URL + "/moved", ""}, {s.URL + "/get", ""},
		{s.URL + "/404", "404"}, {s.URL + "/410", "410"}, {s.URL + "/500", "500"},
		{s.URL + "/401", ""}, {s.URL + "/403", ""}, {s.URL + "/429", ""},
		{s.URL + "/round", "redirects"},
		{tlsServer.URL, "tls"}, // a certificate that nobody vouches for
		{"http://" + closed.Addr().String(), "refused"},
		{"http://nothing.invalid/", "dns"}, // RFC 6761: never exists
		{"http://[", "network"},
	}
	var urls []string
	for _, w := range want {
		urls = append(urls, w.url)
	}
	var steps atomic.Int32
	got := online.Check(t.Context(), nil, urls, func(done, total int) {
		if steps.Add(1); total != len(urls) || done < 1 || done > total {
			t.Errorf("%d of %d", done, total)
		}
	})
	for i, w := range want {
		if got[i].URL != w.url || got[i].String() != w.told {
			t.Errorf("%s: %+v, want %q", w.url, got[i], w.told)
		}
	}
	if int(steps.Load()) != len(urls) {
		t.Errorf("%d steps", steps.Load())
	}
}

func TestCheckIsCancelled(t *testing.T) {
	hang := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(hang)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	got := online.Check(ctx, nil, slices.Repeat([]string{s.URL}, 20), nil)
	for _, r := range got {
		if r.Reason != "timeout" {
			t.Errorf("%+v", r)
		}
	}
}

func TestCheckAsksForSoMany(t *testing.T) {
	if got := online.Check(t.Context(), nil, slices.Repeat([]string{"http://["}, online.MaxLinks+1), nil); len(got) != online.MaxLinks {
		t.Errorf("%d", len(got))
	}
}
