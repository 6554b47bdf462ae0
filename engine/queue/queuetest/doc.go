// Package queuetest holds what a queue.Store has to keep to: Run is the suite of
// conformance tests for every implementation, Memory an implementation without a
// disk for the tests of the dispatcher, which can fail, be slow and crash on
// demand.
//
// It is imported by tests alone. A Memory is safe for concurrent use.
package queuetest
