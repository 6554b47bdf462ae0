// Package secret keeps the passwords of accounts: in the operating system's
// keyring, or in an environment variable that the account names. It never writes
// one to a file, a log or an error.
//
// A Store is safe for concurrent use. A keyring that does not answer costs a
// call no more than its time limit.
package secret
