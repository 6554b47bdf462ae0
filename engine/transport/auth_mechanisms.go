package transport

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/xdg-go/scram"
)

// Names of mechanisms that go-sasl does not know.
const (
	scramSHA256 = "SCRAM-SHA-256"
	scramPlus   = "SCRAM-SHA-256-PLUS"
	xoauth2     = "XOAUTH2"
)

// maxIterations is how much work a relay may ask for: a second or so. Without a
// bound a hostile one keeps us busy for hours.
const maxIterations = 1 << 21

var errAsked = errors.New("the relay asks on")

// login is LOGIN. Relays word its two questions as they like; the order is fixed.
type login struct{ answers []string }

func (l *login) Start() (string, []byte, error) { return sasl.Login, nil, nil }

func (l *login) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, errAsked
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}

// bearer is OAUTHBEARER (RFC 7628) and XOAUTH2, which Google and Microsoft had
// before it. The relay says no with a challenge, which an answer without meaning
// turns into its refusal.
type bearer struct {
	name    string
	config  Config
	refused string
}

func (b *bearer) refusal() string { return b.refused }

func (b *bearer) Start() (string, []byte, error) {
	c := b.config
	if b.name == xoauth2 {
		return b.name, []byte("user=" + c.User + "\x01auth=Bearer " + c.Token + "\x01\x01"), nil
	}
	user := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(c.User) // saslname, RFC 5801 section 4
	return b.name, []byte("n,a=" + user + ",\x01host=" + c.Host + "\x01port=" + strconv.Itoa(c.Port) + "\x01auth=Bearer " + c.Token + "\x01\x01"), nil
}

func (b *bearer) Next(challenge []byte) ([]byte, error) {
	if b.refused != "" {
		return nil, errAsked
	}
	var said struct {
		Status string `json:"status"`
	}
	_ = json.Unmarshal(challenge, &said) // it is a refusal whatever it says
	b.refused = "refused " + clean(said.Status)
	if b.name == xoauth2 {
		return []byte{}, nil
	}
	return []byte{1}, nil // RFC 7628 section 3.2.3
}

// none binds no channel.
var none = scram.ChannelBinding{}

// binding is what SCRAM can bind of a TLS connection: tls-exporter with TLS 1.3
// (RFC 9266), tls-unique before (RFC 5929). Sessions are never resumed nor
// renegotiated, which is what breaks tls-unique.
func binding(state *tls.ConnectionState) (scram.ChannelBinding, bool) {
	switch {
	case state == nil:
		return none, false
	case state.Version >= tls.VersionTLS13:
		b, err := scram.NewTLSExporterBinding(state)
		return b, err == nil && b.IsSupported()
	case len(state.TLSUnique) > 0:
		return scram.NewTLSUniqueBinding(state.TLSUnique), true
	}
	return none, false
}

// scramClient is SCRAM-SHA-256 with and without channel binding.
type scramClient struct {
	name         string
	conversation *scram.ClientConversation
	err          error
	answered     bool
	refused      string
}

func (s *scramClient) refusal() string { return s.refused }

// newScram prepares a conversation: with a binding, or without one and, when
// could is set, saying that there could have been one.
func newScram(c Config, name string, bound scram.ChannelBinding, could bool) *scramClient {
	var hash scram.HashGeneratorFcn = func() hash.Hash { return sha256.New() }
	client, err := hash.NewClient(c.User, c.Password, "")
	if err != nil {
		// SASLprep forbids it; the relay may have taken it all the same.
		if client, err = hash.NewClientUnprepped(c.User, c.Password, ""); err != nil {
			return &scramClient{name: name, err: err}
		}
	}
	switch {
	case bound.IsSupported():
		return &scramClient{name: name, conversation: client.NewConversationWithChannelBinding(bound)}
	case could:
		return &scramClient{name: name, conversation: client.NewConversationAdvertisingChannelBinding()}
	}
	return &scramClient{name: name, conversation: client.NewConversation()}
}

func (s *scramClient) Start() (string, []byte, error) {
	if s.err != nil {
		return s.name, nil, s.err
	}
	first, err := s.conversation.Step("")
	return s.name, []byte(first), err
}

func (s *scramClient) Next(challenge []byte) ([]byte, error) {
	message := string(challenge)
	if s.refused != "" {
		return nil, errAsked
	}
	if reason, refused := strings.CutPrefix(message, "e="); refused {
		// RFC 5802 section 7, such as "invalid-proof" for a wrong password.
		// The reply to an empty answer is the relay's word on it.
		s.refused = clean(reason)
		return []byte{}, nil
	}
	if !s.answered {
		if err := bearable(message); err != nil {
			return nil, err
		}
	}
	answer, err := s.conversation.Step(message)
	if err != nil {
		return nil, err
	}
	s.answered = true
	return []byte(answer), nil
}

// bearable refuses a first message that asks for too much work.
func bearable(first string) error {
	for field := range strings.SplitSeq(first, ",") {
		n, ok := strings.CutPrefix(field, "i=")
		if !ok {
			continue
		}
		if i, err := strconv.Atoi(n); err != nil || i > maxIterations {
			return fmt.Errorf("%s iterations", n)
		}
	}
	return nil
}

// proved holds when the relay showed that it knows the password, which somebody
// in between does not.
func (s *scramClient) proved() error {
	if !s.conversation.Valid() {
		return errors.New("the relay did not prove that it knows the password")
	}
	return nil
}
