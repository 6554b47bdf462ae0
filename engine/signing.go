package engine

import (
	"context"
	"sync"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/dkim"
	"sendoff/engine/event"
	"sendoff/engine/store"
)

// keys is a place for private keys. Secrets that are none cannot sign.
type keys interface {
	SetKey(name, key string) error // an empty one is forgotten
	Key(name string) (string, error)
}

// DKIM tells how an account signs, and what belongs in the DNS for it; a zero
// record when it does not sign.
func (e *Engine) DKIM(ctx context.Context, account int64) (delivery.DKIMRecord, error) {
	g, err := e.store.Signing(ctx, account)
	if err != nil || !g.On() {
		return delivery.DKIMRecord{}, err
	}
	return dkim.Describe(g.DKIM, g.Record)
}

// SetDKIM makes an account sign its messages from now on, those of deliveries
// under way too, and returns what to publish in the DNS. With a key (PEM: PKCS#8,
// or PKCS#1 for RSA) it is imported and its algorithm counts; without one the key
// that is kept for this domain and selector goes on, so that a record that is
// published stays right, else one is made, of RSA when d names no algorithm. Whoever wants a new key chooses a new
// selector. A zero d ends signing; the key stays in the keyring as long as
// another account uses it.
//
// Needs the right Admin. KindInvalid, Field "dkim.domain", "dkim.selector",
// "dkim.algorithm" or "dkim.key" as in package dkim, or "account.kind" for the
// training relay; KindPassphrase where there is no keyring and the file is closed.
func (e *Engine) SetDKIM(ctx context.Context, who access.Principal, account int64, d delivery.DKIM, key string) (delivery.DKIMRecord, error) {
	was, err := e.store.Signing(ctx, account)
	if err != nil {
		return delivery.DKIMRecord{}, err
	}
	var g store.Signing
	var keep func() error
	if d != (delivery.DKIM{}) {
		if g, keep, err = e.signing(d, key); err != nil {
			return delivery.DKIMRecord{}, err
		}
	}
	if err := e.store.SetSigning(ctx, who, account, g, keep); err != nil {
		return delivery.DKIMRecord{}, err
	}
	e.signers.forget()
	e.mended()
	e.dropKey(ctx, was.DKIM)
	e.hub.Publish(event.Lists{})
	if !g.On() {
		return delivery.DKIMRecord{}, nil
	}
	return dkim.Describe(g.DKIM, g.Record)
}

// signing finds or makes the key for a domain and a selector. keep stores it.
func (e *Engine) signing(d delivery.DKIM, key string) (g store.Signing, keep func() error, err error) {
	k, ok := e.secrets.(keys)
	if !ok {
		return g, nil, &delivery.Error{Op: "dkim", Kind: delivery.KindLater, Detail: "keys"}
	}
	if d.Domain, d.Selector, err = dkim.CheckNames(d.Domain, d.Selector); err != nil {
		return g, nil, err
	}
	name := dkim.RecordName(d.Domain, d.Selector)
	if kept := ""; key == "" {
		kept, err = k.Key(name)
		switch {
		case err == nil:
			s, err := dkim.New(kept, d.Domain, d.Selector)
			if err != nil {
				return g, nil, err
			}
			if d.Algorithm != "" && d.Algorithm != s.Algorithm() {
				// Another key under this name would break the signatures of
				// whatever is under way.
				return g, nil, &delivery.Error{Op: "dkim", Kind: delivery.KindInvalid, Field: "dkim.algorithm", Detail: string(s.Algorithm())}
			}
			key = kept
		case !delivery.Is(err, delivery.KindSigning):
			return g, nil, err
		default:
			if d.Algorithm == "" {
				d.Algorithm = delivery.DKIMRSA
			}
			if key, err = dkim.Generate(d.Algorithm); err != nil {
				return g, nil, err
			}
		}
	}
	s, err := dkim.New(key, d.Domain, d.Selector)
	if err != nil {
		return g, nil, err
	}
	d.Algorithm = s.Algorithm()
	text, err := s.Record()
	if err != nil {
		return g, nil, err
	}
	return store.Signing{DKIM: d, Record: text}, func() error { return k.SetKey(name, key) }, nil
}

// dropKey removes the key of settings that nobody uses any more.
func (e *Engine) dropKey(ctx context.Context, was delivery.DKIM) {
	k, ok := e.secrets.(keys)
	if !ok || !was.On() {
		return
	}
	used, err := e.store.KeyUsed(ctx, was.Domain, was.Selector)
	if err == nil && !used {
		err = k.SetKey(dkim.RecordName(was.Domain, was.Selector), "")
	}
	if err != nil {
		e.log.Warn("a key could not be removed", "error", err)
	}
}

// signers keeps the keys of accounts that are sending. Its zero value is ready
// to use, and it is safe for concurrent use.
type signers struct {
	mu     sync.RWMutex
	of     map[int64]*dkim.Signer // nil for an account that does not sign
	change int                    // counts forget
}

// forget has the settings of all accounts read again.
func (s *signers) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.of)
	s.change++
}

// signer returns the signer of an account, nil when it does not sign. A key that
// is not at hand is an error each time: a message that should be signed does not
// leave unsigned.
func (e *Engine) signer(ctx context.Context, account int64) (*dkim.Signer, error) {
	e.signers.mu.RLock()
	s, known := e.signers.of[account]
	change := e.signers.change
	e.signers.mu.RUnlock()
	if known {
		return s, nil
	}
	g, err := e.store.Signing(ctx, account)
	if err != nil {
		return nil, err
	}
	if g.On() {
		if s, err = e.unlock(g); err != nil {
			return nil, err
		}
	}
	e.signers.mu.Lock()
	defer e.signers.mu.Unlock()
	if change == e.signers.change {
		if e.signers.of == nil {
			e.signers.of = map[int64]*dkim.Signer{}
		}
		e.signers.of[account] = s
	}
	return s, nil
}

// unlock fetches the key of settings and holds it against the record that was
// published for it.
func (e *Engine) unlock(g store.Signing) (*dkim.Signer, error) {
	k, ok := e.secrets.(keys)
	if !ok {
		return nil, &delivery.Error{Op: "sign", Kind: delivery.KindSigning, Detail: dkim.RecordName(g.Domain, g.Selector)}
	}
	key, err := k.Key(dkim.RecordName(g.Domain, g.Selector))
	if err != nil {
		return nil, err
	}
	s, err := dkim.New(key, g.Domain, g.Selector)
	if err != nil {
		return nil, err
	}
	if text, err := s.Record(); err != nil || text != g.Record {
		return nil, &delivery.Error{Op: "sign", Kind: delivery.KindSigning, Detail: s.Name(), Err: err}
	}
	return s, nil
}

// signature tells how a message was signed or will be: zero when it was not, or
// when its account has signed otherwise since.
func (e *Engine) signature(ctx context.Context, account int64, m *delivery.Message) (delivery.DKIM, error) {
	g, err := e.store.Signing(ctx, account)
	if n := len(m.Attempts); n > 0 && m.Attempts[n-1].At.Before(g.Since) {
		return delivery.DKIM{}, err
	}
	return g.DKIM, err
}
