package web

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var (
	assetRef  = regexp.MustCompile(`asset:([0-9a-f]{64})`)
	schemeIs  = regexp.MustCompile(`(?i)\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)`)
	hasHead   = regexp.MustCompile(`(?i)<head[\s/>]`)
	assetName = regexp.MustCompile(`^asset/([0-9a-f]{64})$`)
)

// assetPath reads the hash off "asset/HASH".
func assetPath(rest string) (string, bool) {
	m := assetName.FindStringSubmatch(rest)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Media queries that always and never match.
const (
	always = "(min-width:0px)"
	never  = "(min-width:99999px)"
)

// Harmless makes a message that can be looked at. Its assets are found under a prefix.
// Links lead nowhere and tell where they led; what loads, runs, refreshes or looks up by
// itself is left out. The document believes that its reader prefers dark or light,
// whatever the machine says. All else is left as it is, byte by byte: a message with
// mistakes shows them.
func Harmless(document, assets string, dark bool) []byte {
	return rewrite(document, rewriter{dark: dark, asset: func(hash string) string { return assets + hash }})
}

// Standalone makes a message of one piece, for a browser that reads it from a file: as
// Harmless, with its pictures in it and the policy of the pages in its head. An asset
// that cannot be had is left out, and so are all without images.
func Standalone(document string, dark, images bool, asset func(hash string) (media string, data []byte, err error)) []byte {
	policy := policyFile
	if !images {
		policy = policyNoImages
	}
	policy = strings.TrimSuffix(policy, "; sandbox") // a file cannot have one
	return rewrite(document, rewriter{dark: dark, policy: policy, asset: func(hash string) string {
		if !images {
			return ""
		}
		media, data, err := asset(hash)
		if err != nil {
			return ""
		}
		return "data:" + media + ";base64," + base64.StdEncoding.EncodeToString(data)
	}})
}

func rewrite(document string, r rewriter) []byte {
	r.headless = !hasHead.MatchString(document)
	z := html.NewTokenizer(strings.NewReader(document))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			r.out.Write(z.Raw())
			break
		}
		r.token(z, kind)
	}
	if !r.styled {
		return append([]byte(r.style()), r.out.Bytes()...)
	}
	return r.out.Bytes()
}

type rewriter struct {
	out      bytes.Buffer
	asset    func(hash string) string
	policy   string // in the head; empty: none
	dark     bool
	headless bool      // there is no tag for a head
	styled   bool      // the style that says light or dark is in
	drop     atom.Atom // within an element that is left out
	raw      atom.Atom // within a style
}

// style tells which colours the reader prefers.
func (r *rewriter) style() string {
	scheme := "light"
	if r.dark {
		scheme = "dark"
	}
	s := "<style>:root{color-scheme:" + scheme + " !important}</style>"
	if r.policy != "" {
		s = `<meta http-equiv="Content-Security-Policy" content="` + r.policy + `">` + s
	}
	return s
}

// assets puts addresses in the place of references to assets.
func (r *rewriter) assets(b []byte) []byte {
	return assetRef.ReplaceAllFunc(b, func(m []byte) []byte { return []byte(r.asset(string(m[len("asset:"):]))) })
}

func (r *rewriter) token(z *html.Tokenizer, kind html.TokenType) {
	raw := bytes.Clone(z.Raw())
	switch kind {
	case html.TextToken:
		switch {
		case r.drop != 0:
		case r.raw == atom.Style:
			r.out.Write(r.assets(r.schemes(raw)))
		default:
			r.out.Write(raw)
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		t := z.Token()
		if t.DataAtom == atom.Noscript {
			// Where no script runs, what is in it is part of the message.
			z.NextIsNotRawText()
		}
		r.start(t, raw, kind == html.SelfClosingTagToken)
	case html.EndTagToken:
		t := z.Token()
		if r.drop == t.DataAtom && r.drop != 0 {
			r.drop = 0
			return
		}
		r.raw = 0
		if r.drop == 0 && !left(t.DataAtom) {
			r.out.Write(raw)
		}
	default:
		if r.drop == 0 {
			r.out.Write(raw)
		}
		if kind == html.DoctypeToken && r.headless && !r.styled {
			// In front of it, it would make another document of it.
			r.styled = true
			r.out.WriteString(r.style())
		}
	}
}

// left reports whether an element is left out, with its tags.
func left(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Iframe, atom.Object, atom.Embed, atom.Applet, atom.Frame, atom.Frameset, atom.Base, atom.Link, atom.Noscript:
		return true
	}
	return false
}

// start writes the tag that begins an element.
func (r *rewriter) start(t html.Token, raw []byte, closed bool) {
	if r.drop != 0 {
		return
	}
	switch a := t.DataAtom; {
	case a == atom.Script || a == atom.Iframe:
		// The tokenizer gives what is in them as one text.
		r.drop = a
	case left(a):
	case a == atom.Meta && attribute(t, "http-equiv") != "":
		// A refresh goes elsewhere; a policy or a character set is ours to say.
	case a == atom.A || a == atom.Area:
		r.out.WriteString(withoutTarget(t).String())
	case elsewhere(t):
		r.out.WriteString(withoutTarget(t).String())
	default:
		if a == atom.Style && !closed {
			r.raw = a
		}
		r.out.Write(r.assets(r.schemes(raw)))
	}
	if t.DataAtom == atom.Head && !r.styled {
		r.styled = true
		r.out.WriteString(r.style())
	}
}

// schemes answers the question which colours the reader prefers.
func (r *rewriter) schemes(css []byte) []byte {
	return schemeIs.ReplaceAllFunc(css, func(m []byte) []byte {
		if bytes.Contains(bytes.ToLower(m), []byte("dark")) == r.dark {
			return []byte(always)
		}
		return []byte(never)
	})
}

// elsewhere reports whether an element that is no link leads elsewhere, as those of
// SVG and MathML can.
func elsewhere(t html.Token) bool {
	return attribute(t, "href") != "" || attribute(t, "xlink:href") != ""
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// withoutTarget makes a link look like one and lead nowhere. Where it led is its tool
// tip, unless it has one.
func withoutTarget(t html.Token) html.Token {
	to, kept, tip := "", t.Attr[:0:0], false
	for _, a := range t.Attr {
		switch a.Key {
		case "href", "xlink:href":
			to = a.Val
		case "ping", "target", "download":
		default:
			kept, tip = append(kept, a), tip || a.Key == "title"
		}
	}
	if to != "" {
		kept = append(kept, html.Attribute{Key: "href", Val: "#"})
		if !tip {
			kept = append(kept, html.Attribute{Key: "title", Val: to})
		}
	}
	t.Attr = kept
	return t
}
