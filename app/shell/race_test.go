//go:build race

package shell_test

// raced: the race detector makes everything several times slower, so times mean
// nothing.
const raced = true
