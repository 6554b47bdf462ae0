package state

import (
	"path/filepath"

	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// AttachmentRow is one attachment as it is listed.
type AttachmentRow struct{ Name, Note string }

// AttachmentOf says what an attachment is. file is its asset; known tells whether it
// has been read.
func AttachmentOf(c *text.Catalog, a delivery.Attachment, file delivery.Asset, known bool) AttachmentRow {
	if a.File != "" {
		r := AttachmentRow{Name: a.Name, Note: c.T("attach.each", "file", a.File)}
		if r.Name == "" {
			r.Name = filepath.Base(filepath.FromSlash(a.File))
		}
		return r
	}
	r := AttachmentRow{Name: a.Name, Note: c.T("attach.all")}
	if known {
		if r.Name == "" {
			r.Name = file.Name
		}
		r.Note = c.T("attach.all_size", "size", c.Bytes(file.Size))
	}
	if r.Name == "" {
		r.Name = c.T("attach.unnamed")
	}
	return r
}
