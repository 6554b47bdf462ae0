package attachment

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"sendoff/engine/delivery"
)

// Folder is one folder on this computer with files for recipients.
type Folder struct{ root *os.Root }

// Open opens a folder. KindNoFile when there is none.
func Open(dir string) (*Folder, error) {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &delivery.Error{Op: "attach", Kind: delivery.FileKind(err), File: dir, Err: err}
	}
	return &Folder{r}, nil
}

// Close lets it go. A nil Folder has nothing to let go.
func (f *Folder) Close() error {
	if f == nil {
		return nil
	}
	return f.root.Close()
}

// Trouble is why a path names no file that can be attached.
type Trouble struct{ Code delivery.FindingCode }

func (t *Trouble) Error() string { return string(t.Code) }

// Read reads the file that a path with slashes names. The error is a *Trouble. A nil
// Folder has no files.
func (f *Folder) Read(name string) ([]byte, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) || strings.ContainsAny(name, "\\\x00") || path.Clean(name) == "." {
		return nil, &Trouble{delivery.FindAttachmentOutside}
	}
	if f == nil {
		return nil, &Trouble{delivery.FindAttachmentMissing}
	}
	// What is no file is not even opened: a pipe would wait for its other end.
	fi, err := f.root.Stat(local)
	if err != nil {
		return nil, trouble(err)
	}
	switch {
	case fi.IsDir():
		return nil, &Trouble{delivery.FindAttachmentFolder}
	case !fi.Mode().IsRegular():
		return nil, &Trouble{delivery.FindAttachmentRead}
	case fi.Size() > delivery.MaxAsset:
		return nil, &Trouble{delivery.FindAttachmentLarge}
	}
	file, err := f.root.Open(local)
	if err != nil {
		return nil, trouble(err)
	}
	defer file.Close()
	data := make([]byte, 0, fi.Size()+1)
	data, err = readAll(io.LimitReader(file, delivery.MaxAsset+1), data)
	switch {
	case err != nil:
		return nil, &Trouble{delivery.FindAttachmentRead}
	case len(data) > delivery.MaxAsset:
		return nil, &Trouble{delivery.FindAttachmentLarge}
	}
	return data, nil
}

// readAll is io.ReadAll into memory that is there already.
func readAll(r io.Reader, b []byte) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// trouble tells a link out of the folder from a file that is not there.
func trouble(err error) *Trouble {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Trouble{delivery.FindAttachmentMissing}
	case strings.Contains(err.Error(), "escapes from parent"): // os.Root has no error of its own
		return &Trouble{delivery.FindAttachmentOutside}
	}
	return &Trouble{delivery.FindAttachmentRead}
}
