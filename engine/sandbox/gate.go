package sandbox

import (
	"net"
	"sync"
	"time"
)

// gate lets peers of this machine in, as many as the limit allows.
type gate struct {
	net.Listener
	w *World

	mu   sync.Mutex
	open map[*guest]struct{}
}

// Accept implements net.Listener.
func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !fromHere(c.RemoteAddr()) {
			g.w.turnedAway.Add(1)
			_ = c.Close()
			continue
		}
		if v := g.enter(c); v != nil {
			g.w.connections.Add(1)
			return v, nil
		}
		g.w.turnedAway.Add(1)
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.Write([]byte("421 4.3.2 Too many connections\r\n"))
		_ = c.Close()
	}
}

// enter gives a connection its place, nil when there is none.
func (g *gate) enter(c net.Conn) *guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.open) >= maxConnections {
		return nil
	}
	v := &guest{Conn: c, gate: g}
	g.open[v] = struct{}{}
	return v
}

// clear closes every connection.
func (g *gate) clear() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for v := range g.open {
		_ = v.Conn.Close()
	}
}

// fromHere reports whether a peer is on this machine.
func fromHere(a net.Addr) bool {
	t, ok := a.(*net.TCPAddr)
	return ok && t.IP.IsLoopback()
}

// guest is a connection that gives its place back when it closes.
type guest struct {
	net.Conn
	gate *gate
}

// Close implements net.Conn.
func (v *guest) Close() error {
	v.gate.mu.Lock()
	delete(v.gate.open, v)
	v.gate.mu.Unlock()
	return v.Conn.Close()
}
