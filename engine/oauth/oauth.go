package oauth

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"sendoff/engine/delivery"
)

// op names what failed.
const op = "token"

// Secrets is the place for passwords. Of an OAuth account it keeps a
// delivery.OAuthSecret as text.
type Secrets interface {
	Get(delivery.Account) (string, error)
	Set(delivery.Account, string) error
}

// Tokens gets and keeps access tokens. Make one with New.
type Tokens struct {
	secrets Secrets
	client  *http.Client
	failed  func(error) // told when a rotated refresh token could not be kept

	mu   sync.Mutex
	held map[key]*held
	// rotated leads from a refresh token that was shown to the one that took
	// its place, so that one that was typed for a trial, or that could not be
	// kept, is not shown again.
	rotated map[string]string
}

// key is what a token is for, and where it comes from.
type key struct {
	delivery.OAuth
	user, relay string
}

// held is one token. Who has turn may change it.
type held struct {
	turn  chan struct{}
	token string
	until time.Time
}

// New returns Tokens over a place for passwords. failed, which may be nil, is told
// when a refresh token that an endpoint has just replaced could not be kept there;
// until this process ends it is used all the same.
func New(s Secrets, failed func(error)) *Tokens {
	if failed == nil {
		failed = func(error) {}
	}
	client := &http.Client{
		// A refresh token is shown to nobody but whom it was meant for.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Tokens{secrets: s, client: client, failed: failed, held: map[key]*held{}, rotated: map[string]string{}}
}

// Token returns an access token of an OAuth account. fresh says that it was got
// just now: when a relay refuses one that was not, it may have been revoked, and
// Drop makes the next call get another.
func (t *Tokens) Token(ctx context.Context, a delivery.Account) (token string, fresh bool, err error) {
	h, err := t.take(ctx, a)
	if err != nil {
		return "", false, err
	}
	defer h.give()
	if h.token != "" && time.Now().Before(h.until) {
		return h.token, false, nil
	}
	token, life, err := t.get(ctx, a, "")
	if err != nil {
		return "", false, err
	}
	h.token, h.until = token, time.Now().Add(life-margin(life))
	return token, true, nil
}

// Try gets a fresh access token, with a delivery.OAuthSecret that need not be kept
// yet; empty for the one that is.
func (t *Tokens) Try(ctx context.Context, a delivery.Account, secret string) (string, error) {
	h, err := t.take(ctx, a)
	if err != nil {
		return "", err
	}
	defer h.give() // a refresh token that is shown twice at once may be revoked for it
	token, _, err := t.get(ctx, a, secret)
	return token, err
}

// margin is how long before its end a token is not used any more: a connection
// has to be opened with it.
func margin(life time.Duration) time.Duration { return min(time.Minute, life/5) }

// Forget forgets the token of an account, whose secret is another one now. It does
// not wait for one that is being got.
func (t *Tokens) Forget(a delivery.Account) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.held, keyOf(a))
}

// Drop forgets a token that a relay refused.
func (t *Tokens) Drop(ctx context.Context, a delivery.Account, token string) {
	h, err := t.take(ctx, a)
	if err != nil {
		return
	}
	defer h.give()
	if h.token == token {
		h.token = ""
	}
}

// Latest is the secret to keep: with the refresh token that has taken the place of
// the one in s.
func (t *Tokens) Latest(s delivery.OAuthSecret) delivery.OAuthSecret {
	t.mu.Lock()
	defer t.mu.Unlock()
	for range len(t.rotated) {
		next, ok := t.rotated[s.Refresh]
		if !ok {
			break
		}
		s.Refresh = next
	}
	return s
}

// take waits for the turn to change an account's token.
func (t *Tokens) take(ctx context.Context, a delivery.Account) (*held, error) {
	h := t.of(a)
	select {
	case h.turn <- struct{}{}:
		return h, nil
	case <-ctx.Done():
		return nil, trouble("", ctx.Err())
	}
}

func (h *held) give() { <-h.turn }

func keyOf(a delivery.Account) key {
	return key{a.OAuth, a.User, net.JoinHostPort(strings.ToLower(a.Host), strconv.Itoa(a.Port))}
}

func (t *Tokens) of(a delivery.Account) *held {
	k := keyOf(a)
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.held[k]
	if h == nil {
		h = &held{turn: make(chan struct{}, 1)}
		t.held[k] = h
	}
	return h
}

// get gets a fresh token and keeps a rotated refresh token.
func (t *Tokens) get(ctx context.Context, a delivery.Account, given string) (string, time.Duration, error) {
	if a.OAuth.Command != "" {
		token, err := run(ctx, a.OAuth.Command)
		return token, commandLife, err
	}
	text := given
	if given == "" {
		var err error
		if text, err = t.secrets.Get(a); err != nil {
			return "", 0, err
		}
	}
	kept := delivery.ParseOAuthSecret(text)
	s := t.Latest(kept)
	if s.Refresh == "" {
		return "", 0, &delivery.Error{Op: op, Kind: delivery.KindPassword, Field: a.Name}
	}
	token, life, rotated, err := refresh(ctx, t.client, a.OAuth, s)
	if err != nil {
		return "", 0, err
	}
	if rotated != "" && rotated != s.Refresh {
		t.mu.Lock()
		t.rotated[s.Refresh] = rotated
		// Should an endpoint ever give an old one again, it is the latest.
		delete(t.rotated, rotated)
		t.mu.Unlock()
	}
	if now := t.Latest(s); given == "" && now != kept {
		if err := t.secrets.Set(a, now.String()); err != nil {
			t.failed(err)
		}
	}
	return token, life, nil
}

func refused(code, said string, err error) error {
	if said != "" {
		code += " " + said
	}
	return &delivery.Error{Op: op, Kind: delivery.KindToken, Detail: code, Err: err}
}
