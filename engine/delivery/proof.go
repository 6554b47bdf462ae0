package delivery

import "time"

// MaxProof is how many addresses one proof goes to at most.
const MaxProof = 100

// ProofAddress is where a proof goes. As is the profile whose values it shows; 0:
// the profile with that address when there is one, else the first of the audience.
type ProofAddress struct {
	Address string
	As      int64
}

// ProofOutcome is what became of a proof at one address.
type ProofOutcome string

// Outcomes. A crash makes under way in doubt and waiting not sent; no proof is ever
// sent a second time by itself.
const (
	ProofWaiting  ProofOutcome = "waiting"   // not begun yet
	ProofUnderWay ProofOutcome = "under_way" // its final dot may have been written
	ProofAccepted ProofOutcome = "accepted"
	ProofRefused  ProofOutcome = "refused"  // by the relay, for now (4xx) or for good
	ProofInDoubt  ProofOutcome = "in_doubt" // nobody can know
	ProofNotSent  ProofOutcome = "not_sent" // nothing was said about it; Kind says why
)

// ProofMessage is a proof at one address. What Code, Enhanced and Reply say is the
// relay's; Kind and Detail are those of an Error when no reply decided.
type ProofMessage struct {
	Seq      int // 1… within the proof
	Address  string
	As       string // address of the person whose values it shows; empty: a made-up person
	Outcome  ProofOutcome
	At       time.Time
	Code     int
	Enhanced string
	Reply    string
	Kind     Kind
	Detail   string
}

// Proof is a test of a delivery that was sent to some addresses. It counts nowhere
// but in the limits of its account.
type Proof struct {
	Delivery ID
	Number   int // 1… within the delivery, as its subject tells
	At       time.Time
	By       string
	Content  string // hash of the content that was sent: PartHash of PartContent
	Account  int64
	Messages []ProofMessage
}

// Count is the number of addresses with an outcome.
func (p Proof) Count(o ProofOutcome) int {
	n := 0
	for _, m := range p.Messages {
		if m.Outcome == o {
			n++
		}
	}
	return n
}

// ContentHash is the hash of the content as it is now.
func (v View) ContentHash() string { return PartHash(PartContent, v.Draft, v.Account) }

// Of reports whether a proof is one of the content that a delivery has now.
func (p Proof) Of(v View) bool { return p.Content == v.ContentHash() }

// Proven returns the newest proof of the content with that hash which a relay has
// taken for one address at least; false when there is none.
func Proven(proofs []Proof, content string) (Proof, bool) {
	var last Proof
	for _, p := range proofs {
		if p.Content == content && p.Number > last.Number && p.Count(ProofAccepted) > 0 {
			last = p
		}
	}
	return last, last.Number > 0
}
