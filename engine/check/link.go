package check

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"sendoff/engine/audience"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// target looks at where a link leads.
func (p *page) target(href string, line, column int) {
	if code, detail := judge(href, p.ids); code != "" {
		p.c.warn(code, message.PartHTML, line, column, detail)
	}
}

// judge says what is wrong with an address by its syntax alone, or "". ids are
// the targets within the page; nil where there can be none.
func judge(href string, ids map[string]bool) (delivery.FindingCode, string) {
	trimmed := strings.TrimSpace(href)
	if trimmed == "" || trimmed == "#" {
		return delivery.FindLinkEmpty, ""
	}
	if personalStart(trimmed) {
		return "", "" // a merge tag says where it leads
	}
	if name, ok := strings.CutPrefix(trimmed, "#"); ok {
		if ids == nil || ids[name] || personal(name) {
			return "", ""
		}
		return delivery.FindLinkTarget, short(trimmed)
	}
	// A merge tag within an address stands for a letter.
	plain := strings.Map(func(r rune) rune {
		switch r {
		case someText:
			return 'x'
		case noText, filler:
			return -1
		}
		return r
	}, trimmed)
	u, err := url.Parse(plain)
	if err != nil || strings.ContainsAny(plain, " \t\n<>\"") {
		return delivery.FindLinkBroken, short(trimmed)
	}
	switch strings.ToLower(u.Scheme) {
	case "":
		return delivery.FindLinkRelative, short(trimmed)
	case "http", "https":
		return judgeWeb(u, trimmed)
	case "mailto":
		return judgeMail(u, trimmed)
	case "tel", "sms":
		if strings.Trim(u.Opaque, "+0123456789-.() ;=x") != "" || u.Opaque == "" {
			return delivery.FindLinkBroken, short(trimmed)
		}
		return "", ""
	case "javascript", "vbscript", "data", "file", "blob", "about":
		return delivery.FindLinkUnsafe, short(trimmed)
	}
	return "", "" // a scheme of an application
}

func personalStart(s string) bool {
	return strings.HasPrefix(strings.TrimLeft(s, string(noText)+string(filler)), string(someText))
}

func judgeWeb(u *url.URL, href string) (delivery.FindingCode, string) {
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "", u.Opaque != "":
		return delivery.FindLinkBroken, short(href)
	case host == "localhost", strings.HasSuffix(host, ".localhost"), strings.HasSuffix(host, ".local"), private(host):
		return delivery.FindLinkLocal, short(href)
	}
	if _, err := netip.ParseAddr(host); err != nil && !dotted(host) {
		return delivery.FindLinkBroken, short(href)
	}
	if strings.EqualFold(u.Scheme, "http") {
		return delivery.FindLinkInsecure, short(href)
	}
	return "", ""
}

// private reports whether an IP address leads nowhere from another place.
func private(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified())
}

// dotted reports whether a host has at least two labels, none of them empty.
func dotted(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	return true
}

func judgeMail(u *url.URL, href string) (delivery.FindingCode, string) {
	to, err := url.PathUnescape(u.Opaque)
	if err != nil {
		return delivery.FindLinkBroken, short(href)
	}
	for _, a := range strings.Split(to, ",") {
		if a = strings.TrimSpace(a); a == "" && u.RawQuery != "" || personal(href) {
			continue
		}
		if _, err := audience.ParseAddress(a); err != nil {
			return delivery.FindLinkBroken, short(href)
		}
	}
	return "", ""
}

// Links lists the web addresses of a content that a request can be made to: each
// once, in their order, those with merge tags left out.
func Links(c delivery.Content) []string {
	var out []string
	each(c.HTML, func(s string, _ int) bool {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
		return true
	})
	return out
}

// Where is the place of the first element that leads to one of the addresses of
// Links; zeros when there is none.
func Where(markup, address string) (line, column int) {
	markup = strings.ReplaceAll(markup, "\r\n", "\n")
	each(markup, func(s string, off int) bool {
		if s != address {
			return true
		}
		line, column = newPlaces(markup).at(off)
		return false
	})
	return line, column
}

// each calls fn with every web address without merge tags and the offset of its
// element, until fn says no.
func each(markup string, fn func(address string, off int) bool) {
	z := html.NewTokenizer(strings.NewReader(veil(markup)))
	for off := 0; ; {
		kind := z.Next()
		size := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			name := map[string]string{"a": "href", "area": "href", "img": "src"}[t.Data]
			s := attribute(t, name)
			u, err := url.Parse(s)
			if err == nil && !personal(s) && !strings.ContainsRune(s, noText) && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && !fn(s, off) {
				return
			}
		}
		off += size
	}
}
