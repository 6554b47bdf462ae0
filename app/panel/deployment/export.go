package deployment

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel/logs"
	"sendoff/app/state"
	"sendoff/engine/access"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// Formats of a file, in the order in which they are offered.
func extensions() []string { return []string{".xlsx", ".csv"} }

// source is a list that can be written to a file.
type source struct {
	tab      state.LogTab
	shown    int64 // rows in the list as it is narrowed now; -1 while not known
	all      int64
	narrowed bool
	request  func(all bool) bridge.ExportRequest
}

// exporter is the button that exports a list, or the note that one may not.
type exporter struct {
	p      *Panel
	source func() source
	button *kit.Button
	note   *kit.Text
	box    fyne.CanvasObject
}

func newExport(p *Panel, from func() source) fyne.CanvasObject {
	c := p.env.Text
	x := &exporter{p: p, source: from, note: kit.NewText(kit.Small, c.T("deployment.export_right"))}
	x.button = kit.NewButton(c.T("deployment.export"), widgets.IconDownload, state.Outlined, x.open)
	x.box = kit.HStack(0, x.button, x.note)
	x.allow()
	p.exports = append(p.exports, x)
	return x.box
}

// allow shows the button to those who may export.
func (x *exporter) allow() {
	may := x.p.env.Operator().Rights.Has(access.Export)
	kit.Show(x.button, may)
	kit.Show(x.note, !may)
}

// exporting is the open form.
type exporting struct {
	x      *exporter
	from   source
	form   *widgets.Form
	format *widgets.Radio
	which  *widgets.Radio
	line   *kit.Progress
	cancel func()
	over   bool
}

func (x *exporter) open() {
	c, env := x.p.env.Text, x.p.env
	m := &exporting{x: x, from: x.source(), line: kit.NewProgress()}
	m.format = kit.NewRadio([]string{c.T("deployment.export_xlsx"), c.T("deployment.export_csv")}, nil)
	m.format.SetSelected(0)
	fields := []kit.Field{{Label: c.T("deployment.export_format"), Input: m.format}}
	if m.from.narrowed {
		shown := "…"
		if m.from.shown >= 0 {
			shown = c.Number(m.from.shown)
		}
		m.which = kit.NewRadio([]string{c.T("deployment.export_filtered", "n", shown), c.T("deployment.export_all", "n", m.from.all)}, nil)
		m.which.SetSelected(0)
		fields = append(fields, kit.Field{Label: c.T("deployment.export_rows"), Input: m.which})
	}
	kit.Show(m.line, false)
	m.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("deployment.export"), Subtitle: c.T("deployment.tab." + string(m.from.tab)),
		Content: kit.VStack(kit.Gap, kit.NewFields(fields...), m.line), Save: c.T("deployment.export_choose"), Cancel: c.T("common.cancel"), Width: 480,
		OnSave: func(*widgets.Form) { m.choose() }, OnClose: func() {
			m.over = true
			if m.cancel != nil {
				m.cancel()
			}
		}})
}

// choose asks where the file goes.
func (m *exporting) choose() {
	env, c := m.x.p.env, m.x.p.env.Text
	extension := extensions()[max(0, m.format.Selected())]
	name := c.T("deployment.file."+string(m.from.tab)) + "-" + m.x.p.id.String() + "-" + env.Now().In(c.Zone()).Format("2006-01-02") + extension
	m.form.SetError("")
	env.Save(name, func(path string) {
		if !m.over && m.cancel == nil {
			m.start(path)
		}
	})
}

// start writes the file, with progress, until it is done or the form is closed.
func (m *exporting) start(path string) {
	env, c := m.x.p.env, m.x.p.env.Text
	r := m.from.request(m.which == nil || m.which.Selected() == 1)
	r.File, r.Sheet = path, c.T("deployment.tab."+string(m.from.tab))
	m.form.SetBusy(true)
	m.line.Set(0, "")
	kit.Show(m.line, true)
	m.form.Fit()
	who := env.Who()
	latest := bridge.NewLatest(env.Bridge, func(p delivery.Progress) {
		if p.Total > 0 {
			m.line.Set(float64(p.Done)/float64(p.Total), c.T("deployment.export_running", "done", p.Done, "total", p.Total))
		}
	})
	m.cancel = bridge.Run(env.Bridge, "export", func(ctx context.Context) (bridge.ExportResult, error) {
		return env.Engine.Export(ctx, who, r, func(done, total int64) { latest.Set(delivery.Progress{Done: done, Total: total}) })
	}, m.finished)
}

func (m *exporting) finished(r bridge.ExportResult, err error) {
	env, c := m.x.p.env, m.x.p.env.Text
	m.cancel = nil
	switch {
	case err == nil:
		m.form.Close()
		logs.Offer(env, c.N("deployment.exported", r.Rows, "file", filepath.Base(r.File)), filepath.Dir(r.File))
	case delivery.Is(err, delivery.KindCancelled) || m.over && err == context.Canceled:
		env.Toast(c.T("deployment.export_cancelled"), state.Amber)
		m.form.Close()
	case m.over:
		env.Fail(err)
	default:
		kit.Show(m.line, false)
		m.form.SetBusy(false)
		m.form.SetError(c.Error(err))
		m.form.Fit()
	}
}

// source is the list as it is narrowed now.
func (l *list) source() source {
	c, id := l.p.env.Text, l.p.id
	s := source{tab: l.place.Tab, shown: int64(l.rows), narrowed: l.place.Narrowed()}
	for _, x := range (state.LogPlace{Tab: l.place.Tab}).Full().States {
		s.all += *l.p.view.Counters.Of(x)
	}
	now := l.place.Full()
	s.request = func(all bool) bridge.ExportRequest {
		r := bridge.ExportRequest{Header: state.LogExportHeader(c), Delivery: id, Query: now,
			Row: func(r delivery.Row) []any { return state.LogExportRow(c, r) }}
		if all {
			r.Query = state.LogPlace{Tab: s.tab}.Full()
		}
		return r
	}
	return s
}
