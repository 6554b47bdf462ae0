package sandbox

import (
	"errors"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Shares are the fractions of all addresses, 0 to 1 each and together, that do
// not simply accept. The zero value means DefaultShares; for a world without any
// trouble set AllAccept.
type Shares struct {
	AllAccept  bool
	Unknown    float64 // 550 5.1.1, always
	Disabled   float64 // 550 5.2.1, always
	Full       float64 // 552 5.2.2, always
	FullForNow float64 // 452 4.2.2 to the first two attempts
	Greylisted float64 // 451 4.7.1 at first contact and for a while after it
}

// DefaultShares are what a list that has not been cleaned for a year looks like,
// mild enough that a demonstration stays mostly green.
func DefaultShares() Shares {
	return Shares{Unknown: 0.012, Disabled: 0.003, Full: 0.003, FullForNow: 0.004, Greylisted: 0.008}
}

func (s Shares) valid() error {
	sum := 0.0
	for _, f := range []float64{s.Unknown, s.Disabled, s.Full, s.FullForNow, s.Greylisted} {
		if f < 0 || math.IsNaN(f) {
			return errShares
		}
		sum += f
	}
	if sum > 1 {
		return errShares
	}
	return nil
}

var errShares = errors.New("shares must be 0 to 1 together")

// manner is how a mailbox behaves.
type manner int

const (
	accepts manner = iota
	unknown
	disabled
	full
	fullForNow
	greylists
)

// mannerOf is a pure function of its arguments: the same address behaves the
// same in every run with the same seed.
func (s Shares) mannerOf(seed uint64, key string) manner {
	if s.AllAccept {
		return accepts
	}
	u := uniform(seed, key)
	for _, c := range []struct {
		share float64
		manner
	}{{s.Unknown, unknown}, {s.Disabled, disabled}, {s.Full, full}, {s.FullForNow, fullForNow}, {s.Greylisted, greylists}} {
		if u < c.share {
			return c.manner
		}
		u -= c.share
	}
	return accepts
}

// uniform maps an address to [0, 1): FNV-1a, then the finisher of SplitMix64,
// since FNV alone leaves the upper bits of short keys uneven.
func uniform(seed uint64, key string) float64 {
	h := uint64(14695981039346656037) ^ seed*0x9e3779b97f4a7c15
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	h ^= h >> 31
	return float64(h>>11) / (1 << 53)
}

// fullAttempts is how often a mailbox that is full for now says so.
const fullAttempts = 2

// maxMemory bounds how many mailboxes are remembered; past it, those that would
// have to be remembered accept.
const maxMemory = 1 << 20

// mailboxes remembers the contacts of those mailboxes whose answer depends on
// them.
type mailboxes struct {
	seed   uint64
	shares Shares
	grey   time.Duration
	now    func() time.Time

	mu   sync.Mutex
	seen map[string]contact
}

type contact struct {
	attempts int
	first    time.Time
}

// answer is what RCPT TO gets: nil is acceptance.
func (m *mailboxes) answer(address string) (manner, *smtp.SMTPError) {
	key := strings.ToLower(address)
	how := m.shares.mannerOf(m.seed, key)
	switch how {
	case unknown:
		return how, &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such mailbox here"}
	case disabled:
		return how, &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 1}, Message: "Mailbox is disabled"}
	case full:
		return how, &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "Mailbox is full"}
	case fullForNow:
		if c, ok := m.contact(key); ok && c.attempts <= fullAttempts {
			return how, &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "Mailbox is full, try again later"}
		}
	case greylists:
		if c, ok := m.contact(key); ok && (c.attempts == 1 || m.now().Sub(c.first) < m.grey) {
			return how, &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted, try again later"}
		}
	}
	return accepts, nil
}

// contact counts an attempt and reports whether there is room to remember it.
func (m *mailboxes) contact(key string) (contact, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.seen[key]
	if !ok {
		if len(m.seen) >= maxMemory {
			return contact{}, false
		}
		c.first = m.now()
	}
	c.attempts++
	m.seen[key] = c
	return c, true
}
