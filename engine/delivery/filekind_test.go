package delivery

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"testing"
)

func TestFileKind(t *testing.T) {
	full := error(syscall.ENOSPC)
	if os.PathSeparator == '\\' {
		full = syscall.Errno(112) // ERROR_DISK_FULL
	}
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{fs.ErrNotExist, KindNoFile},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrPermission}, KindPermission},
		{&fs.PathError{Op: "write", Path: "x", Err: full}, KindDiskFull},
		{fmt.Errorf("sync: %w", full), KindDiskFull},
		{errors.New("something else"), KindIO},
	} {
		if got := FileKind(c.err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}
