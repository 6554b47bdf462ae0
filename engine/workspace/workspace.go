// Package workspace owns the folder that a workspace is: where it lies, who has
// it open, and how a second start finds the first window.
//
// The lock is the operating system's, held on an open file, so it ends with the
// process however that ends. The holder listens on a random loopback port for
// one word, "raise", with a secret that only the workspace's owner can read.
//
// It also knows two kinds of folder in which a workspace should not lie or start just
// so: one that a program synchronises or a network shares (Place), and one whose
// program crashed again and again while it started (Folder.Watch).
//
// A Folder is safe for concurrent use, apart from Watch.
package workspace

import (
	"bufio"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"sendoff/engine/delivery"
)

const (
	lockName  = "sendoff.lock"
	frontName = "sendoff.front"
	patience  = 2 * time.Second // for a peer on this machine
)

// DefaultDir is the workspace in the user's data directory: XDG_DATA_HOME or
// ~/.local/share on Linux and BSD, Application Support on macOS, LocalAppData on
// Windows.
func DefaultDir() (string, error) {
	if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) && runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		return filepath.Join(d, "sendoff"), nil
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		d, err := os.UserConfigDir()
		if err != nil {
			return "", &delivery.Error{Op: "open", Kind: delivery.KindNoFile, Field: "data directory", Err: err}
		}
		return filepath.Join(d, "Sendoff"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", &delivery.Error{Op: "open", Kind: delivery.KindNoFile, Field: "data directory", Err: err}
	}
	return filepath.Join(home, ".local", "share", "sendoff"), nil
}

// Folder is a workspace that this process holds.
type Folder struct {
	dir    string
	lock   *flock.Flock
	ln     net.Listener
	secret string
	raise  func()
	wg     sync.WaitGroup

	mu    sync.Mutex
	crash *os.File // takes our last words; nil: nobody watches
}

// Create makes the folder, for its owner alone, when it is missing.
func Create(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return kind(dir, err)
	}
	fi, err := os.Stat(dir)
	if err != nil {
		return kind(dir, err)
	}
	if !fi.IsDir() {
		return &delivery.Error{Op: "open", Kind: delivery.KindIO, File: dir, Detail: "not a folder"}
	}
	return nil
}

// Hold takes the lock. KindLocked when another process has it. raise, which may
// be nil, is called whenever a second start asks for the window.
func Hold(dir string, raise func()) (*Folder, error) {
	f := &Folder{dir: dir, lock: flock.New(filepath.Join(dir, lockName)), raise: raise}
	ok, err := f.lock.TryLock()
	if err != nil {
		return nil, kind(dir, err)
	}
	if !ok {
		return nil, &delivery.Error{Op: "open", Kind: delivery.KindLocked, File: dir}
	}
	if raise != nil {
		if err := f.listen(); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

func (f *Folder) listen() error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return &delivery.Error{Op: "open", Kind: delivery.KindIO, Err: err}
	}
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		ln.Close()
		return &delivery.Error{Op: "open", Kind: delivery.KindIO, Err: err}
	}
	f.ln, f.secret = ln, hex.EncodeToString(b)
	front := filepath.Join(f.dir, frontName)
	os.Remove(front)
	if err := os.WriteFile(front, []byte(ln.Addr().String()+" "+f.secret+"\n"), 0o600); err != nil {
		ln.Close()
		return kind(front, err)
	}
	f.wg.Add(1)
	go f.serve()
	return nil
}

func (f *Folder) serve() {
	defer f.wg.Done()
	for {
		c, err := f.ln.Accept()
		if err != nil {
			return
		}
		c.SetDeadline(time.Now().Add(patience))
		line, _ := bufio.NewReaderSize(c, 128).ReadSlice('\n')
		if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(string(line))), []byte("raise "+f.secret)) == 1 {
			fmt.Fprintln(c, "ok")
			f.raise()
		}
		c.Close()
	}
}

// Close lets the workspace go.
func (f *Folder) Close() error {
	var errs []error
	if f.ln != nil {
		errs = append(errs, f.ln.Close())
		os.Remove(filepath.Join(f.dir, frontName))
	}
	f.wg.Wait()
	errs = append(errs, f.unwatch())
	return errors.Join(append(errs, f.lock.Unlock())...)
}

// Raise asks the process that holds dir to bring its window to the front.
// KindNotFound when nobody answers, as with a holder that has no window.
func Raise(dir string) error {
	nobody := func(err error) error {
		return &delivery.Error{Op: "raise", Kind: delivery.KindNotFound, Field: "window", File: dir, Err: err}
	}
	b, err := os.ReadFile(filepath.Join(dir, frontName))
	if err != nil {
		return nobody(err)
	}
	addr, secret, ok := strings.Cut(strings.TrimSpace(string(b)), " ")
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); !ok || err != nil || ip == nil || !ip.IsLoopback() {
		return nobody(errors.New("malformed " + frontName))
	}
	c, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nobody(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(c, "raise %s\n", secret)
	answer, err := bufio.NewReaderSize(c, 16).ReadString('\n')
	if strings.TrimSpace(answer) != "ok" {
		return nobody(err)
	}
	return nil
}

func kind(path string, err error) error {
	return &delivery.Error{Op: "open", Kind: delivery.FileKind(err), File: path, Err: err}
}
