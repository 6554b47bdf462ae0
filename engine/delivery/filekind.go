package delivery

import (
	"errors"
	"io/fs"
)

// FileKind is why a file could not be read or written: KindNoFile,
// KindPermission, KindDiskFull, or KindIO for anything else.
func FileKind(err error) Kind {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return KindNoFile
	case errors.Is(err, fs.ErrPermission):
		return KindPermission
	case isFull(err):
		return KindDiskFull
	}
	return KindIO
}
