package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func proofCommands() []command {
	return []command{
		{words: "delivery proof", args: "ID [--to ADDRESS,…]… [--test-profiles] [--profile ADDRESS]",
			brief: fmt.Sprintf("Sends a test to at most %d addresses, marked [Proof 1], [Proof 2]…\nIt goes through the delivery's account and counts nowhere but in that account's limits.\n", delivery.MaxProof) +
				"Each address gets the message of the person with that address, else of the first of the\naudience; --profile names whose message all of them get. Nothing is tried again.",
			max: 1, min: 1, flags: deliveryProof},
		{words: "delivery proofs", args: "ID", brief: "Lists the proofs of a delivery with what became of each.", min: 1, max: 1, flags: plain(deliveryProofs)},
		{words: "delivery preview", args: "ID [--profile ADDRESS | --riskiest] [--out DIR]",
			brief: "Shows a message as one person gets it, the first one when none is named.\n--riskiest finds those whose messages are most likely to look wrong.\n--out writes each as HTML and text into a folder.",
			min:   1, max: 1, flags: deliveryPreview},
	}
}

func deliveryProof(fs *flag.FlagSet) action {
	var to []string
	fs.Func("to", "", func(s string) error {
		for a := range strings.SplitSeq(s, ",") {
			if a = strings.TrimSpace(a); a != "" {
				to = append(to, a)
			}
		}
		return nil
	})
	tests := fs.Bool("test-profiles", false, "")
	profile := fs.String("profile", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		if len(to) == 0 && !*tests {
			return usagef("nobody gets it; name addresses with --to, or use --test-profiles")
		}
		return a.change(ctx, func(e Engine, who access.Principal) error {
			list, err := proofList(ctx, e, to, *tests, *profile)
			if err != nil {
				return err
			}
			p, err := e.SendProof(ctx, who, id, nil, list)
			if p.Number == 0 {
				return err
			}
			if a.json {
				if werr := a.value(proofOf(p)); werr != nil {
					return werr
				}
				return err
			}
			a.proof(p)
			return err
		})
	}
}

// proofList is who gets a proof, and as whom.
func proofList(ctx context.Context, e Engine, to []string, tests bool, profile string) ([]delivery.ProofAddress, error) {
	var as int64
	if profile != "" {
		p, err := profileOf(ctx, e, profile)
		if err != nil {
			return nil, err
		}
		as = p.ID
	}
	if tests {
		numbers, err := e.ProfileNumbers(ctx, delivery.ProfileQuery{Test: true})
		if err != nil {
			return nil, err
		}
		people, err := e.ProfileRows(ctx, numbers)
		if err != nil {
			return nil, err
		}
		if len(people) == 0 && len(to) == 0 {
			return nil, &outcome{"no_test_profiles", "There are no test profiles. Mark some in the window, or name addresses with --to."}
		}
		for _, p := range people {
			to = append(to, p.Address)
		}
	}
	var out []delivery.ProofAddress
	for _, address := range to {
		out = append(out, delivery.ProofAddress{Address: address, As: as})
	}
	return out, nil
}

// profileOf finds the person with an address.
func profileOf(ctx context.Context, e Engine, address string) (delivery.Profile, error) {
	numbers, err := e.ProfileNumbers(ctx, delivery.ProfileQuery{Search: address})
	if err != nil {
		return delivery.Profile{}, err
	}
	people, err := e.ProfileRows(ctx, numbers)
	if err != nil {
		return delivery.Profile{}, err
	}
	for _, p := range people {
		if strings.EqualFold(p.Address, strings.TrimSpace(address)) {
			return p, nil
		}
	}
	return delivery.Profile{}, &delivery.Error{Kind: delivery.KindNotFound, Field: "profile", Detail: address}
}

// proof tells what became of a proof.
func (a *app) proof(p delivery.Proof) {
	a.printf("Proof %d of %s, %s by %s: %s.\n", p.Number, p.Delivery, p.At.Local().Format("2006-01-02 15:04"), p.By, proofCounts(p))
	for _, m := range p.Messages {
		a.printf("  %s\n", proofLine(m))
	}
}

// proofCounts says how many addresses have which outcome.
func proofCounts(p delivery.Proof) string {
	var parts []string
	for _, o := range []delivery.ProofOutcome{delivery.ProofAccepted, delivery.ProofRefused, delivery.ProofInDoubt, delivery.ProofNotSent, delivery.ProofUnderWay, delivery.ProofWaiting} {
		if n := p.Count(o); n > 0 {
			parts = append(parts, strconv.Itoa(n)+" "+proofWord(o))
		}
	}
	return strings.Join(parts, ", ")
}

func proofWord(o delivery.ProofOutcome) string {
	switch o {
	case delivery.ProofInDoubt:
		return "in doubt"
	case delivery.ProofNotSent:
		return "not sent"
	case delivery.ProofUnderWay:
		return "under way"
	}
	return string(o)
}

// proofLine is one address with what became of it, and why.
func proofLine(m delivery.ProofMessage) string {
	s := m.Address + ": " + proofWord(m.Outcome)
	if m.As != "" && m.As != m.Address {
		s = m.Address + " (as " + m.As + "): " + proofWord(m.Outcome)
	}
	switch {
	case m.Code != 0 && m.Outcome != delivery.ProofAccepted:
		s += ", " + strings.TrimSpace(strconv.Itoa(m.Code)+" "+strings.TrimSpace(m.Enhanced+" "+m.Reply))
	case m.Outcome == delivery.ProofNotSent && m.Kind != "":
		s += ". " + say(&delivery.Error{Kind: m.Kind, Detail: m.Detail})
	}
	return s
}

func deliveryProofs(ctx context.Context, a *app, args []string) error {
	id, err := deliveryArg(args[0])
	if err != nil {
		return err
	}
	return a.look(ctx, func(e Engine) error {
		v, err := e.Delivery(ctx, id)
		if err != nil {
			return err
		}
		ps := v.Proofs
		if a.json {
			return a.list(len(ps), func(i int) any { return proofView(v, ps[i]) })
		}
		if len(ps) == 0 {
			a.printf("No proof of %s was sent. Send one: sendoffctl delivery proof %d --to ADDRESS\n", id, int64(id))
		}
		for _, p := range ps {
			a.proof(p)
			if !p.Of(v) {
				a.printf("  The content was edited since.\n")
			}
		}
		return nil
	})
}

// proofJSON is a proof as JSON output has it.
type proofJSON struct {
	Delivery int64              `json:"delivery"`
	Number   int                `json:"number"`
	At       time.Time          `json:"at"`
	By       string             `json:"by"`
	Content  string             `json:"content"`
	Current  *bool              `json:"current,omitempty"` // it is of the content as it is now
	Messages []proofMessageJSON `json:"messages"`
}

type proofMessageJSON struct {
	Address  string                `json:"address"`
	As       string                `json:"as,omitempty"`
	Outcome  delivery.ProofOutcome `json:"outcome"`
	At       time.Time             `json:"at"`
	Code     int                   `json:"code,omitempty"`
	Enhanced string                `json:"enhanced,omitempty"`
	Reply    string                `json:"reply,omitempty"`
	Kind     delivery.Kind         `json:"kind,omitempty"`
	Detail   string                `json:"detail,omitempty"`
}

func proofOf(p delivery.Proof) proofJSON {
	out := proofJSON{Delivery: int64(p.Delivery), Number: p.Number, At: p.At, By: p.By, Content: p.Content}
	for _, m := range p.Messages {
		out.Messages = append(out.Messages, proofMessageJSON{m.Address, m.As, m.Outcome, m.At, m.Code, m.Enhanced, m.Reply, m.Kind, m.Detail})
	}
	return out
}

func proofView(v delivery.View, p delivery.Proof) proofJSON {
	out, now := proofOf(p), p.Of(v)
	out.Current = &now
	return out
}
