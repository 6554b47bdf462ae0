package bridge

import (
	"errors"
	"os"
	"path/filepath"

	"sendoff/engine/delivery"
)

// WriteFile puts a file in the place of path, whole or not at all. Only its owner
// may read it. Its errors are *delivery.Error. It blocks.
func WriteFile(path string, content []byte) error {
	t, err := os.CreateTemp(filepath.Dir(path), ".sendoff-*") // mode 0600
	if err != nil {
		return fileError(path, err)
	}
	_, err = t.Write(content)
	err = errors.Join(err, t.Sync(), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), path)
	}
	if err != nil {
		os.Remove(t.Name())
		return fileError(path, err)
	}
	return nil
}

func fileError(path string, err error) error {
	e := &delivery.Error{Op: "save", Kind: delivery.FileKind(err), File: path, Err: err}
	if e.Kind == delivery.KindNoFile {
		e.File = filepath.Dir(path)
	}
	return e
}
