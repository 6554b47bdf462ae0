package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-smtp"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// vault is a place for passwords and keys in memory.
type vault struct {
	safe
	mu   sync.Mutex
	keys map[string]string
}

func (v *vault) SetKey(name, key string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys[name] = key; key == "" {
		delete(v.keys, name)
	}
	return nil
}

func (v *vault) Key(name string) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if key, ok := v.keys[name]; ok {
		return key, nil
	}
	return "", &delivery.Error{Kind: delivery.KindSigning, Detail: name}
}

func (v *vault) names() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Sorted(maps.Keys(v.keys))
}

// mailbox is a receiver that keeps what it gets, by recipient.
type mailbox struct {
	mu  sync.Mutex
	got map[string][]byte
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{box: m}, nil }

type visit struct {
	box *mailbox
	to  string
}

func (v *visit) Mail(string, *smtp.MailOptions) error      { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error { v.to = to; return nil }
func (v *visit) Reset()                                    {}
func (v *visit) Logout() error                             { return nil }
func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.box.mu.Lock()
	defer v.box.mu.Unlock()
	v.box.got[v.to] = b
	return err
}

func (m *mailbox) all() map[string][]byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.got)
}

// receive starts a mailbox and returns the account that leads to it.
func receive(t *testing.T) (*mailbox, delivery.Account) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &mailbox{got: map[string][]byte{}}
	s := smtp.NewServer(box)
	s.Domain = "mx.post.example"
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return box, delivery.Account{Name: "Relay", Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Security: delivery.SecurityNone, Connections: 2}
}

// signingWork is a delivery over n people through a relay that keeps what it gets.
func signingWork(t *testing.T, n int) (*work, *vault, *mailbox, delivery.Account) {
	t.Helper()
	v := &vault{safe: safe{}, keys: map[string]string{}}
	e, err := engine.Open(t.Context(), engine.Options{Dir: t.TempDir(), Operator: "Marieke", TrainingLatency: -1, Secrets: v})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	w := &work{TB: t, Engine: e, who: access.Principal{Operator: 1}}
	box, a := receive(t)
	if a, err = e.AddAccount(t.Context(), w.who, a, ""); err != nil {
		t.Fatal(err)
	}
	people, err := e.Import(t.Context(), w.who, engine.ImportRequest{File: csv(t, n), Name: "People"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if w.id, err = e.CreateDelivery(t.Context(), w.who, delivery.Draft{Label: "Test", Audience: people.Audience.ID, Account: a.ID, Content: delivery.Content{
		From: "Acme <news@acme.example>", Subject: "Hello {{ first_name }}", HTML: "<p>Dear {{ first_name }},  é</p>"}}); err != nil {
		t.Fatal(err)
	}
	return w, v, box, a
}

// verified is what go-msgauth says of the signatures of a message.
func verified(t *testing.T, r delivery.DKIMRecord, message []byte) error {
	t.Helper()
	vs, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if name != r.Name {
			return nil, fmt.Errorf("asked for %s", name)
		}
		return []string{r.Text}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(vs) != 1 {
		return fmt.Errorf("%d signatures", len(vs))
	}
	return vs[0].Err
}

// What leaves is signed, and but for that and its Date it is what the plan sealed.
func TestWhatLeavesIsSigned(t *testing.T) {
	for _, algorithm := range []delivery.DKIMAlgorithm{delivery.DKIMRSA, delivery.DKIMEd25519} {
		t.Run(string(algorithm), func(t *testing.T) {
			w, _, box, a := signingWork(t, 20)
			r, err := w.SetDKIM(t.Context(), w.who, a.ID, delivery.DKIM{Domain: "Acme.example.", Selector: "news1", Algorithm: algorithm}, "")
			if err != nil {
				t.Fatal(err)
			}
			if r.Name != "news1._domainkey.acme.example" || r.Algorithm != algorithm || r.Weak {
				t.Errorf("%+v", r)
			}
			w.confirm()
			before, err := w.Message(t.Context(), w.id, 1)
			if err != nil || before.DKIM != r.DKIM {
				t.Errorf("before it leaves: %+v, %v", before.DKIM, err)
			}
			w.Run()
			w.until(delivery.Finished)
			got := box.all()
			if len(got) != 20 {
				t.Fatalf("%d messages", len(got))
			}
			for to, b := range got {
				if err := verified(t, r, b); err != nil {
					t.Errorf("%s: %v\n%s", to, err, b)
				}
			}
			m, err := w.Message(t.Context(), w.id, 7)
			if err != nil || m.DKIM != r.DKIM || !m.Sealed {
				t.Fatalf("%+v, %v, sealed %v", m.DKIM, err, m.Sealed)
			}
			_, shown, _ := bytes.Cut(m.Raw, []byte("\r\n"))
			left := got[m.Address]
			if !bytes.HasPrefix(left, []byte("DKIM-Signature: ")) || !bytes.HasSuffix(left, shown) {
				t.Errorf("left\n%s\nshown\n%s", left, m.Raw)
			}
			if _, err := w.SetDKIM(t.Context(), w.who, a.ID, delivery.DKIM{}, ""); err != nil {
				t.Fatal(err)
			}
			if m, err = w.Message(t.Context(), w.id, 7); err != nil || m.DKIM.On() {
				t.Errorf("after it was switched off: %+v, %v", m.DKIM, err)
			}
		})
	}
}

// Without its key a message that is to be signed does not leave.
func TestNothingLeavesUnsigned(t *testing.T) {
	for what, change := range map[string]func(*vault, string){
		"the key is lost":       func(v *vault, name string) { v.SetKey(name, "") },
		"it is another key":     func(v *vault, name string) { v.SetKey(name, otherKey) },
		"it is no key any more": func(v *vault, name string) { v.SetKey(name, "nonsense") },
	} {
		t.Run(what, func(t *testing.T) {
			w, v, box, a := signingWork(t, 5)
			r, err := w.SetDKIM(t.Context(), w.who, a.ID, delivery.DKIM{Domain: "acme.example", Selector: "s", Algorithm: delivery.DKIMEd25519}, "")
			if err != nil {
				t.Fatal(err)
			}
			key, _ := v.Key(r.Name)
			change(v, r.Name)
			w.confirm()
			w.Run()
			p := w.until(delivery.Paused).Paused
			if p == nil || p.Kind != delivery.KindSigning && p.Kind != delivery.KindInvalid {
				t.Errorf("paused by %+v", p)
			}
			if n := len(box.all()); n != 0 {
				t.Errorf("%d messages left", n)
			}
			if err := v.SetKey(r.Name, key); err != nil {
				t.Fatal(err)
			}
			if err := w.Resume(t.Context(), w.who, w.id); err != nil {
				t.Fatal(err)
			}
			w.until(delivery.Finished)
			for to, b := range box.all() {
				if err := verified(t, r, b); err != nil {
					t.Errorf("%s: %v", to, err)
				}
			}
		})
	}
}

// otherKey is that of RFC 8463 appendix A.2.
const otherKey = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n"

func TestSettingsOfDKIM(t *testing.T) {
	w, v, _, a := signingWork(t, 1)
	set := func(account int64, d delivery.DKIM, key string) delivery.DKIMRecord {
		t.Helper()
		r, err := w.SetDKIM(t.Context(), w.who, account, d, key)
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := w.DKIM(t.Context(), account); err != nil || kept != r {
			t.Errorf("kept %+v, %v", kept, err)
		}
		return r
	}
	if r, err := w.DKIM(t.Context(), a.ID); err != nil || r != (delivery.DKIMRecord{}) {
		t.Errorf("a new account signs: %+v, %v", r, err)
	}
	one := delivery.DKIM{Domain: "acme.example", Selector: "one", Algorithm: delivery.DKIMEd25519}
	first := set(a.ID, one, "")
	if again := set(a.ID, one, ""); again != first {
		t.Errorf("a record that may be published became another: %+v, %+v", first, again)
	}
	b := a
	b.ID, b.Name = 0, "Second"
	b, err := w.AddAccount(t.Context(), w.who, b, "")
	if err != nil {
		t.Fatal(err)
	}
	if shared := set(b.ID, delivery.DKIM{Domain: "acme.example", Selector: "one"}, ""); shared != first {
		t.Errorf("the same selector, another record: %+v", shared)
	}
	imported := set(b.ID, delivery.DKIM{Domain: "acme.example", Selector: "one"}, otherKey)
	if imported.Text != "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" {
		t.Errorf("imported: %+v", imported)
	}
	if r, err := w.DKIM(t.Context(), a.ID); err != nil || r != imported {
		t.Errorf("the other account of the key has %+v, %v", r, err)
	}
	set(b.ID, delivery.DKIM{Domain: "acme.example", Selector: "two", Algorithm: delivery.DKIMRSA}, "")
	if got := strings.Join(v.names(), " "); got != "one._domainkey.acme.example two._domainkey.acme.example" {
		t.Errorf("keys %s", got)
	}
	set(b.ID, delivery.DKIM{}, "")
	if got := strings.Join(v.names(), " "); got != "one._domainkey.acme.example" {
		t.Errorf("keys %s", got)
	}
	for field, c := range map[string]struct {
		account int64
		d       delivery.DKIM
		key     string
	}{
		"dkim.domain":    {a.ID, delivery.DKIM{Domain: "acme", Selector: "s", Algorithm: delivery.DKIMRSA}, ""},
		"dkim.selector":  {a.ID, delivery.DKIM{Domain: "acme.example", Selector: "s s", Algorithm: delivery.DKIMRSA}, ""},
		"dkim.algorithm": {a.ID, delivery.DKIM{Domain: "acme.example", Selector: "one", Algorithm: delivery.DKIMRSA}, ""},
		"dkim.key":       {a.ID, one, "nonsense"},
		"account.kind":   {1, one, ""},
	} {
		_, err := w.SetDKIM(t.Context(), w.who, c.account, c.d, c.key)
		var e *delivery.Error
		if !errors.As(err, &e) || e.Kind != delivery.KindInvalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	joris, err := w.AddOperator(t.Context(), w.who, "Joris", access.Rights{access.Start})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SetDKIM(t.Context(), access.Principal{Operator: joris.ID}, a.ID, delivery.DKIM{}, ""); !delivery.Is(err, delivery.KindRight) {
		t.Errorf("without the right: %v", err)
	}
	if _, err := w.SetDKIM(t.Context(), w.who, 99, one, ""); !delivery.Is(err, delivery.KindNotFound) {
		t.Errorf("an account that is not there: %v", err)
	}
	if r, err := w.DKIM(t.Context(), a.ID); err != nil || r != imported {
		t.Errorf("a refusal changed %+v, %v", r, err)
	}
	if err := w.DeleteDelivery(t.Context(), w.who, w.id); err != nil {
		t.Fatal(err)
	}
	if err := w.DeleteAccount(t.Context(), w.who, a.ID); err != nil {
		t.Fatal(err)
	}
	if got := v.names(); len(got) != 0 {
		t.Errorf("the account is gone, its keys are not: %q", got)
	}
}

// A place for passwords alone cannot keep keys.
func TestNoPlaceForKeys(t *testing.T) {
	o := newOffice(t)
	a := o.add("Office")
	if _, err := o.SetDKIM(t.Context(), o.who, a.ID, delivery.DKIM{Domain: "acme.example", Selector: "s", Algorithm: delivery.DKIMRSA}, ""); !delivery.Is(err, delivery.KindLater) {
		t.Errorf("%v", err)
	}
}
