// Package delivery is the vocabulary of the engine: the entities, their states
// and THE transition tables, the ledger of counters, findings, verdicts and the
// kinds of error. It imports the standard library alone, holds no state, never
// reads the clock and never formats a sentence: every value a person may see is
// a code that a front end turns into words.
//
// All types are plain values. They are safe for concurrent use as long as
// nobody writes to them; the maps and slices they hold must not be modified
// once a value has been handed over.
package delivery
