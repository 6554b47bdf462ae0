package oauth

import "net/http"

// NewWith is New over a network of the test's own.
func NewWith(s Secrets, network http.RoundTripper) *Tokens {
	t := New(s, nil)
	t.client.Transport = network
	return t
}
