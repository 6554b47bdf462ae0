package workspace

import (
	"os"
	"path/filepath"
	"testing"
)

// The names are those that the programs give their folders.
func TestPlace(t *testing.T) {
	root := t.TempDir()
	for path, want := range map[string]string{
		"sendoff":                                "",
		"OneDrive/sendoff":                       "OneDrive",
		"OneDrive - Acme B.V./mail/sendoff":      "OneDrive",
		"Library/CloudStorage/OneDrive-Personal": "OneDrive",
		"Dropbox":                                "Dropbox",
		"Dropbox (Acme)/sendoff":                 "Dropbox",
		"Library/Mobile Documents/com~apple~CloudDocs/sendoff": "iCloud Drive",
		"iCloudDrive/sendoff": "iCloud Drive",
		"Library/CloudStorage/GoogleDrive-ann@acme.example/My Drive/sendoff": "Google Drive",
		"Nextcloud/sendoff":   "Nextcloud",
		"onedrive/sendoff":    "OneDrive",
		"Dropboxes/sendoff":   "",
		"My OneDrive/sendoff": "",
	} {
		if got := Place(filepath.Join(root, filepath.FromSlash(path))); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	// By what the program left there, and through a link.
	marked := filepath.Join(root, "shared")
	if err := os.MkdirAll(filepath.Join(marked, ".stfolder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := Place(filepath.Join(marked, "deep", "sendoff")); got != "Syncthing" {
		t.Errorf("a folder of Syncthing: %q", got)
	}
	link := filepath.Join(root, "link")
	if err := os.Symlink(marked, link); err != nil {
		t.Skip(err)
	}
	if got := Place(filepath.Join(link, "sendoff")); got != "Syncthing" {
		t.Errorf("a link into a folder of Syncthing: %q", got)
	}
}
