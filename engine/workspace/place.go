package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// acceptName is the file with the names of the computers on which a person said that
// the workspace may lie where it does.
const acceptName = "sendoff.shared"

// synced are the folders of programs that copy files behind the back of whoever
// writes them, by the names they give them.
func synced() map[string][]string {
	return map[string][]string{
		"OneDrive":     {"onedrive"},
		"Dropbox":      {"dropbox"},
		"iCloud Drive": {"icloud drive", "iclouddrive", "mobile documents", "com~apple~clouddocs"},
		"Google Drive": {"google drive", "googledrive", "my drive"},
		"Nextcloud":    {"nextcloud"},
		"ownCloud":     {"owncloud"},
		"pCloud":       {"pclouddrive", "pcloud drive"},
		"MEGA":         {"mega", "megasync"},
		"Proton Drive": {"proton drive", "protondrive"},
		"Box":          {"box sync"},
	}
}

// marks are files that such programs put into the folders that they copy.
func marks() map[string]string {
	return map[string]string{
		".dropbox.cache":     "Dropbox",
		".stfolder":          "Syncthing",
		".nextcloudsync.log": "Nextcloud",
		".owncloudsync.log":  "ownCloud",
	}
}

// Place names what synchronises or shares the folder, such as OneDrive or SMB;
// empty for a folder of this computer alone. A database in such a folder can be
// copied half-written, and be opened on two computers at the same time.
func Place(dir string) string {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	// The folder itself may not exist yet.
	there := dir
	for {
		if real, err := filepath.EvalSymlinks(there); err == nil {
			dir, there = real+strings.TrimPrefix(dir, there), real
			break
		}
		up := filepath.Dir(there)
		if up == there {
			break
		}
		there = up
	}
	if what := named(dir); what != "" {
		return what
	}
	for at := there; ; at = filepath.Dir(at) {
		for file, what := range marks() {
			if _, err := os.Lstat(filepath.Join(at, file)); err == nil {
				return what
			}
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, name := range []string{"OneDrive", "OneDriveConsumer", "OneDriveCommercial"} { // as Windows has it
		if root := os.Getenv(name); filepath.IsAbs(root) && within(dir, root) {
			return "OneDrive"
		}
	}
	return shared(there)
}

// named finds a program by the names of the folders on the way.
func named(dir string) string {
	for part := range strings.SplitSeq(filepath.ToSlash(dir), "/") {
		part = strings.ToLower(part)
		for what, names := range synced() {
			for _, name := range names {
				// “OneDrive - Acme”, “Dropbox (Acme)”, “GoogleDrive-ann@acme.example”.
				if rest, ok := strings.CutPrefix(part, name); ok && (rest == "" || strings.HasPrefix(rest, " - ") ||
					strings.HasPrefix(rest, " (") || strings.HasPrefix(rest, "-")) {
					return what
				}
			}
		}
	}
	return ""
}

func within(dir, root string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Accepted reports whether a person at this computer said that the workspace may lie
// where it does.
func Accepted(dir string) bool {
	host, err := os.Hostname()
	if err != nil {
		return false
	}
	b, err := os.ReadFile(filepath.Join(dir, acceptName))
	return err == nil && slices.Contains(strings.Split(string(b), "\n"), host)
}

// Accept notes that.
func Accept(dir string) error {
	host, err := os.Hostname()
	if err != nil {
		return kind(dir, err)
	}
	path := filepath.Join(dir, acceptName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return kind(path, err)
	}
	if _, err := f.WriteString(host + "\n"); err != nil {
		_ = f.Close()
		return kind(path, err)
	}
	if err := f.Close(); err != nil {
		return kind(path, err)
	}
	return nil
}
