// Package storetest puts something between the store and SQLite, for tests: every
// call to the database can be counted, refused, or done and then called a
// failure, which is what a disk that breaks in a commit looks like.
//
// Concurrency: a Hook is called from every goroutine that uses the database.
package storetest
