package message

import (
	"crypto/sha256"
	"slices"
	"strings"

	"sendoff/engine/delivery"
)

// Resources is what content refers to beside its own text.
type Resources struct {
	// Asset reads a kept file by its hash; an error means that there is none.
	// When it is nil, what refers to assets can be previewed and not rendered.
	Asset func(hash string) (delivery.Asset, []byte, error)
	// Sender is what templates can say of the account; nil while none is chosen.
	Sender *delivery.Sender
	// Old says that a plan is of before contents had a language, so that its dates
	// were English whatever the content says.
	Old bool
}

// PartAttachment is the part of names and paths of attachments. Line is there the
// number of the attachment, from 1.
const PartAttachment = "attachment"

// shownImage is an asset that the HTML shows.
type shownImage struct {
	hash string
	cid  string   // its Content-ID, without angle brackets
	part []byte   // fields and body
	sum  [32]byte // of part
}

// needsAssets reports whether content cannot be rendered without them.
func needsAssets(c delivery.Content) bool {
	return slices.ContainsFunc(c.Attachments, func(a delivery.Attachment) bool { return a.Asset != "" }) || c.Images == delivery.ImagesEmbed && strings.Contains(c.HTML, delivery.AssetScheme)
}

// embed makes Content-IDs (RFC 2392) of the assets that the HTML's own text refers
// to, and reads each of them once. What comes from a recipient refers to nothing.
func (t *Template) embed(html *source, c delivery.Content, r Resources) (out []delivery.Finding) {
	for i := range html.nodes {
		n := &html.nodes[i]
		if n.kind != nodeText && n.kind != nodeRaw || !strings.Contains(n.text, delivery.AssetScheme) {
			continue
		}
		var b strings.Builder
		at := 0
		for ref := range references(n.text) {
			found := func(code delivery.FindingCode, severity delivery.Severity, detail string) {
				line, column := html.position(n.pos + ref.at)
				out = append(out, delivery.Finding{Code: code, Severity: severity, Part: PartHTML, Line: line, Column: column, Detail: detail})
			}
			switch {
			case c.Images == delivery.ImagesLink:
				t.unread = true
				found(delivery.FindAssetLinked, delivery.SeverityError, "")
				continue
			case r.Asset == nil:
				continue
			case ref.hash == "":
				t.unread = true
				found(delivery.FindAssetMissing, delivery.SeverityError, "")
				continue
			}
			cid, code, detail := t.image(ref.hash, r)
			switch code {
			case "":
			case delivery.FindImageFormat:
				found(code, delivery.SeverityWarning, detail)
			default:
				found(code, delivery.SeverityError, detail)
			}
			if cid == "" {
				t.unread = true
				continue
			}
			b.WriteString(n.text[at:ref.at] + "cid:" + cid)
			at = ref.at + len(delivery.AssetScheme) + len(ref.hash)
		}
		if at > 0 {
			n.text = b.String() + n.text[at:]
		}
	}
	return out
}

// image returns the Content-ID of an asset, which it reads when it is new.
func (t *Template) image(hash string, r Resources) (cid string, code delivery.FindingCode, detail string) {
	for _, m := range t.images {
		if m.hash == hash {
			return m.cid, "", ""
		}
	}
	a, data, err := r.Asset(hash)
	switch {
	case err != nil:
		return "", delivery.FindAssetMissing, ""
	case !a.Image():
		return "", delivery.FindAssetNoImage, a.Name
	case a.Type == "image/webp":
		code, detail = delivery.FindImageFormat, a.Name
	}
	_, domain, _ := strings.Cut(t.from.address, "@")
	if domain == "" {
		domain = "sendoff.invalid"
	}
	m := shownImage{hash: hash, cid: hash[:32] + "@" + domain}
	m.part = appendImage(nil, m.cid, a, data)
	m.sum = sha256.Sum256(m.part)
	t.images = append(t.images, m)
	return m.cid, code, detail
}

// reference is a place in HTML that refers to an asset; hash is empty when nobody
// can say to which.
type reference struct {
	at   int
	hash string
}

// references yields them in the order of the text.
func references(s string) func(yield func(reference) bool) {
	return func(yield func(reference) bool) {
		for at := 0; ; {
			i := strings.Index(s[at:], delivery.AssetScheme)
			if i < 0 {
				return
			}
			i += at
			at = i + len(delivery.AssetScheme)
			if i > 0 && alnum(s[i-1]) {
				continue // the end of another word
			}
			hash := s[at:min(len(s), at+64)]
			whole := delivery.IsHash(hash) && (at+64 == len(s) || !alnum(s[at+64]))
			// In a text the word may mean anything.
			if !whole && (i == 0 || !strings.ContainsRune(`"'(=`, rune(s[i-1]))) {
				continue
			}
			if !whole {
				hash = ""
			}
			if !yield(reference{i, hash}) {
				return
			}
			at += len(hash)
		}
	}
}

// Whole reports whether all that the content refers to is there. What is not whole
// can be previewed and not rendered.
func (t *Template) Whole() bool { return !t.unread }

// assetsOf puts the references back that embed has replaced.
func (t *Template) assetsOf(html string) string {
	for _, m := range t.images {
		html = strings.ReplaceAll(html, "cid:"+m.cid, delivery.AssetScheme+m.hash)
	}
	return html
}

// senderMissed finds where the templates say of the account what it does not have.
func (t *Template) senderMissed(s *delivery.Sender) (out []delivery.Finding) {
	if s == nil {
		return nil
	}
	for _, f := range t.fields {
		if f.Default || f.Name != NameSender && f.Name != NameAddress || !blankText(senderValue(s, f.Name)) {
			continue
		}
		out = append(out, delivery.Finding{Code: delivery.FindSenderDetail, Severity: delivery.SeverityError,
			Part: f.Part, Line: f.Line, Column: f.Column, Detail: f.Name})
	}
	return out
}

// senderValue is what a template sees of the account. An address that is written
// in lines becomes one line, with commas.
func senderValue(s *delivery.Sender, name string) string {
	switch {
	case s == nil:
		return ""
	case name == NameSender:
		return s.Name
	}
	var lines []string
	for line := range strings.Lines(s.PostalAddress) {
		if line = strings.Trim(line, " \t\r\n,"); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, ", ")
}
