package bridgetest

import (
	"context"
	"fmt"
	"image"
	"strings"
	"time"

	"sendoff/app/bridge"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/message"
	"sendoff/engine/preview"
	"sendoff/engine/preview/web"
)

// previews is what a test wants to be found and shown.
type previews struct {
	risks   []preview.Risk
	picture image.Image // nil: no browser
	assets  map[string][]byte
	pages   []web.View
	proofs  [][]delivery.ProofAddress
	answers map[string]delivery.ProofMessage // by address; others are accepted
	drafts  int                              // proofs of a draft
}

// SetRisks sets who is worth a look.
func (e *Engine) SetRisks(rs ...preview.Risk) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.previews.risks = rs
}

// SetPicture installs a browser that takes one picture.
func (e *Engine) SetPicture(m image.Image) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.previews.picture = m
}

// SetAsset keeps a file.
func (e *Engine) SetAsset(hash string, data []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.previews.assets == nil {
		e.previews.assets = map[string][]byte{}
	}
	e.previews.assets[hash] = data
}

// SetProofAnswer decides what becomes of proofs to an address.
func (e *Engine) SetProofAnswer(m delivery.ProofMessage) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.previews.answers == nil {
		e.previews.answers = map[string]delivery.ProofMessage{}
	}
	e.previews.answers[m.Address] = m
}

// Pages are the views that were shown in a browser.
func (e *Engine) Pages() []web.View {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.previews.pages
}

// Proofs are the lists of addresses that proofs went to, and how many were of a draft.
func (e *Engine) Proofs() (to [][]delivery.ProofAddress, drafts int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.previews.proofs, e.previews.drafts
}

// PreviewDraft renders with the real templates.
func (e *Engine) PreviewDraft(ctx context.Context, _ delivery.ID, d delivery.Draft, as bridge.PreviewAs) (bridge.Preview, error) {
	p := bridge.Preview{Address: as.Address, Profile: as.Profile, Values: as.Fields}
	if as.Profile != 0 {
		who, err := e.Profile(ctx, as.Profile)
		if err != nil {
			return p, err
		}
		p.Address, p.Values = who.Address, who.Fields
	}
	t, findings := message.Compile(d.Content)
	p.Findings = findings
	if t == nil {
		f := findings[len(findings)-1]
		return p, &delivery.Error{Op: "preview", Kind: delivery.KindTemplate, Field: f.Part, Line: f.Line, Column: f.Column, Detail: f.Detail}
	}
	m, err := t.Preview(message.Recipient{Address: p.Address, Fields: p.Values}, message.Envelope{Label: d.Label, Today: Now(),
		UnsubscribeMailto: "mailto:news@acme.example?subject=unsubscribe"})
	p.From, p.Subject, p.Preheader, p.HTML, p.Text = m.From, m.Subject, m.Preheader, m.HTML, m.Text
	for _, name := range m.Missing {
		p.Findings = append(p.Findings, delivery.Finding{Code: delivery.FindMissingValue, Severity: delivery.SeverityError, Part: "html", Count: 1, Detail: name})
	}
	p.Bytes = int64(len(m.HTML) + len(m.Text))
	return p, err
}

// NeighbourOf walks through the crowd.
func (e *Engine) NeighbourOf(_ context.Context, d delivery.Draft, profile int64, step int) (int64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := profile + int64(step)
	if d.Audience == 0 || n < 1 || n > int64(len(e.crowd.people)) {
		return 0, &delivery.Error{Kind: delivery.KindNotFound, Field: "profile"}
	}
	return n, nil
}

// Riskiest returns what SetRisks set.
func (e *Engine) Riskiest(context.Context, delivery.ID, delivery.Draft) ([]preview.Risk, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.previews.risks, e.fail["riskiest"]
}

// ShowPreview remembers the view.
func (e *Engine) ShowPreview(_ context.Context, _ delivery.ID, _ delivery.Draft, as bridge.PreviewAs, _ web.Words, v web.View) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	v.Profile = as.Profile
	e.previews.pages = append(e.previews.pages, v)
	return "http://127.0.0.1:4321/token/", e.fail["show"]
}

// Browser is there when there is a picture.
func (e *Engine) Browser() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.previews.picture == nil {
		return ""
	}
	return "/usr/bin/chromium"
}

// PreviewPicture returns what SetPicture set.
func (e *Engine) PreviewPicture(context.Context, bridge.Preview, int, int, bool, bool) (image.Image, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.previews.picture, e.fail["picture"]
}

// Asset returns what SetAsset set.
func (e *Engine) Asset(_ context.Context, hash string) (delivery.Asset, []byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	data, ok := e.previews.assets[hash]
	if !ok {
		return delivery.Asset{}, nil, &delivery.Error{Kind: delivery.KindNotFound, Field: "asset", Detail: hash}
	}
	return delivery.Asset{Hash: hash, Type: "image/png", Size: int64(len(data))}, data, nil
}

// SendProof keeps a proof in the delivery's view.
func (e *Engine) SendProof(_ context.Context, who access.Principal, id delivery.ID, d *delivery.Draft, to []delivery.ProofAddress) (delivery.Proof, error) {
	e.mu.Lock()
	e.commands = append(e.commands, fmt.Sprintf("proof %s", id))
	o := e.operator(who)
	err := e.fail["proof"]
	if err == nil {
		err = o.Check("proof", access.Prepare)
	}
	var addresses []string
	for _, x := range to {
		addresses = append(addresses, x.Address)
		if err == nil && !strings.Contains(x.Address, "@") {
			err = &delivery.Error{Kind: delivery.KindInvalid, Field: "proof.address", Detail: x.Address}
		}
	}
	if err != nil {
		e.mu.Unlock()
		return delivery.Proof{}, err
	}
	v := e.views[id]
	if d != nil {
		e.previews.drafts++
		v.Draft = *d
	}
	p := delivery.Proof{Delivery: id, Number: len(v.Proofs) + 1, At: Now().Add(time.Duration(len(v.Proofs)) * time.Minute), By: o.Name, Content: v.ContentHash()}
	for i, a := range addresses {
		m, ok := e.previews.answers[a]
		if !ok {
			m = delivery.ProofMessage{Outcome: delivery.ProofAccepted, Code: 250}
		}
		m.Seq, m.Address, m.At = i+1, a, p.At
		p.Messages = append(p.Messages, m)
	}
	e.previews.proofs = append(e.previews.proofs, to)
	kept := e.views[id]
	kept.Proofs = append([]delivery.Proof{p}, kept.Proofs...)
	e.views[id] = kept
	e.mu.Unlock()
	e.Hub.Publish(event.Changed{ID: id})
	return p, nil
}

// SetTests makes the first n people of the crowd test profiles.
func (e *Engine) SetTests(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range n {
		e.crowd.people[i].Test = true
	}
}
