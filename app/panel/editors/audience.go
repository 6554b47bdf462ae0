package editors

import (
	"context"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/panel/files"
	"sendoff/app/state"
	"sendoff/app/text"
	"sendoff/engine/delivery"
	"sendoff/widgets"
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
	var f *widgets.Form
	names, chosen := make([]string, len(as)), 0
	for i, a := range as {
		names[i] = AudienceLine(c, a)
		if a.ID == v.Audience {
			chosen = i
		}
	}
	list := kit.NewRadio(names, nil)
	list.SetSelected(chosen)
	for i, a := range as {
		if a.Rule != "" {
			list.SetNote(i, c.RuleText(a.Rule, text.RuleNames{}))
		}
	}
	note := kit.NewText(kit.Muted, c.T("edit.audience_note")).Wrap()
	file := kit.NewLink(c.T("edit.import_file"), func() {
		f.Close()
		Import(env, &v)
	})
	byRule := kit.NewLink(c.T("rule.new"), func() {
		f.Close()
		env.Go(panel.Place{Screen: panel.Rule, Delivery: v.ID})
	})
	fields := append([]fyne.CanvasObject{note, list, kit.HStack(20, file, byRule)}, sealNote(env, v)...)
	f = open(env, c.T("edit.audience"), c.T("common.save"), fields, func(f *widgets.Form) {
		d := v.Draft
		d.Audience = as[max(0, list.Selected())].ID
		store(env, f, v, d)
	}, nil)
}

// AudienceLine is an audience in a list to choose from: its name, how many people,
// since when.
func AudienceLine(c *text.Catalog, a delivery.Audience) string {
	switch {
	case a.Rule == "":
		return a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("audience.imported", "date", c.Date(a.Imported))
	case a.Counted.IsZero():
		return a.Name
	}
	return a.Name + " · " + c.N("audience.profiles", a.Size) + " · " + c.T("rule.counted", "date", c.Date(a.Counted))
}

// importer is the dialog of one import: a file, a name, progress, a result.
type importer struct {
	env    *panel.Env
	form   *widgets.Form
	over   bool
	view   *delivery.View // the delivery that will use it, or nil
	path   *kit.Entry
	named  string // the name that was made of the file's
	name   *kit.Entry
	column *kit.Entry
	line   *kit.Progress
	cancel func()
}

// ImportFile opens the import with a file that was chosen already.
func ImportFile(env *panel.Env, v *delivery.View, path string) { Import(env, v).chosen(path) }

// Import reads a CSV file into an audience. With a delivery, the result can be
// used for it.
func Import(env *panel.Env, v *delivery.View) *importer {
	c := env.Text
	m := &importer{env: env, view: v}
	m.path = kit.NewEntry(c.T("import.file_hint"))
	m.path.SetOnChanged(func(string) { m.propose() })
	m.name, m.column = kit.NewEntry(""), kit.NewEntry(c.T("import.column_hint"))
	pick := kit.NewButton(c.T("import.choose"), kit.IconNone, state.Outlined, func() {
		env.Pick(c.T("import.title"), []string{".csv", ".txt", ".tsv"}, m.chosen)
	})
	m.line = kit.NewProgress()
	kit.Show(m.line, false)
	fields := kit.NewFields(
		kit.Field{Label: c.T("import.file"), Input: kit.PairEnd(m.path, pick)},
		kit.Field{Label: c.T("import.name"), Input: m.name},
		kit.Field{Label: c.T("import.column"), Input: m.column})
	m.form = open(env, c.T("import.title"), c.T("import.start"),
		[]fyne.CanvasObject{kit.NewText(kit.Muted, c.T("import.note")).Wrap(), fields, m.line},
		func(*widgets.Form) { m.start() }, func() {
			m.over = true
			if m.cancel != nil {
				m.cancel()
			}
		})
	return m
}

// chosen takes a file that was picked.
func (m *importer) chosen(path string) { m.path.SetText(path) }

// propose names the list after the file, until a person names it.
func (m *importer) propose() {
	path := m.path.Text()
	m.form.SetError("")
	if m.name.Text() == m.named {
		m.named = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		m.name.SetText(m.named)
	}
}

func (m *importer) start() {
	c := m.env.Text
	file := files.Typed(m.path.Text())
	switch {
	case file == "":
		m.form.SetError(c.T("import.need_file"))
		return
	case strings.TrimSpace(m.name.Text()) == "":
		m.form.SetError(c.T("import.need_name"))
		return
	}
	m.form.SetError("")
	m.form.SetBusy(true)
	kit.Show(m.line, true)
	m.form.Fit()
	req := bridge.ImportRequest{File: file, Name: strings.TrimSpace(m.name.Text())}
	if col := strings.TrimSpace(m.column.Text()); col != "" {
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
		m.form.Close()
		return
	}
	if m.over {
		m.env.Fail(err)
		return
	}
	if err != nil {
		kit.Show(m.line, false)
		m.form.SetBusy(false)
		m.form.SetError(c.Error(err))
		return
	}
	m.form.Close()
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

	q := widgets.Question{Title: c.T("import.done", "name", r.Audience.Name), Content: kit.NewList("", state.Neutral, lines), Cancel: c.T("common.close")}
	if m.view != nil {
		q.OK = c.T("import.use")
	}
	widgets.ShowSafe(m.env.Window, q, func(use bool) {
		if use {
			m.use(r.Audience.ID)
		}
	})
}

// use gives the list to the delivery that the import was opened for.
func (m *importer) use(id int64) {
	d, v, who := m.view.Draft, m.view.ID, m.env.Who()
	d.Audience = id
	bridge.Run(m.env.Bridge, "use audience", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.env.Engine.EditDelivery(ctx, who, v, d)
	}, func(_ struct{}, err error) { m.env.Fail(err) })
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
