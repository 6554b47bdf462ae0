// Package online asks whether the links of a content answer. It is the only
// place of the program that makes requests to the addresses that a person wrote,
// and it does so when it is called and never by itself: a request tells the other
// side that somebody reads the draft.
//
// Check is safe for concurrent use; it returns when all its requests have ended.
package online

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Limits of one check.
const (
	MaxLinks   = 200              // of a content; the rest is not asked for
	concurrent = 8                // requests under way
	patience   = 15 * time.Second // for one link, redirects included
	redirects  = 10
)

// Result is what became of one link. Reason is empty for a link that answers.
type Result struct {
	URL    string
	Status int    // of the last answer; 0 without one
	Reason string // "status", "dns", "refused", "timeout", "tls", "redirects" or "network"
}

// agent is what the requests say they come from.
const agent = "Sendoff link check"

// Check asks for each address by HEAD, and by GET where that is not understood
// (RFC 9110 section 9.3.2 allows a server not to). Nothing of an answer but its
// status is read, and no cookie is kept. transport nil is the usual one. progress,
// which may be nil, is called from several goroutines. When ctx ends, what is left
// is reported as a timeout.
func Check(ctx context.Context, transport http.RoundTripper, urls []string, progress func(done, total int)) []Result {
	urls = urls[:min(len(urls), MaxLinks)]
	if transport == nil {
		t := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSHandshakeTimeout: 10 * time.Second,
			ResponseHeaderTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true}
		defer t.CloseIdleConnections()
		transport = t
	}
	client := &http.Client{Transport: transport, Timeout: patience, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		next.Header.Del("Referer")
		if len(via) >= redirects {
			return errRedirects
		}
		return nil
	}}
	out := make([]Result, len(urls))
	var mu sync.Mutex
	done := 0
	var wait sync.WaitGroup
	slots := make(chan struct{}, concurrent)
	for i, u := range urls {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			out[i] = ask(ctx, client, u)
			if progress != nil {
				mu.Lock()
				done++
				n := done
				mu.Unlock()
				progress(n, len(urls))
			}
		})
	}
	wait.Wait()
	return out
}

var errRedirects = errors.New("too many redirects")

// ask asks for one address.
func ask(ctx context.Context, client *http.Client, url string) Result {
	r := Result{URL: url}
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		req, err := http.NewRequestWithContext(ctx, method, url, nil)
		if err != nil {
			r.Reason = "network"
			return r
		}
		req.Header.Set("User-Agent", agent)
		req.Header.Set("Accept", "*/*")
		res, err := client.Do(req)
		if err != nil {
			r.Status, r.Reason = 0, reason(err)
			return r
		}
		io.CopyN(io.Discard, res.Body, 1)
		res.Body.Close()
		r.Status, r.Reason = res.StatusCode, ""
		if res.StatusCode < 400 {
			return r
		}
		r.Reason = "status"
		// Whoever refuses HEAD may well answer GET; what is gone stays gone.
		switch res.StatusCode {
		case http.StatusNotFound, http.StatusGone:
			return r
		}
	}
	// A page for members, or one that keeps programs out, is there.
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		r.Reason = ""
	}
	return r
}

// reason says why there was no answer.
func reason(err error) string {
	var dns *net.DNSError
	var op *net.OpError
	var timeout net.Error
	switch {
	case errors.Is(err, errRedirects):
		return "redirects"
	case errors.As(err, &dns):
		return "dns"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case tlsFault(err):
		return "tls"
	case errors.As(err, &op) && op.Op == "dial":
		return "refused"
	}
	return "network"
}

// String is the result as a finding's detail: "404", or the reason.
func (r Result) String() string {
	if r.Reason == "status" {
		return strconv.Itoa(r.Status)
	}
	return r.Reason
}
