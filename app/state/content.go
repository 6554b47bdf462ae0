package state

import (
	"strings"

	"github.com/go-text/typesetting/segmenter"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// FirstTab is the tab with which a content opens: where it was written, or the
// design when nothing is written yet.
func FirstTab(c delivery.Content) string {
	switch {
	case strings.TrimSpace(c.HTML) != "" && c.Design == "":
		return "source"
	case strings.TrimSpace(c.HTML) == "" && strings.TrimSpace(c.Text) != "":
		return "text"
	}
	return "design"
}

// DeliveryName is what a draft is called.
func DeliveryName(c *text.Catalog, d delivery.Draft, id delivery.ID) string {
	if s := strings.TrimSpace(d.Label); s != "" {
		return s
	}
	return id.String()
}

// SaveStatus tells whether what is written is stored.
func SaveStatus(c *text.Catalog, dirty, saving bool) string {
	switch {
	case saving:
		return c.T("content.saving")
	case dirty:
		return c.T("content.unsaved")
	}
	return c.T("content.saved")
}

// ChecksTab names the tab of the findings, with how many there are.
func ChecksTab(c *text.Catalog, fs []delivery.Finding) string {
	name := c.T("content.tab.checks")
	if len(fs) == 0 {
		return name
	}
	return c.T("deployment.tab_count", "tab", name, "n", len(fs))
}

// FindingTab is where the place of a finding is: a tab, or a field of the head.
// Empty: it has none.
func FindingTab(f delivery.Finding, designed bool) string {
	switch f.Part {
	case "html":
		if designed {
			return "design"
		}
		return "source"
	case "text":
		return "text"
	case "from", "subject", "preheader":
		return f.Part
	case "reply_to", "attachment", "images":
		return "settings"
	}
	return ""
}

// What inboxes show of a subject: about as many characters.
const (
	PhoneSubject   = 38 // Gmail and Mail on a phone show 35 to 40
	DesktopSubject = 65 // webmail and Outlook show 60 to 70
)

// Characters counts a text as people do: an emoji with its skin tone, or a letter
// with its accents, is one (UAX #29).
func Characters(s string) int {
	for i := 0; ; i++ {
		if i == len(s) {
			return i // plain ASCII
		}
		if s[i] >= 0x80 || s[i] == '\r' {
			break
		}
	}
	var seg segmenter.Segmenter
	seg.InitWithString(s)
	n := 0
	for it := seg.GraphemeIterator(); it.Next(); {
		n++
	}
	return n
}

// Counter tells how long a subject is and where it is cut off. subject is as one
// recipient gets it.
func Counter(c *text.Catalog, subject string) (string, Tone) {
	n := Characters(strings.TrimSpace(subject))
	switch {
	case n == 0:
		return "", Neutral
	case n <= PhoneSubject:
		return c.N("content.count_fits", int64(n)), Quiet
	case n <= DesktopSubject:
		return c.T("content.count_phone", "n", n, "most", PhoneSubject), Quiet
	}
	return c.T("content.count_long", "n", n, "most", DesktopSubject), Amber
}
