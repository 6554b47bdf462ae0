// Package asset looks at files before they go into a mail: what kind of file it
// is, told by its bytes and not by its name alone; whether mail programs can show
// it as an image; and whether mailboxes are known to refuse it.
//
// Images are bounded before anything is decoded: the size of the file first, then
// the dimensions that its header claims, so that a few bytes cannot ask for
// gigabytes. Then they are decoded once, so that a broken one is found here and
// not by the recipients.
//
// Everything is a pure function and safe for concurrent use.
package asset
