package kit

import (
	"context"

	"sendoff/app/bridge"
)

const (
	pageSize   = 100  // rows read at once
	firstLook  = 200  // rows shown before the whole order is known
	rowsKept   = 3000 // rows that stay in memory, about
	pagesAhead = 4    // pages that wait to be read; older wishes are dropped
)

// pages is a long list of which only what was looked at is in memory: the order
// as numbers, and some rows. It lives on the UI goroutine; reading happens off
// it.
type pages[T any] struct {
	b       *bridge.Bridge
	numbers func(ctx context.Context, limit int) ([]int64, error)
	rows    func(ctx context.Context, numbers []int64) ([]T, error)
	number  func(T) int64

	counted func(n int, exact bool) // the order changed
	arrived func(from, to int)      // rows came or changed
	failed  func(error)

	order   []int64
	exact   bool
	have    map[int64]T
	stale   map[int64]bool // to be read again, shown until then
	wanted  []int          // pages, the latest wish last
	reading bool
	cancel  func() // of the order that is being read
	turn    int    // of the order
	closed  bool
}

// len is how many rows are known of.
func (p *pages[T]) len() int { return len(p.order) }

// at is a row, if it is in memory. If it is not, it is read and told by arrived.
func (p *pages[T]) at(i int) (v T, ok bool) {
	if i < 0 || i >= len(p.order) {
		return v, false
	}
	n := p.order[i]
	v, ok = p.have[n]
	if !ok || p.stale[n] {
		p.want(i / pageSize)
	}
	return v, ok
}

// reload asks for the order anew. What is shown stays until it is there.
func (p *pages[T]) reload() {
	if p.cancel != nil {
		p.cancel()
	}
	p.turn++
	p.ask(p.turn, firstLook)
}

func (p *pages[T]) ask(turn, limit int) {
	p.cancel = bridge.Run(p.b, "order of a list", func(ctx context.Context) ([]int64, error) {
		return p.numbers(ctx, limit)
	}, func(order []int64, err error) {
		if p.closed || turn != p.turn {
			return
		}
		p.cancel = nil
		if err != nil {
			p.failed(err)
			return
		}
		more := limit > 0 && len(order) == limit
		if more && p.exact && len(p.order) > limit {
			// The longer list on the screen stays until the new one is whole.
			p.ask(turn, 0)
			return
		}
		p.order, p.exact = order, !more
		if more {
			p.ask(turn, 0)
		}
		p.counted(len(order), !more)
	})
}

// touch marks every row as possibly changed: those in sight are read again.
func (p *pages[T]) touch() {
	p.stale = make(map[int64]bool, len(p.have))
	for n := range p.have {
		p.stale[n] = true
	}
}

func (p *pages[T]) want(page int) {
	for _, w := range p.wanted {
		if w == page {
			return
		}
	}
	p.wanted = append(p.wanted, page)
	if len(p.wanted) > pagesAhead {
		p.wanted = p.wanted[1:]
	}
	p.next()
}

// next reads the page that was wished for last.
func (p *pages[T]) next() {
	if p.reading || len(p.wanted) == 0 || p.closed {
		return
	}
	page := p.wanted[len(p.wanted)-1]
	p.wanted = p.wanted[:len(p.wanted)-1]
	from, to := page*pageSize, min((page+1)*pageSize, len(p.order))
	if from >= to {
		p.next()
		return
	}
	ask := append([]int64(nil), p.order[from:to]...)
	p.reading = true
	bridge.Run(p.b, "rows of a list", func(ctx context.Context) ([]T, error) {
		return p.rows(ctx, ask)
	}, func(rows []T, err error) {
		p.reading = false
		if p.closed {
			return
		}
		if err != nil {
			p.wanted = nil
			p.failed(err)
			return
		}
		p.keep(ask, rows)
		p.arrived(from, to)
		p.next()
	})
}

// keep puts rows into memory. When there are too many, all others are forgotten:
// those in sight are asked for again.
func (p *pages[T]) keep(asked []int64, rows []T) {
	if p.have == nil || len(p.have) > rowsKept {
		p.have, p.stale = map[int64]T{}, map[int64]bool{}
	}
	for _, n := range asked {
		delete(p.stale, n) // also those that are gone
	}
	for _, r := range rows {
		p.have[p.number(r)] = r
	}
}

// close ends what is still being read.
func (p *pages[T]) close() {
	p.closed = true
	if p.cancel != nil {
		p.cancel()
	}
}
