package secret_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sendoff/engine/delivery"
	"sendoff/engine/secret"
)

// memory is a keyring in memory.
type memory struct {
	mu sync.Mutex
	m  map[string]string
}

func (k *memory) Set(service, user, password string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil {
		k.m = map[string]string{}
	}
	k.m[service+"\x00"+user] = password
	return nil
}

func (k *memory) Delete(service, user string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.m, service+"\x00"+user)
	return nil
}

func (k *memory) Get(service, user string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.m[service+"\x00"+user]
	if !ok {
		return "", errors.New("not found")
	}
	return p, nil
}

func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

var relay = delivery.Account{ID: 2, Name: "work", Host: "mail.acme.example", Port: 587, User: "news", PasswordEnv: "ACME_SMTP"}

func TestKeyring(t *testing.T) {
	ring := &memory{}
	s := secret.NewWith(ring, environment(), time.Second, nil)
	if err := s.Set(relay, "s3cret"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Get(relay); err != nil || p != "s3cret" {
		t.Errorf("got %q, %v", p, err)
	}
	// The same number in another workspace is another relay.
	other := relay
	other.Host = "mail.other.example"
	if p, err := s.Get(other); err == nil {
		t.Errorf("another relay got the password %q", p)
	}
	// The same relay and user is the same password, whatever the account is called.
	renamed := relay
	renamed.ID, renamed.Name, renamed.Host = 9, "home", "MAIL.acme.example"
	if p, err := s.Get(renamed); err != nil || p != "s3cret" {
		t.Errorf("renamed: %q, %v", p, err)
	}
}

func TestEnvironment(t *testing.T) {
	// The variable that an account names outranks the keyring: it is set on
	// purpose, by whoever starts the program.
	ring := &memory{}
	s := secret.NewWith(ring, environment("ACME_SMTP", "from-env", "OTHER", "x"), time.Second, nil)
	if err := s.Set(relay, "from-ring"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Get(relay); err != nil || p != "from-env" {
		t.Errorf("got %q, %v", p, err)
	}
	// An empty variable is no password; neither is one that is not named.
	for _, env := range [][]string{{"ACME_SMTP", ""}, {"OTHER", "x"}} {
		s := secret.NewWith(ring, environment(env...), time.Second, nil)
		if p, err := s.Get(relay); err != nil || p != "from-ring" {
			t.Errorf("%v: %q, %v", env, p, err)
		}
	}
	// Without a keyring the environment alone is asked.
	s = secret.NewWith(nil, environment("ACME_SMTP", "from-env"), time.Second, nil)
	if p, err := s.Get(relay); err != nil || p != "from-env" {
		t.Errorf("no keyring: %q, %v", p, err)
	}
}

func TestMissingNamesTheVariable(t *testing.T) {
	for name, s := range map[string]*secret.Store{
		"empty keyring": secret.NewWith(&memory{}, environment(), time.Second, nil),
		"no keyring":    secret.NewWith(nil, environment(), time.Second, nil),
	} {
		_, err := s.Get(relay)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindPassword || e.Detail != "ACME_SMTP" || e.Field != "work" {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := secret.NewWith(nil, environment(), time.Second, nil).Set(relay, "s3cret")
	if !delivery.Is(err, delivery.KindPassword) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("set without a keyring: %v", err)
	}
}

// stuck is a keyring that waits for a person who is not there.
type stuck struct{ done chan struct{} }

func (k stuck) Set(_, _, _ string) error        { <-k.done; return nil }
func (k stuck) Delete(_, _ string) error        { <-k.done; return nil }
func (k stuck) Get(_, _ string) (string, error) { <-k.done; return "late", nil }

func TestTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := stuck{make(chan struct{})}
		s := secret.NewWith(k, environment(), 20*time.Second, nil)
		for name, call := range map[string]func() error{
			"get": func() error { _, err := s.Get(relay); return err },
			"set": func() error { return s.Set(relay, "x") },
		} {
			start := time.Now()
			if err := call(); !delivery.Is(err, delivery.KindPassword) {
				t.Errorf("%s: %v", name, err)
			}
			if d := time.Since(start); d != 20*time.Second {
				t.Errorf("%s took %v", name, d)
			}
		}
		close(k.done)
	})
}
