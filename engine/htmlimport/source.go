package htmlimport

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"sendoff/engine/delivery"
)

// source is where what lies beside the HTML comes from.
type source interface {
	// read reads a file by a path with slashes that is local to it.
	read(name string) ([]byte, error)
}

// folder is the folder of an HTML file.
type folder struct{ root *os.Root }

func openFolder(dir string) (*folder, error) {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, &delivery.Error{Op: "import_html", Kind: delivery.FileKind(err), File: dir, Err: err}
	}
	return &folder{r}, nil
}

var errNoFile = errors.New("no file")

func (f *folder) read(name string) ([]byte, error) {
	name = filepath.FromSlash(name)
	fi, err := f.root.Stat(name)
	if err != nil || !fi.Mode().IsRegular() || fi.Size() > delivery.MaxAsset {
		return nil, errNoFile
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, delivery.MaxAsset+1))
}

// archive is a ZIP file in memory.
type archive struct {
	files map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

// openZip reads the directory of an archive and refuses what no mail is packed in.
func openZip(file string, data []byte) (*archive, error) {
	// The directory may claim anything; what it has are headers, each with its mark.
	if bytes.Count(data, []byte("PK\x01\x02")) > maxEntries {
		return nil, refuse(file, Bomb)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, refuse(file, BadZip)
	}
	z := &archive{files: map[string]*zip.File{}, left: maxTotal}
	total := uint64(0)
	for _, f := range r.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case strings.ContainsAny(name, "\\\x00") || !filepath.IsLocal(name) || path.IsAbs(name) || path.Clean(name) != name:
			return nil, refuse(file, BadPath)
		case f.Mode()&fs.ModeSymlink != 0:
			return nil, refuse(file, BadLink)
		case f.Flags&1 != 0:
			return nil, refuse(file, Encrypted)
		}
		if total += f.UncompressedSize64; total > maxTotal || f.UncompressedSize64 > maxTotal {
			return nil, refuse(file, Bomb)
		}
		if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return nil, refuse(file, Bomb)
		}
		if f.Mode().IsRegular() && z.files[name] == nil {
			z.files[name] = f
		}
	}
	return z, nil
}

// read unpacks a file. What its header claims is not believed.
func (z *archive) read(name string) ([]byte, error) {
	f := z.files[name]
	if f == nil {
		return nil, errNoFile
	}
	limit := min(z.left, int64(max(maxHTML, delivery.MaxAsset)))
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	z.left -= int64(len(data))
	if int64(len(data)) > limit {
		return nil, errNoFile
	}
	return data, err
}
