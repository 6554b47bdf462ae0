package state

import (
	"strings"
	"time"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/oauth"
)

// Login is how an account logs in, as the form has it.
type Login string

// Logins.
const (
	LoginPassword Login = ""
	LoginOAuth    Login = "oauth"   // with a refresh token
	LoginCommand  Login = "command" // with the token that a program prints
)

// Logins lists them in their order.
func Logins() []Login { return []Login{LoginPassword, LoginOAuth, LoginCommand} }

// LoginOf is how an account logs in.
func LoginOf(a delivery.Account) Login {
	switch {
	case a.Auth != delivery.AuthOAuth:
		return LoginPassword
	case a.OAuth.Command != "":
		return LoginCommand
	}
	return LoginOAuth
}

// login reads how an account logs in, and the certificate that it accepts. fresh
// says that no secret of this way is kept yet.
func (f AccountForm) login(c *text.Catalog, a *delivery.Account, secret string, fresh bool, bad func(AccountField, string)) {
	a.Auth, a.OAuth, a.Pin = delivery.AuthPassword, delivery.OAuth{}, f.Pin
	if a.Security == delivery.SecurityNone {
		a.Pin = ""
	}
	switch f.Login {
	case LoginPassword:
		switch {
		case a.User == "" && secret != "":
			bad(AccountFieldUser, c.T("accounts.wrong.user_missing"))
		case a.User != "" && secret == "" && fresh && a.PasswordEnv == "":
			bad(AccountFieldPassword, c.T("accounts.wrong.password_missing"))
		}
		return
	case LoginOAuth:
		a.OAuth = delivery.OAuth{Client: strings.TrimSpace(f.Client), Scope: strings.Join(strings.Fields(f.Scope), " "), Endpoint: strings.TrimSpace(f.Endpoint)}
		if a.OAuth.Client == "" {
			bad(AccountFieldClient, c.T("accounts.wrong.client_missing"))
		}
		if fresh && delivery.ParseOAuthSecret(secret).Refresh == "" {
			bad(AccountFieldRefresh, c.T("accounts.wrong.refresh_missing"))
		}
		if !oauth.EndpointOK(a.OAuth.Endpoint) {
			bad(AccountFieldEndpoint, c.T("accounts.wrong.endpoint"))
		}
	case LoginCommand:
		a.OAuth.Command = strings.TrimSpace(f.Command)
		if _, ok := oauth.Words(a.OAuth.Command); !ok {
			bad(AccountFieldCommand, c.T("accounts.wrong.command"))
		}
	}
	a.Auth, a.PasswordEnv = delivery.AuthOAuth, ""
	if a.User == "" {
		bad(AccountFieldUser, c.T("accounts.wrong.user_oauth"))
	}
}

// CertificateRows tell a person what to hold against what the owner of the relay
// says: the fingerprint first.
func CertificateRows(c *text.Catalog, s delivery.Certificate, now time.Time) []AccountFact {
	shown := delivery.ShowFingerprint(s.Fingerprint)
	if half := len(shown) / 2; half > 0 {
		shown = shown[:half] + "\n" + shown[half+1:] // there is a colon in the middle
	}
	valid := AccountFact{Label: c.T("accounts.cert.valid"), Value: c.T("accounts.cert.from_to", "from", c.Date(s.NotBefore), "to", c.Date(s.NotAfter))}
	switch {
	case now.Before(s.NotBefore):
		valid.Note = c.T("accounts.cert.early", "now", c.Date(now))
	case now.After(s.NotAfter):
		valid.Note = c.T("accounts.cert.late", "now", c.Date(now))
	}
	return []AccountFact{{Label: c.T("accounts.cert.fingerprint"), Value: shown}, {Label: c.T("accounts.cert.subject"), Value: s.Subject},
		{Label: c.T("accounts.cert.issuer"), Value: s.Issuer}, valid}
}

// SeenCertificate is the one that a trial showed, nil for none.
func SeenCertificate(steps []delivery.AccountStep) *delivery.Certificate {
	for _, s := range steps {
		if s.Certificate != nil {
			return s.Certificate
		}
	}
	return nil
}
