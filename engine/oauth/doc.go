// Package oauth gets the access tokens with which OAuth accounts log in: from a
// command that the person configured, or by showing a refresh token to a token
// endpoint (RFC 6749 section 6). It keeps a token in memory until shortly before
// it expires and writes none anywhere; refresh tokens and client secrets come from
// and go back to the place for passwords that it is given.
//
// It does not log in anywhere, opens no browser and asks nobody for consent: the
// refresh token is the person's to get.
//
// Errors are *delivery.Error: KindToken (Detail: a code, and after a space what
// the endpoint or the command said) when a person has to act, KindUnreachable and
// KindTimeout when it may work later, KindCancelled, and what the place for
// passwords answers. None has a secret in it.
//
// Tokens is safe for concurrent use. However many connections ask at once, one of
// them gets the token and the others wait for it.
package oauth
