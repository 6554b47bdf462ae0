// Package engine is Sendoff without a face: one workspace, its commands, its
// queries and a stream of what changes. Windows and shells call it; it calls
// nobody.
//
// Commands take the principal on whose behalf they are given. Rights, states
// and seals are checked in the transaction that acts, never before it, so no
// front end can forget to. Queries read from the database, so every view of the
// same thing agrees. Errors are *delivery.Error; the engine has no sentences.
//
// An Engine is safe for concurrent use. Open sends nothing; Run starts the
// dispatcher, Close ends it and waits for it. Subscriptions never block the
// engine.
package engine
