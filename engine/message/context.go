package message

import "strings"

// where is a place in HTML.
type where uint8

const (
	inText    where = iota
	afterOpen       // behind a < that was the last of its text: what follows decides
	inTagName
	inTag       // where an attribute may begin
	inName      // of an attribute
	afterName   // of an attribute, before its equals sign
	beforeValue // after the equals sign
	inDouble
	inSingle
	inBare // an attribute value without quotes
	inComment
	inDeclaration // <!…> and <?…>
	inRawText     // of an element whose content is no markup
)

// htmlScanner follows HTML (as its tokenization section describes it) from text
// node to text node to know where the values land. Conditional comments count as
// the markup that Outlook reads.
type htmlScanner struct {
	at        where
	tag, attr []byte
	closing   bool
	started   bool // the attribute value has begun
}

// feed reads template text.
func (h *htmlScanner) feed(s string, tagEnd func(off int)) {
	i := 0
	if h.at == afterOpen && s != "" {
		i = h.open(s, -1) + 1
	}
	for ; i < len(s); i++ {
		c := s[i]
		space := c == ' ' || c == '\n' || c == '\t' || c == '\f'
		switch h.at {
		case inText:
			if c == '<' {
				i = h.open(s, i)
			}
		case inComment:
			if c == '-' && strings.HasPrefix(s[i:], "-->") {
				h.at, i = inText, i+2
			}
		case inDeclaration:
			if c == '>' {
				h.at = inText
				tagEnd(i + 1)
			}
		case inRawText:
			if c == '<' && i+2+len(h.tag) <= len(s) && s[i+1] == '/' && strings.EqualFold(s[i+2:i+2+len(h.tag)], string(h.tag)) {
				h.at, h.closing, h.tag, i = inTagName, true, h.tag[:0], i+1
			}
		case inDouble, inSingle:
			quote := byte('"')
			if h.at == inSingle {
				quote = '\''
			}
			switch {
			case c == quote:
				h.at = inTag
			case !space:
				h.started = true
			}
		default:
			h.markup(c, space, i, tagEnd)
		}
	}
}

// open reads what follows a < at s[i] and returns where it has read to.
func (h *htmlScanner) open(s string, i int) int {
	rest := s[i+1:]
	h.at = inText
	switch {
	case rest == "":
		h.at = afterOpen
	case strings.HasPrefix(rest, "!--[if"):
		j := strings.Index(rest, "]>")
		if j < 0 {
			h.at = inComment
			return i
		}
		return i + j + 2
	case strings.HasPrefix(rest, "!-->"):
		return i + 4
	case strings.HasPrefix(rest, "!--"):
		h.at = inComment
		return i + 3
	case strings.HasPrefix(rest, "!"), strings.HasPrefix(rest, "?"):
		h.at, h.tag = inDeclaration, h.tag[:0]
		if len(rest) > 7 && strings.EqualFold(rest[1:8], "doctype") {
			h.tag = append(h.tag, "!doctype"...)
		}
	case rest == "/", strings.HasPrefix(rest, "/") && letter(rest[1]):
		h.at, h.closing, h.tag = inTagName, true, h.tag[:0]
		return i + 1
	case letter(rest[0]):
		h.at, h.closing, h.tag = inTagName, false, h.tag[:0]
	}
	return i
}

// markup reads a character inside a tag, outside of quotes.
func (h *htmlScanner) markup(c byte, space bool, i int, tagEnd func(int)) {
	switch {
	case c == '>':
		h.at = inText
		if !h.closing {
			switch string(h.tag) {
			case "script", "style", "title", "textarea", "xmp", "iframe", "noframes", "noembed":
				h.at = inRawText
			}
		}
		tagEnd(i + 1)
	case h.at == inTagName:
		if space || c == '/' {
			h.at = inTag
		} else {
			h.tag = append(h.tag, lower(c))
		}
	case h.at == beforeValue:
		h.started = false
		switch {
		case space:
		case c == '"':
			h.at = inDouble
		case c == '\'':
			h.at = inSingle
		default:
			h.at = inBare
		}
	case h.at == inBare:
		if space {
			h.at = inTag
		}
	case c == '=' && (h.at == inName || h.at == afterName):
		h.at = beforeValue
	case space || c == '/':
		if h.at == inName {
			h.at = afterName
		}
	case h.at == inName:
		h.attr = append(h.attr, lower(c))
	default:
		h.at, h.attr = inName, append(h.attr[:0], lower(c))
	}
}

// object tells how a value lands here: as the start of a link, or where it must
// not be.
func (h *htmlScanner) object() (url bool, trouble string) {
	switch h.at {
	case afterOpen, inTagName, inTag, inName, afterName:
		return false, "value_in_tag"
	case beforeValue, inBare:
		return false, "value_without_quotes"
	case inDeclaration:
		return false, "value_in_declaration"
	case inRawText:
		if string(h.tag) == "script" {
			return false, "value_in_script"
		}
	case inDouble, inSingle:
		if strings.HasPrefix(string(h.attr), "on") {
			return false, "value_in_script"
		}
		return !h.started && linkAttribute(string(h.attr)), ""
	}
	return false, ""
}

func linkAttribute(name string) bool {
	switch name {
	case "href", "src", "xlink:href", "action", "formaction", "background", "poster", "cite", "data", "longdesc", "lowsrc", "dynsrc", "srcset", "usemap", "manifest", "ping":
		return true
	}
	return false
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// place is a position between the nodes' characters.
type place struct{ node, off int }

// contexts marks how the objects of an HTML part land, and returns the place
// where its body begins: behind <body>, else behind what of the head there is.
func (s *source) contexts() (place, *fault) {
	var h htmlScanner
	var begin place
	best := 0
	for i := range s.nodes {
		n := &s.nodes[i]
		switch n.kind {
		case nodeText, nodeRaw:
			h.feed(n.text, func(off int) {
				if r := rank(string(h.tag), h.closing); r > best {
					best, begin = r, place{i, off}
				}
			})
		case nodeObject:
			url, trouble := h.object()
			if trouble != "" {
				return begin, &fault{n.pos, trouble}
			}
			n.url = url
			if url && schemeFollows(s.nodes[i+1:]) {
				return begin, &fault{n.pos, "value_as_scheme"}
			}
		}
	}
	return begin, nil
}

// rank orders the tags behind which a body may begin.
func rank(tag string, closing bool) int {
	switch {
	case tag == "body" && !closing:
		return 4
	case tag == "head" && closing:
		return 3
	case tag == "html" && !closing:
		return 2
	case tag == "!doctype":
		return 1
	}
	return 0
}

// schemeFollows reports whether the text after a value would make it the scheme
// of a link.
func schemeFollows(nodes []node) bool {
	for _, n := range nodes[:min(len(nodes), 64)] {
		if n.kind == nodeText || n.kind == nodeRaw {
			for i := range len(n.text) {
				if c := n.text[i]; c == ':' {
					return true
				} else if !alnum(c) && c != '+' && c != '-' && c != '.' {
					return false
				}
			}
		}
	}
	return false
}
