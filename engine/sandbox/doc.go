// Package sandbox is the training mail world: an SMTP server on this machine
// whose mailboxes behave as mailboxes do, and generated people to write to. Most
// addresses accept; a small share, chosen by a hash of the seed and the address
// and therefore the same in every run, is unknown, disabled, full for good, full
// for a while, or greylists whoever writes for the first time.
//
// It cannot forward anything. It has no client: nothing in this package opens a
// connection, looks a name up, starts a program or writes a file. It listens on
// loopback addresses alone and hangs up on peers that come from elsewhere. Of
// a message it keeps nothing but its size in a sum.
//
// It does not judge, retry or store; it does not know the engine.
//
// Concurrency: a World may be used from any goroutine. People may be called from
// anywhere; each sequence belongs to the goroutine that loops over it.
package sandbox
