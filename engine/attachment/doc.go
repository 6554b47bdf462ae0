// Package attachment reads the files that go to single recipients, and keeps what
// was read until it has been sent.
//
// A Folder reads below one folder and nowhere else: a path has no "..", is not
// absolute, and no link leads out of it, whatever a recipient's values say. Copies
// keeps the bytes of files by their SHA-256, so that what was prepared is what is
// sent, although the file was changed or deleted since, and a copy that was touched
// is noticed.
//
// Both are safe for concurrent use.
package attachment
