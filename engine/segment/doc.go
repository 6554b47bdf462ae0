// Package segment says whom a rule names. It holds what rules can ask of
// everybody in memory, by columns: for each field the distinct values, once, and
// for each person a number of one of them. A condition is asked of every distinct
// value; the numbers are then walked, and sets of people are bitmaps, so that a
// million people are counted within the blink of an eye.
//
// An Index is loaded as a stream from a Source and kept fresh by the same one:
// Sync reads who changed since. Members of lists, and who got a delivery, are read
// when a rule first asks for them, and again when the source says that they
// changed.
//
// An Index belongs to one goroutine at a time; its caller locks. It never reads
// the clock: rules are evaluated at a moment that is given.
package segment
