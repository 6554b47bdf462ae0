package state

import (
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// TrialStep is one line of a trial connection.
type TrialStep struct {
	Name   string
	Detail string
	Took   string
	Look   TrialLook
}

// TrialLook is how far a step is.
type TrialLook int

// Looks.
const (
	TrialWaits TrialLook = iota // not begun
	TrialRuns                   // under way
	TrialDone                   // well
	TrialFailed
	TrialSkipped // not tried, because one before it failed
)

// Trial are the lines of a trial connection: what was done and, while it goes on
// or when it failed, what was to come. Steps that were not expected are shown as
// they come; those that turned out to be needless go.
func Trial(c *text.Catalog, a delivery.Account, password bool, done []delivery.AccountStep, over bool) []TrialStep {
	var out []TrialStep
	failed := false
	for _, s := range merged(done) {
		l := TrialStep{Name: StepName(c, a, s.Step), Detail: s.Detail, Took: TookWords(c, s.Took), Look: TrialDone}
		if s.Err != nil {
			l.Look, failed = TrialFailed, true
			if l.Detail == "" {
				l.Detail = reply(s.Err)
			}
		}
		out = append(out, l)
	}
	if over && !failed {
		return out
	}
	look := TrialRuns
	if over {
		look = TrialSkipped
	}
	for _, step := range ahead(expected(a, password), done) {
		out = append(out, TrialStep{Name: StepName(c, a, step), Look: look})
		if look == TrialRuns {
			look = TrialWaits
		}
	}
	return out
}

// StepName names a step of a trial.
func StepName(c *text.Catalog, a delivery.Account, s delivery.TestStep) string {
	if s == delivery.TestPassword && a.Auth == delivery.AuthOAuth {
		return c.T("accounts.step.token")
	}
	return c.T("accounts.step." + string(s))
}

// merged are steps with those that come twice, as the greeting before and after
// encryption does, told where they came first.
func merged(steps []delivery.AccountStep) []delivery.AccountStep {
	var out []delivery.AccountStep
	for _, s := range steps {
		i := slices.IndexFunc(out, func(o delivery.AccountStep) bool { return o.Step == s.Step && s.Err == nil })
		if i < 0 {
			out = append(out, s)
			continue
		}
		out[i].Took += s.Took
		if s.Detail != "" {
			out[i].Detail = s.Detail
		}
	}
	return out
}

// ahead are the steps that still come: what was expected before one that was done
// was needless.
func ahead(steps []delivery.TestStep, done []delivery.AccountStep) []delivery.TestStep {
	for _, d := range done {
		if i := slices.Index(steps, d.Step); i >= 0 {
			steps = steps[i+1:]
		}
	}
	return steps
}

// expected are the steps that an account most likely needs, in the order in which
// they happen: STARTTLS comes after the greeting.
func expected(a delivery.Account, password bool) []delivery.TestStep {
	var out []delivery.TestStep
	if a.User != "" && (!password || a.Auth == delivery.AuthOAuth) && !a.Training() {
		out = append(out, delivery.TestPassword)
	}
	if !a.Training() && net.ParseIP(strings.Trim(a.Host, "[]")) == nil {
		out = append(out, delivery.TestResolve)
	}
	out = append(out, delivery.TestConnect)
	if a.Security == delivery.SecurityTLS {
		out = append(out, delivery.TestTLS)
	}
	out = append(out, delivery.TestHello)
	if a.Security == delivery.SecurityStartTLS {
		out = append(out, delivery.TestTLS)
	}
	if a.User != "" {
		out = append(out, delivery.TestAuth)
	}
	if a.Brand.Address != "" {
		out = append(out, delivery.TestSender)
	}
	return out
}

// TookWords is a short length of time: "84 ms", "1.2 s".
func TookWords(c *text.Catalog, d time.Duration) string {
	if d < time.Second {
		return c.T("accounts.milliseconds", "n", d.Round(time.Millisecond).Milliseconds())
	}
	return c.T("accounts.seconds", "n", c.Decimal(d.Seconds(), 1))
}

// TrialFailure is the error that a trial ended with, nil when all went well.
func TrialFailure(t delivery.AccountTest, err error) error {
	if err != nil {
		return err
	}
	for _, s := range t.Steps {
		if s.Err != nil {
			return s.Err
		}
	}
	return nil
}

// TrialSentence says what a failed trial means and what to do. The sentences of
// errors while sending speak of messages that wait; here nothing does.
func TrialSentence(c *text.Catalog, a delivery.Account, steps []delivery.AccountStep, err error) string {
	code, detail := string(delivery.KindOf(err)), ServerWords(c, a)
	var e *delivery.Error
	if errors.As(err, &e) && e.Detail != "" && e.Kind != delivery.KindUnreachable {
		detail = e.Detail
	}
	if n := len(steps); n > 0 && steps[n-1].Step == delivery.TestResolve && delivery.Is(err, delivery.KindUnreachable) {
		code, detail = "resolve", a.Host
	}
	if a.Auth == delivery.AuthOAuth && c.Has("accounts.failed."+code+"_oauth") {
		code += "_oauth"
	}
	if !c.Has("accounts.failed." + code) {
		return c.Error(err)
	}
	if e != nil && e.Kind == delivery.KindToken {
		detail = c.Fault(detail)
	}
	return c.T("accounts.failed."+code, "detail", detail, "address", a.Brand.Address)
}

// reply is what the relay answered to a step that failed, where the sentence does
// not say it; other details are codes of ours.
func reply(err error) string {
	var e *delivery.Error
	if errors.As(err, &e) && e.Kind == delivery.KindAuth && len(e.Detail) > 3 && e.Detail[0] >= '4' && e.Detail[0] <= '5' {
		return e.Detail
	}
	return ""
}

// TrialField is the input that most likely mends a failed trial.
func TrialField(a delivery.Account, err error) AccountField {
	switch delivery.KindOf(err) {
	case delivery.KindAuth, delivery.KindPassword, delivery.KindToken:
		return map[Login]AccountField{LoginPassword: AccountFieldPassword, LoginOAuth: AccountFieldRefresh, LoginCommand: AccountFieldCommand}[LoginOf(a)]
	case delivery.KindTLS:
		return AccountFieldPort
	case delivery.KindSenderRefused:
		return AccountFieldAddress
	}
	return AccountFieldHost
}
