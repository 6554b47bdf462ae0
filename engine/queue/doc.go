// Package queue is the dispatcher: it decides what is sent when, over which
// connection, and what a reply means for the message, the account and the
// delivery. The database is the queue; what lives here is a small window on it
// (a bounded buffer of claimed messages and what the connections hold), and
// losing that window at any moment loses nothing.
//
// The package speaks no SMTP, renders no message and writes no SQL: it defines
// the Store, Dialer, Sender and Renderer that it needs. It knows no operator and
// no right: Pause and Stop are state changes in the store, followed by Kick.
//
// # Protocol
//
// A message is claimed, rendered, transmitted up to its final dot, recorded as
// an intent, and only when that record is durable its dot is written. A
// connection waits for its intent, not for its outcome; because outcomes are
// applied before intents, and in the order in which they were handed in, a
// connection never has more than one intent without a durable outcome. That is
// the bound on what a crash leaves in doubt.
//
// One goroutine commits: everything that arrived while the last transaction ran
// goes into the next one, together with the claims that refill the buffers.
//
// # Concurrency
//
// Run owns the decisions about states and calls every hook, from one goroutine
// and without holding a lock. Kick, Drain and Status are safe for concurrent use
// at any time. A hook may call Kick and Status but not Drain.
package queue
