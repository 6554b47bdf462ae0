package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/png"
	"strconv"
	"sync"

	"sendoff/engine/delivery"
	"sendoff/engine/preview/browser"
)

// maxPictures is how many pictures are kept, the newest ones.
const maxPictures = 24

// Browser is the program that takes true pictures of messages, or empty when none is
// installed.
func (e *Engine) Browser() string {
	e.pictures.find.Do(func() {
		if e.pictures.program == "" {
			e.pictures.program = browser.Find()
		}
	})
	return e.pictures.program
}

// PreviewPicture is a picture of a message as a browser shows it at a width, in CSS
// pixels, with scale pixels for each of them. It takes seconds; one that was taken of the
// same message is kept. KindNotFound with Field "browser" when none is installed; else
// as of browser.Take.
func (e *Engine) PreviewPicture(ctx context.Context, p Preview, width, scale int, dark, images bool) (image.Image, error) {
	program := e.Browser()
	if program == "" {
		return nil, &delivery.Error{Op: "picture", Kind: delivery.KindNotFound, Field: "browser"}
	}
	document := e.Document(ctx, p, dark, images)
	h := sha256.New()
	h.Write(strconv.AppendInt(strconv.AppendInt(nil, int64(width), 10), int64(-scale), 10))
	h.Write(document)
	key := [32]byte(h.Sum(nil))
	if kept := e.pictures.get(key); kept != nil {
		return png.Decode(bytes.NewReader(kept))
	}
	// One at a time: a browser takes all the memory that it can get.
	e.pictures.one.Lock()
	defer e.pictures.one.Unlock()
	if kept := e.pictures.get(key); kept != nil {
		return png.Decode(bytes.NewReader(kept))
	}
	ctx, done, err := e.jobs.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	m, err := browser.Take(ctx, program, browser.Shot{Document: document, Width: width, Scale: scale})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if png.Encode(&b, m) == nil {
		e.pictures.put(key, b.Bytes())
	}
	return m, nil
}

// pictures are those of messages, packed, by what they show. Its zero value is ready to
// use.
type pictures struct {
	find    sync.Once
	program string
	one     sync.Mutex

	mu    sync.Mutex
	kept  map[[32]byte][]byte
	order [][32]byte // the oldest first
}

func (p *pictures) get(key [32]byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept[key]
}

func (p *pictures) put(key [32]byte, packed []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[[32]byte][]byte{}
	}
	if _, ok := p.kept[key]; !ok {
		p.order = append(p.order, key)
	}
	p.kept[key] = packed
	if len(p.order) > maxPictures {
		delete(p.kept, p.order[0])
		p.order = p.order[1:]
	}
}
