package main

import (
	"context"
	"flag"

	"sendoff/engine"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

func followCommands() []command {
	return []command{
		{words: "delivery correct", args: "ID [--only-accepted]",
			brief: "Makes a correction of a delivery that has ended: for exactly those who got it, and those of whom\nnobody knows, unless --only-accepted. Its number is alone on the last line.",
			min:   1, max: 1, flags: deliveryCorrect},
		{words: "delivery top-up", args: "ID --audience NAME",
			brief: "Makes a delivery of the same content for an audience, without all who were written to already.\nIts number is alone on the last line.",
			min:   1, max: 1, flags: deliveryTopUp},
	}
}

// follow makes a delivery that follows another one, and tells its number.
func (a *app) follow(ctx context.Context, arg string, request func(e Engine, v delivery.View) (engine.FollowRequest, error)) error {
	id, err := deliveryArg(arg)
	if err != nil {
		return err
	}
	return a.change(ctx, func(e Engine, who access.Principal) error {
		v, err := e.Delivery(ctx, id)
		if err != nil {
			return err
		}
		r, err := request(e, v)
		if err != nil {
			return err
		}
		n, err := e.FollowUp(ctx, who, id, r)
		if err != nil {
			return err
		}
		return a.tell(ctx, e, n, func(v delivery.View) {
			a.printf("Created %s “%s”, %s %s. Next: sendoffctl delivery edit or delivery prepare %d\n%d\n", n, v.Label, modeWords(r.Mode), id, int64(n), int64(n))
		})
	})
}

func deliveryCorrect(fs *flag.FlagSet) action {
	accepted := fs.Bool("only-accepted", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		return a.follow(ctx, args[0], func(_ Engine, v delivery.View) (engine.FollowRequest, error) {
			prefix := correctionPrefix(engine.Language(v.Content))
			return engine.FollowRequest{Mode: delivery.Correction, Doubtful: !*accepted, Prefix: prefix, Label: prefix + v.Label}, nil
		})
	}
}

// correctionPrefix begins the subject of a correction, in the language of its
// content.
func correctionPrefix(language string) string {
	if language == "nl" {
		return "Correctie: "
	}
	return "Correction: "
}

func deliveryTopUp(fs *flag.FlagSet) action {
	audience := fs.String("audience", "", "")
	return func(ctx context.Context, a *app, args []string) error {
		if *audience == "" {
			return usagef("--audience is missing: the name of the people to add; sendoffctl audience list shows them")
		}
		return a.follow(ctx, args[0], func(e Engine, _ delivery.View) (engine.FollowRequest, error) {
			n, err := findAudience(ctx, e, *audience)
			return engine.FollowRequest{Mode: delivery.TopUp, Audience: n}, err
		})
	}
}

// modeWords is how a delivery follows another one.
func modeWords(m delivery.FollowMode) string {
	if m == delivery.TopUp {
		return "a top-up of"
	}
	return "a correction of"
}
