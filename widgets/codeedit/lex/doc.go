// Package lex splits the source of an e-mail into coloured pieces: HTML with CSS
// in style elements and Liquid anywhere. It is forgiving, for what it reads is
// being written: every byte belongs to exactly one piece, and nothing is an error.
//
// A source is read in parts of any length, such as the lines of a window; the
// State at the end of one part begins the next. Names that are cut in two by the
// end of a part are taken for two names.
//
// The package is pure and safe for concurrent use.
package lex
