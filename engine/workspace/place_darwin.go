package workspace

import (
	"strings"
	"syscall"
)

// shared names the network file system that a folder is on.
func shared(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	var b strings.Builder
	for _, c := range s.Fstypename {
		if c == 0 {
			break
		}
		b.WriteByte(byte(c))
	}
	switch b.String() {
	case "smbfs":
		return "SMB"
	case "nfs":
		return "NFS"
	case "afpfs":
		return "AFP"
	case "webdav":
		return "WebDAV"
	}
	return ""
}
