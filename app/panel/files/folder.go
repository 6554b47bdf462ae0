package files

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"sendoff/engine/delivery"
)

// entry is one line of a folder.
type entry struct {
	name   string
	folder bool
	size   int64
	at     time.Time
}

// folder is what lies in one: folders first, then files, by name. Hidden ones are
// left out, and files of other endings.
func folder(path string, endings []string) ([]entry, error) {
	list, err := os.ReadDir(path)
	if err != nil {
		return nil, trouble(path, err)
	}
	var out []entry
	for _, d := range list {
		if strings.HasPrefix(d.Name(), ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(path, d.Name())) // follows links
		if err != nil {
			continue // a link to nowhere
		}
		e := entry{name: d.Name(), folder: info.IsDir(), size: info.Size(), at: info.ModTime()}
		if e.folder || fits(e.name, endings) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b entry) int {
		if a.folder != b.folder {
			if a.folder {
				return -1
			}
			return 1
		}
		if d := strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)); d != 0 {
			return d
		}
		return strings.Compare(a.name, b.name)
	})
	return out, nil
}

// fits reports whether a file has one of the endings; no endings fit every file.
func fits(name string, endings []string) bool {
	return len(endings) == 0 || slices.Contains(endings, strings.ToLower(filepath.Ext(name)))
}

// trouble is the typed error of a path.
func trouble(path string, err error) error {
	return &delivery.Error{Op: "open", Kind: delivery.FileKind(err), File: path, Err: err}
}

// resolve makes what a person typed a path: ~ is the home folder, and a path that
// does not begin at the root begins in the folder that is shown.
func resolve(typed, shown, home string) string {
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "~":
		return home
	case strings.HasPrefix(typed, "~/") || strings.HasPrefix(typed, `~\`):
		return filepath.Join(home, typed[2:])
	case filepath.IsAbs(typed):
		return filepath.Clean(typed)
	}
	return filepath.Join(shown, typed)
}

// Typed is the path of a file that a person typed; ~ is the home folder. Nothing
// is nothing.
func Typed(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	home, _ := os.UserHomeDir()
	return resolve(s, "", home)
}

// place is a folder that people keep files in.
type place struct {
	key  string // the last part of a key of app/text
	path string
}

// places are those of the usual folders that exist.
func places(home string) []place {
	var out []place
	add := func(key, path string) {
		if info, err := os.Stat(path); err == nil && info.IsDir() && !slices.ContainsFunc(out, func(p place) bool { return p.key == key }) {
			out = append(out, place{key, path})
		}
	}
	add("home", home)
	for _, p := range []place{{"documents", "Documents"}, {"documents", "Documenten"}, {"downloads", "Downloads"}, {"desktop", "Desktop"}, {"desktop", "Bureaublad"}} {
		add(p.key, filepath.Join(home, p.path))
	}
	return out
}
