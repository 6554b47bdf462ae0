package htmlimport

import (
	"encoding/base64"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// href looks at a link.
func (p *page) href(a attr) (edit, bool) {
	v := strings.TrimSpace(a.value)
	scheme := schemeOf(v)
	switch {
	case !harmless(scheme):
		p.note(Links, scheme)
		return a.remove(), true
	case scheme != "" || v == "" || strings.HasPrefix(v, "#") || strings.HasPrefix(v, "//") || !startsPlain(v):
		return edit{}, false
	case p.base != "":
		if to, ok := p.absolute(v); ok {
			return a.set(to), true
		}
	}
	p.once(Relative, v)
	return edit{}, false
}

// startsPlain reports whether an address begins with what a relative one may begin
// with, and has no merge tag in it, whatever that stands for.
func startsPlain(s string) bool {
	if strings.ContainsFunc(s, hidden) {
		return false
	}
	if len(s) > 2 && s[0] == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0 {
		return true // percent-encoded
	}
	return s[0] != '{' && s[0] != '*' && s[0] != '%' && s[0] != '['
}

// absolute is an address within the page's base.
func (p *page) absolute(ref string) (string, bool) {
	base, err := url.Parse(p.base)
	if err != nil {
		return "", false
	}
	u, err := base.Parse(ref)
	if err != nil {
		return "", false
	}
	return u.String(), true
}

// schemeOf is the scheme of an address as a browser finds it: in lower case, without
// the control characters and spaces that it ignores. Empty: it has none.
func schemeOf(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r == '\u00a0' || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s)
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case s[i] == ':' && i > 0:
			return strings.ToLower(s[:i])
		case c >= 'a' && c <= 'z', i > 0 && (s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.'):
		default:
			return ""
		}
	}
	return ""
}

// harmless reports whether a link with the scheme may stay.
func harmless(scheme string) bool {
	switch scheme {
	case "", "http", "https", "mailto", "tel", "sms", "webcal", "whatsapp", "geo", "maps", "cid", "asset":
		return true
	}
	return false
}

// image takes an image along that an address within dir leads to, and returns what
// refers to it now. false: the address stays as it is.
func (p *page) image(ref, dir string) (string, bool) {
	ref = strings.TrimSpace(ref)
	scheme := schemeOf(ref)
	switch {
	case ref == "", strings.HasPrefix(ref, "#"), scheme == "asset", scheme == "cid":
		return "", false
	case scheme == "http", scheme == "https", strings.HasPrefix(ref, "//"):
		p.once(Remote, ref)
		return "", false
	case scheme == "data":
		return p.data(ref)
	case !startsPlain(ref):
		return "", false
	case scheme == "" && p.base != "":
		if to, ok := p.absolute(ref); ok {
			p.once(Remote, to)
			return to, to != ref
		}
	case scheme != "" && scheme != "file":
		return "", false
	}
	name, ok := p.local(ref, dir)
	if !ok {
		p.once(Missing, ref)
		return "", false
	}
	if to, known := p.byPath[name]; known {
		return to, to != ""
	}
	data, err := p.from.read(name)
	if err != nil {
		p.byPath[name] = ""
		p.once(Missing, ref)
		return "", false
	}
	to, _ := p.keep(path.Base(name), data)
	p.byPath[name] = to
	return to, to != ""
}

// local is the path of a file within the source, by an address within dir.
func (p *page) local(ref, dir string) (string, bool) {
	ref, _, _ = strings.Cut(ref, "#")
	ref, _, _ = strings.Cut(ref, "?")
	name, err := url.PathUnescape(strings.ReplaceAll(ref, `\`, "/"))
	if err != nil || strings.ContainsAny(name, "\x00\\:") {
		return "", false
	}
	if strings.HasPrefix(name, "/") {
		name = strings.TrimLeft(name, "/") // from the root of the archive
	} else {
		name = path.Join(dir, name)
	}
	name = path.Clean(name)
	return name, filepath.IsLocal(filepath.FromSlash(name)) && name != "."
}

// data takes an image along that is written into the HTML (RFC 2397); most mailboxes
// show none of those.
func (p *page) data(ref string) (string, bool) {
	head, body, ok := strings.Cut(ref, ",")
	if !ok || !strings.HasPrefix(strings.ToLower(head), "data:image/") {
		return "", false
	}
	var data []byte
	if strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
		body = strings.Map(func(r rune) rune {
			if space(byte(r)) && r < 0x80 || r == '=' {
				return -1
			}
			return r
		}, body)
		if unescaped, err := url.PathUnescape(body); err == nil {
			body = strings.TrimRight(unescaped, "=")
		}
		var err error
		if data, err = base64.RawStdEncoding.DecodeString(body); err != nil {
			p.once(Refused, "data broken")
			return "", false
		}
	} else if text, err := url.PathUnescape(body); err == nil {
		data = []byte(text)
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(head), "data:image/"), ";")
	if kind == "svg+xml" {
		kind = "svg"
	}
	return p.keep("image."+kind, data)
}

// link makes a style of a style sheet that is a file; those on the web stay, and
// everything else that a link element does is nothing to a mail.
func (p *page) link(rel, href, media, raw string) string {
	if !strings.Contains(" "+strings.ToLower(rel)+" ", " stylesheet ") {
		return ""
	}
	scheme := schemeOf(href)
	if scheme == "http" || scheme == "https" || strings.HasPrefix(href, "//") {
		p.once(RemoteStyles, href)
		return apply(raw, p.harmlessLink(raw))
	}
	name, ok := p.local(href, p.dir)
	if !ok || scheme != "" || p.base != "" {
		p.note(LostStyles, href)
		return ""
	}
	data, err := p.from.read(name)
	if err != nil || len(data) > maxResult {
		p.note(LostStyles, href)
		return ""
	}
	p.note(Styles, "")
	css := strings.ToValidUTF8(strings.TrimPrefix(string(data), "\ufeff"), "\uFFFD")
	css = strings.NewReplacer("\x00", "", "</", "<\\/", "<!--", "", "-->", "").Replace(css)
	css = p.css(css, path.Dir(name))
	if media != "" && !strings.EqualFold(media, "all") && !strings.ContainsAny(media, "{}<>;") {
		css = "@media " + media + "{\n" + css + "\n}"
	}
	return "<style>\n" + css + "\n</style>"
}

// harmlessLink takes the handlers off a link element.
func (p *page) harmlessLink(raw string) (edits []edit) {
	for _, a := range attrs(raw) {
		if strings.HasPrefix(a.name, "on") {
			p.note(Handlers, "")
			edits = append(edits, a.remove())
		}
	}
	return edits
}
