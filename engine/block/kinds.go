package block

import (
	"strconv"
	"strings"
)

// field is one that belongs to some kinds alone.
type field struct {
	name  string
	set   func(*Block) bool
	kinds []Kind
}

// fields lists them.
func fields() []field {
	return []field{
		{"align", func(b *Block) bool { return b.Align != "" }, []Kind{Heading, Text, List, Image, Button, Social}},
		{"text", func(b *Block) bool { return b.Text != "" }, []Kind{Heading, Text, List, Button, Footer}},
		{"level", func(b *Block) bool { return b.Level != 0 }, []Kind{Heading}},
		{"size", func(b *Block) bool { return b.Size != "" }, []Kind{Text, List}},
		{"muted", func(b *Block) bool { return b.Muted }, []Kind{Heading, Text}},
		{"ordered", func(b *Block) bool { return b.Ordered }, []Kind{List}},
		{"url", func(b *Block) bool { return b.URL != "" }, []Kind{Image, Button}},
		{"src", func(b *Block) bool { return b.Src != "" }, []Kind{Image}},
		{"alt", func(b *Block) bool { return b.Alt != "" }, []Kind{Image}},
		{"width", func(b *Block) bool { return b.Width != 0 }, []Kind{Image}},
		{"px_w", func(b *Block) bool { return b.PixelW != 0 || b.PixelH != 0 }, []Kind{Image}},
		{"bleed", func(b *Block) bool { return b.Bleed }, []Kind{Image}},
		{"height", func(b *Block) bool { return b.Height != 0 }, []Kind{Spacer}},
		{"outline", func(b *Block) bool { return b.Outline || b.Full }, []Kind{Button}},
		{"columns", func(b *Block) bool { return b.Columns != nil }, []Kind{Columns}},
		{"links", func(b *Block) bool { return b.Links != nil }, []Kind{Social}},
		{"address", func(b *Block) bool { return b.Address != "" }, []Kind{Footer}},
		{"unsubscribe", func(b *Block) bool { return b.Unsubscribe != "" }, []Kind{Footer}},
	}
}

func has(kinds []Kind, k Kind) bool {
	for _, x := range kinds {
		if x == k {
			return true
		}
	}
	return false
}

// check refuses what the block cannot be.
func (b *Block) check(at string) error {
	if !has(Kinds(), b.Kind) {
		return invalid(at+".kind", string(b.Kind))
	}
	for _, f := range fields() {
		if f.set(b) && !has(f.kinds, b.Kind) {
			return invalid(at+"."+f.name, "not_of_"+string(b.Kind))
		}
	}
	switch {
	case !aligned(b.Align):
		return invalid(at+".align", string(b.Align))
	case !filled(b.Fill):
		return invalid(at+".fill", string(b.Fill))
	case b.Size != SizeNormal && b.Size != SizeSmall && b.Size != SizeLarge:
		return invalid(at+".size", string(b.Size))
	case b.Space != SpaceNormal && b.Space != SpaceTight && b.Space != SpaceWide:
		return invalid(at+".space", string(b.Space))
	case b.Kind == Heading && (b.Level < 1 || b.Level > 3):
		return invalid(at+".level", strconv.Itoa(b.Level))
	case b.Kind == Spacer && (b.Height < 4 || b.Height > 120):
		return invalid(at+".height", strconv.Itoa(b.Height))
	case b.Width < 0 || b.Width > 700:
		return invalid(at+".width", strconv.Itoa(b.Width))
	case b.PixelW < 0 || b.PixelH < 0 || b.PixelW > 20_000 || b.PixelH > 20_000 || (b.PixelW == 0) != (b.PixelH == 0):
		return invalid(at+".px_w", strconv.Itoa(b.PixelW))
	}
	for _, t := range []struct {
		name, value string
		most        int
	}{{"text", b.Text, MaxText}, {"if", b.If, 1000}, {"alt", b.Alt, 1000}, {"address", b.Address, 1000}, {"unsubscribe", b.Unsubscribe, 200}} {
		if err := check(at+"."+t.name, t.value, t.most); err != nil {
			return err
		}
	}
	if err := address(at+".url", b.URL, true); err != nil {
		return err
	}
	if err := picture(at+".src", b.Src, true); err != nil {
		return err
	}
	return b.parts(at)
}

func filled(f Fill) bool { return f == FillNone || f == FillTint || f == FillBrand }

// parts checks columns and links.
func (b *Block) parts(at string) error {
	if n := len(b.Columns); b.Kind == Columns && (n < 2 || n > MaxColumns) {
		return invalid(at+".columns", strconv.Itoa(n))
	}
	for i, c := range b.Columns {
		if c.Share < 0 || c.Share > 4 {
			return invalid(at+".columns["+strconv.Itoa(i)+"].share", strconv.Itoa(c.Share))
		}
		if !filled(c.Fill) {
			return invalid(at+".columns["+strconv.Itoa(i)+"].fill", string(c.Fill))
		}
	}
	if len(b.Links) > MaxSocial {
		return invalid(at+".links", "too_many")
	}
	for i, l := range b.Links {
		here := at + ".links[" + strconv.Itoa(i) + "]"
		if err := check(here+".name", l.Name, 100); err != nil {
			return err
		}
		if err := address(here+".url", l.URL, true); err != nil {
			return err
		}
	}
	return nil
}

// schemes are those that a letter may lead to.
var schemes = [...]string{"https:", "http:", "mailto:", "tel:", "sms:"}

// address refuses what is no web address: it has a scheme that a letter may lead
// to, or begins with Liquid. With empty, it may still be missing.
func address(field, s string, empty bool) error {
	if err := check(field, s, MaxAddress); err != nil {
		return err
	}
	if s == "" && empty || strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "{%") {
		return nil
	}
	if strings.ContainsAny(plain(s), " \n\t") {
		return invalid(field, "not_an_address")
	}
	for _, p := range schemes {
		if len(s) > len(p) && strings.EqualFold(s[:len(p)], p) {
			return nil
		}
	}
	return invalid(field, "not_an_address")
}

// plain is s without what stands in braces.
func plain(s string) string {
	for {
		i := strings.Index(s, "{{")
		if j := strings.Index(s, "{%"); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			return s
		}
		n := strings.Index(s[i:], "}")
		if n < 0 {
			return s
		}
		s = s[:i] + strings.TrimPrefix(strings.TrimPrefix(s[i+n:], "}"), "}")
	}
}

// picture refuses what is neither an asset nor a web address.
func picture(field, s string, empty bool) error {
	if hash, ok := strings.CutPrefix(s, AssetScheme); ok {
		if len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
			return invalid(field, "not_an_asset")
		}
		return nil
	}
	if err := address(field, s, empty); err != nil {
		return err
	}
	if s != "" && !strings.HasPrefix(s, "{") && !strings.HasPrefix(strings.ToLower(s), "http") {
		return invalid(field, "not_an_address")
	}
	return nil
}

// AssetScheme begins the address of a picture that is stored in the workspace;
// the lower-case hex SHA-256 of its bytes follows.
const AssetScheme = "asset:"

// Address reads a web address as a person types it: what has no scheme and looks
// like a host gets "https://". ok is false for what no letter may lead to; the
// empty one leads nowhere yet.
func Address(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if address("url", s, true) == nil {
		return s, true
	}
	if strings.Contains(s, "@") && !strings.ContainsAny(s, ":/") && address("url", "mailto:"+s, false) == nil {
		return "mailto:" + s, true
	}
	host, _, _ := strings.Cut(s, "/")
	if i := strings.LastIndexByte(host, '.'); i > 0 && i < len(host)-2 && !strings.ContainsAny(host, ":@") && address("url", "https://"+s, false) == nil {
		return "https://" + s, true
	}
	return s, false
}

// Color reads a colour as a person types it: "#RRGGBB" or "#RGB", the sign left
// out or not.
func Color(s string) (string, bool) {
	s = strings.TrimPrefix(strings.TrimSpace(s), "#")
	if len(s) == 3 {
		s = s[:1] + s[:1] + s[1:2] + s[1:2] + s[2:] + s[2:]
	}
	c, ok := parseColor("#" + s)
	if !ok {
		return "", false
	}
	return c.String(), true
}
