// Package extsort sorts more rows than fit into memory: pairs of a key and a
// value, by the bytes of the key, rows of one key in the order in which they were
// added. What is larger than the memory it may use goes to one file in sorted
// runs, which are merged as they are read back.
//
// A Sorter belongs to one goroutine; a full run is sorted and written by another
// one meanwhile. Nothing outlives Close, not even the file.
package extsort
