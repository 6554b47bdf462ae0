package message

import (
	"strings"

	"sendoff/engine/delivery"
)

// Piece is a part of a template as it stands: text, an object ("{{ x }}"), a tag
// ("{% if x %}") or a comment with its end.
type Piece struct {
	Source string
	Liquid bool   // an object, a tag or a comment; the text in a raw block is text
	Tag    string // the name of a tag
}

// Pieces cuts a template into its pieces, which together are the template. Its
// blocks are balanced. The error is of KindTemplate, with line, column and, in
// Detail, what Compile would say.
func Pieces(template string) ([]Piece, error) {
	s, f := sourceOf(PartText, template)
	if f != nil {
		return nil, s.broken(f)
	}
	var out []Piece
	text := func(t string) {
		if t != "" {
			out = append(out, Piece{Source: t})
		}
	}
	from, src := 0, s.text
	for at := 0; at < len(src); {
		i := strings.IndexByte(src[at:], '{')
		if i < 0 || at+i+1 >= len(src) {
			break
		}
		at += i
		next := src[at+1]
		if next != '{' && next != '%' {
			at++
			continue
		}
		end := closing(src, at, next == '{')
		if end < 0 {
			break
		}
		text(src[from:at])
		name := tagName(src[at:end])
		last := verbatimEnd(src, at, end)
		switch {
		case name == "raw" && last > end:
			stop := strings.LastIndex(src[:last], "{%")
			out = append(out, Piece{src[at:end], true, name})
			text(src[end:stop])
			out = append(out, Piece{src[stop:last], true, "endraw"})
		default:
			out = append(out, Piece{src[at:last], true, name})
		}
		at, from = last, last
	}
	text(src[from:])
	return out, nil
}

// Markup reads a part of an HTML template, with balanced blocks, and says what is
// wrong with it: its Liquid, or a value where none may stand. The error is that
// of Pieces.
func Markup(template string) error {
	if s, f := sourceOf(PartHTML, template); f != nil {
		return s.broken(f)
	}
	return nil
}

// broken is a fault as an error.
func (s *source) broken(f *fault) error {
	line, column := s.position(f.pos)
	return &delivery.Error{Op: "template", Kind: delivery.KindTemplate, Line: line, Column: column, Detail: f.detail}
}
