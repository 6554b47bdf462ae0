package dashboard

import (
	"slices"

	"fyne.io/fyne/v2"

	"sendoff/app/kit"
	"sendoff/app/panel/proof"
	"sendoff/app/state"
)

// shownProofs is how many proofs the block lists; the rest is behind a link.
const shownProofs = 3

// proofsBlock lists the proofs of a delivery.
type proofsBlock struct {
	p     *Panel
	block *kit.Block
	list  *fyne.Container
	all   bool
	shown []state.ProofLine
}

func newProofsBlock(p *Panel) *proofsBlock {
	b := &proofsBlock{p: p, list: kit.VStack(12)}
	b.block = kit.NewBlock(p.env.Text.T("proof.block"), "", nil, b.list)
	b.block.SetEditable(false)
	kit.Show(b.block, false)
	return b
}

func sameProofs(a, b []state.ProofLine) bool {
	return slices.EqualFunc(a, b, func(x, y state.ProofLine) bool {
		return x.Main == y.Main && x.Note == y.Note && x.Tone == y.Tone && slices.Equal(x.Lines, y.Lines)
	})
}

func (b *proofsBlock) set(ls []state.ProofLine) {
	kit.Show(b.block, len(ls) > 0)
	if sameProofs(ls, b.shown) {
		return
	}
	b.shown = ls
	b.render()
}

func (b *proofsBlock) render() {
	c := b.p.env.Text
	ls := b.shown
	var os []fyne.CanvasObject
	for i, l := range ls {
		if i == shownProofs && !b.all {
			os = append(os, kit.NewLink(c.N("proof.block_more", int64(len(ls)-i)), func() {
				b.all = true
				b.render()
			}))
			break
		}
		note := kit.NewText(kit.Muted, l.Note).Wrap()
		kit.SetTone(note, l.Tone)
		os = append(os, kit.VStack(2, kit.PairEnd(kit.NewText(kit.Body, l.Main).Trim(), kit.NewLink(c.T("common.show"), func() { proof.List(b.p.env, l) })), note))
	}
	kit.Replace(b.list, os)
	b.block.Refresh()
}

// test asks who gets a proof of what is saved.
func (p *Panel) test() { proof.Show(p.env, proof.Request{View: p.in.View}) }
