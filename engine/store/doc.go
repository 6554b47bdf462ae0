// Package store keeps a workspace in one SQLite file. All SQL of the program is
// here, and nothing else is: rules, formulas and protocol belong to the packages
// that call it.
//
// Durability: WAL with synchronous=FULL, so that a commit that has returned
// survives a power cut; foreign keys on; the bundled SQLite is checked to be
// free of the WAL-reset defect (3.51.3 or later). One connection writes, under
// immediate transactions; a pool of read-only connections serves queries, which
// therefore never wait for a writer. A transaction, once begun, is not
// cancellable: an interrupted commit would be a lie about what is stored.
//
// Long work (an import, a preparation) is staged in a scratch database beside
// the main one and merged in a single transaction, so that it can be abandoned
// at any moment without a trace.
//
// A Store is safe for concurrent use. Close waits for running queries.
package store
