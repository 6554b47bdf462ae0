package secret

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"unicode/utf8"

	"filippo.io/age"

	"sendoff/engine/delivery"
)

// FileName is the name of the encrypted file within a workspace.
const FileName = "passwords.age"

// LeastPassphrase is how many characters a passphrase has at least.
const LeastPassphrase = 8

// File keeps passwords in a file that is encrypted with a passphrase (age,
// scrypt). It is for computers without a keyring. The passwords are in memory
// while it is open, and nowhere else in clear.
type File struct {
	path string
	work int // scrypt's work factor as a power of two; 0: age's own

	mu        sync.Mutex
	open      bool
	secret    string
	passwords map[string]string
}

// NewFile names the file of a workspace. work is scrypt's work factor, 0 for the
// usual one of about a second.
func NewFile(dir string, work int) *File {
	return &File{path: filepath.Join(dir, FileName), work: work}
}

// State tells whether the file exists, and whether it is open.
func (f *File) State() (exists, open bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, err := os.Stat(f.path)
	return err == nil, f.open
}

// Open opens the file, or makes it when there is none. KindInvalid (Field
// "passphrase") for a new one that is too short, KindPassphrase ("wrong"),
// KindDamaged, or trouble with the file.
func (f *File) Open(passphrase string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	b, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		if utf8.RuneCountInString(passphrase) < LeastPassphrase {
			return &delivery.Error{Op: "passwords", Kind: delivery.KindInvalid, Field: "passphrase"}
		}
		return f.write(passphrase, map[string]string{})
	}
	if err != nil {
		return f.trouble(err)
	}
	id, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return &delivery.Error{Op: "passwords", Kind: delivery.KindPassphrase, Detail: "wrong"}
	}
	r, err := age.Decrypt(bytes.NewReader(b), id)
	var wrong *age.NoIdentityMatchError
	switch {
	case errors.As(err, &wrong), errors.Is(err, age.ErrIncorrectIdentity):
		return &delivery.Error{Op: "passwords", Kind: delivery.KindPassphrase, Detail: "wrong"}
	case err != nil:
		return f.damaged()
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return f.damaged()
	}
	passwords := map[string]string{}
	if err := json.Unmarshal(plain, &passwords); err != nil {
		return f.damaged()
	}
	f.open, f.secret, f.passwords = true, passphrase, passwords
	return nil
}

// Get returns a password. KindPassphrase ("locked") while the file is closed;
// false when it has none.
func (f *File) Get(entry string) (string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.open {
		if _, err := os.Stat(f.path); err != nil {
			return "", false, nil
		}
		return "", false, &delivery.Error{Op: "get_password", Kind: delivery.KindPassphrase, Detail: "locked"}
	}
	p, ok := f.passwords[entry]
	return p, ok, nil
}

// Set keeps a password; an empty one is forgotten. KindPassphrase, "locked" or,
// when there is no file yet, "new".
func (f *File) Set(entry, password string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.open {
		detail := "locked"
		if _, err := os.Stat(f.path); err != nil {
			detail = "new"
		}
		return &delivery.Error{Op: "set_password", Kind: delivery.KindPassphrase, Detail: detail}
	}
	next := make(map[string]string, len(f.passwords)+1)
	for k, v := range f.passwords {
		next[k] = v
	}
	if next[entry] = password; password == "" {
		delete(next, entry)
	}
	return f.write(f.secret, next)
}

// write replaces the file by one with the given passwords, whole or not at all.
func (f *File) write(passphrase string, passwords map[string]string) error {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return &delivery.Error{Op: "passwords", Kind: delivery.KindInvalid, Field: "passphrase"}
	}
	if f.work > 0 {
		to.SetWorkFactor(f.work)
	}
	plain, err := json.Marshal(passwords)
	if err != nil {
		return f.trouble(err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, to)
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return f.trouble(err)
	}
	t, err := os.CreateTemp(filepath.Dir(f.path), ".passwords-*") // mode 0600
	if err != nil {
		return f.trouble(err)
	}
	_, err = t.Write(sealed.Bytes())
	if err = errors.Join(err, t.Sync(), t.Close()); err == nil {
		err = os.Rename(t.Name(), f.path)
	}
	if err != nil {
		os.Remove(t.Name())
		return f.trouble(err)
	}
	f.open, f.secret, f.passwords = true, passphrase, passwords
	return nil
}

func (f *File) damaged() error {
	return &delivery.Error{Op: "passwords", Kind: delivery.KindDamaged, File: f.path}
}

func (f *File) trouble(err error) error {
	return &delivery.Error{Op: "passwords", Kind: delivery.FileKind(err), File: f.path, Err: err}
}
