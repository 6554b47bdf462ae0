package state

import (
	"strings"

	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/engine/preview"
	"sendoff/engine/preview/web"
)

// PreviewMode is how a message is shown.
type PreviewMode string

// Modes. PreviewPicture is there where a browser is.
const (
	PreviewOutline PreviewMode = "outline"
	PreviewPicture PreviewMode = "picture"
	PreviewText    PreviewMode = "text"
)

// PreviewModes lists what is possible.
func PreviewModes(browser bool) []PreviewMode {
	if !browser {
		return []PreviewMode{PreviewOutline, PreviewText}
	}
	return []PreviewMode{PreviewOutline, PreviewPicture, PreviewText}
}

// Widths of what shows a message, in CSS pixels.
const (
	PhoneWidth   = 360
	DesktopWidth = 1280
)

// RiskText is why somebody's message is worth a look, in a few words.
func RiskText(c *text.Catalog, r preview.Risk) string {
	fields := strings.Join(r.Fields, ", ")
	switch r.Reason {
	case preview.Missing:
		return c.T("preview.risk.missing_value", "fields", fields)
	case preview.Longest:
		return c.T("preview.risk.longest_value", "fields", fields)
	case preview.Largest:
		return c.T("preview.risk.largest_message", "size", c.Bytes(r.Size))
	}
	return c.T("preview.risk." + string(r.Reason))
}

// RiskTone is the colour of a chip: a gap is a fault, the rest may be one.
func RiskTone(r preview.Risk) Tone {
	if r.Reason == preview.Missing {
		return Amber
	}
	return Blue
}

// PersonLine is somebody in a list: name and address.
func PersonLine(c *text.Catalog, address string, fields map[string]string) string {
	name := PersonName(fields)
	switch {
	case address == "":
		return c.T("preview.nobody")
	case name == "":
		return address
	}
	return name + " · " + address
}

// PreviewNote is what there is to say about a message below it: its size, and what the
// values of this person lack.
func PreviewNote(c *text.Catalog, bytes int64, findings []delivery.Finding) (s string, tone Tone) {
	for _, f := range findings {
		if f.Severity == delivery.SeverityError {
			return c.Finding(f), Red
		}
	}
	if bytes > 0 {
		s = c.T("preview.size", "size", c.Bytes(bytes))
	}
	for _, f := range findings {
		if f.Severity == delivery.SeverityWarning {
			return c.Finding(f), Amber
		}
	}
	return s, Quiet
}

// PageWords are the texts of a preview in the browser.
func PageWords(c *text.Catalog) web.Words {
	return web.Words{Language: c.Language(), From: c.T("place.from"), To: c.T("preview.to"), Subject: c.T("place.subject"), Preheader: c.T("place.preheader"),
		Phone: c.T("preview.phone"), Desktop: c.T("preview.desktop"), Images: c.T("preview.images"), NoImages: c.T("preview.no_images"),
		Light: c.T("preview.light"), Dark: c.T("preview.dark"), HTML: "HTML", Text: c.T("preview.mode.text"),
		Previous: c.T("preview.previous"), Next: c.T("preview.next"), Note: c.T("preview.page_note"), Sentence: c.Error}
}
