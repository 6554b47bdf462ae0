package engine

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"sendoff/engine/access"
	"sendoff/engine/attachment"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
	"sendoff/engine/proof"
	"sendoff/engine/store"
	"sendoff/engine/transport"
)

// proofPatience is how long a proof waits for a limit of its account.
const proofPatience = 70 * time.Second

// SendProof sends a test of a delivery to at most delivery.MaxProof addresses, each
// as one person of the audience would get it, through the delivery's account and
// under its limits. With a draft it is that content, which need not be saved. It
// returns when the relay has had its say; the outcome of each address is in the
// proof. No counter, no quarantine and no log of recipients changes.
//
// Needs the right Prepare. KindInvalid, Field "proof.address" (Detail: which) for
// one that cannot be, "proof.count" (Detail: how many) for none or too many,
// "proof.account" without an account, "proof.denied" and "proof.quarantine" (Detail:
// which) for who must not be written to; KindTemplate for broken Liquid. With a
// proof, whose Number is set, the error is what kept some from being sent.
func (e *Engine) SendProof(ctx context.Context, who access.Principal, id delivery.ID, d *delivery.Draft, to []delivery.ProofAddress) (delivery.Proof, error) {
	const op = "proof"
	v, err := e.store.Delivery(ctx, id)
	if err != nil {
		return delivery.Proof{}, err
	}
	draft := v.Draft
	if d != nil {
		if draft, err = checkDraft(*d); err != nil {
			return delivery.Proof{}, err
		}
	}
	account, err := e.proofAccount(ctx, draft)
	if err != nil {
		return delivery.Proof{}, err
	}
	people, keys, err := e.proofPeople(ctx, draft, to)
	if err != nil {
		return delivery.Proof{}, err
	}
	t, findings := message.CompileWith(draft.Content, e.ofDraft(ctx, draft))
	if t == nil {
		return delivery.Proof{}, broken(op, findings)
	}
	p := delivery.Proof{Delivery: id, Content: delivery.PartHash(delivery.PartContent, draft, account), Account: account.ID}
	for _, x := range people {
		p.Messages = append(p.Messages, delivery.ProofMessage{Address: x.to, As: x.as})
	}
	folder := e.files(id, draft.Content)
	defer folder.Close()
	trial := e.proofPress(ctx, id, draft, p, people, folder)
	for i := range people {
		if _, err := trial.render(ctx, i); err != nil {
			return delivery.Proof{}, err
		}
	}
	ctx, done, err := e.jobs.begin(ctx)
	if err != nil {
		return delivery.Proof{}, err
	}
	defer done()
	if p, err = e.store.BeginProof(ctx, who, p, keys); err != nil {
		return delivery.Proof{}, err
	}
	e.changed(id)
	release, why := e.borrow(ctx, account)
	if why == nil {
		why = e.sendProof(ctx, p, account, e.proofPress(ctx, id, draft, p, people, folder))
		release()
	}
	ended, err := e.store.EndProof(context.WithoutCancel(ctx), p, why)
	e.changed(id)
	if err != nil {
		return p, err
	}
	return ended, why
}

// sendProof sends the messages of a proof that is stored.
func (e *Engine) sendProof(ctx context.Context, p delivery.Proof, account delivery.Account, press *proofPress) error {
	return proof.Send(ctx, slices.Clone(p.Messages), proof.Options{
		Dial: func(ctx context.Context) (proof.Sender, error) {
			// Never a message on the way while another one is begun.
			return dialer{e: e, trust: delivery.MaxProof + 1}.Dial(ctx, account)
		},
		Ledger:  proofLedger{e.store, p},
		Render:  func(n int) (transport.Mail, error) { return press.render(ctx, n) },
		Now:     time.Now,
		Wait:    sleep,
		Patient: proofPatience,
	})
}

// borrow keeps one of an account's connections free for a proof while deliveries leave
// through it: what the account allows holds for both together.
func (e *Engine) borrow(ctx context.Context, a delivery.Account) (release func(), err error) {
	e.mu.Lock()
	q := e.queue
	e.mu.Unlock()
	if q == nil {
		return func() {}, nil
	}
	limited, cancel := context.WithTimeout(ctx, proofPatience)
	defer cancel()
	release, err = q.Borrow(limited, a)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		err = &delivery.Error{Op: "proof", Kind: delivery.KindCancelled, Err: err}
	default:
		err = &delivery.Error{Op: "proof", Kind: delivery.KindTimeout, Err: err}
	}
	return release, err
}

// Proofs lists the proofs of a delivery, the newest first.
func (e *Engine) Proofs(ctx context.Context, id delivery.ID) ([]delivery.Proof, error) {
	if _, err := e.store.Delivery(ctx, id); err != nil {
		return nil, err
	}
	return e.store.Proofs(ctx, id)
}

// proofAccount is the account that a draft goes through.
func (e *Engine) proofAccount(ctx context.Context, d delivery.Draft) (delivery.Account, error) {
	as, err := e.store.Accounts(ctx)
	if err != nil {
		return delivery.Account{}, err
	}
	n := slices.IndexFunc(as, func(a delivery.Account) bool { return a.ID == d.Account })
	if n < 0 {
		return delivery.Account{}, &delivery.Error{Op: "proof", Kind: delivery.KindInvalid, Field: "proof.account"}
	}
	return as[n], nil
}

// proofPerson is an address of a proof and whose values it shows.
type proofPerson struct{ to, as, fields string }

// proofPeople checks addresses and finds out whose values they show. An address that
// is there twice counts once.
func (e *Engine) proofPeople(ctx context.Context, d delivery.Draft, to []delivery.ProofAddress) (people []proofPerson, keys []string, err error) {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: "proof", Kind: delivery.KindInvalid, Field: field, Detail: detail}
	}
	for _, x := range to {
		a, err := audience.ParseAddress(x.Address)
		if err != nil {
			return nil, nil, bad("proof.address", x.Address)
		}
		if slices.Contains(keys, a.Key) {
			continue
		}
		s, err := e.sampleOf(ctx, d, x.As, a.Key)
		if err != nil {
			return nil, nil, err
		}
		keys, people = append(keys, a.Key), append(people, proofPerson{a.Normal, s.Address, s.Fields})
	}
	if n := len(people); n == 0 || n > delivery.MaxProof {
		return nil, nil, bad("proof.count", strconv.Itoa(n))
	}
	return people, keys, nil
}

// sampleOf is the profile whose values a message shows: the one that was chosen,
// else the one with the key, else the first of the audience, else nobody.
func (e *Engine) sampleOf(ctx context.Context, d delivery.Draft, chosen int64, key string) (store.Profile, error) {
	if chosen != 0 {
		p, err := e.store.Profile(ctx, chosen)
		if err != nil {
			return store.Profile{}, err
		}
		fields, err := json.Marshal(p.Fields)
		return store.Profile{Address: p.Address, Fields: string(fields)}, err
	}
	p, err := e.store.ProfileByKey(ctx, key)
	if delivery.Is(err, delivery.KindNotFound) {
		p, err = e.firstOf(ctx, d)
	}
	if delivery.Is(err, delivery.KindNotFound) {
		return store.Profile{Fields: "{}"}, nil
	}
	return p, err
}

// firstOf is the first person that a draft is for. KindNotFound when there is none.
func (e *Engine) firstOf(ctx context.Context, d delivery.Draft) (store.Profile, error) {
	id, err := e.NeighbourOf(ctx, d, 0, 1)
	if err != nil {
		return store.Profile{}, err
	}
	return e.sampleOf(ctx, d, id, "")
}

// proofPress renders the messages of a proof.
type proofPress struct {
	e       *Engine
	account int64
	people  []proofPerson
	press   *prepare.Press
	folder  *attachment.Folder // of files for single recipients
	err     error
	buf     message.Buffer
	signed  []byte
}

// proofPress builds one for a proof. Its Message-IDs are none that a message of the
// delivery itself has, so that nothing that comes back is taken for an answer to one.
func (e *Engine) proofPress(ctx context.Context, id delivery.ID, d delivery.Draft, p delivery.Proof, people []proofPerson, folder *attachment.Folder) *proofPress {
	mark := "proof " + strconv.Itoa(p.Number)
	d.Content.Subject = "[Proof " + strconv.Itoa(p.Number) + "] " + d.Content.Subject
	t, findings := message.CompileWith(d.Content, e.ofDraft(ctx, d))
	if t == nil {
		return &proofPress{err: broken("proof", findings)}
	}
	now := time.Now()
	return &proofPress{e: e, account: p.Account, people: people, folder: folder, press: prepare.NewPress(t, id, d, e.store.ID()+"/"+mark, now)}
}

// render makes message n, from 0, signed where the account signs and passed by the
// guard of the wire. Its data is valid until the next one.
func (p *proofPress) render(ctx context.Context, n int) (transport.Mail, error) {
	if p.err != nil {
		return transport.Mail{}, p.err
	}
	x, now := p.people[n], time.Now()
	files, path, err := attachedNow(p.press, &p.buf, p.folder, int64(n)+1, x.to, x.as, x.fields)
	if err != nil {
		return transport.Mail{}, unattached("proof", path, err)
	}
	m, err := p.press.RenderWith(&p.buf, int64(n)+1, x.to, x.as, x.fields, files, now)
	if err != nil {
		return transport.Mail{}, err
	}
	s, err := p.e.signer(ctx, p.account)
	if err != nil {
		return transport.Mail{}, err
	}
	if s != nil {
		if p.signed, err = s.Sign(p.signed[:0], m.Data, now); err != nil {
			return transport.Mail{}, err
		}
		m.Data = p.signed
	}
	return transport.Mail{From: m.From, To: m.To, Data: m.Data}, message.Guard(m.Data, prepare.MaxSize)
}

// proofLedger is the store's part in one proof. What became of a message is kept
// although the person who sent it has gone.
type proofLedger struct {
	store *store.Store
	proof delivery.Proof
}

func (l proofLedger) Reserve(ctx context.Context, address string) (time.Time, string, error) {
	return l.store.ReserveProof(ctx, l.proof.Account, address)
}

func (l proofLedger) Intend(ctx context.Context, seq int) error {
	return l.store.IntendProof(ctx, l.proof, seq)
}

func (l proofLedger) Settle(m delivery.ProofMessage) error {
	return l.store.SettleProof(context.Background(), l.proof, m)
}

// sleep waits, no longer than ctx lasts.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
