package check

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"sendoff/engine/delivery"
	"sendoff/engine/message"
)

// Weights of stored pictures, in bytes, beyond which a phone on the road waits.
const (
	heavyOne = 512 << 10
	heavyAll = 2 << 20
)

// assetScheme is how markup refers to a stored picture.
const assetScheme = "asset:"

// image looks at a picture.
func (p *page) image(t html.Token, line, column int) {
	p.images++
	alt, hasAlt := lookup(t, "alt")
	if !hasAlt {
		p.c.warn(delivery.FindAltMissing, message.PartHTML, line, column, short(attribute(t, "src")))
	}
	if l := p.anchor(); l != nil && bare(alt) != "" {
		l.named = true
	}
	src, hasSrc := lookup(t, "src")
	switch {
	case !hasSrc || src == "":
		p.c.warn(delivery.FindPictureBroken, message.PartHTML, line, column, "")
	case strings.HasPrefix(strings.ToLower(src), "data:"):
		p.c.warn(delivery.FindPictureData, message.PartHTML, line, column, "")
	case strings.HasPrefix(src, assetScheme):
		p.asset(strings.TrimPrefix(src, assetScheme), line, column)
	case strings.HasPrefix(strings.ToLower(src), "cid:"):
	default:
		if code, detail := judge(src, nil); code != "" {
			if code == delivery.FindLinkBroken || code == delivery.FindLinkRelative || code == delivery.FindLinkEmpty {
				code = delivery.FindPictureBroken
			}
			p.c.warn(code, message.PartHTML, line, column, detail)
		}
	}
	if width := attribute(t, "width"); width == "" {
		p.c.note(delivery.FindPictureWidth, message.PartHTML, line, column, short(src))
	}
}

// asset weighs a stored picture.
func (p *page) asset(hash string, line, column int) {
	if p.c.in.Asset == nil || p.weighed[hash] {
		return
	}
	a, ok := p.c.in.Asset(hash)
	if !ok {
		return // the message compiler says so
	}
	p.weighed[hash] = true
	p.weight += a.Size
	if a.Size > heavyOne {
		p.c.warn(delivery.FindPictureHeavy, message.PartHTML, line, column, fmt.Sprintf("%d %s", a.Size, a.Name))
	}
}

// short is an address as a sentence can hold it.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case someText, noText:
			return '…'
		case filler:
			return -1
		}
		return r
	}, s)
	for strings.Contains(s, "……") {
		s = strings.ReplaceAll(s, "……", "…")
	}
	if i := strings.LastIndexByte(strings.TrimRight(s, "/"), '/'); i >= 0 && len(s) > 60 {
		s = s[i+1:]
	}
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return s
}
