package workspace

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// shared names what a drive of another computer is reached by.
func shared(dir string) string {
	volume := filepath.VolumeName(dir)
	if strings.HasPrefix(volume, `\\`) {
		return "SMB"
	}
	root, err := windows.UTF16PtrFromString(volume + `\`)
	if err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE {
		return "SMB"
	}
	return ""
}
