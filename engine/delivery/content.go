package delivery

import "slices"

// Content is what a delivery says. Subject, Preheader, HTML and Text are Liquid
// templates; an empty Text is derived from the HTML.
//
// Whatever is added to it must leave no trace in its JSON while it is not used:
// the plans of before keep their hash.
type Content struct {
	From      string `json:"from"` // one RFC 5322 mailbox
	ReplyTo   string `json:"reply_to,omitempty"`
	Subject   string `json:"subject"`
	Preheader string `json:"preheader,omitempty"`
	HTML      string `json:"html,omitempty"`
	Text      string `json:"text,omitempty"`
	// Design is the document of the block editor that HTML was made from; empty
	// when the HTML was written by other means.
	Design string `json:"design,omitempty"`
	// Language of the content (BCP 47): how numbers, amounts and dates are
	// written in it. Empty: that of the HTML's lang attribute, else English.
	Language    string       `json:"language,omitempty"`
	Images      ImageMode    `json:"images,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"` // at most MaxAttachments
	// Folder is where the files of attachments for one recipient lie: a path on
	// this computer; empty for the delivery's own below the workspace's
	// AttachmentFolder.
	Folder string `json:"folder,omitempty"`
}

// ImageMode is how the assets that the HTML shows reach the recipient.
type ImageMode string

// Image modes. Images on the web stay links in both.
const (
	ImagesEmbed ImageMode = ""     // in the message, as inline parts
	ImagesLink  ImageMode = "link" // only what is on the web: an asset is an error
)

// Attachment is a file that goes with the messages: the asset for everybody, or
// the file that File means for one recipient. Just one of the two is set.
type Attachment struct {
	// Name is the file name that recipients see, a Liquid template; empty for
	// the asset's or the file's own.
	Name  string `json:"name,omitempty"`
	Asset string `json:"asset,omitempty"` // hash of an asset
	// File is a Liquid template of a path below the content's folder, with
	// slashes. Where it yields nothing, nothing is attached. What it names at
	// the preparation is what is sent.
	File string `json:"file,omitempty"`
}

// Bounds of attachments.
const (
	MaxAttachments = 20       // of one delivery
	MaxAsset       = 10 << 20 // bytes of one asset or attached file
)

// AttachmentFolder holds a folder for each delivery with files for single
// recipients, within the workspace.
const AttachmentFolder = "attachments"

// Equal reports whether a and b say the same.
func (c Content) Equal(b Content) bool {
	same := slices.Equal(c.Attachments, b.Attachments)
	return same && c.From == b.From && c.ReplyTo == b.ReplyTo && c.Subject == b.Subject && c.Preheader == b.Preheader &&
		c.HTML == b.HTML && c.Text == b.Text && c.Design == b.Design && c.Language == b.Language && c.Images == b.Images &&
		c.Folder == b.Folder
}

// Personal reports whether some attachment is another one for each recipient.
func (c Content) Personal() bool {
	return slices.ContainsFunc(c.Attachments, func(a Attachment) bool { return a.File != "" })
}
