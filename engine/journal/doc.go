// Package journal keeps, on the disk and in one write and one sync, what the
// dispatcher must not forget: that a message is about to cross the line after
// which nobody can know (an intent), and what became of it (an outcome). The
// database follows behind; after a crash, what it lacks is in here.
//
// # Format
//
// Two segments of the same size, written through by turns and filled with zeros
// beforehand, so that writing needs no space and a full disk cannot lose an
// outcome. A segment begins with a sector that names the workspace and bears the
// stamp of whoever opened the journal last. Then come
// groups, each padded to whole sectors so that a durable one is never written
// to again: a header (magic, length of the body, epoch, number of the first
// record, counts, applied, CRC-32C over all of it) and the records of one Append.
// The first group of a segment also lists the intents that are open, since the
// segment that held them is the next to be overwritten. A segment is reused only
// when the database has everything that it holds.
//
// A torn or unwritten group fails its checksum and ends the segment: none of its
// records was ever acted upon, because Append had not returned. Neither were those
// of a process that finds another's stamp in the segment after its sync: on a shared
// drive two may have the workspace, whatever the lock says, and only the newer one
// sends.
//
// # Concurrency
//
// Append and Prepare belong to one goroutine at a time; Applied may be called by
// another one beside them. The caller holds the workspace's lock: one process
// writes.
package journal
