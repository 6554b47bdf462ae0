package main

import (
	"context"
	"flag"

	"sendoff/engine/delivery"
)

func deliveryCheck(fs *flag.FlagSet) action {
	online := fs.Bool("online", false, "")
	return func(ctx context.Context, a *app, args []string) error {
		id, err := deliveryArg(args[0])
		if err != nil {
			return err
		}
		return a.look(ctx, func(e Engine) error {
			v, err := e.Delivery(ctx, id)
			if err != nil {
				return err
			}
			found, err := e.CheckContent(ctx, v.Draft)
			if err != nil {
				return err
			}
			if *online {
				dead, err := e.CheckLinks(ctx, v.Content, nil)
				if err != nil {
					return err
				}
				found = append(found, dead...)
			}
			return a.checked(id, found)
		})
	}
}

// checked writes what was found. It fails when something would keep the delivery
// from being prepared.
func (a *app) checked(id delivery.ID, found []delivery.Finding) error {
	blocked := (&delivery.Plan{Findings: found}).Blocked()
	if a.json {
		if err := a.value(append([]delivery.Finding{}, found...)); err != nil {
			return err
		}
	} else if len(found) == 0 {
		a.printf("The content of %s is in order.\n", id)
	} else {
		for _, f := range found {
			a.printf("%s: %s\n", f.Severity, findingSentence(f))
		}
	}
	if blocked {
		return &outcome{"content_blocked", id.String() + " cannot be prepared like this: correct what is marked as an error."}
	}
	return nil
}
