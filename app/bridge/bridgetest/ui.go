package bridgetest

import (
	"testing"
	"time"
)

// UI stands for the UI goroutine in a test: what is posted waits until the test
// runs it, so widgets are touched by the test's goroutine alone.
type UI struct{ jobs chan func() }

// NewUI makes one.
func NewUI() *UI { return &UI{jobs: make(chan func(), 4096)} }

// Post takes a closure from any goroutine.
func (u *UI) Post(f func()) { u.jobs <- f }

// Until runs what was posted until ok, and fails the test after two minutes: a
// machine may be busy with other tests.
func (u *UI) Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	for !ok() {
		select {
		case f := <-u.jobs:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			t.Fatalf("%s did not come", what)
		}
	}
}

// Settle runs what is posted until nothing came for a while.
func (u *UI) Settle() {
	for {
		select {
		case f := <-u.jobs:
			f()
		case <-time.After(40 * time.Millisecond):
			return
		}
	}
}
