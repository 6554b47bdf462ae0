package engine_test

import (
	"context"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"sendoff/engine"
	"sendoff/engine/journal"
	"sendoff/engine/queue"
	"sendoff/engine/store"
	"sendoff/engine/store/storetest"
	"sendoff/engine/transport"
)

// trap counts the calls that pass by and lets one of them fail, or that one and
// all after it.
type trap struct {
	at    int // the call that fails, from 1; 0: none
	onand bool

	mu   sync.Mutex
	n    int
	what string // that failed first
}

// springs reports whether this call is to fail.
func (t *trap) springs(call string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	if t.at == 0 || t.n < t.at || t.n > t.at && !t.onand {
		return false
	}
	if t.what == "" {
		t.what = call
	}
	return true
}

// sprung is the call that failed, or empty.
func (t *trap) sprung() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.what
}

// segment is a file of the journal whose calls pass by a trap.
type segment struct {
	journal.File
	t    *trap
	done bool // the call that fails is done all the same
}

func (s segment) call(name string, do func() error) error {
	if !s.t.springs(name) {
		return do()
	}
	if s.done {
		if err := do(); err != nil {
			return err
		}
	}
	return &os.PathError{Op: name, Path: "journal", Err: syscall.EIO}
}

func (s segment) ReadAt(b []byte, at int64) (n int, err error) {
	if s.t.springs("read") {
		return 0, syscall.EIO
	}
	return s.File.ReadAt(b, at)
}

func (s segment) WriteAt(b []byte, at int64) (n int, err error) {
	err = s.call("write", func() error { n, err = s.File.WriteAt(b, at); return err })
	return n, err
}

func (s segment) Sync() error { return s.call("sync", s.File.Sync) }

func (s segment) Truncate(n int64) error {
	return s.call("truncate", func() error { return s.File.Truncate(n) })
}

// line is a connection whose calls pass by a trap; one that fails breaks it.
type line struct {
	net.Conn
	t    *trap
	done bool
}

func (l line) Read(b []byte) (int, error) {
	if l.t.springs("read") {
		_ = l.Conn.Close()
		return 0, syscall.ECONNRESET
	}
	return l.Conn.Read(b)
}

func (l line) Write(b []byte) (int, error) {
	if l.t.springs("write") {
		n := 0
		if l.done {
			n, _ = l.Conn.Write(b)
		}
		_ = l.Conn.Close()
		return n, syscall.EPIPE
	}
	return l.Conn.Write(b)
}

func (l line) Close() error {
	if l.t.springs("close") {
		_ = l.Conn.Close()
		return syscall.EIO
	}
	return l.Conn.Close()
}

// faultLayers are what every call of the engine to the outside passes by.
func faultLayers() map[string]func(o *engine.Options, t *trap) {
	database := func(err error, done bool) func(o *engine.Options, t *trap) {
		return func(o *engine.Options, t *trap) {
			o.Disk = func(s *store.Options, _ *journal.Options) {
				s.Connect = storetest.Connect(func(call string) (error, bool) {
					if t.springs(call) {
						return err, done
					}
					return nil, false
				})
			}
		}
	}
	files := func(done bool) func(o *engine.Options, t *trap) {
		return func(o *engine.Options, t *trap) {
			o.Disk = func(_ *store.Options, j *journal.Options) {
				j.Size = 128 << 10
				j.OpenFile = func(path string, flag int, perm os.FileMode) (journal.File, error) {
					if t.springs("open") {
						return nil, &os.PathError{Op: "open", Path: path, Err: syscall.ENOSPC}
					}
					f, err := os.OpenFile(path, flag, perm)
					if err != nil {
						return nil, err
					}
					return segment{f, t, done}, nil
				}
			}
		}
	}
	network := func(done bool) func(o *engine.Options, t *trap) {
		return func(o *engine.Options, t *trap) {
			there := o.Reach
			o.Reach = func(c *transport.Config) {
				there(c)
				c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
					if t.springs("dial") {
						return nil, syscall.ECONNREFUSED
					}
					c, err := new(net.Dialer).DialContext(ctx, network, addr)
					if err != nil {
						return nil, err
					}
					return line{c, t, done}, nil
				}
			}
		}
	}
	clock := func(by time.Duration) func(o *engine.Options, t *trap) {
		return func(o *engine.Options, t *trap) {
			before := o.Queue
			o.Queue = func(q *queue.Options) {
				before(q)
				q.Slept = func(time.Duration) time.Duration { return 0 }
				q.Clock = func() time.Time {
					if t.springs("clock") {
						return time.Now().Round(0).Add(by)
					}
					return time.Now().Round(0)
				}
			}
		}
	}
	return map[string]func(o *engine.Options, t *trap){
		"clock ahead":              clock(5 * 365 * 24 * time.Hour),
		"clock behind":             clock(-3 * time.Hour),
		"database full":            database(storetest.ErrFull, false),
		"database breaks, done":    database(storetest.ErrIO, true),
		"database locked":          database(storetest.ErrBusy, false),
		"journal breaks":           files(false),
		"journal breaks, done":     files(true),
		"connection breaks":        network(false),
		"connection breaks, later": network(true),
	}
}
