// Package web shows a message in the browser of this machine: a page on 127.0.0.1 that
// exists while somebody looks at it.
//
// What it shows is foreign, so it trusts nothing. It listens on a random port while
// pages are open and closes after a while without requests. A page has a path of 192
// random bits; any other path, any method but GET, any Host but the address that was
// handed out, and any request with a body are refused. Pages are never kept by the
// browser, run no script, load nothing from elsewhere and lead nowhere: the policy of
// every answer says so, and what a policy does not cover (links, refreshes, look-ups
// ahead of time) is taken out of the message.
//
// The package knows no database and has no sentences: it is given a Source and Words.
// A Server is safe for concurrent use. Source and Words are called from the goroutines
// of requests.
package web
