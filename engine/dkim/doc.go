// Package dkim signs messages (RFC 6376, ed25519 by RFC 8463): c=relaxed/relaxed,
// one signature a message, every field that a mail program shows or acts on
// listed once more than it occurs, so that one that is added on the way breaks
// the signature like one that is changed.
//
// It is our own because the engine signs every message by itself: the body
// differs from one recipient to the next. For 12 KB with ed25519 it takes a
// third of the time of go-msgauth, which the tests use to verify, and next to
// no memory. What it does not do is verify, canonicalise as "simple", or sign a
// part of a body.
//
// A private key is a secret. The package never writes one anywhere; a Signer
// prints as its domain and selector.
//
// A Signer is safe for concurrent use.
package dkim
