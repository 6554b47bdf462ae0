package enginetest

import (
	"io"
	"net"
	"sync"
)

// Cut is a connection that breaks after so many bytes: the reader gets the
// bytes before the cut and then the end, the writer gets the bytes before the
// cut across and then an error. A negative number never cuts.
type Cut struct {
	net.Conn
	mu          sync.Mutex
	read, write int
}

// CutAfter breaks c after read bytes were read or write bytes were written.
func CutAfter(c net.Conn, read, write int) *Cut {
	return &Cut{Conn: c, read: read, write: write}
}

// take returns how many of n bytes may still pass.
func (c *Cut) take(left *int, n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *left < 0 {
		return n
	}
	n = min(n, *left)
	*left -= n
	return n
}

// Read implements net.Conn.
func (c *Cut) Read(b []byte) (int, error) {
	n := c.take(&c.read, len(b))
	if n == 0 && len(b) > 0 {
		_ = c.Conn.Close()
		return 0, io.EOF
	}
	got, err := c.Conn.Read(b[:n])
	c.mu.Lock()
	if c.read >= 0 {
		c.read += n - got
	}
	c.mu.Unlock()
	return got, err
}

// Write implements net.Conn.
func (c *Cut) Write(b []byte) (int, error) {
	n := c.take(&c.write, len(b))
	if n == len(b) {
		return c.Conn.Write(b)
	}
	got := 0
	if n > 0 {
		got, _ = c.Conn.Write(b[:n])
	}
	_ = c.Conn.Close()
	return got, io.ErrClosedPipe
}
