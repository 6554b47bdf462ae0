// Package accounts is the page of the relays that mail leaves through, the guide
// that adds one, the dialog that tries a connection, and the passphrase of the
// file with passwords.
//
// Everything here lives on the UI goroutine. What is still under way when a
// dialog closes comes to nothing, except a change that the engine has taken:
// that is told in passing.
package accounts
