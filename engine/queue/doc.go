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
// A message is claimed, rendered and offered; its intent is recorded in the
// journal, and only when that is durable may its end be transmitted. A connection
// has at most Sender.Window intents without a durable outcome. Its first ones are
// recorded by themselves; from then on one record holds the outcome of a message
// and the intent of the one that takes its place, so that at no moment the disk
// shows more of them. That window is the bound on what a crash leaves in doubt,
// and what hides the sync behind the round trip.
//
// The store follows behind the journal, by a thousand outcomes or a twentieth of
// a second, and hands out the next claims in the same transaction. A claim needs
// no record: only an intent makes a message unsafe to send again. When the store
// fails, the connections finish what they hold; the journal has it for the next
// start. When the journal fails, everything is cut.
//
// One goroutine writes to the journal and one commits to the store: everything
// that arrived while they were at it goes into their next turn.
//
// # Concurrency
//
// Run owns the decisions about states and calls every hook, from one goroutine
// and without holding a lock. Kick, Mended, Drain, Borrow and Status are safe for
// concurrent use at any time. A hook may call Kick, Mended and Status, but neither
// Drain nor Borrow, which wait.
package queue
