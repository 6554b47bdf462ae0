package htmlimport

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

// Bounds.
const (
	maxArchive = 50 << 20  // bytes of a ZIP file
	maxEntries = 2000      // files in it
	maxTotal   = 200 << 20 // bytes of them, unpacked
	maxRatio   = 200       // how many times larger one may become, from 1 MiB on
	maxHTML    = 16 << 20  // bytes of the HTML as it comes, with images in it
	maxResult  = 1 << 20   // bytes of what is left; message.MaxSource
	maxImages  = 200       // of one mail
)

// Code says what the import did or found.
type Code string

// Codes. Detail is the first one where it says what.
const (
	Embedded     Code = "images_embedded"      // images that came along
	Remote       Code = "images_remote"        // images that stay on the web; Detail: the address
	Missing      Code = "images_missing"       // Detail: the path that leads to no file
	Refused      Code = "images_refused"       // Detail: path, then a space and why: svg, broken, dimensions, asset, many
	Scripts      Code = "scripts_removed"      // programs
	Frames       Code = "frames_removed"       // frames, embedded objects, inline SVG
	Handlers     Code = "handlers_removed"     // attributes that run programs
	Links        Code = "links_removed"        // Detail: the scheme of the first
	Relative     Code = "links_relative"       // links that lead nowhere from a mail; Detail: the first
	Styles       Code = "styles_inlined"       // style sheets that were files
	RemoteStyles Code = "styles_remote"        // style sheets on the web, which most mailboxes ignore; Detail: the address
	LostStyles   Code = "styles_missing"       // Detail: the path
	CSS          Code = "css_removed"          // declarations that run programs or fetch other style sheets
	Refresh      Code = "refresh_removed"      // pages that go elsewhere by themselves
	Charset      Code = "charset_converted"    // Detail: what it was
	Guessed      Code = "charset_guessed"      // nobody said which, and it is no UTF-8; Detail: what it was taken for
	Chosen       Code = "html_chosen"          // one of Count HTML files; Detail: which
	ForeignTags  Code = "merge_tags_elsewhere" // merge tags of other programs; Detail: the first
)

// Codes lists them all, in the order of a report.
func Codes() []Code {
	return []Code{Chosen, Charset, Guessed, Embedded, Remote, Missing, Refused, Styles, RemoteStyles, LostStyles, Scripts, Frames, Handlers, Links, CSS, Refresh,
		Relative, ForeignTags}
}

// Note is one line of a report.
type Note struct {
	Code   Code   `json:"code"`
	Count  int    `json:"count"`
	Detail string `json:"detail,omitempty"`
}

// Image is one that came along.
type Image struct {
	delivery.Asset
	Data []byte
}

// Result is what was read.
type Result struct {
	HTML   string
	Name   string  // of the HTML file
	Images []Image // that the HTML refers to, each once
	Report []Note  // in the order of Codes, none with a count of 0
}

// Why a file cannot be imported, as the Detail of an error of KindInvalid with Field
// "html_import".
const (
	NoHTML    = "no_html"    // an archive without an HTML file
	NotHTML   = "not_html"   // not even one tag
	TooLarge  = "too_large"  // beyond one of the bounds
	Bomb      = "bomb"       // an archive that unpacks to more than it may
	BadPath   = "path"       // an archive with a path that leads out of it
	BadLink   = "link"       // an archive with a symbolic link
	Encrypted = "encrypted"  // an archive with a password
	BadZip    = "damaged"    // an archive that cannot be read
	Unclean   = "never_ends" // HTML that becomes dangerous each time that it is cleaned
)

func refuse(file, detail string) error {
	return &delivery.Error{Op: "import_html", Kind: delivery.KindInvalid, Field: "html_import", File: file, Detail: detail}
}

// Import reads an HTML file, or a ZIP archive with one. Errors: KindNoFile,
// KindPermission, KindIO, KindCancelled, and KindInvalid with one of the details
// above.
func Import(ctx context.Context, file string) (Result, error) {
	fi, err := os.Stat(file)
	if err == nil && !fi.Mode().IsRegular() {
		err = &os.PathError{Op: "open", Path: file, Err: os.ErrInvalid}
	}
	if err != nil {
		return Result{}, &delivery.Error{Op: "import_html", Kind: delivery.FileKind(err), File: file, Err: err}
	}
	if fi.Size() > maxArchive {
		return Result{}, refuse(file, TooLarge)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return Result{}, &delivery.Error{Op: "import_html", Kind: delivery.FileKind(err), File: file, Err: err}
	}
	var from source
	name := filepath.Base(file)
	p := &page{ctx: ctx, file: file, counts: map[Code]*Note{}, byPath: map[string]string{}, byHash: map[string]bool{}, said: map[string]bool{}}
	if strings.HasPrefix(string(data[:min(len(data), 2)]), "PK") {
		z, err := openZip(file, data)
		if err != nil {
			return Result{}, err
		}
		htmls := z.pages()
		if len(htmls) == 0 {
			return Result{}, refuse(file, NoHTML)
		}
		name = htmls[0]
		if len(htmls) > 1 {
			p.noteN(Chosen, len(htmls), name)
		}
		data, err = z.read(name)
		if errors.Is(err, errNoFile) {
			return Result{}, refuse(file, TooLarge)
		}
		if err != nil {
			return Result{}, refuse(file, BadZip)
		}
		from = z
	} else {
		f, err := openFolder(filepath.Dir(file))
		if err != nil {
			return Result{}, err
		}
		defer f.root.Close()
		from = f
	}
	if len(data) > maxHTML {
		return Result{}, refuse(file, TooLarge)
	}
	p.from, p.dir = from, path.Dir(name)
	if _, ok := from.(*folder); ok {
		p.dir = "."
	}
	text, err := p.text(data)
	if err != nil {
		return Result{}, err
	}
	out, err := p.clean(text)
	if err != nil {
		return Result{}, err
	}
	if len(out) > maxResult {
		return Result{}, refuse(file, TooLarge)
	}
	return Result{HTML: out, Name: name, Images: p.images, Report: p.report()}, nil
}

// page is one HTML file on its way.
type page struct {
	ctx    context.Context
	file   string
	from   source
	dir    string // of the HTML, with slashes
	base   string // of its links, when it says so
	counts map[Code]*Note

	byPath map[string]string // reference to asset by path; empty: there is none
	byHash map[string]bool
	said   map[string]bool // what is counted once, however often it occurs
	images []Image
}

func (p *page) note(c Code, detail string) { p.noteN(c, 1, detail) }

func (p *page) noteN(c Code, n int, detail string) {
	if p.counts[c] == nil {
		p.counts[c] = &Note{Code: c, Detail: detail}
	}
	p.counts[c].Count += n
}

// once notes what a detail says the first time that it is said.
func (p *page) once(c Code, detail string) {
	if key := string(c) + "\x00" + detail; !p.said[key] {
		p.said[key] = true
		p.note(c, detail)
	}
}

func (p *page) report() []Note {
	out := []Note{}
	for _, c := range Codes() {
		if n := p.counts[c]; n != nil {
			out = append(out, *n)
		}
	}
	return out
}

// keep takes an image along and returns how HTML refers to it.
func (p *page) keep(name string, data []byte) (ref string, ok bool) {
	a, err := asset.Inspect(name, data)
	why := ""
	switch e, _ := err.(*delivery.Error); {
	case e != nil && e.Field == "image":
		why, _, _ = strings.Cut(e.Detail, " ")
	case err != nil:
		why = "asset"
	case !a.Image():
		why = "broken"
	case len(p.images) >= maxImages && !p.byHash[a.Hash]:
		why = "many"
	}
	if why != "" {
		p.once(Refused, name+" "+why)
		return "", false
	}
	if !p.byHash[a.Hash] {
		p.byHash[a.Hash] = true
		p.images = append(p.images, Image{a, data})
		p.note(Embedded, "")
	}
	return delivery.AssetScheme + a.Hash, true
}

// pages lists the HTML files of an archive, the one that is meant first: an index,
// then what lies higher, then by name.
func (z *archive) pages() []string {
	var out []string
	for name := range z.files {
		base := path.Base(name)
		ext := strings.ToLower(path.Ext(base))
		if (ext == ".html" || ext == ".htm") && !strings.HasPrefix(base, ".") && !strings.HasPrefix(name, "__MACOSX/") {
			out = append(out, name)
		}
	}
	rank := func(name string) (int, int) {
		index := 1
		if b := strings.ToLower(path.Base(name)); strings.HasPrefix(b, "index.") {
			index = 0
		}
		return index, strings.Count(name, "/")
	}
	slices.SortFunc(out, func(a, b string) int {
		ia, da := rank(a)
		ib, db := rank(b)
		switch {
		case ia != ib:
			return ia - ib
		case da != db:
			return da - db
		}
		return strings.Compare(a, b)
	})
	return out
}
