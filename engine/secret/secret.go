package secret

import (
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
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

// Keyring is what a Store needs of the operating system.
type Keyring interface {
	Set(service, user, password string) error
	Get(service, user string) (string, error)
}

// Store keeps passwords. Make one with New or NewWith.
type Store struct {
	ring  Keyring
	env   func(string) (string, bool)
	limit time.Duration
}

// New returns a Store over the keyring of the operating system and the
// environment of this process.
func New() *Store { return NewWith(system{}, os.LookupEnv, limit) }

// NewWith returns a Store over a given keyring and environment; ring may be nil
// where there is none.
func NewWith(ring Keyring, env func(string) (string, bool), limit time.Duration) *Store {
	return &Store{ring: ring, env: env, limit: limit}
}

// system is the keyring of the operating system.
type system struct{}

func (system) Set(service, user, password string) error { return keyring.Set(service, user, password) }
func (system) Get(service, user string) (string, error) { return keyring.Get(service, user) }

// Set keeps the password of an account in the keyring. KindPassword when there
// is no keyring: then only the environment variable that the account names can
// help (Field: the account, Detail: the variable).
func (s *Store) Set(a delivery.Account, password string) error {
	_, err := s.ask(func() (string, error) { return "", s.ring.Set(service, entry(a), password) })
	if err != nil {
		return missing("set_password", a, err)
	}
	return nil
}

// Get returns the password of an account: from the environment variable that
// the account names, if that is set, else from the keyring. KindPassword when
// neither has it (Field: the account, Detail: the variable).
func (s *Store) Get(a delivery.Account) (string, error) {
	if a.PasswordEnv != "" {
		if p, ok := s.env(a.PasswordEnv); ok && p != "" {
			return p, nil
		}
	}
	p, err := s.ask(func() (string, error) { return s.ring.Get(service, entry(a)) })
	if err != nil {
		return "", missing("get_password", a, err)
	}
	return p, nil
}

// ask gives the keyring its time. A call that outlasts it is abandoned; its
// answer is dropped.
func (s *Store) ask(call func() (string, error)) (string, error) {
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
	t := time.NewTimer(s.limit)
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
func entry(a delivery.Account) string {
	return a.User + "@" + net.JoinHostPort(strings.ToLower(a.Host), strconv.Itoa(a.Port))
}

func missing(op string, a delivery.Account, cause error) error {
	return &delivery.Error{Op: op, Kind: delivery.KindPassword, Field: a.Name, Detail: a.PasswordEnv, Err: cause}
}
