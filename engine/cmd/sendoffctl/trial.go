package main

import (
	"context"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// accountTest tries an account. It takes the workspace for itself: a trial with
// OAuth may have to keep a new refresh token.
func accountTest(ctx context.Context, a *app, args []string) error {
	return a.change(ctx, func(e Engine, _ access.Principal) error {
		acc, err := accountNamed(ctx, e, args[0])
		if err != nil {
			return err
		}
		t, err := e.TestAccount(ctx, acc, "", func(s delivery.AccountStep) {
			if !a.json {
				a.step(s)
			}
		})
		if err != nil {
			return err
		}
		var seen *delivery.Certificate
		for _, s := range t.Steps {
			if s.Certificate != nil {
				seen = s.Certificate
			}
			if s.Err != nil {
				err = s.Err
			}
		}
		if a.json {
			if jerr := a.value(trialValue(acc, t, seen)); jerr != nil {
				return jerr
			}
			return err
		}
		if seen != nil {
			a.certificate(*seen)
		}
		if delivery.Is(err, delivery.KindCertificate) && seen != nil {
			a.printf("If its owner tells you the same fingerprint, accept it with:\n  sendoffctl account edit %q --pin %s\n", acc.Name, seen.Fingerprint)
		}
		if err == nil {
			a.printf("It works. This account can send.\n")
		}
		return err
	})
}

// step is one line of a trial.
func (a *app) step(s delivery.AccountStep) {
	name := map[delivery.TestStep]string{delivery.TestPassword: "password or token", delivery.TestResolve: "find the server", delivery.TestConnect: "connect",
		delivery.TestTLS: "encrypt", delivery.TestHello: "greet", delivery.TestAuth: "log in", delivery.TestSender: "accept the sender"}[s.Step]
	how, detail := "well", s.Detail
	if s.Err != nil {
		how, detail = "FAILED", ""
	}
	a.printf("%-18s %-7s %6d ms  %s\n", orThing(name, string(s.Step)), how, s.Took.Milliseconds(), detail)
}

// certificate shows what a relay shows of itself.
func (a *app) certificate(c delivery.Certificate) {
	a.printf("certificate of    %s\nissued by         %s\nvalid             %s to %s\nSHA-256           %s\n", c.Subject, c.Issuer,
		moment(c.NotBefore), moment(c.NotAfter), delivery.ShowFingerprint(c.Fingerprint))
}

func trialValue(acc delivery.Account, t delivery.AccountTest, seen *delivery.Certificate) any {
	type step struct {
		Step         string `json:"step"`
		Milliseconds int64  `json:"milliseconds"`
		Detail       string `json:"detail,omitempty"`
		Error        string `json:"error,omitempty"`
	}
	out := struct {
		Account     string                `json:"account"`
		OK          bool                  `json:"ok"`
		Steps       []step                `json:"steps"`
		Certificate *delivery.Certificate `json:"certificate"`
	}{acc.Name, t.OK(), []step{}, seen}
	for _, s := range t.Steps {
		j := step{Step: string(s.Step), Milliseconds: s.Took.Milliseconds(), Detail: s.Detail}
		if s.Err != nil {
			j.Error = string(delivery.KindOf(s.Err))
		}
		out.Steps = append(out.Steps, j)
	}
	return out
}
