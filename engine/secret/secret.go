package secret

import (
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"sendoff/engine/delivery"
)

// service is the name under which the keyring shows our entries.
const service = "Sendoff"

// limit is how long a keyring may take. It is long enough for a person to unlock
// it; a machine without one answers at once or never.
const limit = 20 * time.Second

// errSilent says that the keyring did not answer within the limit.
var errSilent = errors.New("the keyring does not answer")

// probe is how long it may take to find out whether there is a keyring.
const probe = 3 * time.Second

// Keyring is what a Store needs of the operating system. Get of an entry that is
// not there is keyring.ErrNotFound.
type Keyring interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// Store keeps passwords. Make one with New or NewWith.
type Store struct {
	ring  Keyring
	env   func(string) (string, bool)
	limit time.Duration
	file  *File

	once   sync.Once
	exists bool // there is a keyring that answers
}

// New returns a Store over the keyring of the operating system, the environment
// of this process and the encrypted file of a workspace.
func New(dir string) *Store { return NewWith(system{}, os.LookupEnv, limit, NewFile(dir, 0)) }

// NewWith returns a Store over a given keyring, environment and file; ring and
// file may be nil where there is none.
func NewWith(ring Keyring, env func(string) (string, bool), limit time.Duration, file *File) *Store {
	return &Store{ring: ring, env: env, limit: limit, file: file}
}

// system is the keyring of the operating system.
type system struct{}

func (system) Set(service, user, password string) error { return keyring.Set(service, user, password) }
func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (system) Delete(service, user string) error        { return keyring.Delete(service, user) }

// Set keeps the password of an account in the keyring or, where there is none, in
// the encrypted file, which SENDOFF_PASSPHRASE opens. KindPassphrase when that is
// closed ("locked") or not there yet ("new").
func (s *Store) Set(a delivery.Account, password string) error {
	_, err := s.ask(s.limit, func() (string, error) { return "", s.ring.Set(service, entry(a), password) })
	switch {
	case err == nil:
		return nil
	case s.file == nil:
		return missing("set_password", a, err)
	}
	err = s.file.Set(entry(a), password)
	if phrase, set := s.env(Passphrase); set && delivery.Is(err, delivery.KindPassphrase) {
		// Nobody can be asked, and a refresh token has to be kept.
		if err := s.file.Open(phrase); err != nil {
			return err
		}
		return s.file.Set(entry(a), password)
	}
	return err
}

// Get returns the password of an account: from the environment variable that
// the account names, if that is set, else from the keyring, else from the
// encrypted file. KindPassphrase ("locked") when only that may have it and it is
// closed; KindPassword when none has it (Field: the account, Detail: the
// variable).
func (s *Store) Get(a delivery.Account) (string, error) {
	if a.PasswordEnv != "" {
		if p, ok := s.env(a.PasswordEnv); ok && p != "" {
			return p, nil
		}
	}
	p, err := s.ask(s.limit, func() (string, error) { return s.ring.Get(service, entry(a)) })
	if err == nil {
		return p, nil
	}
	if s.file != nil {
		p, ok, ferr := s.fromFile(entry(a))
		if ok || ferr != nil {
			return p, ferr
		}
	}
	return "", missing("get_password", a, err)
}

// Passphrase is the variable that opens the encrypted file where nobody can be
// asked.
const Passphrase = "SENDOFF_PASSPHRASE"

func (s *Store) fromFile(entry string) (string, bool, error) {
	p, ok, err := s.file.Get(entry)
	if delivery.Is(err, delivery.KindPassphrase) {
		if phrase, set := s.env(Passphrase); set {
			if err := s.file.Open(phrase); err != nil {
				return "", false, err
			}
			return s.file.Get(entry)
		}
	}
	return p, ok, err
}

// Forget removes the password of an account from wherever it is.
func (s *Store) Forget(a delivery.Account) error {
	_, err := s.ask(s.limit, func() (string, error) { return "", s.ring.Delete(service, entry(a)) })
	if s.file == nil {
		return nil
	}
	if _, ok, _ := s.file.Get(entry(a)); ok {
		return s.file.Set(entry(a), "")
	}
	if errors.Is(err, errSilent) {
		return missing("forget_password", a, err)
	}
	return nil
}

// State tells where passwords can be kept. Whether there is a keyring is found
// out once.
func (s *Store) State() delivery.Passwords {
	s.once.Do(func() {
		_, err := s.ask(min(probe, s.limit), func() (string, error) { return s.ring.Get(service, "probe") })
		s.exists = err == nil || errors.Is(err, keyring.ErrNotFound)
	})
	p := delivery.Passwords{Keyring: s.exists}
	if s.file != nil {
		p.File, p.Open = s.file.State()
	}
	return p
}

// Open opens the encrypted file, or makes it. See File.Open.
func (s *Store) Open(passphrase string) error {
	if s.file == nil {
		return &delivery.Error{Op: "passwords", Kind: delivery.KindLater, Detail: "file"}
	}
	return s.file.Open(passphrase)
}

// ask gives the keyring its time. A call that outlasts it is abandoned; its
// answer is dropped.
func (s *Store) ask(limit time.Duration, call func() (string, error)) (string, error) {
	if s.ring == nil {
		return "", keyring.ErrUnsupportedPlatform
	}
	type answer struct {
		password string
		err      error
	}
	got := make(chan answer, 1)
	go func() {
		p, err := call()
		got <- answer{p, err}
	}()
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case a := <-got:
		return a.password, a.err
	case <-t.C:
		return "", errSilent
	}
}

// entry names what the password is for. It is the relay and the user, not the
// number of the account, which means another one in every workspace.
// An OAuth account's secret is another one than the password that an account of
// the same name there may have.
func entry(a delivery.Account) string {
	kind := ""
	if a.Auth == delivery.AuthOAuth {
		kind = "oauth:"
	}
	return kind + a.User + "@" + net.JoinHostPort(strings.ToLower(a.Host), strconv.Itoa(a.Port))
}

func missing(op string, a delivery.Account, cause error) error {
	return &delivery.Error{Op: op, Kind: delivery.KindPassword, Field: a.Name, Detail: a.PasswordEnv, Err: cause}
}
