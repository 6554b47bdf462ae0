package engine

import (
	"sendoff/engine/block"
	"sendoff/engine/delivery"
)

// design makes the HTML of a content that has a design, so that the two never
// disagree, and writes the design as it is always written. The errors are those
// of block.Parse and block.HTML.
func design(c delivery.Content) (delivery.Content, error) {
	if c.Design == "" {
		return c, nil
	}
	d, err := block.Parse([]byte(c.Design))
	if err != nil {
		return c, err
	}
	// The language is one: that of the content, when a person chose it there.
	if c.Language == "" {
		c.Language = d.Language
	}
	d.Language = c.Language
	if c.HTML, err = block.HTML(d); err != nil {
		return c, err
	}
	c.Design = string(d.JSON())
	return c, nil
}
