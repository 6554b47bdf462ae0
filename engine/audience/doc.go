// Package audience reads lists of people: it takes a CSV file as a stream,
// finds out its encoding, its delimiter, its header and its e-mail column,
// checks every address and hands out one row at a time. Rows that cannot be
// used come back as rejects with their line and the code of a reason, and
// reading goes on; RejectWriter keeps them in a file of their own.
//
// Memory does not grow with the file: a record is at most MaxRecord bytes, and
// a quote that nobody closes is refused there instead of swallowing the rest.
//
// The package neither opens the file that it reads nor stores what it has read,
// and it does not find duplicates: it only gives every address the Key by which
// duplicates are found. No sentence comes from here, only codes.
//
// ParseAddress and the other functions are safe for concurrent use. A Reader
// and a RejectWriter belong to one goroutine each.
package audience
