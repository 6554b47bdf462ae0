package transport

import (
	"net"
	"strconv"
	"strings"
)

// extensions are what the relay offers, as far as we use it.
type extensions struct {
	startTLS   bool
	pipelining bool     // RFC 2920
	chunking   bool     // RFC 3030
	size       int64    // RFC 1870; 0: no limit known
	sized      bool     // SIZE is advertised
	auth       []string // mechanisms in upper case
}

// add takes one line of an EHLO reply. Keywords are case-insensitive (RFC 5321
// section 4.1.1.1), unknown ones and empty lines are passed over.
func (x *extensions) add(line string) {
	// Old relays write AUTH=LOGIN.
	if len(line) > 5 && strings.EqualFold(line[:5], "AUTH=") {
		line = "AUTH " + line[5:]
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return
	}
	switch strings.ToUpper(words[0]) {
	case "STARTTLS":
		x.startTLS = true
	case "PIPELINING":
		x.pipelining = true
	case "CHUNKING":
		x.chunking = true
	case "SIZE":
		x.sized = true
		if len(words) > 1 {
			if n, err := strconv.ParseInt(words[1], 10, 64); err == nil && n > 0 {
				x.size = n
			}
		}
	case "AUTH":
		for _, m := range words[1:] {
			x.auth = append(x.auth, strings.ToUpper(m))
		}
	}
}

// String gives the reply as people read it in logs and sentences.
func (r Reply) String() string {
	if r.Code == 0 {
		return ""
	}
	s := strconv.Itoa(r.Code)
	for _, t := range []string{r.Enhanced, r.Text} {
		if t != "" {
			s += " " + t
		}
	}
	return s
}

// hello introduces us and learns what the relay can do.
func (s *Session) hello() error {
	c := s.config
	name := c.HelloName
	if name == "" {
		name = literal(s.wire.conn.LocalAddr())
	}
	s.ext = extensions{}
	if _, err := s.wire.write([]byte("EHLO "+name+"\r\n"), c.Timeouts.Hello); err != nil {
		return trouble(StageHello, c.addr(), err)
	}
	r, lines, err := s.wire.readLines(c.Timeouts.Hello)
	if err != nil {
		return trouble(StageHello, c.addr(), err)
	}
	if r.Code/100 == 5 {
		// A relay older than RFC 1869, or one that says so.
		if r, err = s.wire.command("HELO "+name, c.Timeouts.Hello); err != nil {
			return trouble(StageHello, c.addr(), err)
		}
		lines = nil
	}
	if err := s.expect(StageHello, r); err != nil {
		return err
	}
	for i, line := range lines {
		if i > 0 { // the first is a greeting
			s.ext.add(line)
		}
	}
	return nil
}

// literal is the address literal of our end (RFC 5321 section 4.1.3).
func literal(a net.Addr) string {
	if t, ok := a.(*net.TCPAddr); ok {
		if v4 := t.IP.To4(); v4 != nil {
			return "[" + v4.String() + "]"
		}
		return "[IPv6:" + t.IP.String() + "]"
	}
	return "localhost"
}
