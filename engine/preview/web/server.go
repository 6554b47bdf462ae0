package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Bounds of the server.
const (
	pathBytes      = 24 // of randomness in a page's path
	maxPages       = 16 // open at once; the oldest one goes
	maxConnections = 64 // at once; more are hung up on
	maxHead        = 8 << 10
	DefaultIdle    = 15 * time.Minute
)

// Message is what one person gets, rendered. HTML may refer to assets as asset:HASH.
type Message struct {
	From, Address, Subject, Preheader, HTML, Text string
}

// Source knows the messages of one page.
type Source interface {
	// Message renders what a person gets. 0 is whoever the page was opened for
	// when that is nobody who is stored.
	Message(ctx context.Context, profile int64) (Message, error)

	// Neighbour is who comes step places after a person; false: nobody does.
	Neighbour(ctx context.Context, profile int64, step int) (int64, bool)

	// Asset reads a picture by its hash, with its media type.
	Asset(ctx context.Context, hash string) (media string, data []byte, err error)
}

// Words are the texts of a page, in the language Language (BCP 47).
type Words struct {
	Language                                string
	From, To, Subject, Preheader            string
	Phone, Desktop, Images, NoImages        string
	Light, Dark, HTML, Text, Previous, Next string
	Note                                    string // that nothing is fetched and that links lead nowhere
	Sentence                                func(error) string
}

// Server serves pages. Its zero value is ready to use.
type Server struct {
	// Idle is how long pages stay without a request; 0: DefaultIdle.
	Idle time.Duration

	mu     sync.Mutex
	http   *http.Server // nil while nothing is open
	host   string
	pages  []*page
	timer  *time.Timer
	closed bool
}

type page struct {
	path   string
	source Source
	words  Words
}

var errClosed = errors.New("closed")

// Open makes a page that begins with a person, and returns its address.
func (s *Server) Open(source Source, words Words, v View) (string, error) {
	token := make([]byte, pathBytes)
	if _, err := rand.Read(token); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return "", errClosed
	}
	if err := s.listen(); err != nil {
		return "", err
	}
	p := &page{path: base64.RawURLEncoding.EncodeToString(token), source: source, words: words}
	s.pages = append(s.pages, p)
	if len(s.pages) > maxPages {
		s.pages = s.pages[1:]
	}
	s.touch()
	return "http://" + s.host + "/" + p.path + "/" + v.query(), nil
}

// listen opens the port unless it is open, under s.mu.
func (s *Server) listen() error {
	if s.http != nil {
		return nil
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	h := &http.Server{
		Handler:           http.HandlerFunc(s.serve),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       30 * time.Second,
		MaxHeaderBytes:    maxHead,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	s.http, s.host = h, l.Addr().String()
	go h.Serve(&few{Listener: l}) // ends with Close
	return nil
}

// touch puts the end off, under s.mu.
func (s *Server) touch() {
	idle := s.Idle
	if idle == 0 {
		idle = DefaultIdle
	}
	if s.timer != nil {
		s.timer.Stop()
	}
	h := s.http
	s.timer = time.AfterFunc(idle, func() { s.end(h) })
}

// end closes the port, if it is still the same one, and forgets all pages.
func (s *Server) end(h *http.Server) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h == nil || s.http != h {
		return nil
	}
	s.http, s.pages = nil, nil
	s.timer.Stop()
	return h.Close()
}

// Close forgets all pages and lets none be opened any more.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	h := s.http
	s.mu.Unlock()
	return s.end(h)
}

// find returns the page of a path. All of them are compared, each in the same time.
func (s *Server) find(token string) *page {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found *page
	for _, p := range s.pages {
		if subtle.ConstantTimeCompare([]byte(p.path), []byte(token)) == 1 {
			found = p
		}
	}
	if found != nil {
		s.touch()
	}
	return found
}

// serve answers every request, most of them with a refusal.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policyMessage)
	head(w.Header())
	s.mu.Lock()
	host := s.host
	s.mu.Unlock()
	switch {
	case r.Host != host:
		refuse(w, http.StatusMisdirectedRequest) // another name that leads here (DNS rebinding)
		return
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		refuse(w, http.StatusMethodNotAllowed)
		return
	case r.ContentLength != 0:
		refuse(w, http.StatusBadRequest)
		return
	}
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	p := s.find(token)
	if p == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	p.serve(w, r, rest)
}

// few hangs up on connections beyond a number, so that no crowd takes this program's
// files away.
type few struct {
	net.Listener
	mu   sync.Mutex
	open int
}

func (l *few) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		ok := l.open < maxConnections
		if ok {
			l.open++
		}
		l.mu.Unlock()
		if ok {
			return &counted{Conn: c, l: l}, nil
		}
		_ = c.Close()
	}
}

type counted struct {
	net.Conn
	l    *few
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.l.mu.Lock()
		c.l.open--
		c.l.mu.Unlock()
	})
	return c.Conn.Close()
}
