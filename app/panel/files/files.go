// Package files asks which file to read and where to write one. Its dialogs work
// by keys alone, take a typed path as well as a chosen line, and ask before a
// file is replaced.
//
// Everything here lives on the UI goroutine; folders are read off it.
package files

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// prefFolder is the folder that was shown last.
const prefFolder = "files.folder"

// rows is how many lines of a folder are in sight.
const rows = 7

// chooser is an open dialog.
type chooser struct {
	env     *panel.Env
	saving  bool
	endings []string
	done    func(path string)

	form    *widgets.Form
	path    *kit.Entry // the folder, or the whole path of a file
	name    *kit.Entry // when saving
	table   *widgets.Table
	empty   *kit.Text
	warn    *kit.Banner
	home    string
	dir     string
	entries []entry
	turn    int
	replace string // the file that may be replaced
	over    bool
}

// Open asks for a file to read, with one of the endings (".csv"). done is not
// called when nothing was chosen.
func Open(env *panel.Env, title string, endings []string, done func(path string)) {
	c := &chooser{env: env, endings: endings, done: done}
	c.show(title, env.Text.T("files.open"), nil)
}

// Save asks where a file goes; name is a proposal.
func Save(env *panel.Env, title, name string, done func(path string)) {
	c := &chooser{env: env, saving: true, endings: []string{strings.ToLower(filepath.Ext(name))}, done: done}
	c.name = kit.NewEntry("")
	c.name.SetText(name)
	c.name.SetOnChanged(func(string) { c.complain("") })
	c.show(title, env.Text.T("files.save"), c.name.Target())
}

func (c *chooser) show(title, ok string, focus fyne.Focusable) {
	t := c.env.Text
	c.home, _ = os.UserHomeDir()
	c.path = kit.NewEntry("")
	c.table = widgets.NewTable(rows, []widgets.Column{{Key: "name", Title: t.T("files.name"), Width: -3},
		{Key: "size", Title: t.T("files.size"), Width: 90, Number: true}, {Key: "at", Title: t.T("files.changed"), Width: 130}},
		func() int { return len(c.entries) }, c.cell)
	c.table.SetOnSelected(c.pick)
	c.empty = kit.NewText(kit.Muted, t.T("files.empty")).Wrap()
	kit.Show(c.empty, false)
	c.warn = kit.NewBanner()
	kit.Show(c.warn, false)
	up := kit.NewIconButton(widgets.IconUp, t.T("files.up"), func() { c.read(filepath.Dir(c.dir)) })
	var shortcuts []fyne.CanvasObject
	for _, p := range places(c.home) {
		shortcuts = append(shortcuts, kit.NewLink(t.T("files.place."+p.key), func() { c.read(p.path) }))
	}
	fields := []fyne.CanvasObject{kit.HStack(16, shortcuts...), widgets.HFill(8, up, c.path), widgets.Sized(0, 34+10+36*rows, c.table), c.empty}
	if c.saving {
		fields = append(fields, kit.NewFields(kit.Field{Label: t.T("files.file_name"), Input: c.name}))
	}
	fields = append(fields, c.warn)
	if focus == nil {
		focus = c.table.Target()
	}
	c.form = widgets.ShowForm(c.env.Window, widgets.FormSpec{Title: title, Content: kit.VStack(10, fields...), Save: ok,
		Cancel: t.T("common.cancel"), Width: 680, Focus: focus, OnSave: func(*widgets.Form) { c.accept() }, OnClose: func() { c.over = true }})
	dir := c.env.Prefs.String(prefFolder)
	if dir == "" {
		dir = c.home
	}
	c.read(dir)
}

func (c *chooser) cell(row, col int) widgets.Cell {
	e := c.entries[row]
	switch col {
	case 0:
		if e.folder {
			return widgets.Cell{Text: e.name, Icon: widgets.IconFolder, Tone: look.BlueTone}
		}
		return widgets.Cell{Text: e.name, Icon: widgets.IconDocument}
	case 1:
		if !e.folder {
			return widgets.Cell{Text: c.env.Text.Bytes(e.size), Tone: look.Quiet}
		}
	case 2:
		return widgets.Cell{Text: c.env.Text.When(e.at, c.env.Now()), Tone: look.Quiet}
	}
	return widgets.Cell{}
}

// read shows a folder. One that cannot be read is told, and the one on the
// screen stays.
func (c *chooser) read(dir string) {
	c.turn++
	turn := c.turn
	bridge.Run(c.env.Bridge, "folder", func(context.Context) ([]entry, error) {
		return folder(dir, c.endings)
	}, func(es []entry, err error) {
		if c.over || turn != c.turn {
			return
		}
		if err != nil {
			if c.dir == "" && dir != c.home {
				c.read(c.home) // the folder of the last time is gone
				return
			}
			c.complain(c.env.Text.Error(err))
			return
		}
		c.complain("")
		c.dir, c.entries = dir, es
		c.env.Prefs.SetString(prefFolder, dir)
		c.path.SetText(dir)
		kit.Show(c.empty, len(es) == 0)
		c.table.Reload()
		c.table.ScrollToTop()
		c.form.Fit()
	})
}

// pick takes a line of the folder: a folder is opened, a file chosen, or its name
// taken when saving.
func (c *chooser) pick(row int) {
	if row >= len(c.entries) {
		return
	}
	e := c.entries[row]
	switch {
	case e.folder:
		c.read(filepath.Join(c.dir, e.name))
	case c.saving:
		c.name.SetText(e.name)
	default:
		c.end(filepath.Join(c.dir, e.name))
	}
}

// accept takes what was typed: a folder is opened, a file chosen.
func (c *chooser) accept() {
	typed := resolve(c.path.Text(), c.dir, c.home)
	if !c.saving && typed == c.dir {
		if row := c.table.Current(); row < len(c.entries) {
			c.pick(row)
		}
		return
	}
	target, name := typed, ""
	if c.saving {
		if name = strings.TrimSpace(c.name.Text()); name == "" {
			c.complain(c.env.Text.T("files.need_name"))
			return
		}
		if !fits(name, c.endings) {
			name += c.endings[0]
		}
		target = filepath.Join(typed, name)
	}
	bridge.Run(c.env.Bridge, "file", func(context.Context) (os.FileInfo, error) {
		info, err := os.Stat(target)
		if err != nil && c.saving && os.IsNotExist(err) {
			// Not there, as it should be; the folder must be.
			if _, err := os.Stat(filepath.Dir(target)); err != nil {
				return nil, trouble(filepath.Dir(target), err)
			}
			return nil, nil
		}
		if err != nil {
			return nil, trouble(target, err)
		}
		return info, nil
	}, func(info os.FileInfo, err error) {
		switch {
		case c.over:
		case err != nil:
			c.complain(c.env.Text.Error(err))
		case info != nil && info.IsDir():
			c.read(target)
		case c.saving && info != nil && c.replace != target:
			c.complain(c.env.Text.T("files.exists", "file", name))
			c.replace = target // the second press replaces it
		default:
			c.end(target)
		}
	})
}

func (c *chooser) complain(s string) {
	c.replace = ""
	kit.SetBanner(c.warn, s, state.Amber)
	kit.Show(c.warn, s != "")
	c.form.Fit()
}

func (c *chooser) end(path string) {
	c.env.Prefs.SetString(prefFolder, filepath.Dir(path))
	c.form.Close()
	c.done(path)
}
