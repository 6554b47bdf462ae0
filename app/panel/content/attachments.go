package content

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel/content/personal"
	"sendoff/app/panel/content/session"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// attachments is the list of files that go with the messages.
type attachments struct {
	s      *session.Session
	box    *fyne.Container
	list   *fyne.Container
	add    *kit.Button
	each   *kit.Button
	shown  []delivery.Attachment
	files  map[string]delivery.Asset // those that were read
	asked  map[string]bool
	able   bool
	folder *kit.Entry
	where  fyne.CanvasObject // the folder, when an attachment needs one
}

func newAttachments(s *session.Session) *attachments {
	c := s.Env().Text
	a := &attachments{s: s, list: kit.VStack(4), files: map[string]delivery.Asset{}, asked: map[string]bool{}}
	a.add = kit.NewButton(c.T("attach.add"), widgets.IconAdd, state.Outlined, a.pick)
	a.each = kit.NewButton(c.T("attach.add_each"), widgets.IconPerson, state.QuietButton, func() { a.ask(-1) })
	a.folder = kit.NewEntry(c.T("attach.folder_hint", "code", s.Delivery().String()))
	bind(s, "folder", a.folder, func(d *delivery.Draft) *string { return &d.Content.Folder })
	choose := kit.NewButton(c.T("attach.folder_choose"), widgets.IconFolder, state.Outlined, func() {
		s.Env().Pick(c.T("attach.folder_pick"), nil, func(path string) {
			s.Edit("", func(d *delivery.Draft) { d.Content.Folder = filepath.Dir(path) })
		})
	})
	a.where = kit.NewFields(kit.Field{Label: c.T("attach.folder"), Input: kit.PairEnd(a.folder, choose)})
	a.box = kit.VStack(10, kit.NewText(kit.Heading, c.T("attach.title")), kit.NewText(kit.Small, c.T("attach.note")).Wrap(), a.list, a.where,
		kit.HStack(8, a.add, a.each))
	return a
}

// render lists what the draft has.
func (a *attachments) render() {
	able, _ := a.s.Editable()
	now := a.s.Draft().Content.Attachments
	a.add.SetEnabled(able && len(now) < delivery.MaxAttachments)
	a.each.SetEnabled(able && len(now) < delivery.MaxAttachments)
	kit.Show(a.where, a.s.Draft().Content.Personal())
	if slices.Equal(now, a.shown) && able == a.able {
		return
	}
	a.shown, a.able = slices.Clone(now), able
	a.relist()
}

func (a *attachments) relist() {
	c := a.s.Env().Text
	var rows []fyne.CanvasObject
	for i, x := range a.shown {
		file, known := a.files[x.Asset]
		if x.Asset != "" && !known {
			a.read(x.Asset)
		}
		m := state.AttachmentOf(c, x, file, known)
		edit := kit.NewIconButton(widgets.IconEdit, c.T("attach.edit", "name", m.Name), func() { a.ask(i) })
		remove := kit.NewIconButton(widgets.IconClose, c.T("attach.remove", "name", m.Name), func() {
			a.s.Edit("", func(d *delivery.Draft) {
				d.Content.Attachments = slices.Delete(slices.Clone(d.Content.Attachments), i, i+1)
			})
		})
		edit.SetEnabled(a.able)
		remove.SetEnabled(a.able)
		rows = append(rows, kit.PairEnd(widgets.HFill(10, widgets.NewIcon(widgets.IconClip, 14, "sendoff.muted"), kit.NewText(kit.Body, m.Name).Trim()),
			kit.HStack(4, kit.NewText(kit.Small, m.Note), edit, remove)))
	}
	kit.Replace(a.list, rows)
	kit.Show(a.list, len(rows) > 0)
}

// read asks what a file is called and how large it is.
func (a *attachments) read(hash string) {
	if a.asked[hash] {
		return
	}
	a.asked[hash] = true
	env := a.s.Env()
	bridge.Run(env.Bridge, "asset", func(ctx context.Context) (delivery.Asset, error) {
		f, _, err := env.Engine.Asset(ctx, hash)
		return f, err
	}, func(f delivery.Asset, err error) {
		if err == nil { // a missing one is a finding
			a.files[hash] = f
			a.relist()
		}
	})
}

// pick adds a file for everybody.
func (a *attachments) pick() {
	env := a.s.Env()
	env.Pick(env.Text.T("attach.pick"), nil, func(path string) {
		who := env.Who()
		bridge.Run(env.Bridge, "attach", func(ctx context.Context) (delivery.Asset, error) {
			b, err := readFile(path)
			if err != nil {
				return delivery.Asset{}, err
			}
			return env.Engine.AddAsset(ctx, who, filepath.Base(path), b)
		}, func(f delivery.Asset, err error) {
			if err != nil {
				env.Fail(err)
				return
			}
			a.files[f.Hash] = f
			a.s.Edit("", func(d *delivery.Draft) {
				x := delivery.Attachment{Asset: f.Hash}
				if name := filepath.Base(path); name != f.Name {
					x.Name = name // the same bytes were kept under another name
				}
				d.Content.Attachments = append(slices.Clone(d.Content.Attachments), x)
			})
		})
	})
}

// readFile reads at most what an attachment may be.
func readFile(path string) ([]byte, error) {
	fail := func(k delivery.Kind, err error) ([]byte, error) {
		return nil, &delivery.Error{Op: "attach", Kind: k, File: path, Err: err}
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail(delivery.KindNoFile, err)
	case errors.Is(err, fs.ErrPermission):
		return fail(delivery.KindPermission, err)
	case err != nil:
		return fail(delivery.KindIO, err)
	case info.IsDir() || info.Size() > delivery.MaxAsset:
		return fail(delivery.KindTooLarge, nil)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fail(delivery.KindIO, err)
	}
	return b, nil
}

// ask asks for the file of each recipient, or for the name of an attachment; i is
// -1 for a new one.
func (a *attachments) ask(i int) {
	env := a.s.Env()
	c := env.Text
	x := delivery.Attachment{}
	if i >= 0 {
		x = a.shown[i]
	}
	each := x.Asset == ""
	file, name := kit.NewEntry(c.T("attach.file_hint")), kit.NewEntry(c.T("attach.name_hint"))
	file.SetText(x.File)
	name.SetText(x.Name)
	with := func(e *kit.Entry) fyne.CanvasObject {
		return kit.PairEnd(e, personal.NewIcon(a.s, personal.Target{Insert: e.Insert, Focus: e.Target}))
	}
	var rows []kit.Field
	focus := name
	if each {
		rows = append(rows, kit.Field{Label: c.T("attach.file"), Input: with(file), Below: kit.NewText(kit.Small, c.T("attach.file_note")).Wrap()})
		focus = file
	}
	rows = append(rows, kit.Field{Label: c.T("attach.name"), Input: with(name)})
	title, save := c.T("attach.each_title"), c.T("attach.insert")
	if i >= 0 {
		title, save = c.T("attach.edit_title"), c.T("common.save")
	}
	form := widgets.ShowForm(env.Window, widgets.FormSpec{Title: title, Content: kit.NewFields(rows...), Save: save, Cancel: c.T("common.cancel"),
		Width: 560, Focus: focus.Target(), OnSave: func(f *widgets.Form) {
			x.File, x.Name = strings.TrimSpace(file.Text()), strings.TrimSpace(name.Text())
			if each && x.File == "" {
				f.SetError(c.T("attach.file_missing"))
				return
			}
			f.Close()
			a.s.Edit("", func(d *delivery.Draft) {
				d.Content.Attachments = slices.Clone(d.Content.Attachments)
				if i < 0 {
					d.Content.Attachments = append(d.Content.Attachments, x)
					return
				}
				d.Content.Attachments[i] = x
			})
		}})
	file.SetOnReturn(form.Save)
	name.SetOnReturn(form.Save)
}
