// Package deployment is the Deployment window: where the sending stands, the
// ledger that adds up, and the logs, excluded people and open questions behind
// its figures.
//
// A Panel lives on the UI goroutine.
package deployment
