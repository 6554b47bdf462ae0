package content

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"sendoff/app/bridge"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
)

// maxHTML is the largest file that is loaded; no mailbox shows more.
const maxHTML = 4 << 20

// loadFile asks for a page of HTML and puts it in the place of what is written.
func (p *source) loadFile() {
	env := p.s.Env()
	env.Pick(env.Text.T("edit.load_html"), []string{".html", ".htm"}, func(path string) { load(p.s, path) })
}

// load reads a file off the UI goroutine.
func load(s *session.Session, path string) {
	env := s.Env()
	bridge.Run(env.Bridge, "load html", func(context.Context) (string, error) { return readHTML(path) }, func(html string, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		s.Edit("", func(d *delivery.Draft) { d.Content.HTML, d.Content.Design = html, "" })
		env.Toast(env.Text.T("edit.loaded", "file", filepath.Base(path)), state.Green)
	})
}

func readHTML(path string) (string, error) {
	fail := func(k delivery.Kind, err error) (string, error) {
		return "", &delivery.Error{Op: "load", Kind: k, File: path, Err: err}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(delivery.KindNoFile, err)
	case errors.Is(err, fs.ErrPermission):
		return fail(delivery.KindPermission, err)
	case err != nil:
		return fail(delivery.KindIO, err)
	case info.IsDir() || info.Size() > maxHTML:
		return fail(delivery.KindTooLarge, nil)
	}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fail(delivery.KindPermission, err)
	case err != nil:
		return fail(delivery.KindIO, err)
	case !utf8.Valid(b):
		return "", &delivery.Error{Op: "load", Kind: delivery.KindEncoding, File: path, Line: invalidLine(b)}
	}
	return strings.TrimPrefix(string(b), "\ufeff"), nil
}

// invalidLine is the first line that is not UTF-8, from 1.
func invalidLine(b []byte) int {
	line := 1
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		b = b[n:]
	}
	return line
}
