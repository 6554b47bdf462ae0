package htmlimport

import (
	"io"
	"net/url"
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
