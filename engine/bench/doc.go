// Command bench measures Sendoff against what else there is on this machine, in
// one run, and prints every figure with the bar it has to reach and what it was
// measured against: sending beside clients that only send, one of them Postfix's
// own, and beside what one would build at first; the same at round trips and on a
// slow disk; importing beside the sqlite3 shell; reading a delivery's figures
// beside counting its log anew; counting rules, and finding the riskiest messages.
//
// A figure is the median of its runs; baselines run in turn with what they are
// compared to, so that a slow minute hits both, and a ratio is taken within a
// round. It checks that every message arrived: a fast loss is no result. Receiver
// and senders share the processors, so the processors' time of both is told.
//
// # What sending costs
//
// A sending process spends its processors' time as follows, in per cent, for letters
// of 12 KB over 16 connections on a machine of two processors, to a receiver on the
// same machine. It was 39 µs a message by DATA and 21 µs by BDAT, beside 18 and 5 µs
// of the receiver's; the raw client and its receiver took 11 and 10 µs.
//
//	                                                  DATA  BDAT
//	sockets: write and read, nearly all in the kernel   26    15
//	waking and parking: scheduler, futex, epoll         26    14
//	SQLite and its files, nearly all in its code        15    30
//	rendering, copying static text and hashing the rest 13    18
//	transport: replies, commands, copies to one write    9    12
//	journal: gathering, pwrite, fdatasync                8     8
//	collecting garbage                                   2     2
//	dispatcher: window of intents, verdicts, buffers     1     1
//
// What the raw client does, the first row, is a quarter of it by DATA and a seventh by
// BDAT. The rest is what is promised. A message is written to the database twice,
// claimed and then with its outcome, and who is denied is looked up: 6 µs in
// BenchmarkCommit/1000 of engine/store, a quarter of it on our side of the border to
// SQLite. It has a share of a sync of the journal, 0.046 of one by DATA and 0.019 by
// BDAT, at 70 to 100 µs of a processor each. And connections stand still for those
// syncs: by DATA ours, and the receiver's with them, are put to sleep and woken where
// the raw client's find the next message there.
//
// At the end of a delivery one transaction notes for every person when something was
// last sent, which counts, as do the connections, the first ten messages of each that
// go without chunks, and the RSET ahead of each chunk, for which the receiver has one
// reply more than for the raw client.
//
// Where time goes on this machine:
//
//	make bench BENCH="-only send -runs 1 -senders 'engine BDAT' -cpuprofile /tmp/bdat.prof"
//	go tool pprof -top -cum bin/bench /tmp/bdat.prof
//
// pprof sees SQLite as runtime.cgocall and the kernel as Syscall6. With perf, which
// sees into both, attach to the process once the file of the profile is there, for
// what comes before is importing and preparing:
//
//	perf record -g -p $(pgrep -o -x bench) -- sleep 2
package main
