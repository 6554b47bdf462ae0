package enginetest

import (
	"net"
	"time"
)

// lateQueue is how many groups of replies can be on their way.
const lateQueue = 1024

// late writes groups of replies, each a while after it was handed over.
type late struct {
	delay  time.Duration
	groups chan group
	done   chan struct{}
}

type group struct {
	due   time.Time
	bytes []byte
}

func newLate(c net.Conn, delay time.Duration) *late {
	l := &late{delay: delay, groups: make(chan group, lateQueue), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for g := range l.groups {
			time.Sleep(time.Until(g.due))
			if _, err := c.Write(g.bytes); err != nil {
				for range l.groups { // the reader ends by itself
				}
				return
			}
		}
	}()
	return l
}

func (l *late) write(b []byte) {
	l.groups <- group{time.Now().Add(l.delay), append([]byte(nil), b...)}
}

// close waits until all that was handed over has been written.
func (l *late) close() {
	close(l.groups)
	<-l.done
}
