// Package proof sends a proof: one message to each of some addresses over one
// session after the other, none of them twice.
//
// A message takes the way of a delivery's: its intent is durable before its final
// dot is written, and what its relay says is judged by the transport. But nothing is
// tried again, whatever the verdict: a proof is sent by a person who looks at it.
//
// The package opens no connection, stores nothing and reads no clock: it is given
// what does. Send returns when every session it was given is closed; it may be called
// from several goroutines with ledgers of their own.
package proof
