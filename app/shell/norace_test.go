//go:build !race

package shell_test

// raced: times mean something.
const raced = false
