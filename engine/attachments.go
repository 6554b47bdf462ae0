package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"sendoff/engine/access"
	"sendoff/engine/attachment"
	"sendoff/engine/delivery"
	"sendoff/engine/message"
	"sendoff/engine/prepare"
)

// frozenFolder holds the copies of files for single recipients, a folder for each
// delivery, within the workspace.
const frozenFolder = "frozen"

// resources is what content refers to beside its own text.
func (e *Engine) resources(ctx context.Context, sender *delivery.Sender) message.Resources {
	return message.Resources{Sender: sender, Asset: func(hash string) (delivery.Asset, []byte, error) { return e.store.Asset(ctx, hash) }}
}

// ofPlan are the resources of messages that a plan has sealed: what they say of the
// account is what it was at the preparation.
func (e *Engine) ofPlan(ctx context.Context, p *delivery.Plan) message.Resources {
	r := e.resources(ctx, &p.Sender)
	r.Old = p.Language == ""
	return r
}

// ofDraft are the resources of content that is being written.
func (e *Engine) ofDraft(ctx context.Context, d delivery.Draft) message.Resources {
	as, err := e.store.Accounts(ctx)
	if err == nil {
		for _, a := range as {
			if a.ID == d.Account {
				sender := a.Brand.Sender()
				return e.resources(ctx, &sender)
			}
		}
	}
	return e.resources(ctx, nil)
}

// AttachmentFolder is where the files for single recipients of a draft lie; it need
// not be there.
func (e *Engine) AttachmentFolder(id delivery.ID, c delivery.Content) string {
	if c.Folder != "" {
		return c.Folder
	}
	return filepath.Join(e.dir, delivery.AttachmentFolder, id.String())
}

// files opens the folder of a draft's files; nil when there is none.
func (e *Engine) files(id delivery.ID, c delivery.Content) *attachment.Folder {
	if !c.Personal() {
		return nil
	}
	f, err := attachment.Open(e.AttachmentFolder(id, c))
	if err != nil {
		return nil
	}
	return f
}

func copiesOf(dir string, id delivery.ID) attachment.Copies {
	return attachment.Copies{Dir: filepath.Join(dir, frozenFolder, id.String())}
}

// freezer reads files of recipients for a preparation and keeps copies of them.
func (e *Engine) freezer(id delivery.ID, folder *attachment.Folder) func(path string) (delivery.File, []byte, error) {
	copies := copiesOf(e.dir, id)
	return func(path string) (delivery.File, []byte, error) {
		data, err := folder.Read(path)
		if err != nil {
			return delivery.File{}, nil, err
		}
		hash, err := copies.Put(data)
		return delivery.File{Path: path, Hash: hash, Size: int64(len(data))}, data, err
	}
}

// attachedNow reads the files that one recipient of a draft would get now. The error
// may be of *attachment.Trouble; path is then the one it is about.
func attachedNow(press *prepare.Press, buf *message.Buffer, folder *attachment.Folder, seq int64, to, as, fields string) (files []message.File, path string, err error) {
	if !press.Personal() {
		return nil, "", nil
	}
	paths, _, err := press.Paths(buf, seq, to, as, fields)
	if err != nil {
		return nil, "", err
	}
	files = make([]message.File, len(paths))
	for i, path := range paths {
		if path == "" {
			continue
		}
		data, err := folder.Read(path)
		if err != nil {
			return nil, path, err
		}
		files[i] = message.File{Path: path, Data: data}
	}
	return files, "", nil
}

// unattached is the error of a message that lacks a file: KindNoFile, or KindInvalid
// with Field "attachment" and the code of a finding as its Detail.
func unattached(op, path string, err error) error {
	var t *attachment.Trouble
	if !errors.As(err, &t) {
		return err
	}
	if t.Code == delivery.FindAttachmentMissing {
		return &delivery.Error{Op: op, Kind: delivery.KindNoFile, File: path, Err: err}
	}
	return &delivery.Error{Op: op, Kind: delivery.KindInvalid, Field: message.PartAttachment, File: path, Detail: string(t.Code)}
}

// frozen reads the copies of what a plan has frozen of one recipient's files. The
// error is of KindFrozen.
func frozen(c attachment.Copies, files []delivery.File) ([]message.File, error) {
	out := make([]message.File, len(files))
	for i, f := range files {
		if f.Hash == "" {
			continue
		}
		data, err := c.Get(f.Hash)
		if err != nil {
			return nil, &delivery.Error{Op: "attach", Kind: delivery.KindFrozen, Detail: f.Path, Err: err}
		}
		out[i] = message.File{Path: f.Path, Data: data}
	}
	return out, nil
}

// keepCopies removes the copies of files that a delivery will not send any more. It
// must not run beside a preparation of the same delivery.
func (e *Engine) keepCopies(ctx context.Context, id delivery.ID) {
	c := copiesOf(e.dir, id)
	if _, err := os.Stat(c.Dir); err != nil {
		return
	}
	use, err := e.store.FilesInUse(context.WithoutCancel(ctx), id)
	if err == nil {
		err = c.Keep(use)
	}
	if err != nil {
		e.log.Warn("copies of attached files stay", "delivery", id, "error", err)
	}
}

// sweepCopies does it for every delivery, after a start.
func (e *Engine) sweepCopies(ctx context.Context) {
	entries, err := os.ReadDir(filepath.Join(e.dir, frozenFolder))
	if err != nil {
		return
	}
	for _, entry := range entries {
		if id, err := delivery.ParseID(entry.Name()); err == nil && entry.Name() == id.String() {
			e.keepCopies(ctx, id)
		}
	}
}

// carryFiles gives a delivery that was made of another one the files for single
// recipients that the workspace holds for that one; in a folder that a person chose
// both look. When it cannot, the new delivery goes again.
func (e *Engine) carryFiles(ctx context.Context, who access.Principal, from, to delivery.ID) error {
	v, err := e.store.Delivery(ctx, to)
	if err != nil || !v.Content.Personal() || v.Content.Folder != "" {
		return err
	}
	old, own := e.AttachmentFolder(from, v.Content), e.AttachmentFolder(to, v.Content)
	if _, err := os.Stat(old); errors.Is(err, os.ErrNotExist) {
		return nil // nobody put any there
	}
	// Its parts have another name until all of it is there.
	part := own + ".part"
	err = errors.Join(os.RemoveAll(part), os.RemoveAll(own))
	if err == nil {
		err = os.CopyFS(part, os.DirFS(old))
	}
	if err == nil {
		err = os.Rename(part, own)
	}
	if err == nil {
		return nil
	}
	failed := &delivery.Error{Op: "attach", Kind: delivery.FileKind(err), File: own, Err: err}
	if err := errors.Join(os.RemoveAll(part), e.store.DeleteDelivery(context.WithoutCancel(ctx), who, to)); err != nil {
		e.log.Warn("a delivery without its files stays", "delivery", to, "error", err)
	}
	return failed
}

// forgetFiles removes what the workspace holds of the files of a delivery that is
// gone: the copies, and its own folder. One that a person chose elsewhere stays.
func (e *Engine) forgetFiles(ctx context.Context, id delivery.ID) {
	e.keepCopies(ctx, id)
	if err := os.RemoveAll(filepath.Join(e.dir, delivery.AttachmentFolder, id.String())); err != nil {
		e.log.Warn("attached files stay", "delivery", id, "error", err)
	}
	e.dropAssets(ctx)
}

// thaw removes the copies of a delivery that has ended, but of what is in doubt.
func (e *Engine) thaw(id delivery.ID) {
	c := copiesOf(e.dir, id)
	if _, err := os.Stat(c.Dir); err != nil {
		return
	}
	ctx := context.Background()
	if v, err := e.store.Delivery(ctx, id); err == nil && v.State.Ended() {
		e.keepCopies(ctx, id)
	}
}
