package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// maxReply is how much of an endpoint's reply is read, in bytes.
const maxReply = 64 << 10

// usualLife is how long a token of an endpoint that does not say so is used (RFC
// 6749 section 5.1 only recommends that it does).
const usualLife = 5 * time.Minute

// EndpointOK reports whether a refresh token may be shown to an address: it is
// https, or http on this computer.
func EndpointOK(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	switch u.Scheme {
	case "https":
		return true
	case "http":
		a, err := netip.ParseAddr(u.Hostname())
		return err == nil && a.Unmap().IsLoopback() || strings.EqualFold(u.Hostname(), "localhost")
	}
	return false
}

// grant is a successful reply (RFC 6749 section 5.1), and an error (5.2).
type grant struct {
	Access  string          `json:"access_token"`
	Type    string          `json:"token_type"`
	Expires json.RawMessage `json:"expires_in"` // a number; some write it in quotation marks
	Refresh string          `json:"refresh_token"`

	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// refresh shows a refresh token to an endpoint and returns a fresh access token
// and how long it lives. rotated is the refresh token to use from now on; empty:
// the same one.
func refresh(ctx context.Context, client *http.Client, o delivery.OAuth, s delivery.OAuthSecret) (access string, life time.Duration, rotated string, err error) {
	if !EndpointOK(o.Endpoint) {
		return "", 0, "", &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account.oauth.endpoint", Detail: o.Endpoint}
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {s.Refresh}}
	for name, value := range map[string]string{"client_id": o.Client, "client_secret": s.Client, "scope": o.Scope} {
		if value != "" {
			form.Set(name, value)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.Endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, "", &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: "account.oauth.endpoint", Detail: o.Endpoint}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return "", 0, "", trouble(req.URL.Host, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxReply))
	if err != nil {
		return "", 0, "", trouble(req.URL.Host, err)
	}
	var g grant
	bad := json.Unmarshal(body, &g)
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return "", 0, "", &delivery.Error{Op: op, Kind: delivery.KindUnreachable, Detail: req.URL.Host, Err: fmt.Errorf("status %d", res.StatusCode)}
	case g.Error != "":
		said := strings.TrimSpace(short(g.Error) + " " + short(g.Description))
		for _, secret := range []string{s.Refresh, s.Client} {
			said = strings.ReplaceAll(said, keep(secret), "…")
		}
		return "", 0, "", refused("endpoint_refused", said, nil)
	case res.StatusCode != http.StatusOK:
		return "", 0, "", refused("endpoint_refused", strconv.Itoa(res.StatusCode), nil)
	case bad != nil, !usable(g.Access), g.Type != "" && !strings.EqualFold(g.Type, "bearer"):
		return "", 0, "", refused("endpoint_unusable", "", nil)
	}
	life = usualLife
	if n, err := strconv.Atoi(strings.Trim(string(g.Expires), `"`)); err == nil && n > 0 && n < 1<<30 {
		life = time.Duration(n) * time.Second
	}
	return g.Access, life, g.Refresh, nil
}

// trouble is what an error of the connection to an endpoint means.
func trouble(host string, err error) error {
	kind := delivery.KindUnreachable
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		kind = delivery.KindCancelled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		kind = delivery.KindTimeout
	}
	return &delivery.Error{Op: op, Kind: kind, Detail: host, Err: err}
}
