package htmlimport

import (
	"encoding/base64"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/net/html"

	"sendoff/engine/delivery"
)

// rounds is how often HTML is cleaned until nothing changes any more. What is taken
// out may have held apart what now is a tag.
const rounds = 8

// clean makes of the HTML of somebody else the HTML of a mail.
func (p *page) clean(text string) (string, error) {
	p.foreign(text)
	m := liquid(text)
	s := m.text
	for range rounds {
		if err := p.ctx.Err(); err != nil {
			return "", &delivery.Error{Op: "import_html", Kind: delivery.KindCancelled, File: p.file, Err: err}
		}
		next, err := p.rewrite(s, 0)
		if err != nil {
			return "", refuse(p.file, NotHTML)
		}
		if next == s {
			return m.restore(s), nil
		}
		s = next
	}
	return "", refuse(p.file, Unclean)
}

// Elements that are taken out: with what is in them, or the tags alone.
func removed(tag string) (what Code, whole bool) {
	switch tag {
	case "script":
		return Scripts, true
	case "noscript", "iframe", "noembed", "noframes", "svg", "math", "plaintext", "xmp", "template":
		return Frames, true
	case "frame", "frameset", "object", "embed", "applet", "portal", "fencedframe", "param":
		return Frames, false
	}
	return "", false
}

// rewrite copies HTML token by token and changes what has to be changed.
func (p *page) rewrite(s string, depth int) (string, error) {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	skip, nested := "", 0 // the element that is being taken out
	style := false
	for {
		typ := z.Next()
		raw := string(z.Raw())
		if typ == html.ErrorToken {
			if z.Err() == io.EOF {
				return b.String(), nil
			}
			return "", z.Err()
		}
		tag := ""
		if typ == html.StartTagToken || typ == html.EndTagToken || typ == html.SelfClosingTagToken {
			name, _ := z.TagName()
			tag = string(name)
		}
		if skip != "" {
			switch {
			case typ == html.StartTagToken && tag == skip:
				nested++
			case typ == html.EndTagToken && tag == skip:
				if nested--; nested == 0 {
					skip = ""
				}
			}
			continue
		}
		switch typ {
		case html.TextToken:
			if style {
				raw = p.css(raw, p.dir)
			}
			b.WriteString(raw)
		case html.CommentToken:
			b.WriteString(p.comment(raw, depth))
		case html.DoctypeToken:
			b.WriteString(raw)
		case html.EndTagToken:
			if _, whole := removed(tag); whole || removedTag(tag) {
				continue
			}
			style = style && tag != "style"
			b.WriteString(raw)
		default:
			if code, whole := removed(tag); code != "" {
				p.note(code, "")
				// A slash ends no element of HTML, only those of SVG and MathML.
				if whole && (typ == html.StartTagToken || tag != "svg" && tag != "math") {
					skip, nested = tag, 1
				}
				continue
			}
			style = tag == "style"
			b.WriteString(p.tag(tag, raw))
		}
	}
}

// removedTag reports whether a tag is taken out.
func removedTag(tag string) bool {
	code, _ := removed(tag)
	return code != "" || tag == "link" || tag == "base"
}

// comment cleans what a conditional comment has for Outlook; any other comment stays.
func (p *page) comment(raw string, depth int) string {
	rest, ok := strings.CutPrefix(raw, "<!--[if")
	if !ok || depth > 4 {
		return raw
	}
	i := strings.Index(rest, "]>")
	if i < 0 {
		return raw
	}
	inner := rest[i+2:]
	tail := ""
	if j := strings.LastIndex(inner, "<!["); j >= 0 {
		inner, tail = inner[:j], inner[j:]
	}
	clean, err := p.rewrite(inner, depth+1)
	if err != nil {
		return ""
	}
	return raw[:len("<!--[if")] + rest[:i+2] + clean + tail
}

// tag cleans a tag that stays, or turns it into another one.
func (p *page) tag(name, raw string) string {
	as := attrs(raw)
	get := func(name string) string {
		for _, a := range as {
			if a.name == name {
				return strings.TrimSpace(a.value)
			}
		}
		return ""
	}
	switch name {
	case "link":
		return p.link(get("rel"), get("href"), get("media"), raw)
	case "base":
		if u, err := url.Parse(get("href")); err == nil && (u.Scheme == "http" || u.Scheme == "https") && p.base == "" {
			p.base = u.String()
		}
		return ""
	case "meta":
		if strings.EqualFold(get("http-equiv"), "refresh") {
			p.note(Refresh, "")
			return ""
		}
	}
	var edits []edit
	for _, a := range as {
		if e, ok := p.attr(name, a); ok {
			edits = append(edits, e)
		}
	}
	return apply(raw, edits)
}

// attr cleans one attribute.
func (p *page) attr(tag string, a attr) (edit, bool) {
	switch {
	case strings.HasPrefix(a.name, "on"):
		p.note(Handlers, "")
		return a.remove(), true
	case a.name == "style":
		if s := p.css(a.value, p.dir); s != a.value {
			return a.set(s), true
		}
		return edit{}, false
	case tag == "meta" && a.name == "charset" && !strings.EqualFold(a.value, "utf-8"):
		return a.set("utf-8"), true
	case tag == "meta" && a.name == "content" && strings.Contains(strings.ToLower(a.value), "charset=") && !strings.Contains(strings.ToLower(a.value), "utf-8"):
		return a.set("text/html; charset=utf-8"), true
	case a.name == "srcdoc":
		p.note(Frames, "")
		return a.remove(), true
	case a.name == "srcset":
		// Few mailboxes look at it, and src says the same.
		return a.remove(), true
	case a.name == "src" && tag != "video" && tag != "audio" && tag != "source" && tag != "track", a.name == "background", a.name == "lowsrc", a.name == "dynsrc", a.name == "poster":
		if to, ok := p.image(a.value, p.dir); ok {
			return a.set(to), true
		}
		if scheme := schemeOf(a.value); !harmless(scheme) {
			if scheme != "data" && scheme != "file" { // those were looked at, and said already
				p.note(Links, scheme)
			}
			return a.remove(), true
		}
	case a.name == "href", a.name == "xlink:href", a.name == "action", a.name == "formaction", a.name == "data", a.name == "cite", a.name == "longdesc", a.name == "ping",
		a.name == "src", a.name == "usemap", a.name == "manifest":
		return p.href(a)
	}
	return edit{}, false
}

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
