package message

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"sendoff/engine/asset"
	"sendoff/engine/delivery"
)

// attached is an attachment: the same file for everybody, or one that each
// recipient's path names.
type attached struct {
	name *unit // of the file as recipients see it; nil: its own
	file *unit // of the path; nil: the same for everybody

	// Of a file for everybody.
	own  string   // its own name
	typ  string   // the Content-Type field's value
	body []byte   // encoded
	sum  [32]byte // of body
}

// File is the file of one recipient for one of the attachments. The zero value is
// none.
type File struct {
	Path string // below the folder, with slashes; its last element is the file's own name
	Data []byte
}

// attach compiles the attachments.
func (t *Template) attach(c delivery.Content, r Resources) (out []delivery.Finding, err error) {
	add := func(code delivery.FindingCode, severity delivery.Severity, i, column int, detail string) {
		out = append(out, delivery.Finding{Code: code, Severity: severity, Part: PartAttachment, Line: i + 1, Column: column, Detail: detail})
	}
	if n := len(c.Attachments); n > delivery.MaxAttachments {
		t.unread = true
		add(delivery.FindAttachmentsMany, delivery.SeverityError, delivery.MaxAttachments, 0, "")
		return out, nil
	}
	for i, a := range c.Attachments {
		if (a.Asset == "") == (a.File == "") {
			t.unread = true
			add(delivery.FindAttachmentUnclear, delivery.SeverityError, i, 0, "")
			continue
		}
		compiled := func(text string) *unit {
			s, f := sourceOf(PartAttachment, text)
			if f != nil {
				_, column := s.position(f.pos)
				add(delivery.FindTemplate, delivery.SeverityError, i, column, f.detail)
				return nil
			}
			from := len(t.fields)
			u, e := t.unitOf(s.nodes, asLine, true)
			if e != nil {
				err = e
			}
			for j := range t.fields[from:] {
				t.fields[from+j].Line = i + 1
			}
			return u
		}
		one := attached{}
		if strings.TrimSpace(a.Name) != "" {
			one.name = compiled(a.Name)
		}
		if a.File != "" {
			if one.file = compiled(a.File); one.file == nil {
				t.unread = true
				continue
			}
			if why := dangerOf(a.File, a.Name, nil); why != "" {
				add(delivery.FindAttachmentDanger, delivery.SeverityWarning, i, 0, why)
			}
			t.personal++
			t.attached = append(t.attached, one)
			continue
		}
		if r.Asset == nil {
			continue
		}
		kept, data, e := r.Asset(a.Asset)
		if e != nil {
			t.unread = true
			add(delivery.FindAssetMissing, delivery.SeverityError, i, 0, a.Name)
			continue
		}
		if why := dangerOf(kept.Name, a.Name, data); why != "" {
			add(delivery.FindAttachmentDanger, delivery.SeverityWarning, i, 0, why)
		}
		one.own, one.typ = kept.Name, contentType(kept.Type, data)
		one.body = appendBase64(nil, data)
		one.sum = sha256.Sum256(one.body)
		t.attached = append(t.attached, one)
	}
	return out, err
}

func dangerOf(own, name string, data []byte) string {
	if why := asset.Danger(own, data); why != "" {
		return why
	}
	return asset.Danger(name, nil)
}

// Personal reports whether some attachment is another one for each recipient.
func (t *Template) Personal() bool { return t.personal > 0 }

// Paths returns the paths that the attachments of one recipient name, in the order
// in which Render wants their files; an empty one is no file. missing are the merge
// fields that a path needed and that have no value.
func (t *Template) Paths(b *Buffer, r Recipient, e Envelope) (paths, missing []string, err error) {
	b.bind(t, r, e)
	for i := range t.attached {
		if t.attached[i].file == nil {
			continue
		}
		s, err := t.attached[i].file.string(b, PartAttachment)
		if err != nil {
			return nil, nil, err
		}
		paths = append(paths, strings.TrimSpace(oneLine(s)))
	}
	return paths, t.missing(b), nil
}

// attachedName is the name under which a recipient sees an attachment: its own when
// it has no other.
func (t *Template) attachedName(b *Buffer, a *attached, own string) (string, error) {
	if a.name != nil {
		s, err := a.name.string(b, PartAttachment)
		if err != nil {
			return "", err
		}
		if s = strings.TrimSpace(oneLine(s)); s != "" {
			return asset.Name(s), nil
		}
	}
	return asset.Name(own), nil
}

// appendAttached writes one attachment behind its delimiter.
func (t *Template) appendAttached(b *Buffer, a *attached, f File, delimiter func()) error {
	own, typ := a.own, a.typ
	if a.file != nil {
		if f.Data == nil {
			return nil
		}
		own, typ = f.Path, contentType(asset.Type(f.Path, f.Data), f.Data)
	}
	name, err := t.attachedName(b, a, own)
	if err != nil {
		return err
	}
	delimiter()
	begin := len(b.data)
	b.data = append(b.data, "Content-Type: "...)
	b.data = append(b.data, typ...)
	b.data = append(b.data, "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n"...)
	b.data = appendParameter(b.data, "filename", name)
	b.data = append(b.data, "\r\n\r\n"...)
	b.sum.add(b.data, begin, len(b.data))
	begin = len(b.data)
	if a.file == nil {
		b.data = append(b.data, a.body...)
		b.sum.hashed(begin, len(b.data), a.sum)
	} else {
		b.data = appendBase64(b.data, f.Data)
		b.sum.hashed(begin, len(b.data), sha256.Sum256(f.Data))
	}
	return nil
}

// filesFit refuses files that are not those of this template's attachments.
func (t *Template) filesFit(files []File) error {
	switch {
	case t.unread:
		return &delivery.Error{Op: "render", Kind: delivery.KindInvalid, Field: "assets"}
	case len(files) != t.personal:
		return &delivery.Error{Op: "render", Kind: delivery.KindInvalid, Field: "files", Detail: strconv.Itoa(len(files))}
	}
	return nil
}
