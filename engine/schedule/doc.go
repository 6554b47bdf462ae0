// Package schedule is the arithmetic of contact dates: what instant a wall clock
// in a named time zone means, also on the two nights a year when the clock is
// put forward or back. It carries its own copy of the zone database.
//
// It reads no clock and keeps no state; whoever waits for an instant does so
// elsewhere. Its functions are safe for concurrent use.
package schedule
