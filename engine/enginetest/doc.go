// Package enginetest has the other side of a conversation for the engine's
// tests and benchmarks: scripted SMTP peers that answer, stall, drip and hang up
// where a test wants it, connections that break after the N-th byte,
// certificates made on the spot, and Sink, a receiver that discards messages so
// fast that it measures its client and not itself.
//
// Nothing here is used when Sendoff sends mail, nothing here opens a connection
// by itself, and everything that listens does so on 127.0.0.1.
//
// Concurrency: a Sink and a Server may be used from any goroutine. A Script is
// played by one goroutine for each connection and must not change meanwhile.
package enginetest
