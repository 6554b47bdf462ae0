//go:build unix

package attachment

import (
	"syscall"
	"testing"
)

// pipe makes a named pipe, where there are such things.
func pipe(t *testing.T, name string) bool {
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	return true
}
