package attachment

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sendoff/engine/delivery"
)

// Copies is a folder of files by the hash of what they hold.
type Copies struct{ Dir string }

// Hash is the lower-case hex SHA-256 of data.
func Hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Put keeps data, durably, and returns its hash. Errors: KindDiskFull,
// KindPermission, KindIO.
func (c Copies) Put(data []byte) (string, error) {
	hash := Hash(data)
	name := filepath.Join(c.Dir, hash)
	if fi, err := os.Stat(name); err == nil && fi.Size() == int64(len(data)) {
		return hash, nil
	}
	if err := c.write(name, data); err != nil {
		return "", &delivery.Error{Op: "prepare", Kind: delivery.FileKind(err), File: name, Err: err}
	}
	return hash, nil
}

// write makes a whole file under its name, or none.
func (c Copies) write(name string, data []byte) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(c.Dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // once it has its name there is nothing to remove
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}

// Get reads what is kept under a hash. KindNoFile when it is gone, KindDamaged when
// it is not what was put there.
func (c Copies) Get(hash string) ([]byte, error) {
	name := filepath.Join(c.Dir, hash)
	if !delivery.IsHash(hash) {
		return nil, &delivery.Error{Op: "attach", Kind: delivery.KindDamaged, File: c.Dir}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, &delivery.Error{Op: "attach", Kind: delivery.FileKind(err), File: name, Err: err}
	}
	if Hash(data) != hash {
		return nil, &delivery.Error{Op: "attach", Kind: delivery.KindDamaged, File: name}
	}
	return data, nil
}

// Keep removes every copy but those with the given hashes, and the folder when
// nothing is left in it.
func (c Copies) Keep(hashes map[string]bool) error {
	entries, err := os.ReadDir(c.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	left := 0
	for _, e := range entries {
		if hashes[e.Name()] {
			left++
			continue
		}
		errs = append(errs, os.Remove(filepath.Join(c.Dir, e.Name())))
	}
	if left == 0 && err == nil {
		errs = append(errs, os.Remove(c.Dir))
	}
	if err := errors.Join(errs...); err != nil {
		return &delivery.Error{Op: "attach", Kind: delivery.FileKind(err), File: c.Dir, Err: err}
	}
	return nil
}
