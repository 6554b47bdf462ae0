// Package audience reads lists of people as a stream: text in columns, XLSX
// workbooks and vCards. It finds out what a file is, its encoding, delimiter,
// header and e-mail column, and what its columns hold; it checks every address,
// brings values into the one form of their type and hands out one row at a time.
// Rows that cannot be used come back as rejects with their line and the code of a
// reason, and reading goes on; RejectWriter keeps them in a file of their own.
//
// Memory does not grow with the file: a record is at most MaxRecord bytes, and
// a quote that nobody closes is refused there instead of swallowing the rest. Of a
// workbook, whatever is large is unpacked to temporary files, which the Reader's
// Close removes.
//
// The package does not store what it has read, and it does not find duplicates: it
// only gives every address the Key by which duplicates are found. No sentence comes
// from here, only codes.
//
// Functions are safe for concurrent use. A Reader and a RejectWriter belong to one
// goroutine each.
package audience
