// Package secret keeps the passwords of accounts: in the operating system's
// keyring, in a file of the workspace that is encrypted with a passphrase, or in
// an environment variable that the account names. It never writes one in clear to
// a file, a log or an error.
//
// A Store is safe for concurrent use. A keyring that does not answer costs a
// call no more than its time limit.
package secret
