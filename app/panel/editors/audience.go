package editors

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
)

// Audience chooses whom a delivery reaches.
func Audience(env *panel.Env, v delivery.View) {
	bridge.Run(env.Bridge, "audiences", func(ctx context.Context) ([]delivery.Audience, error) {
		return env.Engine.Audiences(ctx)
	}, func(as []delivery.Audience, err error) {
		switch {
		case err != nil:
			env.Fail(err)
		case len(as) == 0:
			Import(env, &v)
		default:
			audience(env, v, as)
		}
	})
}

func audience(env *panel.Env, v delivery.View, as []delivery.Audience) {
	c := env.Text
	f := &form{env: env}
	names, chosen := make([]string, len(as)), 0
	for i, a := range as {
		names[i] = a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("audience.imported", "date", c.Date(a.Imported))
		if a.ID == v.Audience {
			chosen = i
		}
	}
	list := kit.NewRadio(names, nil)
	list.Choose(chosen)
	note := kit.NewText(kit.Muted, c.T("edit.audience_note")).Wrap()
	file := kit.NewLink(c.T("edit.import_file"), func() {
		f.close()
		Import(env, &v)
	})
	fields := append([]fyne.CanvasObject{note, list, file}, sealNote(env, v)...)
	f.open(c.T("edit.audience"), fields, c.T("common.save"), func() {
		d := v.Draft
		d.Audience = as[list.Chosen()].ID
		f.store(v.ID, d)
	})
}

// importer is the dialog of one import: a file, a name, progress, a result.
type importer struct {
	form
	view   *delivery.View // the delivery that will use it, or nil
	file   string
	path   *kit.Text
	name   *kit.Entry
	column *kit.Entry
	fields fyne.CanvasObject
	line   *kit.Progress
	cancel func()
}

// Import reads a CSV file into an audience. With a delivery, the result can be
// used for it.
func Import(env *panel.Env, v *delivery.View) {
	c := env.Text
	m := &importer{form: form{env: env}, view: v}
	m.path = kit.NewText(kit.Muted, c.T("import.need_file")).Trim()
	m.name, m.column = kit.NewEntry(""), kit.NewEntry(c.T("import.column_hint"))
	pick := kit.NewButton(c.T("import.choose"), kit.IconNone, state.Outlined, func() {
		env.Pick(c.T("import.title"), []string{".csv", ".txt", ".tsv"}, m.chosen)
	})
	m.line = kit.NewProgress()
	kit.Show(m.line, false)
	m.fields = kit.NewFields(
		kit.Field{Label: c.T("import.file"), Input: kit.Pair(pick, m.path)},
		kit.Field{Label: c.T("import.name"), Input: m.name},
		kit.Field{Label: c.T("import.column"), Input: m.column})
	m.open(c.T("import.title"), []fyne.CanvasObject{kit.NewText(kit.Muted, c.T("import.note")).Wrap(), m.fields, m.line},
		c.T("import.start"), m.start)
	m.modal.OnClose(func() {
		m.over = true
		if m.cancel != nil {
			m.cancel()
		}
	})
}

// chosen takes a file and names the list after it.
func (m *importer) chosen(path string) {
	m.file = path
	m.path.Set(filepath.Base(path))
	m.complain("")
	if m.name.Value() == "" {
		m.name.SetText(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)))
	}
}

func (m *importer) start() {
	c := m.env.Text
	switch {
	case m.file == "":
		m.complain(c.T("import.need_file"))
		return
	case strings.TrimSpace(m.name.Value()) == "":
		m.complain(c.T("import.need_name"))
		return
	}
	m.complain("")
	m.save.SetEnabled(false)
	kit.Show(m.line, true)
	m.modal.Fit()
	req := bridge.ImportRequest{File: m.file, Name: strings.TrimSpace(m.name.Value())}
	if col := strings.TrimSpace(m.column.Value()); col != "" {
		req.Map = map[string]string{"email": col}
	}
	who := m.env.Who()
	latest := bridge.NewLatest(m.env.Bridge, func(p bridge.ImportProgress) {
		share := 0.0
		if p.Total > 0 {
			share = float64(p.Bytes) / float64(p.Total)
		}
		m.line.Set(share, c.T("import.running", "rows", p.Rows, "rejected", p.Rejected))
	})
	m.cancel = bridge.Run(m.env.Bridge, "import", func(ctx context.Context) (bridge.ImportResult, error) {
		return m.env.Engine.Import(ctx, who, req, latest.Set)
	}, m.finished)
}

func (m *importer) finished(r bridge.ImportResult, err error) {
	c := m.env.Text
	m.cancel = nil
	if delivery.Is(err, delivery.KindCancelled) {
		m.env.Toast(c.T("import.cancelled"), state.Amber)
		m.close()
		return
	}
	if m.over {
		m.env.Fail(err)
		return
	}
	if err != nil {
		kit.Show(m.line, false)
		m.save.SetEnabled(true)
		m.complain(c.Error(err))
		return
	}
	m.close()
	m.summary(r)
}

// summary says what the import did, with the reject file by name.
func (m *importer) summary(r bridge.ImportResult) {
	c := m.env.Text
	var lines []kit.ListLine
	add := func(n int64, text string, tone state.Tone) {
		if n > 0 {
			lines = append(lines, kit.ListLine{Text: text, Tone: tone})
		}
	}
	add(1, c.N("import.rows", r.Rows), state.Neutral)
	add(r.Added, c.N("import.added", r.Added), state.Neutral)
	add(r.Updated, c.N("import.updated", r.Updated), state.Neutral)
	add(r.Merged, c.N("import.merged", r.Merged), state.Neutral)
	add(r.Rejected, c.N("import.rejected", r.Rejected), state.Amber)
	if r.RejectFile != "" {
		add(1, c.T("import.reject_file", "file", r.RejectFile), state.Amber)
	}
	add(1, c.T("import.read_as", "encoding", r.Encoding, "delimiter", delimiter(c, r.Delimiter)), state.Quiet)

	var modal *kit.Modal
	end := func() { modal.Close() }
	buttons := []*kit.Button{kit.NewButton(c.T("common.close"), kit.IconNone, state.Outlined, end)}
	if m.view != nil {
		d := m.view.Draft
		d.Audience = r.Audience.ID
		id := m.view.ID
		buttons = append(buttons, kit.NewButton(c.T("import.use"), kit.IconNone, state.Primary, func() {
			end()
			who := m.env.Who()
			bridge.Run(m.env.Bridge, "use audience", func(ctx context.Context) (struct{}, error) {
				return struct{}{}, m.env.Engine.EditDelivery(ctx, who, id, d)
			}, func(_ struct{}, err error) { m.env.Fail(err) })
		}))
	}
	modal = kit.ShowModal(m.env.Window, kit.ModalSpec{Title: c.T("import.done", "name", r.Audience.Name),
		Body: []fyne.CanvasObject{kit.NewList(lines)}, Buttons: buttons, Escape: end})
}

func delimiter(c *text.Catalog, r rune) string {
	switch r {
	case ',':
		return c.T("delimiter.comma")
	case ';':
		return c.T("delimiter.semicolon")
	case '\t':
		return c.T("delimiter.tab")
	case '|':
		return c.T("delimiter.pipe")
	}
	return string(r)
}
