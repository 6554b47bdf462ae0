package engine

import (
	"context"
	"strings"

	"sendoff/engine/access"
	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/event"
	"sendoff/engine/sample"
	"sendoff/engine/sandbox"
	"sendoff/engine/store"
)

// sampleSeed makes every training workspace the same, so that a trainer's
// figures are the room's figures.
const sampleSeed = 2026

// Size and blemishes of the training audience, of every thousand profiles.
const (
	sampleSize      = 10_000
	everyMissing    = 1000 // one profile in so many has no address,
	everyInvalid    = 800  // an invalid one,
	everyDenied     = 70   // is on the denylist,
	everyQuarantine = 250  // is in quarantine,
	everyDuplicate  = 160  // or is there twice, in other letters
)

// sampleTrainee may prepare and not start.
const sampleTrainee = "Joris (trainee)"

// sampleWords are the names of the training delivery and its audience.
func sampleWords(language string) (label, audience string) {
	if language == "nl" {
		return "Zomertijd", "Klanten in Nederland en Groot-Brittannië"
	}
	return "Summer time", "Customers in the Netherlands and Britain"
}

// AddSample fills a workspace for training: ten thousand generated profiles, a
// designed delivery that is ready to be prepared, and a second operator who may
// prepare but not start. Running it on a workspace that has it already returns
// the delivery that is there.
func (e *Engine) AddSample(ctx context.Context) (delivery.ID, error) {
	vs, err := e.store.Deliveries(ctx)
	if err != nil {
		return 0, err
	}
	for _, v := range vs {
		for _, language := range []string{"en", "nl"} {
			if _, name := sampleWords(language); v.AudienceName == name {
				return v.ID, nil
			}
		}
	}
	os, err := e.store.Operators(ctx)
	if err != nil {
		return 0, err
	}
	who := access.Principal{Operator: os[0].ID}
	if _, err := e.store.AddOperator(ctx, who, sampleTrainee, access.Rights{access.Prepare}); err != nil && !delivery.Is(err, delivery.KindExists) {
		return 0, err
	}
	a, err := e.sampleAudience(ctx, who)
	if err != nil {
		return 0, err
	}
	accounts, err := e.store.Accounts(ctx)
	if err != nil {
		return 0, err
	}
	label, _ := sampleWords(e.language)
	id, err := e.store.CreateDelivery(ctx, who, delivery.Draft{Label: label, Content: sample.Content(e.language), Audience: a.ID,
		Account: accounts[0].ID, Schedule: delivery.Schedule{Mode: delivery.OnceConfirmed}})
	if err != nil {
		return 0, err
	}
	e.hub.Publish(event.Lists{})
	return id, nil
}

// sampleAudience generates the people, with the blemishes that real lists have.
func (e *Engine) sampleAudience(ctx context.Context, who access.Principal) (delivery.Audience, error) {
	im, err := e.store.BeginImport(ctx)
	if err != nil {
		return delivery.Audience{}, err
	}
	defer im.Discard()
	// The address is no field: templates know it as recipient.email.
	columns := sandbox.Columns()[1:]
	enc := newFieldEncoder(columns)
	var quarantined []string
	n := 0
	for p := range sandbox.People(sampleSeed, sampleSize) {
		n++
		profile := store.Profile{Fields: enc.encode(p.Values()[1:])}
		address, err := audience.ParseAddress(p.Email)
		if err != nil {
			return delivery.Audience{}, err
		}
		profile.Address, profile.Key = address.Normal, address.Key
		switch {
		case n%everyMissing == 17:
			profile.Address, profile.Key = "", ""
		case n%everyInvalid == 33:
			profile.Address, profile.Key = p.FirstName+" at "+p.City, ""
		case n%everyDenied == 5:
			profile.Denied = true
		case n%everyQuarantine == 9:
			quarantined = append(quarantined, profile.Key)
		case n%everyDuplicate == 3:
			// The same mailbox with a capital, as a second system spells it.
			twin := profile
			if local, domain, ok := strings.Cut(profile.Address, "."); ok && domain != "" {
				twin.Address = local + "." + strings.ToUpper(domain[:1]) + domain[1:]
			}
			if a, err := audience.ParseAddress(twin.Address); err == nil && a.Normal != profile.Address {
				twin.Address = a.Normal
				if err := im.Add(twin); err != nil {
					return delivery.Audience{}, err
				}
				n++
			}
		}
		if err := im.Add(profile); err != nil {
			return delivery.Audience{}, err
		}
		if n >= sampleSize {
			break
		}
	}
	_, name := sampleWords(e.language)
	a, _, err := im.Merge(ctx, who, name, "training", columns)
	if err != nil {
		return a, err
	}
	return a, e.store.Quarantine(ctx, quarantined, "user_unknown")
}
