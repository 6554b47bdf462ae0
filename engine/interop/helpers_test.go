//go:build unix

package interop

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sendoff/engine/enginetest"
)

// ownGroup and killGroup: a server's own processes end with it.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// certs are a server's certificate and the authority that vouches for it.
type certs struct {
	pool  *x509.CertPool
	chain string // PEM file of key and certificate
	key   string // PEM file of the key
	cert  string // PEM file of the certificate
}

func newCerts(t testing.TB, dir string) *certs {
	t.Helper()
	a, err := enginetest.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	server, err := a.Server("127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	pair := server.Certificates[0]
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	c := &certs{pool: a.Pool(), chain: dir + "/chain.pem", key: dir + "/key.pem", cert: dir + "/cert.pem"}
	write(t, c.chain, string(key)+string(cert), 0o600)
	write(t, c.key, string(key), 0o644) // Exim reads it as whom it runs
	write(t, c.cert, string(cert), 0o644)
	return c
}

// serve runs a line server on a port of 127.0.0.1 until the test ends.
func serve(t testing.TB, each func(net.Conn, *bufio.Reader)) (port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				each(c, bufio.NewReader(c))
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().(*net.TCPAddr).Port
}

// authServer answers Postfix's questions about passwords in the protocol of
// Dovecot's auth service (version 1.1, mechanism PLAIN alone).
type authServer struct {
	port int

	mu sync.Mutex
	n  int
}

func (a *authServer) tries() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}

func startAuth(t testing.TB, name, password string) *authServer {
	t.Helper()
	a := &authServer{}
	a.port = serve(t, func(c net.Conn, r *bufio.Reader) {
		fmt.Fprintf(c, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n")
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			words := strings.Split(strings.TrimRight(line, "\n"), "\t")
			if words[0] != "AUTH" || len(words) < 3 {
				continue
			}
			a.mu.Lock()
			a.n++
			a.mu.Unlock()
			said := ""
			for _, w := range words {
				if after, ok := strings.CutPrefix(w, "resp="); ok {
					said = after
				}
			}
			resp, err := base64.StdEncoding.DecodeString(said)
			if err == nil && string(resp) == "\x00"+name+"\x00"+password {
				fmt.Fprintf(c, "OK\t%s\tuser=%s\n", words[1], name)
			} else {
				fmt.Fprintf(c, "FAIL\t%s\n", words[1])
			}
		}
	})
	return a
}

// gate is a policy server of Postfix (SMTPD_POLICY_README) that greylists every
// fifth recipient at first contact.
type gate struct {
	port int

	mu   sync.Mutex
	seen map[string]int
}

// delayed is how many recipients were sent away once.
func (g *gate) delayed() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for to := range g.seen {
		if fifth(to) {
			n++
		}
	}
	return n
}

func fifth(to string) bool {
	local, _, _ := strings.Cut(to, "@")
	return strings.HasSuffix(local, "3") || strings.HasSuffix(local, "8")
}

func startGate(t testing.TB) *gate {
	t.Helper()
	g := &gate{seen: map[string]int{}}
	g.port = serve(t, func(c net.Conn, r *bufio.Reader) {
		var to string
		for {
			line, err := r.ReadBytes('\n')
			if err != nil {
				return
			}
			line = bytes.TrimRight(line, "\n")
			if after, ok := bytes.CutPrefix(line, []byte("recipient=")); ok {
				to = string(after)
			}
			if len(line) > 0 {
				continue
			}
			g.mu.Lock()
			first := g.seen[to] == 0
			g.seen[to]++
			g.mu.Unlock()
			if first && fifth(to) {
				fmt.Fprint(c, "action=451 4.7.1 Greylisted, please try again\n\n")
			} else {
				fmt.Fprint(c, "action=DUNNO\n\n")
			}
		}
	})
	return g
}
