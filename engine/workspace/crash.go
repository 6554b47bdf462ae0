package workspace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
)

const (
	crashName = "sendoff.crash"  // last words of a process that died of a defect
	lastCrash = "sendoff.crash1" // those of the one before
	startName = "sendoff.starts" // crashes in a row while starting, and how far the start has come
)

// Watch notes in the folder how this process ends, and tells how many before it
// crashed in a row while they started. A crash is a defect of ours: a panic or a
// fault in a library, whose text the Go runtime writes down. Who was killed, or lost
// its power, did not crash. One folder a process is watched at a time.
func (f *Folder) Watch() (crashes int, err error) {
	path := filepath.Join(f.dir, crashName)
	crashes, how := f.starts()
	counts := how == "starting" || how == "safe"
	words, err := os.ReadFile(path)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return 0, kind(path, err)
	case len(words) == 0:
		if !counts {
			crashes = 0
		}
	default:
		if !counts {
			crashes = 0 // it had worked
		}
		crashes++
		// The text is for whoever looks for the defect; without it all works.
		_ = os.Rename(path, filepath.Join(f.dir, lastCrash))
	}
	if err := f.note(crashes, "starting"); err != nil {
		return crashes, err
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return crashes, kind(path, err)
	}
	f.mu.Lock()
	f.crash = out
	f.mu.Unlock()
	return crashes, debug.SetCrashOutput(out, debug.CrashOptions{})
}

// Safe says that this start is one with which nothing can go wrong: the crashes are
// remembered until a person insists.
func (f *Folder) Safe() error {
	crashes, _ := f.starts()
	return f.note(crashes, "safe")
}

// Insist forgets the crashes: a person wants to start in spite of them.
func (f *Folder) Insist() error { return f.note(0, "starting") }

// Started says that the start is over: whatever happens now is no crash of it.
func (f *Folder) Started() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crash == nil {
		return nil
	}
	if _, how := f.starts(); how == "safe" {
		return nil
	}
	return f.note(0, "running")
}

// Crashed notes a defect that did not end the process.
func (f *Folder) Crashed(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crash != nil {
		fmt.Fprintln(f.crash, err)
	}
}

// starts reads how the last starts went.
func (f *Folder) starts() (crashes int, how string) {
	b, err := os.ReadFile(filepath.Join(f.dir, startName))
	if err != nil {
		return 0, ""
	}
	n, how, _ := strings.Cut(strings.TrimSpace(string(b)), " ")
	crashes, err = strconv.Atoi(n)
	if err != nil || crashes < 0 {
		return 0, ""
	}
	return crashes, how
}

func (f *Folder) note(crashes int, how string) error {
	path := filepath.Join(f.dir, startName)
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d %s\n", crashes, how), 0o600); err != nil {
		return kind(path, err)
	}
	return nil
}

// unwatch ends the watch in good order; words that were noted stay for the next
// start.
func (f *Folder) unwatch() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crash == nil {
		return nil
	}
	err := debug.SetCrashOutput(nil, debug.CrashOptions{})
	fi, serr := f.crash.Stat()
	if _, how := f.starts(); serr == nil && fi.Size() == 0 && how != "safe" {
		err = errors.Join(err, f.note(0, "closed"))
	}
	err = errors.Join(err, serr, f.crash.Close())
	f.crash = nil
	return err
}
