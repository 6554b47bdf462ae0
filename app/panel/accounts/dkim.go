package accounts

import (
	"context"
	"io"
	"os"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
	"sendoff/widgets/look"
)

// keySize is more than any private key has, in bytes.
const keySize = 64 << 10

// signing opens the dialog about the signature of an account.
func (p *Panel) signing(id int64) {
	a, ok := p.account(id)
	if !ok {
		return
	}
	bridge.Run(p.env.Bridge, "dkim", func(ctx context.Context) (delivery.DKIMRecord, error) {
		return p.env.Engine.DKIM(ctx, id)
	}, func(r delivery.DKIMRecord, err error) {
		switch {
		case err != nil:
			p.env.Fail(err)
		case !p.closed:
			newSigner(p.env, a, r)
		}
	})
}

// signer is the dialog in which an account learns to sign: names and algorithm,
// and then the record to publish.
type signer struct {
	env       *panel.Env
	account   delivery.Account
	form      *widgets.Form
	domain    *widgets.Entry
	selector  *widgets.Entry
	algorithm *widgets.Select
	state     *kit.Text
	stop      *kit.Button
	record    *fyne.Container
	over      bool
	busy      bool
}

func algorithms() []delivery.DKIMAlgorithm {
	return []delivery.DKIMAlgorithm{delivery.DKIMRSA, delivery.DKIMEd25519}
}

func newSigner(env *panel.Env, a delivery.Account, r delivery.DKIMRecord) {
	c := env.Text
	s := &signer{env: env, account: a, state: kit.NewText(kit.Strong, ""), record: kit.VStack(gap),
		domain: widgets.NewEntry(c.T("dkim.domain"), c.T("dkim.domain_hint")), selector: widgets.NewEntry(c.T("dkim.selector"), c.T("dkim.selector_hint"))}
	names := make([]string, len(algorithms()))
	for i, x := range algorithms() {
		names[i] = c.T("dkim.algorithm." + string(x))
	}
	s.algorithm = widgets.NewSelect(names, "", func(int) {})
	s.algorithm.SetSelected(0)
	for _, e := range []*widgets.Entry{s.domain, s.selector} {
		e.SetOnChanged(func(string) {
			if e.Error() != "" {
				e.SetError("")
				s.form.Fit()
			}
		})
		e.SetOnReturn(func() { s.set("") })
	}
	s.domain.SetText(state.DKIMDomain(a, r))
	s.selector.SetText(r.Selector)
	s.stop = kit.NewButton(c.T("dkim.stop"), kit.IconNone, state.QuietButton, s.off)
	content := kit.VStack(gap, widgets.Ends(s.state, s.stop),
		newRow([]float32{1, 1}, s.domain, s.selector),
		widgets.Ends(widgets.Field(c.T("dkim.algorithm"), s.algorithm), widgets.Field(" ", kit.NewButton(c.T("dkim.import"), kit.IconNone, state.Outlined, s.pick))),
		s.record)
	s.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("dkim.title", "name", a.Name), Subtitle: c.T("dkim.note"), Content: content, Save: c.T("dkim.generate"),
		Cancel: c.T("common.close"), Width: 640, Focus: s.domain.Target(), OnSave: func(*widgets.Form) { s.set("") }, OnClose: func() { s.over = true }})
	s.show(r)
}

// show tells how the account signs.
func (s *signer) show(r delivery.DKIMRecord) {
	c := s.env.Text
	kit.Show(s.stop, r.On())
	kit.Show(s.record, r.On())
	if !r.On() {
		s.state.Set(c.T("dkim.off"))
		kit.Replace(s.record, nil)
		s.form.Fit()
		return
	}
	s.state.Set(c.T("dkim.on", "domain", r.Domain))
	for i, a := range algorithms() {
		if a == r.Algorithm {
			s.algorithm.SetSelected(i)
		}
	}
	line := func(label, value, copies string) fyne.CanvasObject {
		return widgets.Field(label, widgets.NewBox(look.Ground, look.Line, look.RadiusSmall, widgets.Pad(8, 12),
			kit.VStack(6, widgets.NewSelectable(value, true).Small(), kit.HStack(0, kit.NewButton(copies, widgets.IconCopy, state.QuietButton, func() { s.env.Copy(value) })))))
	}
	objects := []fyne.CanvasObject{kit.NewText(kit.Body, c.T("dkim.publish", "domain", r.Domain)).Wrap(),
		line(c.T("dkim.name"), r.Name, c.T("dkim.copy_name")), line(c.T("dkim.text"), r.Text, c.T("dkim.copy_text"))}
	if r.Weak {
		objects = append(objects, widgets.NewBanner(look.AmberTone, widgets.IconWarning, c.T("dkim.weak")))
	}
	kit.Replace(s.record, objects)
	s.form.Fit()
}

// set signs with a key, or with one that is kept or made.
func (s *signer) set(key string) {
	if s.busy {
		return
	}
	s.busy = true
	d := delivery.DKIM{Domain: s.domain.Text(), Selector: s.selector.Text()}
	if i := s.algorithm.Selected(); i >= 0 && key == "" {
		d.Algorithm = algorithms()[i]
	}
	if d.Domain == "" {
		d.Domain = " " // nothing at all would be no signature
	}
	s.change(d, key, s.env.Text.T("dkim.done"))
}

func (s *signer) off() {
	if s.busy {
		return
	}
	s.busy = true
	s.change(delivery.DKIM{}, "", s.env.Text.T("dkim.stopped"))
}

// change gives new settings to the engine; said is the sentence when they are taken.
func (s *signer) change(d delivery.DKIM, key, said string) {
	env, who := s.env, s.env.Who()
	s.domain.SetError("")
	s.selector.SetError("")
	store(env, s.form, func() bool { return s.over }, func(ctx context.Context) (delivery.DKIMRecord, error) {
		return env.Engine.SetDKIM(ctx, who, s.account.ID, d, key)
	}, func(r delivery.DKIMRecord) {
		s.busy = false
		env.Toast(said, state.Green)
		if !s.over {
			s.form.SetBusy(false)
			s.show(r)
		}
	}, func(err error) {
		s.busy = false
		switch field := state.FieldOf(err); {
		case err == nil:
			s.form.SetError(env.Text.T("accounts.not_kept"))
			return
		case field == "dkim.domain":
			s.wrong(s.domain, err)
		case field == "dkim.selector", field == "dkim.algorithm":
			s.wrong(s.selector, err)
		default:
			s.form.SetError(env.Text.Error(err))
		}
	})
}

func (s *signer) wrong(e *widgets.Entry, err error) {
	e.SetError(s.env.Text.Error(err))
	s.env.Window.Canvas().Focus(e.Target())
	s.form.Fit()
}

// pick takes a key from a file.
func (s *signer) pick() {
	env := s.env
	env.Pick(env.Text.T("dkim.import"), []string{".pem", ".key", ".private", ".txt"}, func(path string) {
		bridge.Run(env.Bridge, "read key", func(context.Context) (string, error) { return readKey(path) }, func(key string, err error) {
			switch {
			case s.over:
			case err != nil:
				s.form.SetError(env.Text.Error(err))
			default:
				s.set(key)
			}
		})
	})
}

// readKey reads a file that may be a key: no more of it than a key has.
func readKey(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", &delivery.Error{Op: "dkim", Kind: delivery.FileKind(err), File: path, Err: err}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, keySize))
	if err != nil {
		return "", &delivery.Error{Op: "dkim", Kind: delivery.FileKind(err), File: path, Err: err}
	}
	if len(b) == 0 {
		return "", &delivery.Error{Op: "dkim", Kind: delivery.KindInvalid, Field: "dkim.key", Detail: "no_pem"}
	}
	return string(b), nil
}
