package proof

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"sendoff/app/bridge"
	"sendoff/app/confirm"
	"sendoff/app/kit"
	"sendoff/app/panel"
	"sendoff/app/state"
	"sendoff/engine/delivery"
	"sendoff/widgets"
)

// manyTests is how many test profiles are offered, the first by address.
const manyTests = 100

// Request is what is tried out.
type Request struct {
	View  delivery.View
	Draft *delivery.Draft // what is being written; nil: what is saved
	As    string          // address of the person whose message is on the screen; empty: nobody's
}

// Show asks who gets a proof. The form opens when the test profiles are known.
func Show(env *panel.Env, r Request) {
	bridge.Run(env.Bridge, "test profiles", func(ctx context.Context) ([]delivery.Profile, error) {
		ids, err := env.Engine.ProfileNumbers(ctx, delivery.ProfileQuery{Test: true, Limit: manyTests})
		if err != nil {
			return nil, err
		}
		return env.Engine.ProfileRows(ctx, ids)
	}, func(ps []delivery.Profile, err error) {
		if err != nil {
			env.Fail(err)
			return
		}
		newForm(env, r, ps)
	})
}

// form is the open dialog.
type form struct {
	env   *panel.Env
	r     Request
	tests []delivery.Profile

	checks []*widgets.Check
	typed  *kit.Entry
	as     *kit.Entry
	count  *kit.Text
	wrong  *fyne.Container // a line for each address that is none
	form   *widgets.Form
	busy   bool
}

func newForm(env *panel.Env, r Request, tests []delivery.Profile) {
	c := env.Text
	f := &form{env: env, r: r, tests: tests, typed: kit.NewArea(c.T("proof.typed_hint"), 2, false), as: kit.NewEntry(c.T("proof.as_hint")),
		count: kit.NewText(kit.Small, ""), wrong: kit.VStack(2)}
	lead := c.T("proof.lead", "prefix", "[Proof "+strconv.Itoa(number(r.View))+"]", "account", state.RelayNames(c, r.View))
	if r.Draft != nil {
		lead += " " + c.T("proof.unsaved")
	}
	f.typed.SetOnChanged(func(string) { f.read() })
	f.as.SetText(r.As)
	var who fyne.CanvasObject = kit.NewText(kit.Muted, c.T("proof.no_test_profiles")).Wrap()
	if len(tests) > 0 {
		box := kit.VStack(4)
		for _, p := range tests {
			name := p.Address
			if n := state.PersonName(p.Fields); n != "" {
				name = n + " · " + p.Address
			}
			k := widgets.NewCheck(name, func(bool) { f.read() })
			k.SetChecked(true)
			f.checks = append(f.checks, k)
			box.Add(k)
		}
		who = box
	}
	content := kit.VStack(14,
		widgets.Field(c.T("proof.test_profiles"), who),
		kit.NewFields(kit.Field{Label: c.T("proof.typed"), Input: f.typed, Below: kit.VStack(2, f.wrong, f.count)}),
		kit.NewFields(kit.Field{Label: c.T("proof.as"), Input: f.as, Below: kit.NewText(kit.Small, c.T("proof.as_note")).Wrap()}))
	f.form = widgets.ShowForm(env.Window, widgets.FormSpec{Title: c.T("proof.title"), Subtitle: lead, Content: content, Save: c.T("proof.send"),
		Cancel: c.T("common.cancel"), Focus: f.typed.Target(), OnSave: func(*widgets.Form) { f.send() }})
	f.read()
}

// number is that of the next proof.
func number(v delivery.View) int {
	n := 0
	for _, p := range v.Proofs {
		n = max(n, p.Number)
	}
	return n + 1
}

// read says of every address that was typed what is wrong with it.
func (f *form) read() state.TypedProof {
	var ticked []string
	for i, k := range f.checks {
		if k.Checked() {
			ticked = append(ticked, f.tests[i].Address)
		}
	}
	t := state.ReadProof(f.env.Text, f.typed.Text(), ticked)
	var lines []fyne.CanvasObject
	for _, s := range t.Problems {
		line := kit.NewText(kit.Small, s).Wrap()
		kit.SetTone(line, state.Red)
		lines = append(lines, line)
	}
	kit.Replace(f.wrong, lines)
	f.count.Set(t.Count)
	if f.form != nil {
		f.form.Fit()
	}
	return t
}

// send sends, unless an address is none.
func (f *form) send() {
	env, c := f.env, f.env.Text
	t := f.read()
	if f.busy {
		return
	}
	if !t.OK {
		s := t.Count
		if len(t.Problems) > 0 {
			s = t.Problems[0]
		}
		f.form.SetError(s)
		return
	}
	f.busy = true
	f.form.SetBusy(true)
	f.form.SetError("")
	as, who := strings.TrimSpace(f.as.Text()), env.Who()
	bridge.Run(env.Bridge, "proof", func(ctx context.Context) (delivery.Proof, error) {
		to, err := addressed(ctx, env.Engine, t.Addresses, as)
		if err != nil {
			return delivery.Proof{}, err
		}
		return env.Engine.SendProof(ctx, who, f.r.View.ID, f.r.Draft, to)
	}, func(p delivery.Proof, err error) {
		f.busy = false
		f.form.SetBusy(false)
		if p.Number == 0 {
			s := c.Error(err)
			if delivery.Is(err, delivery.KindNotFound) {
				s = c.T("proof.as_unknown", "address", as)
			}
			f.form.SetError(s)
			return
		}
		f.form.Close()
		said, ok := state.ProofDone(c, p)
		if ok {
			env.Toast(said, state.Green)
			return
		}
		// What went wrong for whom is worth more than a line in passing.
		v := f.r.View
		v.Proofs = []delivery.Proof{p}
		List(env, state.ProofLines(c, v)[0])
	})
}

// addressed says whose message each address gets.
func addressed(ctx context.Context, e bridge.Engine, addresses []string, as string) ([]delivery.ProofAddress, error) {
	var id int64
	if as != "" {
		ids, err := e.ProfileNumbers(ctx, delivery.ProfileQuery{Search: as, Limit: 50})
		if err != nil {
			return nil, err
		}
		ps, err := e.ProfileRows(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			if strings.EqualFold(p.Address, as) {
				id = p.ID
			}
		}
		if id == 0 {
			return nil, &delivery.Error{Kind: delivery.KindNotFound, Field: "profile", Detail: as}
		}
	}
	out := make([]delivery.ProofAddress, len(addresses))
	for i, a := range addresses {
		out[i] = delivery.ProofAddress{Address: a, As: id}
	}
	return out, nil
}

// List shows what became of a proof at each address.
func List(env *panel.Env, l state.ProofLine) {
	confirm.List(env.Window, env.Text, l.Title, l.Lead, l.Tone, kit.Lines(l.Lines))
}
