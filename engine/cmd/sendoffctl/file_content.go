package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/language"

	"sendoff/engine/access"
	"sendoff/engine/delivery"
)

// attachmentEntry is one of a delivery file's attachments.
type attachmentEntry struct {
	Name string `toml:"name"` // as recipients see it; Liquid
	Path string `toml:"path"` // of a file for everybody, beside the delivery file
	File string `toml:"file"` // Liquid: of a file for each recipient, below attachment_folder
}

// content reads what goes with the texts: their language, images and attachments.
func (f deliveryFile) content(ctx context.Context, e Engine, who access.Principal, path string, c *delivery.Content) error {
	bad := func(field, detail string) error {
		return &delivery.Error{Op: "read", Kind: delivery.KindTOML, File: path, Field: field, Detail: detail}
	}
	if f.Language != "" {
		tag, err := language.Parse(f.Language)
		if err != nil {
			return bad("language", "language “"+f.Language+"” is no language; write it like nl or en-GB")
		}
		c.Language = tag.String()
	}
	switch f.Images {
	case "", "embed":
	case string(delivery.ImagesLink):
		c.Images = delivery.ImagesLink
	default:
		return bad("images", "images are “embed” or “link”, not “"+f.Images+"”")
	}
	if f.Folder != "" {
		c.Folder = beside(path, f.Folder)
		if fi, err := os.Stat(c.Folder); err != nil || !fi.IsDir() {
			return &delivery.Error{Op: "read", Kind: delivery.KindNoFile, File: c.Folder, Err: err}
		}
	}
	for _, a := range f.Attachments {
		switch {
		case a.Path != "" && a.File != "":
			return bad("attachments", "one of [[attachments]] has both path and file")
		case a.Path == "" && a.File == "":
			return bad("attachments", "[[attachments]] needs path, a file for everybody, or file, one for each recipient")
		case a.File != "":
			c.Attachments = append(c.Attachments, delivery.Attachment{Name: a.Name, File: a.File})
			continue
		}
		kept, err := addFile(ctx, e, who, beside(path, a.Path))
		if err != nil {
			return err
		}
		c.Attachments = append(c.Attachments, delivery.Attachment{Name: a.Name, Asset: kept.Hash})
	}
	if len(c.Attachments) > delivery.MaxAttachments {
		return bad("attachments", "there are more than 20 [[attachments]]")
	}
	return nil
}

// beside is a path that is relative to the folder of a delivery file.
func beside(toml, path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(toml), filepath.FromSlash(path))
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// addFile keeps a file for contents.
func addFile(ctx context.Context, e Engine, who access.Principal, path string) (delivery.Asset, error) {
	fi, err := os.Stat(path)
	if err == nil && fi.Size() > delivery.MaxAsset {
		return delivery.Asset{}, &delivery.Error{Op: "read", Kind: delivery.KindInvalid, Field: "asset", File: path, Detail: "too_large"}
	}
	data, err := readFile(path)
	if err != nil {
		return delivery.Asset{}, err
	}
	a, err := e.AddAsset(ctx, who, filepath.Base(path), data)
	if d, ok := err.(*delivery.Error); ok && d.Field != "" {
		named := *d
		named.File = path
		return a, &named
	}
	return a, err
}

// sayAsset says why a file cannot go into a mail.
func sayAsset(e *delivery.Error) string {
	return "The file " + e.File + " cannot go into a mail: " + assetFault(e.Detail) + "."
}

func assetFault(detail string) string {
	code, arg, _ := strings.Cut(detail, " ")
	switch code {
	case "empty":
		return "it is empty"
	case "too_large":
		return "it is larger than 10 MiB"
	case "svg":
		return "it is SVG, which mailboxes do not show; save it as PNG"
	case "dimensions":
		return "its " + strings.Replace(arg, "x", " × ", 1) + " pixels are too many; make it smaller"
	}
	return "it is damaged, or cut off"
}
