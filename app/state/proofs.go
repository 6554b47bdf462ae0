package state

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sendoff/app/text"
	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
)

// Test is sending a proof: it is no transition of a delivery, so no table has it.
const Test delivery.Action = "test"

// testButtons offers a proof while there is something to try out that may change yet.
func testButtons(c *text.Catalog, in Input) []Button {
	v := in.View
	if in.ReadOnly != "" || !in.Operator.Rights.Has(access.Prepare) || v.Draft.Account == 0 || empty(v.Content) ||
		!slices.Contains(in.Allowed, delivery.Edit) && v.State != delivery.Confirmed {
		return nil
	}
	return []Button{{Action: Test, Label: c.T("proof.button"), Tip: c.T("proof.button_tip"), Weight: QuietButton}}
}

func empty(k delivery.Content) bool { return strings.TrimSpace(k.HTML+k.Text) == "" }

// ProofLine is one proof on the screen. Lines are what became of each address.
type ProofLine struct {
	Main  string
	Note  string
	Tone  Tone // of the note
	Title string
	Lead  string
	Lines []string
}

// ProofLines are the proofs of a delivery, the newest first.
func ProofLines(c *text.Catalog, v delivery.View) []ProofLine {
	now := v.ContentHash()
	var out []ProofLine
	for _, p := range v.Proofs {
		l := ProofLine{Main: c.T("proof.of_earlier", "n", p.Number), Note: c.T("proof.note", "outcome", ProofOutcome(c, p), "date", c.DateTime(p.At), "name", p.By),
			Title: c.T("proof.list_title", "n", p.Number), Tone: Quiet}
		if p.Content == now {
			l.Main = c.T("proof.of_this", "n", p.Number)
			if p.Count(delivery.ProofAccepted) < len(p.Messages) {
				l.Tone = Amber
			}
		}
		l.Lead = l.Note
		for _, m := range p.Messages {
			l.Lines = append(l.Lines, proofMessage(c, m))
		}
		out = append(out, l)
	}
	return out
}

// ProofOutcome says for how many addresses which end was reached.
func ProofOutcome(c *text.Catalog, p delivery.Proof) string {
	var parts []string
	for _, o := range []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofRefused, delivery.ProofInDoubt, delivery.ProofNotSent,
		delivery.ProofUnderWay, delivery.ProofWaiting} {
		if n := p.Count(o); n > 0 {
			parts = append(parts, c.N("proof.count."+string(o), int64(n)))
		}
	}
	return strings.Join(parts, ", ")
}

// proofMessage is what became of a proof at one address, and why.
func proofMessage(c *text.Catalog, m delivery.ProofMessage) string {
	said := c.T("proof.outcome." + string(m.Outcome))
	who := m.Address
	if m.As != "" && m.As != m.Address {
		who = c.T("proof.shows", "address", m.Address, "as", m.As)
	}
	why := ""
	switch {
	case m.Outcome == delivery.ProofAccepted:
	case m.Code != 0:
		why = strings.Join(strings.Fields(strconv.Itoa(m.Code)+" "+m.Enhanced+" "+m.Reply), " ")
	case m.Outcome == delivery.ProofNotSent && m.Kind != "":
		why = c.Reason(m.Kind, m.Detail)
	}
	if why == "" {
		return c.T("proof.line", "address", who, "outcome", said)
	}
	return c.T("proof.line_why", "address", who, "outcome", said, "why", why)
}

// proofRow says in the confirm dialog whether what leaves was tried out.
func proofRow(c *text.Catalog, v delivery.View) ConfirmRow {
	r := ConfirmRow{Label: c.T("confirm.proof"), Value: c.T("confirm.no_proof"), Tone: Amber}
	content := v.Plan.Parts[delivery.PartContent]
	p, ok := delivery.Proven(v.Proofs, content)
	if !ok {
		if len(v.Proofs) > 0 {
			r.Note = c.T("confirm.proof_earlier")
		}
		if v.Account.Training() {
			r.Tone = Neutral
		}
		return r
	}
	n := int64(p.Count(delivery.ProofAccepted))
	r.Tone, r.Value, r.Note = Neutral, c.N("confirm.proof_sent", n, "number", p.Number), c.T("confirm.proof_when", "date", c.DateTime(p.At))
	if n < int64(len(p.Messages)) {
		r.Note = c.T("confirm.proof_part", "date", c.DateTime(p.At), "outcome", ProofOutcome(c, p))
	}
	r.Lead = c.T("proof.note", "outcome", ProofOutcome(c, p), "date", c.DateTime(p.At), "name", p.By)
	for _, m := range p.Messages {
		r.Lines = append(r.Lines, proofMessage(c, m))
	}
	return r
}

// TypedProof is what a person typed and ticked for a proof.
type TypedProof struct {
	Addresses []string // good ones, each once
	Problems  []string // a sentence for each of the others
	Count     string   // how many get it, or why nobody does
	OK        bool     // it can be sent
}

// ReadProof reads addresses between commas, semicolons, spaces or line ends, and takes
// those that are ticked first.
func ReadProof(c *text.Catalog, typed string, ticked []string) TypedProof {
	var t TypedProof
	seen := map[string]bool{}
	add := func(s string) {
		a, err := audience.ParseAddress(strings.Trim(s, "<>"))
		if err != nil {
			t.Problems = append(t.Problems, c.T("proof.bad_address", "address", s, "why", addressFault(c, err)))
			return
		}
		if !seen[a.Key] {
			seen[a.Key] = true
			t.Addresses = append(t.Addresses, a.Normal)
		}
	}
	for _, s := range ticked {
		add(s)
	}
	for _, s := range strings.FieldsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' }) {
		add(s)
	}
	n := len(t.Addresses)
	switch {
	case n > delivery.MaxProof:
		t.Count = c.T("proof.too_many", "n", n, "most", delivery.MaxProof)
	case n == 0:
		t.Count = c.T("proof.nobody")
	default:
		t.Count = c.N("proof.addresses", int64(n))
	}
	t.OK = len(t.Problems) == 0 && n > 0 && n <= delivery.MaxProof
	return t
}

// addressFault is why something is no address.
func addressFault(c *text.Catalog, err error) string {
	var e *delivery.Error
	if !errors.As(err, &e) || !c.Has("proof.why."+e.Detail) {
		return strings.TrimSuffix(c.Error(err), ".")
	}
	return c.T("proof.why." + e.Detail)
}

// ProofDone says that a proof was sent, in passing; ok is false when some did not
// get it and the list of addresses is worth a look.
func ProofDone(c *text.Catalog, p delivery.Proof) (s string, ok bool) {
	if n := p.Count(delivery.ProofAccepted); n == len(p.Messages) {
		return c.N("proof.done", int64(n), "number", p.Number), true
	}
	return c.T("proof.done_part", "number", p.Number, "outcome", ProofOutcome(c, p)), false
}
