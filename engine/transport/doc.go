// Package transport speaks SMTP to a relay and judges every answer. A Session is
// one connection: it is dialled, secured and authenticated by Dial, takes messages
// from a Feed in Run, and ends by Close or Abort. Judge is the
// verdict table: what a reply at some stage means for the message, and whose
// fault a refusal is.
//
// It does not render, queue, retry, count or throttle anything, it never offers
// a message twice by itself, and it stores nothing. It never sends a password
// over a connection that is neither verified TLS nor loopback.
//
// The promise that the rest of the engine rests on: a message whose final dot
// has not been written is never reported as accepted or in doubt, and one whose
// dot has been written is reported by the relay's complete reply or as in doubt.
// A transaction is given up by closing the connection, never by a dot.
//
// Concurrency: a Session belongs to one goroutine, except Abort, which any
// goroutine may call at any time. Judge and everything else that is a function
// of its arguments may be called from anywhere. Every read and write has a
// deadline, and a cancelled context closes the connection; Run leaves no
// goroutine behind.
package transport
