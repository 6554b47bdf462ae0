package state

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var hexColour = regexp.MustCompile(`#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b`)

// buttonFill reports whether a link is drawn as a button, and in which colour: it has a
// ground of its own, or stands alone in a cell that has one.
func buttonFill(n *html.Node, style map[string]string) (string, bool) {
	ground := style["background-color"] + " " + style["background"]
	if m := hexColour.FindString(ground); m != "" {
		return longHex(m), true
	}
	if p := n.Parent; p != nil && (p.DataAtom == atom.Td || p.DataAtom == atom.Th) && alone(n) {
		s := styleOf(p)
		if m := hexColour.FindString(attr(p, "bgcolor") + " " + s["background-color"] + " " + s["background"]); m != "" && style["display"] != "" {
			return longHex(m), true
		}
	}
	return "", strings.Contains(style["display"], "inline-block") && style["padding"] != "" && style["border"] != ""
}

func longHex(s string) string {
	if len(s) == 4 {
		return strings.ToLower("#" + s[1:2] + s[1:2] + s[2:3] + s[2:3] + s[3:4] + s[3:4])
	}
	return strings.ToLower(s)
}

// alone reports whether nothing but white space stands beside a node.
func alone(n *html.Node) bool {
	for c := n.Parent.FirstChild; c != nil; c = c.NextSibling {
		if c != n && c.Type != html.CommentNode && (c.Type != html.TextNode || strings.TrimSpace(c.Data) != "") {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// styleOf reads the style attribute; names and values are in lower case.
func styleOf(n *html.Node) map[string]string {
	s := attr(n, "style")
	if s == "" {
		return nil
	}
	out := map[string]string{}
	for d := range strings.SplitSeq(s, ";") {
		if name, value, ok := strings.Cut(d, ":"); ok {
			value = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(value)), "!important")
			out[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return out
}

// pixels reads "600" or "600px"; 0 for anything else.
func pixels(s string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(s), "px"))
	if err != nil || n < 0 || n > 10_000 {
		return 0
	}
	return n
}
