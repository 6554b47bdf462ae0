package secret

import (
	"errors"

	"github.com/zalando/go-keyring"

	"sendoff/engine/delivery"
)

// keyEntry names a private key. As with passwords it is what the key is for, not
// the number of an account. No relay has such a user: a host's port follows the
// colon there.
func keyEntry(name string) string { return "dkim:" + name }

// SetKey keeps a private key, given as PEM, under the DNS name of its record: in
// the keyring or, where there is none or it has no room for it, in the encrypted
// file. An empty one is forgotten. KindPassphrase when that is closed ("locked")
// or not there yet ("new"); the environment's passphrase opens it or makes it.
func (s *Store) SetKey(name, key string) error {
	if key == "" {
		return s.forgetKey(name)
	}
	_, err := s.ask(s.limit, func() (string, error) { return "", s.ring.Set(service, keyEntry(name), key) })
	switch {
	case err == nil:
		return nil
	case s.file == nil:
		return noKey("set_key", name, err)
	}
	err = s.file.Set(keyEntry(name), key)
	if delivery.Is(err, delivery.KindPassphrase) {
		if phrase, set := s.env(Passphrase); set {
			if err := s.file.Open(phrase); err != nil {
				return err
			}
			return s.file.Set(keyEntry(name), key)
		}
	}
	return err
}

// Key returns a private key. KindPassphrase ("locked") when only the encrypted
// file may have it and that is closed; KindSigning (Detail: the name) when it is
// nowhere.
func (s *Store) Key(name string) (string, error) {
	key, err := s.ask(s.limit, func() (string, error) { return s.ring.Get(service, keyEntry(name)) })
	if err == nil {
		return key, nil
	}
	if s.file != nil {
		key, ok, ferr := s.fromFile(keyEntry(name))
		if ok || ferr != nil {
			return key, ferr
		}
	}
	if errors.Is(err, keyring.ErrNotFound) {
		err = nil // which is all there is to say
	}
	return "", noKey("get_key", name, err)
}

// forgetKey removes a private key from wherever it is.
func (s *Store) forgetKey(name string) error {
	_, err := s.ask(s.limit, func() (string, error) { return "", s.ring.Delete(service, keyEntry(name)) })
	if s.file == nil {
		return nil
	}
	if _, ok, _ := s.file.Get(keyEntry(name)); ok {
		return s.file.Set(keyEntry(name), "")
	}
	if errors.Is(err, errSilent) {
		return noKey("forget_key", name, err)
	}
	return nil
}

func noKey(op, name string, cause error) error {
	return &delivery.Error{Op: op, Kind: delivery.KindSigning, Detail: name, Err: cause}
}
